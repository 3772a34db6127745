"""Slots through the doors: the page of a team, a step's form, and the API."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from holdfast.core.pools import HELD, OFFERED
from holdfast.desk import office
from holdfast.doors.web import viewer
from tests.capacity.harbour import BERTHS, TOY, berth, berths, hold, ship
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, form_on, plain
from tests.installation import OUTSIDER, RECEIVER, SENDER, Installation, given


@pytest.fixture
def stage(db: object, monkeypatch: pytest.MonkeyPatch) -> Stage:
    house = Installation().set_up(TOY)
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    return Stage(house)


@pytest.mark.requirement("STP-03", "CAP-06")
def test_a_team_holds_slots_on_its_page_and_sees_what_is_taken_and_who_waits(stage: Stage) -> None:
    case = ship(stage.house)
    case.step("wait-for-berth", SENDER)
    client = stage.client(RECEIVER)
    page = client.get("/team/north/slots").content.decode()
    assert "1 case waits." in plain(page)
    typed = {"kind": "berth", "date": "2026-03-03", "time": "09:00", "places": "2", "weeks": "2"}
    assert client.post("/team/north/slots", {**typed, "time": ""}).status_code == 422
    assert client.post("/team/north/slots", typed).status_code == 302
    assert sorted(slot.status for slot in berths().slots.values()) == [HELD, HELD, HELD, OFFERED]
    page = plain(client.get("/team/north/slots").content.decode())
    assert "Offered: its case" in page and page.count("Free") == 3
    free = berths().free()[0].id
    assert client.post("/team/north/slots", {"kind": "berth", "slot": free}).status_code == 302
    assert len(berths().free()) == 2
    assert stage.client(OUTSIDER).get("/team/north/slots").status_code == 404


@pytest.mark.requirement("STP-03")
def test_a_form_offers_the_free_times_and_books_the_one_chosen(stage: Stage) -> None:
    hold(stage.house, places=2)
    case, other = ship(stage.house), ship(stage.house)
    url = "deeds/TakeStep/book-berth"
    text = stage.get(case, SENDER, url)
    assert text.count("3 March 2026") == 2 or text.count("3 Mar") == 2, plain(text)
    sent = form_on(text) | {"berth.at": berth(stage.house)}
    stage.post(case, SENDER, url, sent)
    assert case.state.slots["berth.at"] == (BERTHS, berth(stage.house))
    late = form_on(stage.get(other, SENDER, url)) | {"berth.at": berth(stage.house)}
    said = plain(stage.post(other, SENDER, url, late, status=422))
    assert "choose" in said.lower() or "not free any more" in said


@pytest.mark.requirement("STP-03", "CAP-06")
def test_slots_through_the_api(stage: Stage) -> None:
    caller, case, other = Caller.of(RECEIVER), ship(stage.house), ship(stage.house)
    body = {"at": ["2026-03-03T09:00:00+00:00"], "places": 2}
    made = caller.post("teams/north/slots/berth", body)
    assert [slot["status"] for slot in made["slots"]] == ["held", "held"]
    slot = made["slots"][0]["id"]
    sender = Caller.of(SENDER)
    sender.do(case.id.removeprefix("case:"), "TakeStep/book-berth", answers={"berth.at": slot})
    refused = sender.do(other.id.removeprefix("case:"), "TakeStep/book-berth", 409, answers={"berth.at": slot})
    assert refused["code"] == "slot_taken"
    assert refused["missing"][0]["what"] == made["slots"][1]["id"]
    assert [s["status"] for s in caller.get("teams/north/slots/berth")["slots"]] == ["booked", "held"]
    caller.get("teams/other/slots/berth", 404)
    Caller.of(OUTSIDER).post("teams/north/slots/berth", body, 403)
    gone = caller.client.delete(
        f"/api/v1/teams/north/slots/berth/{quote(made['slots'][1]['id'])}",
        headers={**caller.headers, "Idempotency-Key": "take-away"},
    )
    assert gone.status_code == 200, gone.content
    assert other.ask("TakeStep", SENDER, {"berth.at": given(slot)}, step="book-berth").refusal.code == "slot_taken"
