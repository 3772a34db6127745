"""A file with a slip that people make is answered with its line and what to do, at the first try."""

import re
from pathlib import Path

import pytest

from holdfast.core.checker.verdict import QUESTIONED
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.load import load_pathway, questions
from holdfast.pathways.proving import prove

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-pathway.md"
FILE = PAGE.read_text("utf-8").partition("```yaml\n")[2].partition("```\n")[0]

TIMES = "due: { urgent: 1 h, usual: 4 h }"
# (what is on the page, what somebody writes, a text on the line that is named, what is said or to be done)
SLIPS = {
    "misspelt key": ("    owed-by: receiver.intake\n", "    owned-by: receiver.intake\n", "owned-by", "Did you mean 'owed-by'?"),
    "line too far right": ("    opens-on: sent\n", "      opens-on: sent\n", "      opens-on: sent", "as far to the left"),
    "name too far right": ("  acceptance:\n", "   acceptance:\n", "   acceptance:", "those of its kind begin on line"),
    "a tab": ("    opens-on: sent\n", "\topens-on: sent\n", "\topens-on", "There is a tab here. Put spaces"),
    "a colon in a text": ("owed: An answer from the team", "owed: An answer: from the team", "An answer: from", "into double quotes"),
    "a colon in braces": ("ask: Risk now,", "ask: Risk: now,", "Risk: now", "a text with a colon"),
    "bracket left open": ("by: [receiver.any]\n    link: yes", "by: [receiver.any\n    link: yes", "    link: yes ", "is not closed"),
    "unknown role": ("owed-by: receiver.intake", "owed-by: receiver.intak", "owed-by: receiver.intak\n", "'receiver.intake'?"),
    "misspelt role of a duty": ("holder: lead, intake: intake,", "holder: lead, intake: intaker,",
                                "intake: intaker", "Did you mean 'intake'?"),
    "misspelt role in a form": ("kind: staff, role: lead,", "kind: staff, role: leader,",
                                "role: leader", "no role 'leader'. Did you mean 'lead'?"),
    "a role nobody can hold": ("kind: staff, role: lead,", "kind: staff, role: nurse,",
                               "role: nurse", "lead, supervisor. If your directory has"),
    "a role of an organisation": ("\ntiers:", "\nroles: [governance]\ntiers:", "roles: [gov", "a role in an organisation"),
    "a role written twice": ("\ntiers:", "\nroles: [peer, lead]\ntiers:", "roles: [peer", "The role 'lead' is there already"),
    "no unit": (TIMES, "due: { urgent: 1, usual: 4 h }", "urgent: 1,", "Write '30 min', '4 h'"),
    "no tier": (TIMES, "due: 4 h", "due: 4 h", "Write { all: 4 h }"),
    "tier without a time": (TIMES, "due: { usual: 4 h }", "due: { usual: 4 h }", "no time for urgent"),
    "unknown tier": (TIMES, "due: { urgent: 1 h, usual: 4 h, normal: 4 h }", "normal: 4 h", "no tier 'normal'"),
    "the same id twice": ("  another-try:", "  first-call:", "first-call:\n    owed: Another", "it is also on line"),
    "no form asks it": ("fact: consent.call, is: yes", "fact: consent.share, is: yes", "consent.share", "no fact 'consent.share'"),
    "a silent ladder": ("    - { then-every: 4 h, tell: last-resort }   # never silent, until somebody acts or signs\n", "",
                        "out-of-hours: receiver.duty-clinician, by", "would fall silent. End with { then-every"),
    "an end for nobody": ("by: [holder, receiver.supervisor]\n", "by: []\n", "by: []", "Nobody may do this. Name who may"),
}  # fmt: skip


def written(old: str, new: str) -> str:
    assert old in FILE
    return FILE.replace(old, new, 1)


def line_of(text: str, needle: str) -> int:
    assert needle in text
    return text[: text.index(needle)].count("\n") + 1


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_with_its_line_and_a_remedy(slip: str) -> None:
    old, new, needle, says = SLIPS[slip]
    text = written(old, new)
    with pytest.raises(PathwayFaults) as found:
        load_pathway(text)
    told = [fault for fault in found.value.faults if says in f"{fault.says} {fault.remedy}"]
    assert told, [str(fault) for fault in found.value.faults]
    assert line_of(text, needle) in [fault.line for fault in told]


def test_a_role_of_the_directory_is_taken_where_the_file_says_that_there_is_one() -> None:
    """Roles beside the seven are the directory's own; a file that relies on one says so."""
    text = written("kind: staff, role: lead,", "kind: staff, role: peer-worker,")
    with pytest.raises(PathwayFaults, match="There is no role 'peer-worker'"):
        load_pathway(text)
    [accept] = [step for step in load_pathway(f"{text}\nroles: [peer-worker]\n").steps if step.id == "accept"]
    assert [field.role for field in accept.records] == ["peer-worker"]


def test_240_hours_for_24_is_asked_about() -> None:
    text = written("    due: { urgent: 4 h, usual: 24 h }", "    due: { urgent: 4 h, usual: 240 h }")
    assert not questions(text)
    asked = [finding for finding in prove(text).verdict.findings if finding.word == QUESTIONED]
    assert any("240 h is long" in finding.says for finding in asked)


@pytest.mark.parametrize("place", ["urgent", "all"])
def test_what_is_asked_about_a_time_for_all_tiers_can_be_answered(place: str) -> None:
    """The remedy names the place by tier, also where the file says `all`."""
    text = written("due: { urgent: 1 h, usual: 4 h }", "due: { all: 5 min }")
    [asked] = [finding for finding in prove(text).verdict.findings if finding.word == QUESTIONED]
    assert re.search(r"obligations\.acceptance\.due\.urgent: why", asked.remedy)
    meant = text + f"\nmeant: {{ obligations.acceptance.due.{place}: the line is staffed for it }}\n"
    assert not [finding for finding in prove(meant).verdict.findings if finding.word == QUESTIONED]


def test_a_place_that_is_nowhere_cannot_be_meant() -> None:
    with pytest.raises(PathwayFaults, match=r"to be meant"):
        load_pathway(FILE + "\nmeant: { obligations.acceptance.due.usully: why }\n")
