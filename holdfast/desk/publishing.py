"""Changing the directory: an entry with the person who answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from holdfast.core.access import Viewer, refuse_admin
from holdfast.core.parties import Directory
from holdfast.core.refusals import Refusal
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.proposing import publish_edition
from holdfast.desk.streams import record
from holdfast.directory.checks import check_changes
from holdfast.directory.items import ABSENCE, CONTACT, ORGANISATION, ROUTE, SERVICE, STAFF
from holdfast.directory.snapshot import load as load_directory
from holdfast.directory.writing import all_items, put_items
from holdfast.ledger.store import read_head
from holdfast.worklists.models import CaseRow, Promised
from holdfast.worklists.viewing import OWED

__all__ = ["publish_edition", "put_directory"]

DIRECTORY = "directory"
#: An entry to put: (kind, ref, body), or no body to take it out.
Change = tuple[str, str, dict[str, Any] | None]


def put_directory(desk: Desk, items: Sequence[Change], actor: str, door: str, leaving: bool = False) -> Outcome:
    """Change the directory: ``items`` are (kind, ref, body), a body of None removes. Checked whole before it is recorded."""
    envelope = Envelope(DIRECTORY, Ask("PutDirectory"), actor, door)
    with transaction.atomic():
        read = read_head(DIRECTORY, actor, "")
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
        put_items(items, number)
    return Outcome(True, DIRECTORY, number, events=("DirectoryChanged",))


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
        holds = CaseRow.objects.filter(holder=ref).exclude(status="ended").count()
        owes = Promised.objects.filter(owner=ref, status__in=OWED).count()
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
