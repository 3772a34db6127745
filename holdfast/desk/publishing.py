"""Changing the directory: an entry with the person who answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from holdfast.core.access import Viewer, refuse_admin
from holdfast.core.parties import Directory
from holdfast.core.refusals import Refusal
from holdfast.core.work import SYSTEM
from holdfast.deliveries.links import run_out
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.proposing import publish_edition
from holdfast.desk.streams import record
from holdfast.directory.checks import check_changes
from holdfast.directory.items import ABSENCE, CONTACT, ORGANISATION, ROUTE, SERVICE, STAFF, TEAM
from holdfast.directory.snapshot import load as load_directory
from holdfast.directory.writing import all_items, put_items
from holdfast.ledger.store import read_head
from holdfast.worklists.models import CaseRow, Part, Promised
from holdfast.worklists.viewing import OWED

__all__ = ["publish_edition", "put_directory"]

DIRECTORY = "directory"
#: An entry to put: (kind, ref, body), or no body to take it out.
Change = tuple[str, str, dict[str, Any] | None]


def put_directory(
    desk: Desk, items: Sequence[Change], actor: str, door: str, leaving: bool = False, whole: bool = False
) -> Outcome:
    """Change the directory: ``items`` are (kind, ref, body), a body of None removes. Checked whole before it is recorded.

    ``whole`` says that they are all that there is of the organisations among them, so that nobody still needed may be left out:
    asked here, under the lock of the directory, as somebody else may be publishing too."""
    envelope = Envelope(DIRECTORY, Ask("PutDirectory"), actor, door)
    with transaction.atomic():
        read = read_head(DIRECTORY, actor, "")
        refusal = _refuse_left_out(items) if whole else None
        if refusal is not None:
            return Outcome(False, DIRECTORY, refusal=refusal)
        refusal = None if actor == SYSTEM else _refuse_changes(Viewer(actor), read.directory, items)
        if refusal is not None:
            return Outcome(False, DIRECTORY, refusal=refusal)
        refusal = None if leaving or actor == SYSTEM else _refuse_closing(read.directory, items)
        if refusal is not None:
            return Outcome(False, DIRECTORY, refusal=refusal)
        now = desk.recorded_at(read)
        faults = check_changes(all_items(), items, now)
        if faults:
            return refused(DIRECTORY, "directory_faulty", " ".join(faults))
        event = {"event": "DirectoryChanged", "items": [[kind, ref, body] for kind, ref, body in items]}
        number = record(envelope, read.head, now, "directory", {"kind": "PutDirectory"}, [event], {})
        gone = _changed_hands(items)
        put_items(items, number)
        for team in sorted(gone):
            run_out(team, now)
    return Outcome(True, DIRECTORY, number, events=("DirectoryChanged",))


def _refuse_left_out(items: Sequence[Change]) -> Refusal | None:
    """A file that speaks of an organisation says all of it: it may not leave out a team of it with open cases, or somebody of it who
    holds or owes something. Whoever else it leaves out stays as they are."""
    said = {(kind, ref) for kind, ref, _ in items}
    spoken_of = {ref for kind, ref in said if kind == ORGANISATION}
    left = [one for one in all_items() if one[:2] not in said and one[2].get("organisation") in spoken_of]
    says = [words for kind, ref, body in left if (words := _still_needed(kind, ref, str(body.get("name", ref))))]
    return Refusal("still_needed", " ".join(says)) if says else None


def _still_needed(kind: str, ref: str, name: str) -> str:
    if kind == TEAM and (cases := Part.objects.filter(concerned=ref, status="open").count()):
        says = f"The file leaves out the team {name} ({ref}), which has {cases} open cases."
        return f"{says} Put it back, and hand those cases over or end them first."
    if kind == STAFF and any(_held(ref)):
        holds, owes = _held(ref)
        says = f"The file leaves out {name} ({ref}), who holds {holds} cases and owes {owes} promises."
        return f"{says} Put them back, or move it first: holdfast accounts close {ref} --to SOMEBODY."
    return ""


def _held(staff: str) -> tuple[int, int]:
    """How many cases somebody holds, and how many promises they owe."""
    holds = CaseRow.objects.filter(holder=staff).exclude(status="ended").count()
    return holds, Promised.objects.filter(owner=staff, status__in=OWED).count()


def _changed_hands(items: Sequence[Change]) -> set[str]:
    """Teams of which a contact or somebody external leaves, or whose address changes: their links would still be in the wrong hands."""
    before = {(kind, ref): body for kind, ref, body in all_items()}
    external = {ref for (kind, ref), body in before.items() if kind == TEAM and body.get("external")}
    gone: set[str] = set()
    for kind, ref, body in items:
        was, now = before.get((kind, ref)), body or {}
        if was is None:
            continue
        if kind == CONTACT and any(was.get(part) != now.get(part) for part in ("team", "email")):
            gone.add(str(was.get("team")))
        if kind == TEAM and any(was.get(part) != now.get(part) for part in ("address", "second_address", "pin_hash")):
            gone.add(ref)
        if kind == STAFF:
            stays = {place for place, _role in now.get("roles", [])} if now.get("active", True) else set()
            gone |= {str(place) for place, _role in was.get("roles", [])} & external - stays
    return gone


def _refuse_changes(viewer: Viewer, version: int, items: Sequence[Change]) -> Refusal | None:
    """An administrator changes their own organisation's part and no other; what stays as it is needs nobody's leave."""
    directory = load_directory(version)
    before = {(kind, ref): body for kind, ref, body in all_items()}
    touched: set[str] = set()
    for kind, ref, body in items:
        was = before.get((kind, ref))
        if was != body:
            touched |= {place for shape in (was, body) if shape for place in _touched(kind, ref, shape, directory)}
    refusals = [refuse_admin(viewer, directory, organisation) for organisation in sorted(touched)]
    return next(filter(None, refusals), refuse_admin(viewer, directory))


def _refuse_closing(version: int, items: Sequence[Change]) -> Refusal | None:
    """Nobody who holds responsibility is made inactive or loses their account in passing: it is moved first, in one step (BEY-09)."""
    directory = load_directory(version)
    for kind, ref, body in items:
        person = directory.staff.get(ref) if kind == STAFF else None
        if person is None or body is None or not person.active:
            continue
        if body.get("active") is not False and not (person.account and body.get("account") is False):
            continue
        holds, owes = _held(ref)
        if holds or owes:
            says = f"{person.name} still holds {holds} cases and owes {owes} promises. Close the account with somebody who takes over."
            return Refusal("still_responsible", says)
    return None


def _touched(kind: str, ref: str, body: Mapping[str, Any], directory: Directory) -> set[str]:
    """The organisations whose part an entry is: for staff also those in whose teams they hold a role."""
    if kind == ORGANISATION:
        return {ref}
    if kind == STAFF:
        places = [str(place) for place, _role in body.get("roles", [])]
        return {str(body.get("organisation")), *(_owner(place, directory) for place in places)}
    if kind == ABSENCE:
        person = directory.staff.get(str(body.get("staff")))
        return {person.organisation if person else ""}
    if kind == ROUTE:
        return {_owner(str(body.get("sender")), directory)}
    if kind in (SERVICE, CONTACT):
        return {_owner(str(body.get("team")), directory)}
    return {str(body.get("organisation"))}


def _owner(place: str, directory: Directory) -> str:
    """The organisation of a team; an organisation is its own."""
    team = directory.teams.get(place)
    return team.organisation if team else place
