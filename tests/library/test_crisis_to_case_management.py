"""From the crisis team back to case management, through both doors: a worker who is away never ends in a voicemail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import CALM, NOBODY, SPOKEN, TOLD
from tests.library.driver import Run

FILE = "crisis-to-case-management"
HOMELESS = {"housing.stable": "no", "crisis.driver": "housing"}


def opened(house: Installation, **packet: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill({**CALM, "crisis.ended-at": house.now.isoformat(), "touchpoint.by": run.soon(hours=60), **packet})
    run.name_everybody()
    return run


def unavailable(house: Installation, **packet: Any) -> Run:
    """The summary is sent, the assigned worker is not there, and the supervisor took the backup route."""
    run = opened(house, **packet)
    run.step("send")
    run.step("try-worker", {"try.result": "voicemail"})
    run.step("take-backup-route", {"bridge.at": run.soon(hours=24)})
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("REC-05", "GAT-04", "ESC-05", "GAT-08", "AUD-02", "CLS-03")
def test_a_worker_who_is_away_to_final_confirmation_and_contact(house: Installation) -> None:
    run = unavailable(house, **HOMELESS)
    acceptance = run.owed("acceptance")
    noon = datetime.fromisoformat(acceptance["due"])
    assert (noon.hour, noon.date() - house.now.date()) == (12, timedelta(days=1))
    assert run.state.named["escalation-owner"] == run.who("sender.supervisor")
    run.wait(hours=20)
    run.step("accept", by=run.who("receiver.intake"))
    assert run.status("acceptance") == "met" and run.state.holder == run.who("receiver.holder")
    run.wait(hours=4)
    run.step("record-bridge", {"bridge.reached": "yes"})
    run.step("record-contact", SPOKEN)
    run.step("give-card", TOLD)
    run.meet("driver-action")
    run.close("engaged")
    for validation in ("failed-contact-escalated", "accepted-by-noon", "bridge-made"):
        assert run.verdict(validation)["word"] == "passed", validation
    assert run.notices("closure") == [run.who("sender.holder")]


@pytest.mark.requirement("GAT-04", "REC-05", "ESC-02")
def test_a_voicemail_never_closes_it(house: Installation) -> None:
    run = opened(house)
    run.step("send")
    run.step("give-card", TOLD)
    for result in ("voicemail", "colleague", "nobody", "away"):
        run.step("try-worker", {"try.result": result})
        assert {"backup-ran", "accepted"} <= run.missing(run.close("engaged", status=409))
    assert run.owed("backup-route")["owner"] == run.who("sender.supervisor")
    run.past("backup-route")
    run.wait(hours=2)
    assert run.told("backup-route")[:2] == [run.who("sender.holder"), run.who("sender.supervisor")]
    assert run.verdict("failed-contact-escalated")["word"] == "failed"
    run.step("take-backup-route", {"bridge.at": run.soon(hours=20)})
    assert run.verdict("failed-contact-escalated")["word"] == "passed"
    assert "accepted" in run.shut("engaged"), "only the final confirmation ends it"


@pytest.mark.requirement("REC-05", "GAT-01")
def test_the_backup_route_is_refused_without_each_of_its_parts(house: Installation) -> None:
    run = opened(house)
    supervisor = run.who("sender.supervisor")
    run.step("try-worker", {"try.result": "voicemail"})
    assert run.shut("take-backup-route", supervisor) == {"summary-sent"}
    run.step("send")
    parts = ("backup.contact", "backup.at", "backup.driver-said", "bridge.at", "bridge.who", "backup.owner")
    for part in parts:
        assert run.missing(run.step("take-backup-route", {part: LEFT_OUT}, status=422)) == {part}
    run.step("take-backup-route", by=run.who("sender.holder"), status=403)
    run.step("take-backup-route")


@pytest.mark.hazard("HZ-15")
@pytest.mark.requirement("REC-05", "ESC-01", "AUD-02")
def test_nobody_accepts_by_noon_the_case_is_flagged_and_reviewed(house: Installation) -> None:
    run = unavailable(house)
    run.past("acceptance")
    review = run.owed("late-acceptance-review")
    assert review["owner"] == run.state.named["escalation-owner"]
    run.wait(hours=8)
    told = run.told("acceptance")
    assert told[:3] == [review["owner"], run.who("receiver.supervisor"), run.who("sender.supervisor")]
    assert told[-1] == run.who("last-resort")
    assert run.verdict("accepted-by-noon")["word"] == "failed"
    run.step("accept", by=run.who("receiver.intake"))
    assert "reviewed" in run.shut("engaged"), "accepted late: the review is still owed"
    run.step("review-late-acceptance", {"late.cause": "absent"})
    assert run.verdict("accepted-by-noon")["word"] == "passed"


@pytest.mark.requirement("GAT-06", "OWN-05", "PER-03", "PKT-05")
def test_the_summary_is_refused_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill(CALM)
    assert run.shut("send") == {"decision-maker-reachable", "continuity-named"}
    run.name_everybody()
    for part in ("crisis.driver-risk", "crisis.driver", "crisis.first-action", "worker.assigned", "risk.means"):
        run.fill_only({part: BLANK})
        assert part in run.missing(run.step("send", status=409))
        run.fill()
    for part in ("transition.trigger", "touchpoint.by", "fallback.action"):
        run.fill_only({part: BLANK})
        assert "four-parts" in run.shut("send")
        run.fill()
    run.fill({"consent.sharing": "refused", "contact.channel": "letter", "housing.stable": "no"})
    assert run.shut("send") == {"consent-recorded", "channel-usable"}


@pytest.mark.requirement("CON-04", "GAT-09")
def test_a_bridge_that_fails_and_a_person_nobody_reaches(house: Installation) -> None:
    run = unavailable(house, **HOMELESS)
    run.step("accept", by=run.who("receiver.intake"))
    run.wait(hours=20)
    run.step("record-bridge", {"bridge.reached": "no"})
    assert run.owes("bridge-contact"), "an attempt is not a bridge"
    for _ in range(3):
        run.step("record-contact", NOBODY)
        run.wait(hours=3)
    assert run.owed("decide-after-three")["owner"] == run.who("receiver.supervisor")
    run.wait(hours=40)
    assert run.owed("fallback")["owner"] == run.who("first-appointment-missed")
    assert run.verdict("bridge-made")["word"] == "failed"
