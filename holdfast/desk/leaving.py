"""A person leaves: what they hold is shown, moved to a cover in one go, and only then their account ends (BEY-09, HZ-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q

from holdfast.core.access import Viewer, may_do_admin
from holdfast.core.parties import Directory, Staff
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.work import SYSTEM, Refused
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.publishing import DIRECTORY, put_directory
from holdfast.desk.races import TRIES, lost_race
from holdfast.desk.staffing import lock_staff
from holdfast.directory.items import ABSENCE, ORGANISATION, ROUTE, STAFF, TEAM
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from holdfast.directory.writing import all_items
from holdfast.ledger.models import Head
from holdfast.ledger.refold import folded
from holdfast.ledger.store import StoredHead, read_heads
from holdfast.worklists.models import CaseRow, Part, Promised
from holdfast.worklists.viewing import OWED

#: So many cases move in one transaction; more go in several, and the account ends with the last.
AT_ONCE = 200
Change = tuple[str, str, dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Holds:
    """What somebody has in their hands: the cases they hold, in which they have a duty or are named, what they owe, and where the
    directory counts on them (rosters, last resort, routes, cover)."""

    cases: tuple[str, ...]
    held: int
    duties: int
    named: int
    promises: int
    rosters: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        return not self.cases and not self.rosters

    def says(self) -> str:
        """``50 cases, 3 duties, 3 named roles, 12 open promises, 2 rosters``."""
        rosters = len(self.rosters)
        counts = (
            (self.held, "open case", "open cases"),
            (self.duties, "duty in a case", "duties in cases"),
            (self.named, "named role", "named roles"),
            (self.promises, "open promise", "open promises"),
            (rosters, "place on a roster", "places on rosters"),
        )
        return ", ".join(f"{n} {one if n == 1 else more}" for n, one, more in counts if n) or "nothing"


def what_they_hold(staff: str, directory: Directory) -> Holds:
    """The preview, and what is moved: nothing is changed."""
    held = duties = named = promises = 0
    cases = []
    for case in _candidates(staff, directory):
        head = Head.objects.get(stream=case)
        state = folded(
            case, StoredHead(head.number, head.digest, head.recorded_at, head.edition, head.engine, head.state)
        )
        here = (
            int(state.holder == staff and state.status != "ended"),
            sum(1 for who in state.duties.values() if who == staff) if state.status != "ended" else 0,
            sum(1 for who in state.named.values() if who == staff) if state.status != "ended" else 0,
            sum(1 for promise in state.owed() if promise.owner == staff),
        )
        if any(here):
            cases.append(case)
            held, duties, named, promises = (
                held + here[0], duties + here[1], named + here[2], promises + here[3],
            )  # fmt: skip
    rosters = tuple(says for _, _, _, says in _places(staff, ""))
    return Holds(tuple(cases), held, duties, named, promises, rosters)


def _candidates(staff: str, directory: Directory) -> list[str]:
    person = directory.staff.get(staff)
    places = {staff, *(place for place, _ in person.roles)} if person else {staff}
    near = Part.objects.filter(concerned__in=places).exclude(status="ended").values_list("case", flat=True)
    owes = Promised.objects.filter(owner=staff, status__in=OWED).values_list("case", flat=True)
    holds = CaseRow.objects.filter(Q(holder=staff) & ~Q(status="ended")).values_list("case", flat=True)
    return sorted({*near, *owes, *holds})


def close_person(desk: Desk, staff: str, to: str, actor: str, door: str, at_once: int = AT_ONCE) -> Outcome:
    """Move all that ``staff`` holds to ``to`` and end their account; refused without a cover who may do what they do.

    So many cases as ``at_once`` says move in one transaction.
    A repeat goes on where it stopped: what was moved stays moved, and a closed account stays closed."""
    for again in range(TRIES):
        try:
            while True:
                with transaction.atomic():
                    outcome, left = _closed(desk, staff, to, actor, door, at_once)
                if not left:
                    return outcome
        except Refused as refusal:
            return Outcome(False, DIRECTORY, refusal=refusal.refusal)
        except (IntegrityError, OperationalError) as error:
            if again + 1 == TRIES or not lost_race(error):
                raise
    raise AssertionError("unreachable")


def _closed(desk: Desk, staff: str, to: str, actor: str, door: str, at_once: int) -> tuple[Outcome, bool]:
    """One transaction; whether more is left. The staff row is locked first: nobody is given work in the same second."""
    lock_staff([staff], closing=True)
    directory = load(current_version())
    holds = what_they_hold(staff, directory)
    _refuse(staff, to, actor, directory, holds)
    cases, left = holds.cases[:at_once], len(holds.cases) > at_once
    if cases:
        read_heads(cases)
    outcome = Outcome(True, DIRECTORY)
    if not left:
        outcome = put_directory(desk, _changes(staff, to), actor, door, leaving=True)
        if outcome.refusal is not None:
            raise Refused(outcome.refusal)
        Account.objects.filter(staff=staff).update(is_active=False)
    for case in cases:
        moved = desk.handle_inside(Envelope(case, Ask("HandOver", {"frm": staff, "to": to}), actor, door))
        if moved.refusal is not None:
            raise Refused(moved.refusal)
    return outcome, left


def _refuse(staff: str, to: str, actor: str, directory: Directory, holds: Holds) -> None:
    person, cover = directory.staff.get(staff), directory.staff.get(to)
    if person is None:
        raise Refused(Refusal("not_a_person", "There is nobody of that name in the directory."))
    if actor != SYSTEM and not may_do_admin(Viewer(actor), directory, person.organisation):
        raise Refused(Refusal("without_authority", "Only an administrator of their organisation can close an account."))
    if holds.nothing and not to:
        return
    if cover is None or not cover.active or to == staff:
        says = f"{person.name} still has {holds.says()}. Name who takes it over; then all of it moves in one step."
        raise Refused(Refusal("still_responsible", says, (Missing("to", "Who takes over", "administrator"),)))
    lacks = [f"{role} in {_name(place, directory)}" for place, role in sorted(person.roles - cover.roles)]
    if lacks:
        says = f"{cover.name} takes over from {person.name} and is not {', '.join(lacks)}. Give them that role first."
        raise Refused(Refusal("without_authority", says))


def who_can_take_over(staff: str, directory: Directory) -> list[Staff]:
    """Those with every role that the leaver has, by name: nobody else can do what they do."""
    roles = directory.staff[staff].roles
    able = (one for one in directory.staff.values() if one.active and one.id != staff and roles <= one.roles)
    return sorted(able, key=lambda one: (one.name, one.id))


def _name(place: str, directory: Directory) -> str:
    known = directory.teams.get(place) or directory.organisations.get(place)
    return known.name if known else place


def _changes(staff: str, to: str) -> list[Change]:
    """The directory without them: on no roster, on no route, nobody's last resort, nobody's cover, and with no account."""
    changes: list[Change] = [(kind, ref, body) for kind, ref, body, _ in _places(staff, to)]
    for kind, ref, body in all_items():
        if kind == STAFF and body["id"] == staff:
            changes.append((kind, ref, {**body, "active": False, "account": False}))
        elif kind == ABSENCE and body["staff"] == staff:
            changes.append((kind, ref, None))
    return changes


def _places(staff: str, to: str) -> list[tuple[str, str, dict[str, Any] | None, str]]:
    """Where the directory counts on them, with what takes its place, and in words."""
    found: list[tuple[str, str, dict[str, Any] | None, str]] = []
    for kind, ref, body in all_items():
        if kind == TEAM and any(duty["staff"] == staff for duty in body["duties"]):
            duties = [{**duty, "staff": to} if duty["staff"] == staff else duty for duty in body["duties"]]
            found.append((kind, ref, {**body, "duties": duties}, f"{body['name']}: {_duties(body, staff)}"))
        elif kind == ORGANISATION and body["last_resort"] == staff:
            found.append((kind, ref, {**body, "last_resort": to}, f"{body['name']}: last resort"))
        elif kind == ROUTE and body["holder"] == staff:
            found.append((kind, ref, {**body, "holder": to}, f"what arrives from {body['source']}"))
        elif kind == ABSENCE and body.get("cover") == staff:
            cover = "" if body["staff"] == to else to
            found.append((kind, ref, {**body, "cover": cover}, "cover for somebody who is away"))
    return found


def _duties(team: Mapping[str, Any], staff: str) -> str:
    return ", ".join(duty["role"] for duty in team["duties"] if duty["staff"] == staff)
