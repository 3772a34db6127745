"""A file of good form that would leave somebody alone is asked about, or refused: each slip was made by a newcomer."""

import pytest

from holdfast.pathways.fault import Fault, PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway, questions
from tests.pathways.test_how_to import PAGE

WHOLE = PAGE.read_text("utf-8").partition("```yaml\n")[2].partition("```\n")[0]


def with_slip(was: str, becomes: str) -> list[Fault]:
    assert WHOLE.count(was) == 1
    text = WHOLE.replace(was, becomes)
    try:
        load_pathway(text)
    except PathwayFaults as found:
        return list(found.faults)
    return questions(text)


def test_an_end_that_would_stop_the_answer_to_a_danger_is_asked_about() -> None:
    [asked] = with_slip("needs: [called, nobody-in-danger]", "needs: [called]")
    assert (asked.path, asked.kind) == (("endpoints", "reached"), "question")
    assert "answer-to-danger" in asked.says and "at-most: 0" in asked.says


def test_the_answer_may_outlive_the_case_instead() -> None:
    slip = ("    opens-on: danger\n", "    opens-on: danger\n    survives-close: yes\n")
    assert not with_slip(*slip)
    text = WHOLE.replace(*slip).replace("needs: [called, nobody-in-danger]", "needs: [called]")
    assert not questions(text)


def test_an_end_that_nothing_has_to_come_before_is_asked_about_and_can_be_meant() -> None:
    line = "    needs: [answered-no, nobody-in-danger]    # an end that needs nothing could come before anything has happened\n"
    asked = [one for one in with_slip(line, "") if one.path == ("endpoints", "passed-back")]
    assert len(asked) == 2
    assert any("as soon as it is open" in one.says for one in asked)
    meant = WHOLE.replace(line, "") + "\nmeant: { endpoints.passed-back: our board wants it so }\n"
    assert not [one for one in questions(meant) if one.path == ("endpoints", "passed-back")]


def test_what_is_decided_when_the_packet_is_empty_is_asked_about() -> None:
    [asked] = with_slip(
        "    opens-on: opened                  # the case opens\n",
        "    opens-on: { moment: opened, when: { fact: risk.now, is: high } }\n",
    )
    assert asked.kind == "question"
    assert "nobody has answered risk.now yet" in asked.says


def test_what_can_be_owed_again_and_never_settled_is_asked_about() -> None:
    line = "    only-when: { fact: moment.accepted, unknown: yes }    # once accepted nobody could answer it again\n"
    asked = with_slip(line, "")
    assert asked and {one.path for one in asked} == {("obligations", "acceptance", "opens-on")}
    assert any("moment.accepted, unknown: yes" in one.says for one in asked)


@pytest.mark.parametrize("moment", ["window-ended", "delivery-failed", "slot-lapsed"])
def test_silence_settles_nothing(moment: str) -> None:
    [fault] = with_slip("    met-by: [accepted, declined]\n", f"    met-by: [accepted, {moment}]\n")
    assert fault.kind == "fault"
    assert "silence would settle 'acceptance'" in fault.says


def test_every_protocol_that_asks_for_barriers_owes_an_answer_to_them_after_it_was_sent() -> None:
    asking = [one for one in map(load_pathway, shipped().values()) if one.find_field("access.needs")]
    assert asking
    for pathway in asking:
        owed = pathway.get_obligation("access-arranged")
        assert any(opening.moment != "opened" for opening in owed.opens), pathway.id
