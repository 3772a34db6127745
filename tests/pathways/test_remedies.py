"""What the proof does not take comes with the remedy that works: it is written, and the file is proved."""

from collections.abc import Iterable

import pytest

from holdfast.core.checker.verdict import QUESTIONED, REFUTED, UNKNOWN, Finding
from holdfast.pathways.proving import prove
from tests.pathways.test_wrong_files import FILE

TEAM = "{ id: onward.team, kind: team, ask: Which team goes on }"
ONWARD = """    begins:
      pathway: post-crisis-follow-up
      parties: { sender: receiver, receiver: answer.onward.team }
"""
LAST = "    records: [ { id: passed-back.why, kind: text, ask: Why } ]\n"
VISITOR = """  visitor:
    title: The team that visits
    duties: { holder: lead, supervisor: supervisor }
"""
SEE = """  visit:
    title: Record a visit
    by: [visitor.any]
    emits: [visited]
"""
GATE = """    when: { fact: moment.spoken-to, known: yes }
    supplied-by: receiver.holder
"""
SPOKEN, VISITED = "{ fact: moment.spoken-to, known: yes }", "{ fact: moment.visited, known: yes }"


def refused(text: str) -> list[Finding]:
    return [finding for finding in prove(text).verdict.findings if finding.word in (REFUTED, UNKNOWN)]


def changed(pairs: Iterable[tuple[str, str]], text: str = FILE) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("team", [TEAM, TEAM.replace(" }", ", needed-when: never }")], ids=["needed", "not needed"])
def test_an_end_that_asks_for_the_team_it_hands_on_to_can_be_reached(team: str) -> None:
    """It was said that no case can ever end so, for want of a `when` at `begins`."""
    assert refused(changed([(LAST, f"    records: [ {team} ]\n{ONWARD}")])) == []


def test_an_end_for_which_no_team_is_named_says_so_and_what_to_write() -> None:
    asked = ("    records:\n      - { id: call.reached,", f"    records:\n      - {TEAM}\n      - {{ id: call.reached,")
    text = changed([asked, (LAST, LAST + ONWARD)])
    [finding] = refused(text)
    assert "“Passed back to the team that saw the person”" in finding.says
    assert "no team is named yet (answer.onward.team)" in finding.says
    when = "when: { fact: answer.onward.team, known: yes }"
    assert when in finding.remedy
    assert refused(changed([(ONWARD, f"{ONWARD}      {when}\n")], text)) == []


def two_receivers(gate: str, needs: str = "called") -> str:
    parties = ("\naccountable-at-opening", f"{VISITOR}\naccountable-at-opening")
    return changed(
        [parties, (GATE, gate), ("  emergency:\n", SEE + "  emergency:\n"), ("needs: [called,", f"needs: [{needs},")]
    )


def test_a_gate_over_two_receivers_is_told_to_be_two() -> None:
    both = f"    when: {{ all: [ {SPOKEN}, {VISITED} ] }}\n    supplied-by: receiver.holder\n"
    [finding] = refused(two_receivers(both))
    assert (finding.property, finding.place) == ("P5", ("gates", "called"))
    assert "a gate for each, each supplied-by its own team, and name both under needs" in finding.remedy
    own = f"    override: never\n  visited:\n    says: Visited\n    when: {VISITED}\n    supplied-by: visitor.holder\n"
    assert refused(two_receivers(GATE + own, "called, visited")) == []


def test_a_gate_that_either_of_two_receivers_opens_is_told_whom_to_name() -> None:
    either = f"    when: {{ any: [ {SPOKEN}, {VISITED} ] }}\n    supplied-by: receiver.holder\n"
    [finding] = refused(two_receivers(either))
    assert "write supplied-by: holder" in finding.remedy
    assert refused(two_receivers(either.replace("receiver.holder", "holder"))) == []


def test_a_gate_that_the_sender_opens_for_the_receiver_is_told_to_be_the_receivers() -> None:
    step = "    by: [sender.holder]\n    only-when: { fact: moment.accepted, known: yes }\n"
    text = changed([("    by: [holder, receiver.any]\n    only-when: { fact: moment.accepted, known: yes }\n", step)])
    [finding] = [one for one in prove(text).verdict.findings if one.property == "P5"]
    assert finding.word == QUESTIONED, "the receiver accepted first; whether that is enough is for people"
    assert "Let only the receiver do it" in finding.remedy
