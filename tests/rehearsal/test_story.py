"""Stories are read whole or refused with the line that is wrong; what they expect is checked against the record."""

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.fault import NotARehearsal, StoryFault
from holdfast.rehearsal.player import Player
from holdfast.rehearsal.run import rehearse
from holdfast.rehearsal.stage import set_stage
from holdfast.rehearsal.story import demo_stories, read_story, shipped_stories

FIRST = datetime(2026, 5, 4, 12, tzinfo=UTC)
SEND = "{ at: day 0 09:05, by: Maren Holt, does: send, refused: gate_shut }"
OPENING = """
story: short
person: {{ name: Robin Vale }}
from: Larch Ward
to: Community Team North
script:
  - {{ at: day 0 09:00, by: Maren Holt, does: open }}
  - {line}
ends: {ends}
expect:
  - {expect}
"""


def short(line=SEND, expect="{ status: open }", ends="day 0 18:00"):
    return read_story(OPENING.format(line=line, expect=expect, ends=ends))


def test_every_shipped_story_can_be_read():
    for name, text in {**shipped_stories(), **demo_stories()}.items():
        assert read_story(text).id == name


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{ at: day 0 09:05, by: Maren Holt }", "line 2 of the script lacks: does"),
        ("{ at: day 0 09:05, by: Maren Holt, does: send, quickly: yes }", "no place for quickly"),
        (
            "{ at: day 0 09:05, by: Maren Holt, does: send, with: nothing-such }",
            "no shared answers called nothing-such",
        ),
        ("{ at: day 0 09:05, by: Maren Holt, does: send, every: 2 d }", "'every' and 'until' go together"),
        ("walk", "not a line of names and values"),
    ],
)
def test_a_story_that_cannot_be_read_names_the_line(line, says):
    with pytest.raises(StoryFault, match=says):
        short(line)


CANNOT_GO_ON = [
    ("{ at: day 0 09:05, by: Nobody Known, does: send }", "nobody in the network called Nobody Known"),
    ("{ at: day 0 09:05, by: Maren Holt, does: fly }", "nobody can do 'fly'"),
    ("{ at: day 0 09:05, by: Maren Holt, does: meet coverage }", "coverage is not owed"),
    ("{ at: day 0 09:05, by: Maren Holt, does: send }", "is refused .gate_shut"),
    ("{ at: day 0 09:05, by: Signe Hallow, does: send, refused: gate_shut }", "is refused .not_yours"),
    ("{ at: day 0 09:05, by: Maren Holt, does: fill-packet, with: packet-high, refused: closed }", "is not refused"),
]


def test_a_story_that_cannot_go_on_as_written_says_where(clean_database):
    stage = set_stage(VirtualClock(FIRST - timedelta(hours=1)), 1)
    for line, says in CANNOT_GO_ON:
        player = Player(stage)
        play = player.add(short(line), stage.reckoning(FIRST))
        with pytest.raises(StoryFault, match=says):
            player.run(play.reckoning.instant(play.story.ends))


EXPECTED = [
    ("{ holder: Maren Holt }", ""),
    ("{ holder: Oona Brandt }", "found maren-holt"),
    ("{ status: closed }", "found open"),
    ("{ owed: [packet, receipt] }", "not owed: receipt"),
    ("{ settled: { packet: met } }", "found packet breached"),
    ("{ called: packet, to: [Maren Holt] }", "found maren-holt, oona-brandt"),
    ("{ moment: sent, times: 1 }", "found 0"),
]


def test_an_expectation_that_fails_says_what_was_found(clean_database):
    story = short(expect="\n  - ".join(expect for expect, _ in EXPECTED), ends="day 1 12:00")
    rehearsed = rehearse(story, 1, FIRST)
    assert [finding.but for finding in rehearsed.findings] == [but for _, but in EXPECTED]
    assert not rehearsed.as_expected
    with pytest.raises(NotARehearsal):  # and nothing is rehearsed in a database that holds anything
        rehearse(story, 1, FIRST)
