"""A ladder ends at the last resort and repeats (ESC-01), and has a way by night (ESC-03)."""

import pytest

from holdfast.pathways.load import load_pathway
from tests.pathways.toy import TOY, changed, faults_of, line_of

LAST = "    - { then-every: 12 h, tell: last-resort }\n"


@pytest.mark.requirement("ESC-01")
@pytest.mark.parametrize(
    ("old", "new", "needle", "says"),
    [
        (LAST, "", "by: phone }", "does not repeat"),
        (LAST, "    - { after: 12 h, tell: last-resort }\n", "after: 12 h", "would fall silent"),
        (LAST, "    - { then-every: 12 h, tell: sender.holder }\n", "tell: sender.holder }", "does not tell the last resort"),
        (LAST, LAST + "    - { after: 2 h, tell: last-resort }\n", "{ then-every: 12 h", "Only the last rung repeats"),
        (LAST, "    - { after: 1 h, then-every: 12 h, tell: last-resort }\n", "after: 1 h", "fires first after"),
        (LAST, "    - { then-every: noon next day, tell: last-resort }\n", "noon", "depends on a calendar"),
        ("{ at: due, tell: owner }", "{ tell: owner }", "{ tell: owner }", "does not say when"),
        ("{ at: due, tell: owner }", "{ after: 1 h, tell: owner }", "{ after: 1 h, tell: owner", "first"),
        ("{ after: 2 h, tell", "{ tell", "{ tell", "does not say when"),
        ("{ after: 2 h, tell", "{ at: due, tell: owner }\n    - { after: 2 h, tell", "owner }\n    - { after: 2", "Only"),
        ("{ after: 2 h, tell", "{ after: 2 service hours, tell", "service", "depends on a calendar"),
        ("{ after: 2 h, tell: receiver.supervisor", "{ after: 2 h, tell: receiver.boss", "receiver.boss", "'receiver.boss'"),
        ("ladder-holds: 30 min", "ladder-holds: same day", "ladder-holds:", "depends on a calendar"),
    ],
)  # fmt: skip
def test_a_ladder_that_could_fall_silent_is_refused(old: str, new: str, needle: str, says: str) -> None:
    text = changed(old, new)
    faults = faults_of(text)
    assert any(says in fault.says and fault.line == line_of(text, needle) for fault in faults), faults


@pytest.mark.requirement("ESC-03")
def test_a_pathway_without_a_way_by_night_is_refused() -> None:
    text = changed(", out-of-hours: receiver.night-watch", "")
    alarm, pathway = sorted(faults_of(text), key=lambda fault: -fault.line)
    assert "no route for out of hours" in alarm.says
    assert alarm.line == line_of(text, "  bell:\n")
    assert "No ladder has a route" in pathway.says
    assert pathway.line == line_of(text, "ladders:\n")


@pytest.mark.requirement("ESC-03")
def test_the_way_by_night_names_somebody_of_the_case() -> None:
    text = changed("out-of-hours: receiver.night-watch", "out-of-hours: the-moon")
    [fault] = faults_of(text)
    assert "'the-moon'" in fault.says


@pytest.mark.requirement("ESC-01")
def test_every_loaded_ladder_repeats_for_ever_to_the_last_resort() -> None:
    pathway = load_pathway(TOY)
    for ladder in pathway.ladders:
        assert ladder.rungs[-1].every is not None
        assert ladder.rungs[-1].tell == "last-resort"
        assert ladder.holds.text == "30 min"
    bell = pathway.get_ladder("bell").rungs
    assert [rung.at_once for rung in bell] == [True, False, False]
    assert bell[0].out_of_hours == "receiver.night-watch"
    assert [rung.notice for rung in bell] == ["rung", "second-bell", "rung"]
