"""A team's answers from its link: each as good as from an account, given once, and only on what was read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from tests.doors.case_stage import plain
from tests.doors.test_partner_link import MARK, Partner, arrange
from tests.installation import LEAD, RECEIVER, SENDER, given

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    return arrange(monkeypatch, tmp_path)


@pytest.mark.requirement("REC-02", "REC-07", "REC-08", "OWN-02")
def test_a_team_without_an_account_accepts_from_its_link_and_responsibility_moves(partner: Partner) -> None:
    page = partner.enter().content.decode()
    assert MARK in page
    assert partner.case.state.holder == SENDER
    done = partner.answer("confirm-receipt", **partner.acceptance())
    assert done.status_code == 303, done.content.decode()
    state = partner.case.state
    assert state.holder == LEAD
    assert state.promises["receipt#1"].status == "met"
    taken = partner.case.events("StepTaken")[-1]
    assert taken["step"] == "confirm-receipt"
    after = partner.client.get("/link/visit/").content.decode()
    assert "What your team owes, and by when" in after
    assert "Contact with the person. A voicemail is not one" in after
    assert "Call in the morning." in after
    assert 'action="/link/visit/confirm-receipt"' not in after
    stands = _stands(after)
    assert "Accountable Lee, Community North since Mon 2 Mar 2026" in stands
    assert re.search(r"What happens next .+: Lee, Community North, by \w{3} \d+ Mar 2026, \d\d:\d\d", stands), stands
    assert "To reach the sender Cora, Larch Ward" in stands


def _stands(page: str) -> str:
    """The box that says how it stands, in words; it comes before what was answered."""
    box, rest = page[page.index('aria-labelledby="standing"') :].split("</section>", 1)
    assert "What was answered" in rest
    return plain(f"<section {box}")


def test_before_any_answer_nothing_is_said_to_have_happened(partner: Partner) -> None:
    assert "How it stands now" not in partner.enter().content.decode()


@pytest.mark.requirement("REC-08")
def test_an_acceptance_without_the_first_contact_actions_and_signs_moves_nothing(partner: Partner) -> None:
    partner.enter()
    for left_out in (
        "receipt.lead",
        "receipt.first-contact-at:date",
        "receipt.first-actions",
        "receipt.escalation-signs",
    ):
        answers = {k: v for k, v in partner.acceptance().items() if k != left_out}
        refused = partner.answer("confirm-receipt", **answers)
        assert refused.status_code == 200
        page = refused.content.decode()
        assert "There is a problem" in page
        assert 'href="#f-' in page
        # Nothing that was typed is lost.
        assert left_out == "receipt.escalation-signs" or "No answer twice." in page
        assert partner.case.state.holder == SENDER


@pytest.mark.requirement("REC-07")
def test_the_acceptance_asks_for_few_things(partner: Partner) -> None:
    page = partner.enter().content.decode()
    form = re.findall(r'<form class="hf-form".*?</form>', page, re.S)
    assert len(form) == 1
    asked = set(re.findall(r'name="([^"]+)"', form[0])) - {"csrfmiddlewaretoken", "key", "read"}
    # Three taps, a date and a time, two short texts; before it a tap for the code and the code.
    assert asked == {"who", *partner.acceptance()}


@pytest.mark.requirement("PKT-10")
def test_what_would_count_as_success_stands_before_everything_else_of_the_packet(partner: Partner) -> None:
    page = partner.enter().content.decode()
    places = [
        page.index(text) for text in ("What would count as success", MARK, "Dose raised", "555-0142", 'id="f-who"')
    ]
    assert places == sorted(places)
    assert page.index("Risks, and what to act on first") < page.index(MARK) < page.index("<details"), (
        "nothing is folded"
    )
    assert "The concern, and who knows of it" not in page, "no concern, so nobody had to answer that"
    form = partner.client.get("/link/visit/confirm-receipt").content.decode()
    assert form.index("Engaged with community support") < form.index('id="f-who"')


@pytest.mark.requirement("REC-04")
@pytest.mark.parametrize(
    ("step", "answers", "moment"),
    [
        ("decline", {"decline.reason": "capacity", "decline.detail": "No lead until May."}, "declined-by-receiver"),
        ("redirect", {"redirect.service": "Harbour South", "redirect.why": "Lives there."}, "declined-by-receiver"),
        ("ask", {"ask.question": "Which pharmacy?"}, "question-asked"),
        ("note-received", {}, "received"),
    ],
)
def test_other_answers_are_as_good_as_an_acceptance_and_move_nothing(
    partner: Partner, step: str, answers: dict[str, str], moment: str
) -> None:
    partner.enter()
    done = partner.answer(step, **answers)
    assert done.status_code == 303, done.content.decode()
    assert moment in partner.case.state.moments
    assert partner.case.state.holder == SENDER
    page = partner.client.get("/link/visit/").content.decode()
    assert "What was answered" in page
    assert all(text in page for id, text in answers.items() if id != "decline.reason")
    stands = _stands(page)
    assert "Accountable Cora, Larch Ward since Mon 2 Mar 2026" in stands
    assert "Your team is not accountable for this now." in stands
    assert "To reach the sender Cora, Larch Ward" in stands


def test_the_reply_to_a_question_is_read_from_the_link(partner: Partner) -> None:
    partner.enter()
    partner.answer("ask", **{"ask.question": "Which pharmacy?"})
    partner.case.step("answer", SENDER, {"answer.text": given("The one at the quay.")})
    assert "The one at the quay." in partner.client.get("/link/visit/").content.decode()


@pytest.mark.requirement("PKT-07")
def test_an_amended_packet_is_shown_and_acknowledged_and_a_draft_never_is(partner: Partner) -> None:
    partner.enter()
    partner.answer("confirm-receipt", **partner.acceptance())
    partner.case.does("FillPacket", SENDER, {"risk.summary": given("Worse since Monday.")})
    assert "Worse since Monday." not in partner.client.get("/link/visit/").content.decode()
    partner.case.step("amend-packet", SENDER)
    page = partner.client.get("/link/visit/").content.decode()
    assert "Worse since Monday." in page
    top = page.partition("Version 2: changed since the one before")[2].partition("Risks, and what to act on first")[0]
    assert "Worse since Monday." in top and MARK in top, "what is new, and what it was"
    assert partner.answer("read-amendment").status_code == 303
    assert partner.case.promise("read-amendment").status == "met"


def test_nobody_accepts_a_packet_that_changed_after_they_read_it(partner: Partner) -> None:
    partner.enter()
    form = partner.client.get("/link/visit/confirm-receipt").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(key|read)" value="([^"]*)"', form))
    partner.case.does("FillPacket", SENDER, {"risk.summary": given("Worse since Monday.")})
    partner.case.step("amend-packet", SENDER)
    refused = partner.post("/link/visit/confirm-receipt", who=RECEIVER, **hidden, **partner.acceptance())
    assert "changed after you opened it" in refused.content.decode()
    assert partner.case.state.holder == SENDER
    # The form it comes back with is of the new version, so that it can be sent once the packet was read again.
    assert 'name="read" value="2"' in refused.content.decode()


def test_a_form_sent_twice_is_done_once_and_a_second_acceptance_is_refused(partner: Partner) -> None:
    partner.enter()
    form = partner.client.get("/link/visit/confirm-receipt").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(key|read|csrfmiddlewaretoken)" value="([^"]*)"', form))
    sent = {"who": RECEIVER, **hidden, **partner.acceptance()}
    first, again = (partner.client.post("/link/visit/confirm-receipt", sent) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert [e["step"] for e in partner.case.events("StepTaken")].count("confirm-receipt") == 1
    # Another browser, another key: the link still opens, and nothing can be accepted twice.
    other = replace(partner, client=Client(enforce_csrf_checks=True))
    partner.house.wait(minutes=2)
    assert 'action="/link/visit/confirm-receipt"' not in other.enter(partner.link()).content.decode()
    page = other.client.get("/link/visit/").content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    refused = other.client.post("/link/visit/confirm-receipt", {**sent, "key": "another", "csrfmiddlewaretoken": token})
    assert refused.status_code == 200
    assert [e["step"] for e in partner.case.events("StepTaken")].count("confirm-receipt") == 1
