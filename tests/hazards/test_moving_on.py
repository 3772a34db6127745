"""Hazards of somebody else going on: a worker leaves with fifty cases, a case moves and what was still to be done does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.core.parties import Absence, Directory, Staff
from holdfast.desk.leaving import Holds
from holdfast.directory.snapshot import current_version, load
from holdfast.worklists.models import Promised
from tests.doors.api_client import WHATEVER, Caller, use
from tests.hazards.control import fails_without, open_gate, shipped_or_skip
from tests.hazards.journeys import accepted, asked_to_close
from tests.installation import LEAD, Installation
from tests.library.contacts import SPOKEN, TOLD
from tests.library.driver import Run

TRANSFER = "team-transfer"
BEFORE = "post-crisis-follow-up"
ADMIN, COVER = "ada", "lena"
CASES = 50


def staffed(house: Installation) -> Installation:
    """An administrator, and somebody who may do what the lead does."""
    routes = {"email": "x@example.org", "day": "202-555-0100", "night": "202-555-0101"}
    roles = load(current_version()).staff[LEAD].roles
    admin = frozenset({("community", "administrator")})
    house.change_directory(
        Staff(ADMIN, "Ada", "community", admin, **routes), Staff(COVER, "Lena", "community", roles, **routes)
    )
    return house


def whoever_leaves_leaves_nobody_behind(house: Installation) -> None:
    """HZ-11: an account that holds fifty cases does not close without a cover; with one, all move at once, and no orphan is found."""
    cases = [house.accepted() for _ in range(CASES)]
    admin, cover = Caller.of(ADMIN), Caller.of(COVER)
    house.change_directory(Absence(LEAD, house.now, house.now + timedelta(days=1), COVER))
    seen = {item["case"] for item in cover.get("work", limit=100)["work"]}
    assert {case.id[5:] for case in cases} & seen, "HZ-11: who covers an absence does not see what is owed"
    answer = admin.post(f"staff/{LEAD}/close", {}, WHATEVER)
    assert answer.get("code") == "still_responsible", f"HZ-11: closed with {CASES} cases and no cover: {answer}"
    assert load(current_version()).staff[LEAD].active, "HZ-11: closed all the same"
    assert {case.state.holder for case in cases} == {LEAD}
    left = admin.post(f"staff/{LEAD}/close", {"to": COVER})
    assert (left["active"], left["cases"], left["promises"]) == (False, 0, 0), f"HZ-11: left behind: {left['says']}"
    for case in cases:
        assert case.state.holder == COVER, f"HZ-11: {case.id} is an orphan"
        moved = case.events("HolderMoved")[-1]
        assert (moved["frm"], moved["to"]) == (LEAD, COVER), "HZ-11: who had it, and who has it, is not on record"
    orphans = Promised.objects.filter(owner=LEAD, status__in=["open", "breached"]).count()
    assert orphans == 0, f"HZ-11: {orphans} promises are owed by somebody who left"


def _nothing_held(staff: str, directory: Directory) -> Holds:
    return Holds((), 0, 0, 0, 0, ())


@pytest.mark.hazard("HZ-11")
@pytest.mark.requirement("OWN-04", "BEY-09")
def test_hz_11_whoever_leaves_leaves_nobody_behind(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    whoever_leaves_leaves_nobody_behind(staffed(use(house, monkeypatch)))


@pytest.mark.control_off("HZ-11")
def test_hz_11_without_its_control(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_without("HZ-11", whoever_leaves_leaves_nobody_behind, staffed(use(house, monkeypatch)), _nothing_held)


def what_is_open_moves_by_name(network: Installation) -> None:
    """HZ-93: the old team still owes things elsewhere: the transfer does not close over one of them, and afterwards each has one owner."""
    before = Run.open(network, BEFORE)
    run = accepted(network, TRANSFER, person=before.state.subject)
    team = run.state.parties["sender"]
    owed = {p.id for p in before.state.owed() if p.owed_by.startswith("sender.") or p.owner.startswith(f"{team}-")}
    assert len(owed) >= 5
    run.step("add-open-item", {"item.what": "The housing letter"})
    run.step("record-contact", SPOKEN)
    run.step("checklist")
    run.step("give-card", TOLD)
    items = {item.promise: id for id, p in run.state.promises.items() if (item := run.state.items.get(p.about))}
    assert set(items) == owed, f"HZ-93: of {owed} only {set(items)} are asked about"
    # The old team keeps the end of its own case; the rest is taken over or closed.
    fates = {id: ("kept" if id.startswith("resolution") else "taken-over") for id in sorted(items)}
    closed = next(id for id, fate in fates.items() if fate == "taken-over")
    fates[closed] = "closed"
    added = next(p.id for p in run.state.owed() if p.kind == "open-item" and p.id not in items.values())
    last = items.popitem()
    for promise, item in items.items():
        run.step("settle-item", {"item.becomes": fates[promise]}, about=item)
    run.step("settle-item", {"item.becomes": "closed"}, about=added)
    refusal = asked_to_close(run, "engaged")
    assert refusal is not None, "HZ-93: closed with an item left out"
    assert run.missing(refusal) == {"items-settled"} and refusal["instead"] == [], f"HZ-93: {run.missing(refusal)}"
    run.step("settle-item", {"item.becomes": fates[last[0]]}, about=last[1])
    taken = [promise for promise, fate in fates.items() if fate == "taken-over"]
    for promise, fate in fates.items():
        there = before.state.promises[promise]
        assert there.owed == (fate == "kept"), f"HZ-93: {promise} is {fate} and {there.status} at the old team"
    run.close("engaged")
    here = [p for p in run.state.owed() if p.kind == "taken-item"]
    assert len(here) == len(taken), f"HZ-93: {len(taken)} were taken over, {len(here)} are owed here"
    assert {p.owner for p in here} == {run.who("receiver.holder")}, "HZ-93: what was taken over is not one person's"


@pytest.mark.hazard("HZ-93")
@pytest.mark.requirement("PKT-13")
def test_hz_93_what_is_open_moves_by_name(network: Installation) -> None:
    shipped_or_skip(TRANSFER, BEFORE)
    what_is_open_moves_by_name(network)


@pytest.mark.control_off("HZ-93")
def test_hz_93_without_its_control(network: Installation) -> None:
    shipped_or_skip(TRANSFER, BEFORE)
    fails_without("HZ-93", what_is_open_moves_by_name, network, open_gate)
