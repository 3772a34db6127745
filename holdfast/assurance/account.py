"""One pass over a case's entries: what happened in order, the state they fold to, and names and answers as words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast.core import events as e
from holdfast.core.answers import GIVEN, NONE_KNOWN, NOT_DISCLOSED, Answer, instant_of
from holdfast.core.codec import event_from_plain
from holdfast.core.fold import fold
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.plain import from_plain
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.ledger.chain import digest
from holdfast.ledger.store import bodies
from holdfast.pathways.editions import get_edition
from holdfast.people.models import Erasure
from holdfast.people.vault import Opened, Vault

ERASED = "erased"
_HOW = {NONE_KNOWN: "none known", NOT_DISCLOSED: "asked, not disclosed"}


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry: its number, when it was recorded, who asked for what, and its events."""

    number: int
    at: datetime
    actor: str
    command: Mapping[str, Any]
    events: tuple[e.Event, ...]
    scribe: str = ""

    def first(self, kind: type[Any]) -> Any:
        """Its first event of that kind, or nothing."""
        return next((event for event in self.events if isinstance(event, kind)), None)


@dataclass(frozen=True, slots=True)
class Sent:
    """A version of the packet as it went out."""

    version: int
    number: int
    at: datetime
    by: str
    missing: tuple[str, ...]
    packet: Mapping[str, Answer]


@dataclass(slots=True)
class Account:
    """``sent`` is the version on which responsibility moved (in entry ``moved``, 0: it has not), else the last one.

    ``digest`` is that of the last entry.
    """

    state: State
    pathway: Pathway
    directory: Directory
    noted: list[Noted]
    values: Mapping[str, Opened]
    entries: int
    digest: str
    sent: Sent | None
    moved: int
    closed: datetime | None
    tier_because: tuple[str, ...]
    person_name: str
    erased: bool

    def who(self, entry: Noted) -> str:
        """Who asked for it; of what was said by telephone also who wrote it down (BEY-13)."""
        said = self.name(entry.actor)
        return f"{said} (by telephone, written down by {self.name(entry.scribe)})" if entry.scribe else said

    def name(self, id: str) -> str:
        """The name of a member of staff or a team; the id where the directory does not have it."""
        bare = id.removeprefix("staff:").removeprefix("team:")
        if bare == SYSTEM:
            return "Holdfast"
        known = self.directory.staff.get(bare) or self.directory.teams.get(bare)
        return known.name if known is not None else bare

    def owed(self, promise: str) -> str:
        """What a promise is about, in the pathway's words."""
        kind = promise.rpartition("#")[0] or promise
        spec = self.pathway.find_obligation(kind)
        return spec.owed if spec is not None else kind

    def says(self, field: Field | None, answer: Answer | None) -> str:
        """An answer in words; ``erased`` when it was sealed and can no longer be read, "" when there is none."""
        if answer is None or answer.how not in (GIVEN, *_HOW):
            return ""
        if answer.how != GIVEN:
            return _HOW[answer.how]
        if answer.sealed:
            opened = self.values.get(answer.sealed)
            return ERASED if opened is None else _text(json.loads(opened.plain))
        if field is not None and field.kind in ("staff", "team"):
            return self.name(str(answer.value))
        if field is not None and field.kind == "teams" and isinstance(answer.value, tuple):
            return ", ".join(self.name(team) for team in answer.value)
        if field is not None and field.kind in ("instant", "slot"):
            at = instant_of(answer.value)
            return str(answer.value) if at is None else said_at(at)
        labels = {option.code: option.label for option in field.options} if field is not None else {}
        among = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        return ", ".join(labels.get(str(value), str(value)) for value in among if value is not None)


def said_at(at: datetime) -> str:
    """An instant as people write it, in UTC: ``3 Mar 2026 10:00 UTC``."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y %H:%M} UTC"


def read_account(case: str, vault: Vault, directory: Directory) -> Account:
    """The whole case, from its entries alone. Raises LookupError when there is no such case."""
    state: State | None = None
    noted: list[Noted] = []
    versions: list[Sent] = []
    moved_at = 0
    closed: datetime | None = None
    because: tuple[str, ...] = ()
    last = ""
    for body in bodies(case):
        entry = _read(body)
        last = digest(body)
        noted.append(entry)
        for event in entry.events:
            state = fold(state, event)
            match event:
                case e.PacketSent(version=version, missing=missing):
                    sent = Sent(version, entry.number, entry.at, entry.actor, missing, dict(state.packet))
                    versions.append(sent)
                case e.HolderMoved() if versions and not moved_at:
                    moved_at = entry.number
                case e.CaseClosed(occurred=occurred):
                    closed = occurred
                case e.CaseReopened():
                    closed = None
                case e.TierSet(because=rule, by=by):
                    because = rule or (() if by == "rule" else (by,))
    if state is None:
        raise LookupError(f"there is no case {case}")
    before = [one for one in versions if not moved_at or one.number <= moved_at]
    subject = state.subject
    account = Account(
        state=state,
        pathway=get_edition(state.edition),
        directory=directory,
        noted=noted,
        values=vault.read(subject, case),
        entries=len(noted),
        digest=last,
        sent=before[-1] if before else None,
        moved=moved_at,
        closed=closed,
        tier_because=because,
        person_name="",
        erased=Erasure.objects.filter(person=subject).exists(),
    )
    account.tier_because = tuple(_in_words(account, line) for line in because)
    account.person_name = _name_of(subject, vault)
    return account


def _read(body: bytes) -> Noted:
    plain = json.loads(body)
    return Noted(
        plain["number"],
        datetime.fromisoformat(plain["recorded"]),
        plain["actor"],
        plain["command"],
        tuple(event_from_plain(event) for event in plain["events"]),
        plain.get("scribe", ""),
    )


def _in_words(account: Account, line: str) -> str:
    """``risk.suicidal-ideation is plan`` as ``Suicidal thoughts now: With a plan``; a person's id as their name."""
    fact, _, rest = line.partition(" ")
    field = account.pathway.find_field(fact)
    if field is None:
        return line if rest else account.name(line)
    code = rest.rpartition(" ")[2]
    labels = {option.code: option.label for option in field.options}
    return f"{field.ask}: {labels.get(code, code)}"


def _name_of(person: str, vault: Vault) -> str:
    stream = f"person:{person}"
    sealed = ""
    for body in bodies(stream):
        for event in json.loads(body)["events"]:
            answer = event.get("fields", {}).get("person.name")
            sealed = from_plain(Answer, answer).sealed if answer else sealed
    if not sealed:
        return ""
    opened = vault.read(person, stream, [sealed]).get(sealed)
    return "" if opened is None else _text(json.loads(opened.plain))


def _text(value: Any) -> str:
    if isinstance(value, list):
        rows = (", ".join(str(cell) for cell in row.values() if cell) for row in value if isinstance(row, dict))
        return "; ".join(row for row in rows if row)
    return str(value)
