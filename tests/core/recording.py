"""Records the golden case: `python -m tests.core.recording NAME` writes it once; what is recorded is never written again."""

import json
import sys
from pathlib import Path
from typing import Any

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.codec import ENGINE, event_to_plain, state_to_plain
from tests.core.cases import ALARMING, CALM, NOBODY, REACHED, REASON, Case, given, shipped
from tests.core.network import DARA, DAY, HOUR, IVY, KIT, LEA, LEO, MINUTE, SOL, START, UNA

GOLDEN = Path(__file__).parent / "golden"


def thirty_days() -> Case:
    """A whole discharge: provisional, bounced, accepted, three attempts, a signal on day 9, kept, closed, reopened, ended."""
    case = shipped().opened()
    whole = case.packet(touchpoint__by=START + 3 * DAY, discharge__at=START + 4 * HOUR)
    case.do(c.FillPacket({id: answer for id, answer in whole.items() if id != "housing.stable"}), KIT)
    case.do(c.NameRole("decision-maker", DARA), KIT)
    case.do(c.NameRole("medication-continuity", "cleo"), KIT)
    case.do(c.NameRole("first-appointment-missed", DARA), KIT)
    case.wait(2 * HOUR).do(c.TakeStep("send", override=REASON), KIT)
    link = next(n.key for n in case.seen(e.NoticeIssued) if n.notice == "packet-link")
    case.do(c.NoteSent(link, "email", case.now), "system")
    case.wait(30 * MINUTE).do(c.NoteFailed(link, "email", "5.1.1", case.now), "system")
    case.do(c.FillPacket({"housing.stable": given("yes")}), KIT)
    case.take("amend-packet", KIT)
    case.meet("override-sign-off", UNA, {"sign-off.decision": "agreed"})
    case.wait(3 * HOUR).do(c.Acknowledge("receipt#1"), SOL)
    case.wait(20 * HOUR).take("ask", IVY)
    case.take("answer", KIT)
    case.take("confirm-receipt", IVY, {"receipt.lead": LEA})
    case.take("read-amendment", IVY)
    for _ in range(3):
        case.wait(5 * HOUR).take("record-contact", LEA, NOBODY)
    case.take("decide-after-attempts", SOL, {"decision.action": "keep-trying"})
    case.wait(8 * HOUR).take("record-contact", LEA, CALM)
    case.take("give-card", LEA, {"card.understood": "yes"})
    case.meet("reconciliation", "cleo")
    case.do(c.Waive("therapy#1", REASON), case.state.holder)
    case.take("book-appointment", LEA, {"appointment.at": START + 12 * DAY})
    case.tick(START + 9 * DAY).take("record-contact", LEA, ALARMING)
    case.wait(95 * MINUTE).take("respond", DARA)
    case.do(c.RaiseTier("high", REASON), LEA)
    case.do(c.MoveHolder(LEO, REASON), SOL)
    case.tick(START + 12 * DAY + HOUR).take("record-attendance", LEO, {"attendance.outcome": "kept"})
    case.take("accept-ongoing-care", LEO)
    case.do(c.LowerTier("standard", REASON), DARA)
    case.do(case.step("record-contact", REACHED, late_reason=REASON), LEO, case.now - 80 * HOUR)
    case.wait(DAY).close("engaged", LEO)
    case.wait(DAY).take("read-closure", KIT)
    case.wait(DAY).do(c.ReopenCase(REASON), KIT)
    case.wait(5 * DAY).close("engaged", LEO)
    case.wait(HOUR).take("read-closure", UNA)
    return case.tick(START + 30 * DAY)


def as_plain(case: Case) -> dict[str, Any]:
    return {
        "engine": ENGINE,
        "edition": case.pathway.digest,
        "events": [event_to_plain(event) for event in case.events],
        "state": state_to_plain(case.state),
    }


if __name__ == "__main__":
    target = GOLDEN / f"{sys.argv[1]}.json"
    if target.exists():
        sys.exit(
            f"{target.name} is recorded already. A new shape of events gets a new file; the old one must still fold."
        )
    GOLDEN.mkdir(exist_ok=True)
    target.write_text(json.dumps(as_plain(thirty_days()), indent=1) + "\n", encoding="utf-8")
