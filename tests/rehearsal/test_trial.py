"""`holdfast pathway try`: a new file runs to each of its ends with people invented for it, in a database of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.core.conditions import All, Any, Not, Some
from holdfast.core.conditions import Test as Asked
from holdfast.pathways.library import shipped
from holdfast.rehearsal.filling import opposite
from tests.pathways.test_remedies import LAST, ONWARD, TEAM
from tests.pathways.test_remedies import changed as rewritten
from tests.pathways.toy import TOY, changed

BERTH = Path(__file__).parents[1] / "pathways" / "toy-berth.yaml"
#: As at a prompt: nothing of the test's own installation.
_ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("HOLDFAST_") and name != "DJANGO_SETTINGS_MODULE"
}


def tried(file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "holdfast.config.console", "pathway", "try", str(file), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=_ENVIRONMENT, timeout=300)


def test_a_file_nobody_has_seen_runs_to_each_end(tmp_path: Path) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(TOY, "utf-8")
    told = tried(file)
    assert told.returncode == 0, told.stderr
    for end in ("delivered", "returned", "lost-declared"):
        assert f"({end}): reached" in told.stdout
    idle = told.stdout.partition("# If nobody does anything")[2]
    assert "its time passed" in idle and "calls Last resort" in idle and "could now:" in idle


def test_it_runs_at_the_tier_that_is_asked_for_and_is_quiet_when_told(tmp_path: Path) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(TOY, "utf-8")
    usual, raised = (tried(file, "--end", "delivered", "--clocks", "0", *more) for more in ((), ("--tier", "fragile")))
    assert raised.returncode == 0 and "To be tried at this tier" not in usual.stdout
    assert usual.stdout != raised.stdout and "next due" in raised.stdout
    assert tried(file, "--tier", "nowhere").returncode == 2
    quiet = tried(file, "--end", "delivered", "--quiet")
    assert [line for line in quiet.stdout.splitlines() if line] == [
        line for line in quiet.stdout.splitlines() if "reached" in line
    ]


def test_it_says_that_free_times_are_not_tried(tmp_path: Path) -> None:
    told = tried(BERTH, "--quiet")
    assert "# Free times: nobody holds any here" in told.stdout


def test_an_end_that_cannot_be_reached_is_named_with_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(TOY, "utf-8")
    assert tried(file, "--end", "nowhere").returncode == 2
    file.write_text(changed("ladder: bell\n", "ladder: bells\n"), "utf-8")
    broken = tried(file)
    assert broken.returncode == 1 and "There is no ladder 'bells'" in broken.stdout


def test_an_end_that_begins_a_case_of_a_shipped_pathway_is_reached(tmp_path: Path) -> None:
    """Whichever it is: the first transition that is shipped."""
    begun = next(id for id, text in shipped().items() if "\nkind: transition\n" in text)
    file = tmp_path / "ours.yaml"
    onward = ONWARD.replace("post-crisis-follow-up", begun)
    file.write_text(rewritten([(LAST, f"    records: [ {TEAM} ]\n{onward}")]), "utf-8")
    told = tried(file, "--end", "passed-back", "--clocks", "0")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "(passed-back): reached" in told.stdout and "Not shipped" not in told.stdout
    assert f"→ begins a case of {begun}\n" in told.stdout


def test_what_begins_a_case_of_a_pathway_that_is_not_shipped_is_told_before_it_stops_there(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    elsewhere = ONWARD.replace("post-crisis-follow-up", "another-of-ours")
    file.write_text(rewritten([(LAST, f"    records: [ {TEAM} ]\n{elsewhere}")]), "utf-8")
    told = tried(file, "--end", "passed-back", "--quiet")
    assert told.returncode == 1 and told.stdout.startswith("# Not shipped: another-of-ours.")
    assert "(passed-back): NOT reached: no edition of another-of-ours is published here" in told.stdout


def test_a_file_that_is_not_proved_is_told_with_its_line_and_nothing_is_tried(tmp_path: Path) -> None:
    """It ended in a traceback: that the proof refuses a file is found when it is published for the trial."""
    file = tmp_path / "ours.yaml"
    text = rewritten([(LAST, LAST + ONWARD)])
    text = rewritten(
        [("    records:\n      - { id: call.reached,", f"    records:\n      - {TEAM}\n      - {{ id: call.reached,")],
        text,
    )
    file.write_text(text, "utf-8")
    told = tried(file)
    line = text[: text.index("  passed-back:")].count("\n") + 1
    assert told.returncode == 1 and told.stderr == ""
    assert told.stdout.startswith(f"{file}:{line}: P4") and "no team is named yet" in told.stdout


def test_contacts_that_count_only_days_after_the_last_one_are_waited_for(tmp_path: Path) -> None:
    """Meanwhile an end is overdue, and what its ladder does for twenty days does not use the walk's deeds up."""
    file = tmp_path / "ours.yaml"
    spoken = "      - { moment: spoken-to, when: { fact: answer.call.reached, is: yes } }\n"
    counted = (
        (spoken, spoken.replace(" } }", " }, apart: 5 d, otherwise: spoken-again }")),
        (
            "when: { fact: moment.spoken-to, known: yes }\n    supplied-by",
            "when: { fact: moment.spoken-to, at-least: 5 }\n    supplied-by",
        ),
        ("window: 14 d", "window: 28 d"),
        ("due: { all: 14 d }", "due: { all: 24 h }"),
    )
    file.write_text(rewritten(counted), "utf-8")
    told = tried(file, "--end", "reached", "--clocks", "0")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("· spoken to\n") == 5 and told.stdout.count("as nobody acted in time") > 100


@pytest.mark.parametrize(
    ("condition", "turned"),
    [
        (Asked("a", "is", ("x",)), Asked("a", "is-not", ("x",))),
        (Asked("a", "at-least", ("2",)), Asked("a", "at-most", ("1",))),
        (All((Asked("a", "known"), Asked("b", "known"))), Any((Asked("a", "unknown"), Asked("b", "unknown")))),
        (Not(Asked("a", "known")), Asked("a", "known")),
        (Some(1, (Asked("a", "known"), Asked("b", "known"))), Some(2, (Asked("a", "unknown"), Asked("b", "unknown")))),
    ],
)
def test_the_opposite_of_a_condition(condition: object, turned: object) -> None:
    assert opposite(condition) == turned  # type: ignore[arg-type]
