"""Opening a case by hand: one case from one form, one person for one number, and a doubt that stays a doubt."""

from __future__ import annotations

import re
from typing import Any

import pytest

from holdfast.people.models import PersonKey
from holdfast.worklists.models import CaseRow
from tests.doors.web_stage import Stage, build


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    return build(monkeypatch)


def form(stage: Stage, **change: str) -> dict[str, str]:
    page = stage.client("cora").get("/cases/open").content.decode()
    found = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert found
    return {
        "key": found[1],
        "pathway": "discharge-to-community",
        "name": "Quin Testcase",
        "born": "1984-05-03",
        "phone": "202-555-0199",
        "system": "mrn",
        "number": "RX-0042",
        "party-sender": "ward",
        "party-receiver": "north",
        "holder": "cora",
        **change,
    }


def post(stage: Stage, data: dict[str, str], staff: str = "cora") -> Any:
    return stage.client(staff).post("/cases/open", data)


def test_a_case_is_opened_with_its_holder_and_sending_the_form_twice_opens_one(stage: Stage) -> None:
    data = form(stage)
    first, again = post(stage, data), post(stage, {**data, "sure": "1"})
    row = CaseRow.objects.get()
    assert first["Location"] == again["Location"] == f"/cases/{row.case.removeprefix('case:')}/"
    assert (row.holder, row.status, row.tier) == ("cora", "open", "standard")
    assert PersonKey.objects.filter(person=row.subject).count() == 1
    page = stage.client("cora").get("/cases/").content.decode()
    assert "Quin Testcase" in page


def test_what_is_missing_is_named_and_nothing_typed_is_lost(stage: Stage) -> None:
    answer = post(stage, form(stage, born="", holder="lee", **{"party-receiver": "ward"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Quin Testcase"' in page
    assert 'value="RX-0042"' in page
    for id in ("f-born", "f-party-receiver", "f-holder"):
        assert f'href="#{id}"' in page
        assert f'id="{id}-error"' in page
    assert not CaseRow.objects.exists()
    assert not PersonKey.objects.filter(person__startswith="p").exists()


@pytest.mark.hazard("HZ-75")
def test_a_known_number_that_is_not_borne_out_opens_nothing_and_names_nobody(stage: Stage) -> None:
    stage.open("Robin Example", "RX-0042")
    answer = post(stage, form(stage, sure="1"))
    assert answer.status_code == 422
    assert "name and date of birth do not bear it out" in answer.content.decode()
    assert "Robin" not in answer.content.decode()
    assert CaseRow.objects.count() == 1


def test_a_known_person_is_shown_with_their_open_case_before_a_second_is_opened(stage: Stage) -> None:
    case = stage.open("Quin Testcase", "RX-0042")
    data = form(stage)
    page = post(stage, data).content.decode()
    assert "This person is on record already" in page
    assert f'href="/cases/{case.removeprefix("case:")}/"' in page
    assert CaseRow.objects.count() == 1
    assert post(stage, {**data, "sure": "1"}).status_code == 302
    assert CaseRow.objects.values("subject").distinct().count() == 1


def test_an_open_case_of_other_teams_is_not_told(stage: Stage) -> None:
    stage.open("Quin Testcase", "RX-0042", receiver="south")
    stage.open("Robin Example", "RX-0043")
    page = post(stage, form(stage, name="Robin Example", number="RX-0043", holder="olaf"), "olaf").content.decode()
    assert "A case is open already" not in page


def test_whoever_is_in_no_team_opens_nothing(stage: Stage) -> None:
    assert stage.client("gail").get("/cases/open").status_code == 403
    assert post(stage, form(stage), "gail").status_code == 403


def test_a_case_between_teams_that_are_not_ones_own_is_refused(stage: Stage) -> None:
    answer = post(stage, form(stage), "olaf")
    assert answer.status_code == 422
    assert not CaseRow.objects.exists()
