"""An instrument through the API: the sum, what it raises, and that it lowers nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.api_client import Caller, use
from tests.installation import DECISION_MAKER, SENDER, Installation

SCREENING = Path(__file__).resolve().parents[1] / "pathways" / "toy-screening.yaml"
OPEN = {"pathway": "toy-screening", "parties": {"sender": "ward", "receiver": "north"}, "holder": SENDER}


def answered(*values: str) -> dict[str, str]:
    return {f"phq.{n}": value for n, value in enumerate(values, start=1)}


@pytest.mark.requirement("BEY-26")
@pytest.mark.hazard("HZ-90")
def test_a_sum_raises_the_tier_and_never_lowers_a_clinicians(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    use(Installation().set_up(SCREENING.read_text("utf-8")), monkeypatch)
    cora, dan = Caller.of(SENDER), Caller.of(DECISION_MAKER)
    case = cora.post("cases", {**OPEN, "person": {"name": "Robin Vale"}}, 201)["case"]
    assert cora.get(f"cases/{case}")["scores"] == [{"title": "PHQ-9", "sum": None}, {"title": "Screener", "sum": None}]
    cora.do(case, "FillPacket", answers=answered(*"000000001"))
    shown = cora.get(f"cases/{case}")
    assert shown["scores"][0] == {"title": "PHQ-9", "sum": 1} and shown["tier"] == "high"
    cora.do(case, "TakeStep/screen", answers={"screen.wish": "1", "screen.thoughts": "1", "screen.plan": "1"})
    assert cora.get(f"cases/{case}")["scores"][1] == {"title": "Screener", "sum": 3}
    cora.do(case, "TakeStep/send")
    cora.do(case, "FillPacket", answers=answered(*"000000000"))
    cora.do(case, "TakeStep/screen", answers={"screen.wish": "0", "screen.thoughts": "0", "screen.plan": "0"})
    shown = cora.get(f"cases/{case}")
    assert [one["sum"] for one in shown["scores"]] == [0, 0]
    assert shown["tier"] == "high", "HZ-90: better answers lowered the tier by themselves"
    cora.do(case, "LowerTier/standard", 403, reason="Seems better.")
    dan.do(case, "LowerTier/standard", reason="Seen today, no thoughts, no plan.")
    assert cora.get(f"cases/{case}")["tier"] == "standard"
