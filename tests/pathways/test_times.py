"""Every tier has a time (CON-03), and times that look like a slip are asked about."""

import re

import pytest

from tests.pathways.toy import TOY, changed, faults_of, line_of, questions_of


@pytest.mark.requirement("CON-03")
@pytest.mark.parametrize(
    ("old", "new", "needle", "says"),
    [
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h }", "due: { fragile: 2 h }", "no time for ordinary."),
        ("every: { fragile: 24 h, ordinary: 72 h }", "every: { ordinary: 72 h }", "every: {", "no time for fragile."),
        ("plus: { all: 1 h } }", "plus: { fragile: 1 h } }", "plus: { fragile", "no time for ordinary."),
        ("{ at: journey.leaves, all: 24 h }", "{ at: journey.leaves }", "{ at: journey.leaves }", "while 'journey.leaves' is not"),
        ("before: { all: 2 h }, all: 20 h", "before: { all: 2 h }", "before:", "no time for fragile or ordinary while"),
        ("    due: { fragile: 24 h, ordinary: 2 working days }\n", "", "  insurance:\n", "'insurance' has no time."),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h, usual: 12 h, all: 3 h }", "usual:", "no tier 'usual'"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h, ordinary: 12 h, all: 1 h }", "all: 1 h }\n    met-by: [", "says nothing"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h, ordinary: soon }", "soon", "'soon' is not a duration"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ all: 2 h, plus: { all: 1 h } }", "plus: { all: 1 h } }\n    met-by: [", "there is none"),
        ("{ at: journey.leaves, all: 24 h }", "{ at: wanted.by, all: 24 h }", "at: wanted.by", "not a date with a time"),
        ("{ at: journey.leaves, all: 24 h }", "{ at: journey.ends, all: 24 h }", "at: journey.ends", "no packet field 'journey.ends'"),
        ("at: answer.courier.at", "at: answer.courier.on", "answer.courier.on", "no answer 'courier.on'"),
        ("    when: always\n", "    when: { fact: parcel.glass, is: no }\n", "when: { fact: parcel.glass, is: no }", "fits no tier"),
    ],
)  # fmt: skip
def test_a_tier_without_a_time_is_refused(old: str, new: str, needle: str, says: str) -> None:
    text = changed(old, new)
    [fault] = faults_of(text)
    assert says in fault.says
    assert fault.line == line_of(text, needle)


def test_a_tier_after_always_is_never_reached() -> None:
    text = changed("    when: always\n", "    when: always\n  - tier: late\n    title: Late\n    when: always\n")
    assert any("never reached" in fault.says for fault in faults_of(text))


@pytest.mark.parametrize(
    ("old", "new", "needle", "says"),
    [
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h, ordinary: 12 d }", "12 d", "longer than the whole window"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 12 h, ordinary: 2 h }", "12 h, ordinary", "is more acute"),
        ("{ after: 2 h, tell", "{ after: 4 d, tell", "after: 4 d", "a long time to wait"),
        ("{ then-every: 30 min, tell", "{ then-every: 2 min, tell", "then-every: 2 min", "so often"),
        ("{ then-every: 30 min, tell", "{ then-every: 48 h, tell", "then-every: 48 h", "a long time to wait"),
        ("window: 10 d", "window: 400 d", "window: 400 d", "longer than a year"),
        ("definitions:\n", "definitions:\n  idle: never\n", "idle: never", "is not used"),
        ("needs: [papers-complete, seal-intact, insured]", "needs: [papers-complete, insured]", "  seal-intact:\n", "Nothing needs"),
    ],
)  # fmt: skip
def test_a_doubtful_time_is_a_question_and_loads(old: str, new: str, needle: str, says: str) -> None:
    text = changed(old, new)
    [question] = questions_of(text)
    assert question.kind == "question"
    assert says in question.says
    assert question.line == line_of(text, needle)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h, ordinary: 12 d }"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ all: 12 d }"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 12 h, ordinary: 2 h }"),
        ("{ after: 2 h, tell", "{ after: 4 d, tell"),
        ("{ then-every: 30 min, tell", "{ then-every: 2 min, tell"),
        ("window: 10 d", "window: 400 d"),
    ],
)
def test_the_remedy_says_how_a_file_answers_that_a_time_is_meant(old: str, new: str) -> None:
    """A protocol of six weeks was asked about its last promise for ever: only the proof read what is meant."""
    text = changed(old, new)
    [question] = questions_of(text)
    told = re.fullmatch(r"Correct it, or write under meant: \{ (\S+: why) \}\.", question.remedy)
    assert told and questions_of(text.replace("meant: { ", f"meant: {{ {told[1]}, ")) == []
    assert questions_of(text.replace("meant: { ", "meant: { late-after: why, ")) == [question]


def test_a_first_contact_after_a_month_is_asked_about() -> None:
    text = changed("window: 10 d", "window: 90 d").replace(
        "{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2 h, ordinary: 31 d }"
    )
    [question] = questions_of(text)
    assert "'31 d' is longer than 30 days." in question.says


def test_the_toy_raises_no_question() -> None:
    assert questions_of(TOY) == []
