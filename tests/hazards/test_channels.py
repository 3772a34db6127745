"""HZ-65: a partner answers through whatever channel they have, and the record means the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from holdfast.doors.web import viewer
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage
from tests.doors.test_partner_link import Partner, arrange
from tests.doors.test_partner_telephone import said, signed_in, tell
from tests.hazards.control import fails_without, nothing
from tests.installation import LEAD, RECEIVER, SENDER, Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    partner = arrange(monkeypatch, tmp_path)
    monkeypatch.setattr(viewer.timezone, "now", lambda: partner.house.now)
    return partner


def by_account(partner: Partner) -> None:
    stage = Stage(partner.house)
    page = "deeds/TakeStep/confirm-receipt"
    answers = {name.replace(".", "__").replace("-", "_"): text for name, text in partner.acceptance().items()}
    stage.does(partner.case, RECEIVER, page, **answers)


def by_link(partner: Partner) -> None:
    partner.enter()
    assert partner.answer("confirm-receipt", **partner.acceptance()).status_code == 303


def by_token(partner: Partner) -> None:
    Caller.of(RECEIVER).do(partner.case.id[5:], "TakeStep/confirm-receipt", answers=dict(said(partner)["answers"]))


def by_telephone(partner: Partner) -> None:
    assert tell(signed_in(SENDER), partner).status_code == 303


CHANNELS: Mapping[str, Callable[[Partner], None]] = {
    "web": by_account,
    "link": by_link,
    "api": by_token,
    "phone": by_telephone,
}


def meaning(case: Case) -> tuple[dict[str, Any], list[Any]]:
    """The entry that accepted, as the API tells it: who, by which door and scribe; and everything else, without names of this case."""
    rows = Caller.of(SENDER).get(f"cases/{case.id[5:]}/timeline")
    entry = next(row for row in rows if row["command"].get("step") == "confirm-receipt")
    way = {name: entry[name] for name in ("actor", "door", "scribe")}
    kept = [entry[name] for name in ("recorded", "occurred", "command", "events")]
    return way, [_bare(part, case) for part in kept]


def _bare(part: Any, case: Case) -> Any:
    if isinstance(part, dict):
        # A commitment is salted, so no two are the same: what it stands for is beside it.
        return {name: _bare(one, case) for name, one in part.items() if name != "sealed"}
    if isinstance(part, list):
        return [_bare(one, case) for one in part]
    return part.replace(case.id, "CASE").replace(case.person, "PERSON") if isinstance(part, str) else part


def every_channel_means_the_same(partner: Partner) -> None:
    """HZ-65: the sender alone cannot answer; account, link, token and telephone leave the same record but for door and scribe."""
    alone = partner.house.sent()
    tell(signed_in(SENDER), replace(partner, case=alone), pin="made up")
    assert alone.state.holder == SENDER, "HZ-65: the sender alone accepted for the partner"
    found = {}
    for door, answer in CHANNELS.items():
        asked = replace(partner, case=partner.house.sent())
        answer(asked)
        assert asked.case.state.holder == LEAD, f"HZ-65: accepted by {door}, and nobody has taken it"
        way, found[door] = meaning(asked.case)
        scribe = SENDER if door == "phone" else None
        assert way == {"actor": RECEIVER, "door": door, "scribe": scribe}, f"HZ-65: by {door} it is put down as {way}"
    for door, meant in found.items():
        assert meant == found["web"], f"HZ-65: by {door} the record means something else"


@pytest.mark.hazard("HZ-65")
@pytest.mark.requirement("BEY-13")
def test_hz_65_every_channel_means_the_same(partner: Partner) -> None:
    every_channel_means_the_same(partner)


@pytest.mark.control_off("HZ-65")
def test_hz_65_without_its_control(partner: Partner) -> None:
    fails_without("HZ-65", every_channel_means_the_same, partner, nothing)
