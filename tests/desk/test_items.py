"""What a team still owes elsewhere is taken over, kept or closed by name before a change closes; then each item has one owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.desk.rebuild import compare
from holdfast.worklists.models import Promised
from tests.desk.relay import publish, stage
from tests.faults.wholeness import faults_of
from tests.installation import LEAD, OUTSIDER, RECEIVER, SENDER, Case, Installation, given

CHANGE = (Path(__file__).parents[1] / "pathways" / "toy-change.yaml").read_text("utf-8")


@pytest.fixture
def inns(house: Installation) -> Installation:
    publish(house)
    house.publish(CHANGE)
    return house


def settle(case: Case, promise: str, fate: str, actor: str = RECEIVER):
    return case.ask("TakeStep", actor, {"item.fate": given(fate)}, step="settle-item", about=promise)


def busy(inns: Installation) -> Case:
    """A stage with five things that the ward owes: company, and four alarms to answer. The arrival is for the other inn to see to."""
    case = stage(inns)
    for _ in range(4):
        case.step("raise-alarm", SENDER)
    return case


def change(case: Case) -> Case:
    return stage(case.at, case.person, "toy-change", receiver="north")


@pytest.mark.requirement("PKT-13")
def test_after_the_change_each_item_has_exactly_one_owner(inns: Installation):
    first = busy(inns)
    moved = change(first)
    items = {i.promise: id for id, p in moved.state.promises.items() if (i := moved.state.items.get(p.about))}
    assert set(items) == {"company#1", *(f"alarm-answer#{n}" for n in range(1, 5))}
    fates = ["taken-over", "taken-over", "closed", "kept"]
    for n, fate in enumerate(fates, 1):
        assert settle(moved, items[f"alarm-answer#{n}"], fate).accepted
    assert moved.refused("CloseCase", RECEIVER, endpoint="changed").code == "gate_shut", "one is left out"
    assert settle(moved, items["company#1"], "kept").accepted
    assert moved.ask("CloseCase", RECEIVER, endpoint="changed").accepted
    status = {p.id: p.status for p in first.state.promises.values()}
    assert [status[f"alarm-answer#{n}"] for n in range(1, 5)] == ["taken-over", "taken-over", "closed", "open"]
    here = Promised.objects.filter(case=moved.id, status="open")
    assert [row.kind for row in here] == ["taken-item", "taken-item"] and {row.team for row in here} == {"north"}
    settled = first.events("ObligationSettled")
    assert {(e["how"], e["case"], e["by"]) for e in settled} == {
        (f, moved.id, RECEIVER) for f in ("taken-over", "closed")
    }
    assert compare(inns.desk.vault) == [] and faults_of(first.id) == faults_of(moved.id) == []


def test_what_was_done_meanwhile_is_not_done_again(inns: Installation):
    first = busy(inns)
    moved = change(first)
    item = next(id for id, p in moved.state.promises.items() if p.about.endswith("alarm-answer#1"))
    first.does("Meet", "sue", {"alarm.action": given("doused")}, promise="alarm-answer#1")
    refusal = settle(moved, item, "taken-over").refusal
    assert refusal is not None and refusal.code == "already_settled"
    assert settle(moved, item, "closed").accepted
    assert [e["code"] for e in moved.events("AskDropped")] == ["settled_before"]
    assert not moved.state.promises[item].owed and first.state.promises["alarm-answer#1"].status == "met"


def test_two_changes_cannot_both_take_the_same_over(inns: Installation):
    first = busy(inns)
    one, other = change(first), change(first)
    places = [
        next(id for id, p in c.state.promises.items() if p.about.endswith("alarm-answer#1")) for c in (one, other)
    ]
    assert settle(one, places[0], "taken-over").accepted
    refusal = settle(other, places[1], "taken-over").refusal
    assert refusal is not None and refusal.code == "already_settled"


def test_the_last_clock_of_an_open_case_cannot_be_taken_from_it(inns: Installation):
    first = stage(inns)
    first.step("arrive", RECEIVER, {"arrive.lead": given(LEAD)})
    first.does("MoveHolder", LEAD, to=SENDER, texts={"reason": "Back to us."})
    moved = change(first)
    item = next(id for id, p in moved.state.promises.items() if p.about.endswith("company#1"))
    refusal = settle(moved, item, "taken-over").refusal
    assert refusal is not None and refusal.code == "would_leave_no_clock"
    assert settle(moved, item, "kept").accepted


def test_nothing_of_another_teams_is_taken_up_and_an_outsider_settles_nothing(inns: Installation):
    first = busy(inns)
    moved = change(first)
    assert not [p for p in moved.state.promises.values() if p.about.endswith("arrival#1")]
    item = next(id for id, p in moved.state.promises.items() if p.about.endswith("alarm-answer#1"))
    refusal = settle(moved, item, "closed", OUTSIDER).refusal
    assert refusal is not None and refusal.code == "not_yours"
    assert stage(inns, pathway="toy-change").state.items == {}, "another traveller"
