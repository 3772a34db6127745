"""Protocols that nobody built into the library, written from the how-to alone: each is proved, and runs to each of its ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.config.console import main
from holdfast.core import events as e
from holdfast.desk.rebuild import compare
from holdfast.pathways.expansion import expand
from holdfast.pathways.load import load_pathway
from holdfast.rehearsal.chronicle import chronicle
from holdfast.rehearsal.trial import set_trial
from holdfast.rehearsal.walk import Walk
from holdfast.worklists.casefile import entries_of
from tests.rehearsal.test_trial import tried

FOLDER = Path(__file__).parent
PRISON, PERINATAL = FOLDER / "unseen-prison.yaml", FOLDER / "unseen-perinatal.yaml"
BOTH = pytest.mark.parametrize("file", [PRISON, PERINATAL], ids=lambda file: file.stem)


@BOTH
def test_it_is_proved_and_leaves_no_question(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pathway", "check", str(file)]) == 0
    *found, last = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in found] == [f"P{number}" for number in range(1, 10)]
    assert all(": proved (" in line for line in found), found
    assert f"{file}: can be used (" in last


@pytest.mark.requirement("BEY-25")
@pytest.mark.parametrize(
    ("file", "old", "new", "property"),
    [
        # The prison lets the person go to a team that has not accepted.
        (PRISON, "needs: [supply, booked]", "needs: [supply]", "P5"),
        # The perinatal team waits for the ward to let her go, and the ward for the perinatal team.
        (PERINATAL, "sent, known: yes }, { fact: moment.per", "discharged, known: yes }, { fact: moment.per", "P4"),
    ],
)
def test_what_somebody_gets_wrong_in_it_is_shown_step_by_step(
    file: Path, old: str, new: str, property: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    wrong = tmp_path / file.name
    wrong.write_text(text.replace(old, new), "utf-8")
    assert main(["pathway", "check", str(wrong)]) == 1
    told = capsys.readouterr().out
    assert re.search(
        rf": {property} .+: refuted \(.+\n{re.escape(str(wrong))}:\d+: refuted: .+\n    1\. .+\n    2\. ", told
    )
    assert f"{wrong}: cannot be published (" in told


@BOTH
@pytest.mark.usefixtures("db")
def test_it_runs_to_each_of_its_ends_and_left_alone_it_falls_to_the_last_resort(file: Path) -> None:
    """As `holdfast pathway try` does it, on the database of this run."""
    text = expand(file.read_text("utf-8")).text
    pathway = load_pathway(text)
    trial = set_trial(text, pathway, datetime(2026, 5, 4, 9, tzinfo=UTC))
    for end in pathway.endpoints:
        walk = Walk(trial)
        walk.open()
        assert walk.reach(end), f"{end.id}: {walk.stopped}"
        assert (walk.state.status, walk.state.endpoint) == ("closed", end.id)
    idle = Walk(trial)
    idle.open()
    idle.waits(4)
    rungs = [
        event for step in chronicle(entries_of(idle.case)) for event in step.events if isinstance(event, e.RungFired)
    ]
    assert rungs[-1].told.endswith("-last-resort") and rungs[-1].told not in {rung.told for rung in rungs[:2]}
    assert idle.state.holder and idle.state.next_ring() is not None
    assert not compare(trial.desk.vault)


def test_the_one_that_takes_a_block_is_tried_at_a_prompt() -> None:
    told = tried(PRISON, "--quiet")
    assert (told.returncode, told.stderr) == (0, "")
    ends = [end.id for end in load_pathway(PRISON.read_text("utf-8")).endpoints]
    assert re.findall(r"\(([a-z-]+)\): reached\n", told.stdout) == ends and "NOT" not in told.stdout
