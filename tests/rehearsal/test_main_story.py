"""The main story, from packet to the end of its thirty days, on both engines; the same seed plays it the same way."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.deliveries.models import Attempt, Delivery
from holdfast.rehearsal.run import rehearse
from holdfast.rehearsal.story import read_story, shipped_stories

FIRST = datetime(2026, 5, 4, 12, tzinfo=UTC)
once = pytest.mark.skipif(
    os.environ.get("HOLDFAST_TEST_DATABASE") == "postgres", reason="the command brings its own SQLite database"
)


@pytest.mark.requirement("REC-01", "ESC-01", "OWN-01", "CLS-01", "CAP-04")
def test_the_main_story_goes_as_it_is_told(clean_database):
    rehearsed = rehearse(read_story(shipped_stories()["main"]), 7, FIRST)
    assert [(finding.says, finding.but) for finding in rehearsed.findings if finding.but] == []
    assert {verdict.word for verdict in rehearsed.verdicts} == {"passed"}
    # One accountable person at every instant, from the opening to the end of the window.
    names, since, until = zip(*rehearsed.holdings, strict=True)
    assert names == ("Maren Holt", "Rosa Penhale")
    assert list(until[:-1]) == list(since[1:])
    assert rehearsed.lines[-1].at - rehearsed.lines[0].at == timedelta(days=30)
    # The server took the first message; it came back later, and the ladder wrote again.
    first = Delivery.objects.filter(stream=rehearsed.case, notice="packet-link").get()
    assert list(Attempt.objects.filter(key=first.key).order_by("at").values_list("outcome", flat=True)) == [
        "sent",
        "bounced",
    ]
    assert Delivery.objects.get(stream=rehearsed.case, notice="second-attempt").status == "sent"

    # And its timeline tells nothing about the person.
    told = "\n".join(" ".join((line.who, *line.what, line.accountable, line.due)) for line in rehearsed.lines)
    assert "Robin" not in told
    assert "argument" not in told.lower()
    assert "Dr Tomas Reeve" in told


def command(*arguments: str) -> tuple[int, str, str]:
    """The command as people run it, outside the settings of the tests."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HOLDFAST_") and k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "holdfast.config.console", "rehearse", *arguments],
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@once
def test_the_same_seed_gives_the_same_ledger_to_the_last_byte():
    outcomes = [command("--quiet", "--seed", seed) for seed in ("3", "3")]
    assert [code for code, _, _ in outcomes] == [0, 0]
    first, second = (re.search(r"ledger ([0-9a-f]{64})$", out, re.MULTILINE)[1] for _, out, _ in outcomes)
    assert first == second


@once
def test_a_story_that_ends_otherwise_is_a_failure(tmp_path):
    changed = shipped_stories()["main"].replace("endpoint: engaged, holder", "endpoint: declined, holder")
    (tmp_path / "main.yaml").write_text(changed)
    code, out, _ = command("--quiet", str(tmp_path / "main.yaml"))
    assert code == 1
    assert "NO: at day 25 10:01: endpoint declined - found engaged" in out


def test_an_unknown_story_is_refused_with_those_there_are():
    code, _, err = command("no-such-story")
    assert code == 2
    assert "Shipped: main" in err
