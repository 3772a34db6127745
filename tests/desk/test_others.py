"""What an opening knows of the person's other cases, and what open cases hear of an opening."""

from __future__ import annotations

import pytest

from holdfast.desk.rebuild import compare
from holdfast.worklists.casefile import entries_of
from tests.desk.relay import publish, stage
from tests.faults.wholeness import faults_of
from tests.installation import SENDER, Installation


@pytest.fixture
def inns(house: Installation) -> Installation:
    publish(house, "toy-fire")
    return house


def test_earlier_cases_are_counted_within_the_span_and_stay_counted(inns: Installation):
    first = stage(inns, pathway="toy-fire")
    inns.wait(days=80)
    stage(inns, first.person, "toy-fire")
    inns.wait(days=5)
    case = stage(inns, first.person)
    assert case.state.history == {"toy-fire": 2} and case.state.tier == "careful"
    inns.wait(days=30)
    assert stage(inns, first.person).state.history == {"toy-fire": 1}
    inns.wait(days=100)
    later = stage(inns, first.person)
    assert (later.state.history, later.state.tier) == ({"toy-fire": 0}, "ordinary")
    stage(inns, first.person, "toy-fire")
    assert later.state.history == {"toy-fire": 0}
    assert stage(inns).state.history == {"toy-fire": 0}, "another traveller"
    assert compare(inns.desk.vault) == []


def test_an_open_case_hears_when_another_opens_for_the_same_person(inns: Installation):
    case, other = stage(inns), stage(inns)
    inns.wait(hours=2)
    fire = stage(inns, case.person, "toy-fire")
    assert case.state.moments["fire-broke-out"].last == fire.state.opened
    assert case.promise("alarm-answer").owner == "sue"
    assert "fire-broke-out" not in other.state.moments
    assert compare(inns.desk.vault) == [] and faults_of(case.id) == []


def test_neither_case_names_the_other(inns: Installation):
    """Who sees one of them learns that something happened, and not which case it is."""
    case = stage(inns)
    fire = stage(inns, case.person, "toy-fire")
    assert fire.id not in str(entries_of(case.id)) and case.id not in str(entries_of(fire.id))


def test_a_closed_case_hears_of_nothing(inns: Installation):
    case = stage(inns)
    case.does("CloseCase", SENDER, endpoint="home")
    stage(inns, case.person, "toy-fire")
    assert "fire-broke-out" not in case.state.moments


def test_a_case_that_cannot_hear_keeps_nothing_from_opening(inns: Installation, monkeypatch: pytest.MonkeyPatch):
    from holdfast.core import commands, decide
    from holdfast.core.holding import NO_CLOCK
    from holdfast.core.refusals import Refusal
    from holdfast.core.work import Refused

    def never(work: object, command: object) -> None:
        raise Refused(Refusal("would_leave_no_clock", NO_CLOCK))

    case = stage(inns)
    monkeypatch.setitem(decide._DEEDS, commands.HearMoment, never)
    assert stage(inns, case.person, "toy-fire").state.status == "open"
    assert [(e["what"], e["code"]) for e in case.events("AskDropped")] == [("fire-broke-out", "would_leave_no_clock")]
