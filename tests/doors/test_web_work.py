"""Work that is owed: whose, in which order, why it is there, what settles it, and how many questions the database is asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdfast.core.access import Viewer
from holdfast.core.parties import Directory
from holdfast.doors.web.viewer import Seen
from holdfast.doors.web.work.owed import Row, grouped
from holdfast.doors.web.work.remedy import Remedy
from tests.doors.web_stage import Stage, build


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    return build(monkeypatch)


def words(stage: Stage, staff: str, address: str = "/") -> str:
    page = stage.client(staff).get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_is_late_stands_first_and_then_by_due_time(stage: Stage) -> None:
    draft = stage.open("Sasha Invented")
    stage.wait(hours=26)
    sent = stage.open("Quin Testcase")
    stage.send(sent)
    stage.accept(sent)
    text = words(stage, "cora")
    assert draft
    assert text.index("Overdue") < text.index("The packet, complete and sent") < text.index("Due in more than a week")
    dues = re.findall(r'<time datetime="([^"]*)">', stage.client("lee").get("/").content.decode().split("<main")[1])
    assert dues == sorted(dues)
    assert len(dues) > 5


def test_what_is_due_in_more_than_a_week_is_put_away_unless_it_is_all_there_is(stage: Stage) -> None:
    stage.open("Quin Testcase")
    page = stage.client("cora").get("/").content.decode().split("<main")[1]
    away = page.split("<details><summary><h2")[1]
    assert "Due in more than a week (1)" in away
    assert "An endpoint with its evidence" in away
    assert "The packet, complete and sent" not in away


def test_what_is_far_ahead_stands_open_where_there_is_nothing_else() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    look = Seen(Viewer("staff:lee"), Directory(1, {}, {}, {}), now, "Europe/Dublin")

    def row(days: int) -> Row:
        return Row("", "", "", Remedy("", ""), {}, (), "", now + timedelta(days=days), "")

    assert [(group.title, group.away) for group in grouped([row(30)], look)] == [("Due in more than a week", False)]
    assert [group.away for group in grouped([row(7), row(8)], look)] == [False, True]


@pytest.mark.requirement("TRK-02")
def test_each_line_says_who_by_when_what_counts_as_done_and_leads_to_the_deed(stage: Stage) -> None:
    case = stage.open("Quin Testcase")
    stage.send(case)
    stage.accept(case)
    text = words(stage, "sam", "/team/north")
    assert "Medication compared before and after" in text
    assert "Done when: Every difference is resolved or queried with the prescriber." in text
    assert "owed by Dan Holt" in text
    links = re.findall(r'href="(/cases/[^"]*)"', stage.client("lee").get("/").content.decode())
    assert f"/cases/{case.removeprefix('case:')}/deeds/TakeStep/record-contact" in " ".join(links)
    assert all(stage.client("lee").get(link).status_code == 200 for link in set(links))


@pytest.mark.requirement("BEY-24")
def test_a_line_says_what_started_it_by_which_rule_and_which_call_went_out(stage: Stage) -> None:
    case = stage.open("Quin Testcase")
    stage.send(case)
    stage.wait(hours=5)
    text = words(stage, "ina")
    assert "It is owed since “sent”" in text
    assert "4 hours after" in text
    assert "Not paused." in text
    assert "1 call has gone out" in text
    assert re.search(r"Due \w{3} \d+ \w{3} \d{4}, \d\d:\d\d E[SD]T", text)


def test_what_a_member_owes_by_name_is_their_teams_work_and_nobody_elses(stage: Stage) -> None:
    case = stage.open("Quin Testcase")
    stage.send(case)
    stage.accept(case)
    assert "An endpoint with its evidence" in words(stage, "sam", "/team/north")
    assert "An endpoint with its evidence" not in words(stage, "sue", "/team/ward")
    assert "Quin" not in words(stage, "olaf")


def test_a_supervisor_sees_what_is_slipping(stage: Stage) -> None:
    stage.open("Sasha Invented")
    stage.wait(hours=26)
    text = words(stage, "sue", "/team/ward?only=late")
    assert "1 overdue : Larch Ward" in text
    assert "1 thing is overdue" in text
    assert "owed by Cora Bell" in text
    assert "An endpoint with its evidence" not in text


@pytest.mark.parametrize(
    ("staff", "address"), [("cora", "/"), ("sue", "/team/ward"), ("cora", "/cases/"), ("gail", "/governance/")]
)
def test_more_rows_ask_the_database_no_more_questions(stage: Stage, staff: str, address: str) -> None:
    stage.open("One")
    stage.wait(hours=26)
    client = stage.client(staff)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(12):
        stage.open(f"Person {number}")
    stage.wait(hours=26)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) <= len(few)
    assert len(many) <= 20


def test_a_long_list_comes_in_pages_and_shows_everything_once(stage: Stage) -> None:
    for number in range(30):
        stage.open(f"Person-{number:02}")
    client = stage.client("cora")
    seen: list[str] = []
    address = "/cases/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"Person-\d\d", page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = "/cases/" + following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == [f"Person-{number:02}" for number in range(30)]
    owed = [words(stage, "cora", f"/?page={page}") for page in (1, 2, 3)]
    assert sum(text.count("The packet, complete and sent Person") for text in owed) == 30


def test_addresses_say_nothing_about_a_person(stage: Stage) -> None:
    case = stage.open("Quin Testcase", "RX-0042")
    stage.send(case)
    stage.accept(case)
    stage.wait(hours=26)
    for staff, address in (("lee", "/"), ("cora", "/cases/"), ("sam", "/team/north"), ("gail", "/governance/")):
        page = stage.client(staff).get(address).content.decode()
        for link in re.findall(r'(?:href|action)="([^"]*)"', page):
            assert not re.search(r"quin|testcase|rx-0042|1984|suicid|sertraline|plan\b", link, re.IGNORECASE)


def test_looking_changes_nothing(stage: Stage) -> None:
    from holdfast.ledger.models import Entry

    case = stage.open("Quin Testcase")
    stage.send(case)
    before = Entry.objects.count()
    for address in ("/", "/team/ward", "/cases/", "/cases/open", "/inbox/"):
        stage.client("cora").get(address)
    assert Entry.objects.count() == before


@pytest.mark.requirement("GAT-07")
def test_an_override_shows_in_governance_with_everything_that_was_late_newest_first(stage: Stage) -> None:
    late = stage.open("Sasha Invented")
    stage.wait(hours=36)
    stage.wait(minutes=10)
    passed = stage.open("Quin Testcase")
    stage.ask(passed, "TakeStep", "cora", {"step": "send"}, {}, {"override": "They leave in ten minutes."})
    text = words(stage, "gail", "/governance/")
    assert late
    assert "A gate was passed over : 1" in text
    assert "Not done in time : 1" in text
    assert text.index("Send the packet") < text.index("The packet, complete and sent")
    assert "Quin" not in text
    assert "The packet, complete and sent" not in words(stage, "gail", "/governance/?kind=override")
