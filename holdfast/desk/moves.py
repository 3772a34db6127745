"""Open cases moved to another edition of their pathway: asked for, shown beforehand, and done one by one (design, section 4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from holdfast.core.access import Viewer, may_publish
from holdfast.core.answers import GIVEN, Answer
from holdfast.core.commands import MoveEdition
from holdfast.core.decide import Accepted, decide
from holdfast.core.moving import NO_AUTHORITY
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.state import State
from holdfast.core.work import Refused
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.proposals import STREAM, fold_editions
from holdfast.desk.streams import record
from holdfast.directory.snapshot import current_version
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.models import Head
from holdfast.ledger.refold import folded
from holdfast.ledger.store import read_head
from holdfast.pathways.editions import find_edition, get_edition
from holdfast.worklists.models import CaseRow

LIST_CHANGED = "What would change is not what you were shown. Nothing was done. Look at the list again, then sign."


@dataclass(frozen=True, slots=True)
class Plan:
    """Where open cases are to go, and what there stands for what is not there. ``to`` is the digest of a published edition;
    ``cases`` are those that are meant, and none means all of them."""

    pathway: str
    to: str
    obligations: Mapping[str, str] = field(default_factory=dict)
    ladders: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A move that somebody asked for; ``number`` is that of its entry."""

    plan: Plan
    number: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """One clock of one case: when it rings for what is owed, before and after."""

    owed: str
    was: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What the move would do to one case. ``refusal`` says why not; ``second`` that it needs another person's sign-off, and then the
    shifts are those that it would have with it; ``others`` are
    sentences on what else becomes otherwise: names and owners of what is owed. ``edition`` is the one it is on; ``version`` the entry
    number of the case that was looked at."""

    case: str
    shifts: tuple[Shift, ...] = ()
    code: str = ""
    refusal: str = ""
    others: tuple[str, ...] = ()
    edition: str = ""
    version: int = 0

    @property
    def second(self) -> bool:
        return self.code == "needs_sign_off"

    @property
    def later(self) -> int:
        """How many of the times that change come later."""
        return sum(shift.due > shift.was for shift in self.shifts)


def digest_of(shown: Iterable[Shown]) -> str:
    """What a signature is bound to: every case of the list, the edition it is on, and what would change for it. The hex of a SHA-256.

    What else happens to a case meanwhile, a note or an attempt, makes no other list."""
    lines = [
        [one.case, one.edition, one.code, one.refusal, list(one.others)]
        + [[shift.owed, shift.was.isoformat(), shift.due.isoformat()] for shift in one.shifts]
        for one in shown
    ]
    return sha256(json.dumps(lines, ensure_ascii=True).encode()).hexdigest()


def ask_move(desk: Desk, plan: Plan, reason: str, actor: str, door: str) -> Outcome:
    """Put a move on record; ``number`` of the outcome names it. Nothing moves yet."""
    envelope = Envelope(STREAM + plan.pathway, Ask("AskMove", {"to": plan.to}), actor, door)
    if not reason.strip():
        return refused(
            envelope.stream, "reason_missing", "Say why, in a sentence.", Missing("reason", "A reason", "you")
        )
    with transaction.atomic():
        read = read_head(envelope.stream, actor, "")
        if not may_publish(Viewer(actor), load_directory(read.directory)):
            return refused(envelope.stream, "without_authority", NO_AUTHORITY)
        onto = find_edition(plan.to)
        if read.head is None or onto is None or onto.id != plan.pathway:
            return refused(envelope.stream, "unknown_edition", "No such edition of this pathway is published here.")
        now, number = desk.recorded_at(read), read.head.number + 1
        event = {
            "event": "MoveAsked",
            "move": number,
            "to": plan.to,
            "obligations": dict(plan.obligations),
            "ladders": dict(plan.ladders),
            **({"cases": list(plan.cases)} if plan.cases else {}),
            "reason": reason.strip(),
            "by": actor,
            "at": now.isoformat(),
        }
        state = fold_editions([event], json.loads(read.head.state))
        record(envelope, read.head, now, "pathway", {"kind": "AskMove", "to": plan.to}, [event], state)
    return Outcome(True, envelope.stream, number, events=("MoveAsked",))


def list_moves(pathway: str) -> list[Move]:
    """Every move that was asked for, the newest first."""
    row = Head.objects.filter(kind="pathway", stream=STREAM + pathway).values_list("state", flat=True).first()
    kept = json.loads(row).get("moves", {}) if row else {}
    found = [
        Move(
            Plan(pathway, one["to"], one["obligations"], one["ladders"], tuple(one.get("cases", ()))),
            int(number), one["reason"], one["by"], datetime.fromisoformat(one["at"]),
        )
        for number, one in kept.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.number)


def find_move(pathway: str, number: int) -> Move | None:
    return next((one for one in list_moves(pathway) if one.number == number), None)


def check_mover(actor: str) -> None:
    """Raises ``Refused`` for anybody but a governance lead or an administrator."""
    if not may_publish(Viewer(actor), load_directory(current_version())):
        raise Refused(Refusal("without_authority", NO_AUTHORITY))


def cases_to_move(plan: Plan) -> list[str]:
    """Open cases that are on another edition, the oldest first."""
    rows = CaseRow.objects.filter(pathway=plan.pathway, status="open").exclude(edition=plan.to)
    if plan.cases:
        rows = rows.filter(case__in=plan.cases)
    return list(rows.order_by("opened_at", "case").values_list("case", flat=True))


def show_move(desk: Desk, plan: Plan, actor: str, asked_by: str = "") -> Iterator[Shown]:
    """What would happen to each case if ``actor`` did it now. Nothing is written; raises ``UnknownEdition`` and ``Refused``."""
    check_mover(actor)
    onto = get_edition(plan.to)
    for case in cases_to_move(plan):
        read = read_head(case, "", "", lock=False)
        if read.head is None:
            continue
        state, was = folded(case, read.head), get_edition(read.head.edition)
        now, directory = desk.recorded_at(read), load_directory(read.directory)
        because = Answer(GIVEN, by=actor, true_at=now)
        command = MoveEdition(plan.to, because, plan.obligations, plan.ladders, asked_by)
        made = decide(state, command, was, directory, actor, now, None, onto)
        code, says = ("", "") if isinstance(made, Accepted) else (made.code, made.says)
        if code == "needs_sign_off":  # what it would be once somebody else has signed it
            signed = replace(command, asked_by=_another(actor, directory))
            made = decide(state, signed, was, directory, actor, now, None, onto)
            if not isinstance(made, Accepted) and made.code != code:  # a signature would not help
                code, says = made.code, made.says
        if isinstance(made, Accepted):
            others = tuple(_others(state, made.state, was, onto, directory))
            shifts = tuple(_shifts(state, made.state, onto))
            yield Shown(case, shifts, code, says, others, was.digest, read.head.number)
        else:
            yield Shown(case, (), code, says, (), was.digest, read.head.number)


def _another(actor: str, directory: Directory) -> str:
    """Somebody else who could sign."""
    able = (id for id in directory.staff if id != actor and may_publish(Viewer(id), directory))
    return next(able, "")


def _shifts(was: State, now: State, onto: Pathway) -> Iterator[Shift]:
    for promise in now.owed():
        before = was.promises[promise.id]
        if before.due != promise.due:
            yield Shift(onto.get_obligation(promise.kind).owed, before.due, promise.due)


def _others(was: State, now: State, before: Pathway, onto: Pathway, directory: Directory) -> Iterator[str]:
    for promise in now.owed():
        then, spec = was.promises[promise.id], onto.get_obligation(promise.kind)
        old = before.find_obligation(then.kind)
        if old is not None and old.owed != spec.owed:
            yield f"“{old.owed}” is called “{spec.owed}”."
        if then.owner != promise.owner:
            names = [directory.staff[id].name if id in directory.staff else id for id in (promise.owner, then.owner)]
            yield f"“{spec.owed}” is owed by {names[0]} (was {names[1]})."


def do_move(desk: Desk, move: Move, actor: str, door: str, agreed: str = "") -> Iterator[tuple[str, Outcome]]:
    """Each case by a decision of its own, the oldest first. Done again it goes on with what is left: a moved case is not asked again,
    so no key is kept, and what was refused is tried anew. Raises ``Refused`` for who may move nothing: they learn of no case.

    A second person signs for a list: ``agreed`` is the ``digest_of`` all that was shown to them, and a list that has become another is
    refused whole. A case that changes while it is being done stays, until somebody looks again."""
    check_mover(actor)
    plan = move.plan
    asked_by = move.by if move.by != actor else ""
    seen: dict[str, int] = {}
    if asked_by or agreed:
        shown = list(show_move(desk, plan, actor, asked_by))
        if digest_of(shown) != agreed:
            raise Refused(Refusal("list_changed", LIST_CHANGED))
        seen = {one.case: one.version for one in shown}
    values = {
        "edition": plan.to,
        "obligations": dict(plan.obligations),
        "ladders": dict(plan.ladders),
        "asked_by": asked_by,
    }
    for case in seen or cases_to_move(plan):
        ask = Ask("MoveEdition", values, texts={"reason": move.reason})
        yield case, desk.handle(Envelope(case, ask, actor, door, version=seen.get(case)))
