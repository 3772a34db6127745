"""One case of each kind, made through the desk of an installation: draft, awaited, with a signal, overridden, closed, ended."""

from __future__ import annotations

from holdfast.desk.envelope import Ask, Envelope
from tests.installation import (
    DECISION_MAKER,
    HIGH,
    LEAD,
    SENDER,
    Case,
    Installation,
    given,
)

WHEN_BACK = "Back from leave only now."


def many(house: Installation) -> dict[str, Case]:
    """Each case by what it is; time runs on for 31 days."""
    cases = {"draft": house.open()}
    cases["draft"].fill()
    cases["awaited"] = house.sent()
    cases["signal"] = house.accepted(**HIGH)
    cases["overridden"] = house.open()
    cases["overridden"].does(
        "TakeStep", SENDER, texts={"override": "Leaves now with the crew; the packet follows."}, step="send"
    )
    cases["closed"], cases["ended"] = house.accepted(), house.accepted()
    taken = {"key": f"{cases['signal'].id}.n1", "channel": "email", "at": house.now.isoformat()}
    noted = Envelope(cases["signal"].id, Ask("NoteSent", taken), "system", "worker", "taken-1")
    assert house.desk.handle(noted).accepted
    house.wait(hours=25)
    for name in ("awaited", "signal", "overridden", "closed"):
        cases[name].fire()
    signal(cases["signal"])
    for name in ("closed", "ended"):
        close(cases[name])
    house.wait(days=31)
    for name in ("awaited", "ended"):
        cases[name].fire()
    return cases


def signal(case: Case) -> None:
    """A contact that gives a risk signal, the ladder that climbs, the response, and something written up late."""
    case.contact(ideation="intent")
    case.at.wait(minutes=40)
    case.fire()
    answers = {"response.action": given("urgent-appointment"), "response.detail": given("Seen today at noon.")}
    case.step("respond", DECISION_MAKER, answers)
    happened = case.at.now
    case.at.wait(hours=80)
    card = {"card.how": given("paper"), "card.understood": given("yes")}
    case.step("give-card", LEAD, card, texts={"late_reason": WHEN_BACK}, occurred=happened)


def close(case: Case) -> None:
    """Closed as escalated, which needs its evidence and no kept appointment."""
    answers = {
        "escalated.to": given("inpatient"),
        "escalated.response-at": given(case.at.now.isoformat()),
        "escalated.response": given("Bed found."),
        "closing.next-steps": given("Admitted tonight."),
        "closing.why-other": given("Became acutely unwell."),
    }
    case.does("CloseCase", LEAD, answers, endpoint="escalated")
