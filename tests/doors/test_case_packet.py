"""The packet through its form: complete or not, two writers at once, versions, the page that a partner reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.core.answers import RawAnswer
from tests.doors.case_stage import Stage, form_on, plain, posted
from tests.installation import LEAD, RECEIVER, SENDER, SENDER_SUPERVISOR, packet

NAMED = {f"named.{name}": "dan" for name in ("decision-maker", "medication-continuity", "first-appointment-missed")}


def everything(**changes: RawAnswer) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for id, answer in packet(**changes).items():
        sent |= posted(id, answer)
    return sent | NAMED


@pytest.mark.requirement("PKT-01", "PKT-06")
def test_a_whole_packet_is_filled_in_and_sent_through_the_page(stage: Stage) -> None:
    case = stage.house.open()
    text = stage.get(case, SENDER, "packet")
    assert "0 of 25 needed answers are here" in plain(text)
    client = stage.client(SENDER)
    client.post(stage.url(case, "packet"), form_on(text) | everything())
    after = plain(client.get(stage.url(case, "packet")).content.decode())
    assert "Draft saved. Nothing has been sent." in after
    assert "Still to answer" not in after
    assert case.state.packet_version == 0
    stage.does(case, SENDER, "deeds/TakeStep/send")
    assert case.state.packet_version == 1


@pytest.mark.requirement("PKT-06")
def test_none_known_and_not_disclosed_are_answers_and_a_blank_is_not(stage: Stage) -> None:
    case = stage.house.open()
    changes = {"risk.triggers:answer": "not-disclosed", "risk.restrictions:answer": "none-known"}
    stage.post(case, SENDER, "packet", form_on(stage.get(case, SENDER, "packet")) | changes)
    assert case.state.packet["risk.triggers"].how == "not-disclosed"
    assert case.state.packet["risk.restrictions"].how == "none-known"
    text = plain(stage.get(case, SENDER, "packet"))
    assert "2 of 25" in text
    missing = text[text.index("Still to answer") : text.index("Tier by these answers")]
    assert "Crisis contacts the person has" in missing
    assert "Restrictions or supervision" not in missing


@pytest.mark.requirement("PKT-06")
def test_completeness_is_shown_while_filling_in_and_saves_nothing(stage: Stage) -> None:
    case = stage.house.open()
    sent = form_on(stage.get(case, SENDER, "packet"))
    text = stage.post(case, SENDER, "packet/completeness", sent | {"risk.suicidal-ideation": "plan"}, 200)
    assert "1 of 26 needed answers" in plain(text), "an answer can make another needed: the words for the risk"
    assert "Tier by these answers: High" in plain(text)
    assert "<html" not in text
    assert not case.state.packet


def test_questions_that_the_answers_do_not_call_for_are_named_so_that_the_page_can_put_them_away(stage: Stage) -> None:
    case = stage.house.open()
    page = stage.get(case, SENDER, "packet")

    def idle(**answers: str) -> set[str]:
        text = stage.post(case, SENDER, "packet/completeness", form_on(page) | answers, 200)
        return set(text.partition('data-idle="')[2].partition('"')[0].split())

    words, limits = "f-risk__summary", "f-consent__limits"
    assert {words, limits} <= idle() and f'data-idle="{" ".join(sorted(idle(), key=page.index))}"' in page
    assert words not in idle(**{"risk.suicidal-ideation": "plan"}) and limits in idle(
        **{"risk.suicidal-ideation": "plan"}
    )
    assert limits not in idle(**{"consent.sharing": "limited"})
    assert "f-consent__sharing" not in idle() and 'id="f-risk__summary' in page, "without a script it is all there"


def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_lost(stage: Stage) -> None:
    case = stage.house.open()
    wrong = {
        "discharge.at:date": "2026-03-02",
        "medication.changes:0:change": "Dose raised",
        "risk.restrictions": "Locked doors at night.",
        "risk.restrictions:answer": "none-known",
    }
    sent = form_on(stage.get(case, SENDER, "packet")) | wrong
    text = stage.post(case, SENDER, "packet", sent, 422)
    assert "Date and time of discharge: Give both the date and the time." in plain(text)
    assert "You chose “None known” and also wrote an answer" in plain(text)
    assert "Dose raised" in text
    assert "Locked doors at night." in text
    del sent["risk.restrictions:answer"]
    text = stage.post(case, SENDER, "packet", sent | {"discharge.at:time": "12:00"}, 422)
    assert "Recent changes, each with why: Row 1 lacks: Why." in plain(text)
    assert not case.state.packet


def test_a_row_is_added_without_script_and_without_losing_anything(stage: Stage) -> None:
    case = stage.house.open()
    rows = {
        "medication.current:0:name": "Sertraline",
        "medication.current:0:dose": "50 mg",
        "medication.current:add": "1",
    }
    text = stage.post(
        case, SENDER, "packet", form_on(stage.get(case, SENDER, "packet")) | rows | {"risk.summary": "Calm."}, 200
    )
    assert 'name="medication.current:1:name"' in text
    assert 'value="Sertraline"' in text
    assert "Calm." in text


def test_two_writers_of_different_fields_both_keep_theirs(stage: Stage) -> None:
    case = stage.house.open()
    case.fill()
    mine = form_on(stage.get(case, SENDER, "packet"))
    theirs = form_on(stage.get(case, SENDER_SUPERVISOR, "packet"))
    stage.post(case, SENDER, "packet", mine | {"risk.summary": "Calmer today."})
    stage.post(case, SENDER_SUPERVISOR, "packet", theirs | {"contact.channel": "visit"})
    text = plain(stage.get(case, SENDER, "packet"))
    assert "Calmer today." in text
    assert case.state.packet["contact.channel"].value == "visit"


def test_two_writers_of_the_same_field_are_asked(stage: Stage) -> None:
    case = stage.house.open()
    case.fill()
    mine = form_on(stage.get(case, SENDER, "packet"))
    theirs = form_on(stage.get(case, SENDER_SUPERVISOR, "packet"))
    stage.post(case, SENDER, "packet", mine | {"risk.summary": "Calmer today."})
    conflict = stage.post(case, SENDER_SUPERVISOR, "packet", theirs | {"risk.summary": "Worse at night."}, 422)
    assert "Somebody saved “Calmer today.” while you were writing" in plain(conflict)
    assert form_on(conflict)["risk.summary"].strip() == "Worse at night."
    stage.post(case, SENDER_SUPERVISOR, "packet", form_on(conflict))
    assert form_on(stage.get(case, SENDER, "packet"))["risk.summary"].strip() == "Worse at night."


def test_saving_without_a_change_writes_nothing(stage: Stage) -> None:
    case = stage.house.open()
    case.fill()
    before = case.state.number
    stage.post(case, SENDER, "packet", form_on(stage.get(case, SENDER, "packet")))
    assert case.state.number == before


@pytest.mark.requirement("PKT-09")
def test_what_was_carried_forward_shows_its_age_and_counts_once_confirmed(stage: Stage) -> None:
    case = stage.house.open()
    old = stage.house.now - timedelta(days=12)
    raw = RawAnswer("given", "Sertraline causes it.", old, True, "hospital record")
    case.does("FillPacket", SENDER, {"risk.triggers": raw})
    text = stage.get(case, SENDER, "packet")
    assert "From hospital record, 12 days old. Not yet confirmed." in plain(text)
    assert "0 of 25" in plain(text)
    stage.post(case, SENDER, "packet", form_on(text))
    assert case.state.packet["risk.triggers"].unconfirmed
    stage.post(case, SENDER, "packet", form_on(text) | {"risk.triggers:confirmed": "1"})
    assert case.state.packet["risk.triggers"].counts
    assert "1 of 25" in plain(stage.get(case, SENDER, "packet"))


@pytest.mark.requirement("PKT-07")
def test_an_amended_packet_is_a_new_version_that_shows_what_changed_and_is_acknowledged(stage: Stage) -> None:
    case = stage.house.accepted()
    stage.post(case, SENDER, "packet", form_on(stage.get(case, SENDER, "packet")) | {"risk.summary": "Worse at night."})
    receiver = plain(stage.get(case, LEAD, "packet"))
    assert "Changed since, and not sent yet: Risk in your own words" in receiver
    assert "Worse at night." not in plain(stage.get(case, LEAD, "packet/summary"))
    stage.does(case, SENDER, "deeds/TakeStep/amend-packet")
    text = plain(stage.get(case, LEAD, "packet"))
    assert "Version 2" in text
    assert "Risk in your own words Worse at night. (before: Passive thoughts in the evening, no plan.)" in text
    assert "The amended packet read: not answered yet, due" in text
    assert "Passive thoughts" in plain(stage.get(case, LEAD, "packet/summary?version=1"))
    stage.does(case, LEAD, "deeds/TakeStep/read-amendment")
    assert "The amended packet read: Mon 2 Mar 2026" in plain(stage.get(case, SENDER, "packet"))


@pytest.mark.requirement("PKT-11")
def test_until_it_is_sent_the_receiver_sees_that_it_is_awaited(stage: Stage) -> None:
    case = stage.house.open()
    text = plain(stage.get(case, RECEIVER, "packet"))
    assert "Awaited: nothing has been sent yet. Due Tue 3 Mar 2026, 09:00 GMT" in text


@pytest.mark.requirement("PKT-08", "PKT-10")
def test_the_summary_is_one_page_with_what_to_act_on_first(stage: Stage) -> None:
    case = stage.house.sent()
    text = plain(stage.get(case, LEAD, "packet/summary"))
    order = [
        "What is asked for",
        "Risks, and what to act on first",
        "Passive",
        "Who answers for what",
        "Current medication",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "The person will be seen or spoken to by" in text
    assert "Known conditions" not in text, "what nobody answered takes no room"


def test_after_an_erasure_the_pages_say_so(stage: Stage) -> None:
    from holdfast.desk import persons

    case = stage.house.accepted()
    # As a restore does: somebody erased since the backup, whose case was still open in it.
    persons.forget(stage.house.desk, case.person, stage.house.now)
    for rest in ("", "packet", "packet/summary", "card", "evidence"):
        text = plain(stage.get(case, LEAD, rest))
        assert "Robin Vale" not in text
        assert "Passive thoughts" not in text
    assert "Erased" in plain(stage.get(case, LEAD, "packet/summary"))
    assert "Name erased" in plain(stage.get(case, LEAD))
    # Nothing more can be sealed for them: it is said, not lost in a fault.
    said = stage.does(case, LEAD, "deeds/TakeStep/raise-signal", 422, signal__what="A neighbour rang.")
    assert "A neighbour rang." in said
