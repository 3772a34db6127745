"""What is taken away from a case: the person's card and the evidence."""

from __future__ import annotations

import json
import pathlib

import pytest

from holdfast.core.parties import Organisation
from tests.doors.api_client import Caller, use
from tests.doors.case_stage import Stage, plain
from tests.installation import LEAD, RECEIVER_LAST_RESORT, SENDER


@pytest.mark.requirement("PER-01")
def test_the_card_says_who_when_with_which_number_and_what_to_do(stage: Stage) -> None:
    case = stage.house.accepted()
    text = stage.get(case, LEAD, "card")
    card = plain(text[text.index("<article") : text.index("</article>")])
    assert "Lee (Community North) will contact you." in card
    assert "The number that will show: 555-0100" in card
    assert "Tue 3 Mar 2026, 05:00 GMT" in card
    assert "By night: 555-0101" in card
    assert "You do not have to wait for the appointment." in card
    assert "If you are in danger now, call the emergency number." in card
    assert "suicid" not in card.lower()
    stage.does(case, LEAD, "deeds/TakeStep/give-card", card__how="paper", card__understood="yes")
    assert "person-told" in case.state.moments


@pytest.mark.requirement("PER-01", "BEY-27")
def test_the_card_is_data_too_and_noted_as_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    case = stage.house.accepted()
    use(stage.house, monkeypatch)
    card = Caller.of(LEAD).get(f"cases/{case.id[5:]}/card")
    assert (card["who"], card["team"], card["says"]) == ("Lee", "Community North", "will contact you.")
    assert (card["number"], card["night"]) == ("555-0100", "555-0101")
    assert card["agreed"] == "2026-03-03T05:00:00+00:00"
    assert card["meanwhile"].endswith("You do not have to wait for the appointment.")
    assert card["emergency"] == "If you are in danger now, call the emergency number."
    assert "card" in [line["what"] for line in Caller.of(LEAD).get(f"cases/{case.id[5:]}/seen")]


def test_the_card_asks_for_the_number_it_does_not_know(stage: Stage) -> None:
    case = stage.house.accepted()
    assert "The emergency number here: ____" in plain(stage.get(case, LEAD, "card"))
    assert "Holdfast has no emergency number for this place" in plain(stage.get(case, LEAD))
    house = Organisation("community", "Community Trust", RECEIVER_LAST_RESORT, "555-0199")
    stage.house.change_directory(house)
    card = plain(stage.get(case, LEAD, "card"))
    assert "The emergency number here: 555-0199" in card and "____" not in card.partition("In danger")[2]
    told = plain(stage.get(case, LEAD))
    assert "Emergency number: 555-0199" in told
    assert told.count("If someone is in danger now") == 1, "once is enough"


def test_the_card_without_an_agreed_time_gives_the_latest_one(stage: Stage) -> None:
    case = stage.house.sent()
    card = plain(stage.get(case, SENDER, "card"))
    assert "Cora (Larch Ward) will contact you." in card
    assert "At the latest by" in card


@pytest.mark.requirement("AUD-01", "AUD-02")
def test_the_evidence_page_tells_the_case_and_gives_paper_and_file(stage: Stage) -> None:
    case = stage.house.accepted()
    text = plain(stage.get(case, SENDER, "evidence"))
    for part in ("Risks known when the packet was sent", "Known to", "Accountable", "Auditable validations"):
        assert part in text
    pdf = stage.client(SENDER).get(stage.url(case, "evidence.pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.requirement("OWN-06", "BEY-02")
def test_who_was_accountable_at_a_time_is_answered_with_a_name(stage: Stage) -> None:
    case = stage.house.sent()
    stage.house.wait(hours=5)
    case.accept()
    ask = "evidence?at:date=2026-03-02&at:time="
    assert "Cora, Larch Ward from Mon 2 Mar 2026, 09:00 GMT until Mon 2 Mar 2026, 14:00 GMT" in plain(
        stage.get(case, LEAD, ask + "13:59")
    )
    assert "Lee, Community North from Mon 2 Mar 2026, 14:00 GMT until now" in plain(
        stage.get(case, LEAD, ask + "14:05")
    )
    assert "nobody: the case was not open then" in plain(stage.get(case, LEAD, ask + "08:00"))
    assert "Give both the date and the time." in plain(stage.get(case, LEAD, "evidence?at:date=2026-03-02&at:time="))


def test_the_signed_file_shows_only_what_was_chosen(stage: Stage, settings, tmp_path: pathlib.Path) -> None:
    settings.HOLDFAST_DATA = tmp_path / "data"
    case = stage.house.accepted()
    client = stage.client(LEAD)
    closed = client.post(stage.url(case, "evidence.json"), {}).content.decode()
    assert "Passive thoughts" not in closed
    chosen = client.post(stage.url(case, "evidence.json"), {"disclose": "risk.summary"}).content.decode()
    assert json.loads(chosen)
    assert chosen != closed
    assert client.get(stage.url(case, "evidence.json")).status_code == 405
