"""Deeds done through their forms: once, past a gate only with a reason, and never losing what was typed."""

from __future__ import annotations

import pytest

from tests.doors.case_stage import Stage, form_on, plain, posted
from tests.installation import CHECK, LEAD, OUTSIDER, RECEIVER, SENDER, SENDER_SUPERVISOR, given


def test_the_same_form_sent_twice_does_it_once(stage: Stage) -> None:
    case = stage.house.accepted()
    rest = "deeds/TakeStep/raise-signal"
    sent = form_on(stage.get(case, LEAD, rest)) | {"signal.what": "Voices are back."}
    stage.post(case, LEAD, rest, sent)
    stage.post(case, LEAD, rest, sent)
    assert len([s for s in case.events("StepTaken") if s["step"] == "raise-signal"]) == 1


def test_looking_changes_nothing(stage: Stage) -> None:
    case = stage.house.sent()
    before = case.state.number
    for rest in ("", "packet", "packet/summary", "card", "evidence", "deeds/TakeStep/confirm-receipt"):
        stage.get(case, RECEIVER, rest)
    assert case.state.number == before


@pytest.mark.requirement("REC-02")
def test_received_reviewed_assigned_through_the_page(stage: Stage) -> None:
    case = stage.house.sent()
    rest = "deeds/TakeStep/confirm-receipt"
    text = stage.get(case, RECEIVER, rest)
    assert 'value="lee"' in text
    assert 'value="sam"' not in text, "somebody without the role is not offered (OWN-09)"
    refused = stage.does(case, RECEIVER, rest, 422, receipt__lead="lee", receipt__first_actions="Call at ten.")
    assert "First contact with the person: This is needed." in plain(refused)
    assert "Call at ten." in refused
    assert 'href="#f-receipt__first-contact-at"' in refused
    assert case.state.holder == SENDER
    again = form_on(refused) | {
        "receipt.reviewed": "reviewed",
        "receipt.first-contact-at:date": "2026-03-03",
        "receipt.first-contact-at:time": "10:00",
        "receipt.escalation-signs": "No answer for a day.",
    }
    stage.post(case, RECEIVER, rest, again)
    assert case.state.holder == LEAD


@pytest.mark.requirement("PKT-10")
def test_what_counts_as_success_is_shown_before_deciding(stage: Stage) -> None:
    case = stage.house.sent()
    for step in ("confirm-receipt",):
        text = plain(stage.get(case, RECEIVER, f"deeds/TakeStep/{step}"))
        assert text.index("What would count as success Engaged with community support") < text.index("Accountable lead")
        assert "By when 1 Apr 2026" in text


@pytest.mark.requirement("EWS-01", "EWS-07")
def test_the_persons_own_signs_stand_before_the_check(stage: Stage) -> None:
    case = stage.house.accepted()
    rest = "deeds/TakeStep/record-contact"
    text = plain(stage.get(case, LEAD, rest))
    assert text.index("Arguments at home; stops answering the phone.") < text.index("Early-warning check")
    for asked in ("Sleep", "Agitation", "Substance relapse", "Medication missed", "Paranoia", "Suicidal thoughts"):
        assert asked in text
    assert "Conflict at home" in text
    answers = {id: answer.value for id, answer in CHECK.items()}
    sent = form_on(stage.get(case, LEAD, rest)) | {"contact.method": "phone", "contact.with": "person"}
    refused = stage.post(case, LEAD, rest, sent, 422)
    assert "Early-warning check: This is needed." in plain(refused)
    stage.post(case, LEAD, rest, form_on(refused) | {"check.done": "done"} | answers)
    assert "first-contact-made" in case.state.moments


def test_a_question_that_the_answers_do_not_call_for_can_be_put_away_and_nothing_is_recorded_by_asking(
    stage: Stage,
) -> None:
    case = stage.house.accepted()
    rest = "deeds/TakeStep/record-contact"
    page, asked = stage.get(case, LEAD, rest), stage.url(case, f"{rest}/asked")
    groups = dict(text.split('"', 1) for text in page.split('data-group="')[1:])
    check, sleep = (
        next(g for g, text in groups.items() if f'name="{id}"' in text) for id in ("check.done", "check.sleep")
    )
    assert f'data-asked="{asked}"' in page
    before, client = case.state.number, stage.client(LEAD)

    def idle(**answers: str) -> set[str]:
        sent = form_on(page) | {id.replace("__", "."): value for id, value in answers.items()}
        return set(client.post(asked, sent).json()["idle"])

    assert {check, sleep} <= idle() and {check, sleep} <= idle(contact__method="phone", contact__with="nobody")
    spoken = {"contact__method": "phone", "contact__with": "person"}
    assert check not in idle(**spoken) and sleep in idle(**spoken)
    assert not {check, sleep} & idle(**spoken, check__done="done")
    always = {group for group, text in groups.items() if "data-when" not in text}
    assert always and not always & idle(), "what may always be written is never put away"
    assert case.state.number == before
    assert stage.client(OUTSIDER).post(asked, form_on(page)).status_code == 404


@pytest.mark.requirement("GAT-07")
def test_in_an_emergency_a_clinical_gate_is_passed_at_once_with_a_reason(stage: Stage) -> None:
    case = stage.house.open()
    case.fill(consent__sharing=given(""))
    rest = "deeds/TakeStep/send"
    text = plain(stage.get(case, SENDER, rest))
    assert "What the person agreed to share is on record" in text
    assert "Send the packet: now, without what is missing" in text
    refused = stage.does(case, SENDER, rest, 422)
    assert "Why it cannot wait for what is missing: Say why, in a sentence." in plain(refused)
    assert not case.state.packet_version
    stage.does(case, SENDER, rest, override="Transport leaves in ten minutes.")
    assert case.state.packet_version == 1
    assert case.promise("override-sign-off").owed
    shown = plain(stage.get(case, SENDER_SUPERVISOR))
    assert "Done past what was missing" in shown
    assert "Transport leaves in ten minutes." in shown


@pytest.mark.requirement("GAT-07")
def test_an_ordinary_gate_waits_for_the_supervisors_sign_off(stage: Stage) -> None:
    case = stage.house.accepted()
    rest = "deeds/CloseCase/declined"
    text = stage.get(case, LEAD, rest)
    assert "The person knows who will call" in plain(text)
    assert "deeds/AskOverride/declined" in text
    stage.does(case, LEAD, "deeds/AskOverride/declined", reason="They left the country.")
    stage.get(case, LEAD, "deeds/AskOverride/declined", status=200)
    sign_off = case.promise("override-sign-off").id.replace("#", "%23")
    stage.does(case, SENDER_SUPERVISOR, f"deeds/Meet/{sign_off}", sign_off__decision="agreed")
    answers = {
        "declined.who": given("person"),
        "declined.at": given("2026-03-02T08:30+00:00"),
        "declined.offered": given("A visit and a call."),
        "declined.reason": given("not-wanted"),
        "closing.next-steps": given("None."),
        "closing.why-other": given("They did not want it."),
    }
    sent = form_on(stage.get(case, LEAD, rest))
    for id, answer in answers.items():
        sent |= posted(id, answer)
    stage.post(case, LEAD, rest, sent)
    assert case.state.endpoint == "declined"


def test_when_somebody_else_was_faster_it_says_what_changed_and_keeps_what_was_typed(stage: Stage) -> None:
    case = stage.house.accepted()
    rest = "deeds/TakeStep/raise-signal"
    sent = form_on(stage.get(case, LEAD, rest)) | {"signal.what": "Has not eaten for days."}
    case.contact()
    conflict = stage.post(case, LEAD, rest, sent, 422)
    assert "What changed while you were writing" in plain(conflict)
    assert "Record a contact or an attempt" in plain(conflict)
    assert "Has not eaten for days." in conflict
    stage.post(case, LEAD, rest, form_on(conflict))
    assert any(s["step"] == "raise-signal" for s in case.events("StepTaken"))


def test_a_deed_of_another_person_is_not_done_by_posting_it(stage: Stage) -> None:
    case = stage.house.sent()
    text = stage.post(case, SENDER, "deeds/TakeStep/confirm-receipt", {"receipt.lead": "lee"}, 422)
    assert "is for anyone of the receiver team" in plain(text)
    stage.get(case, SENDER, "deeds/TakeStep/no-such-step", status=404)
    stage.get(case, SENDER, "deeds/FireClocks/x", status=404)
    assert case.state.holder == SENDER


def test_the_case_is_handed_over_by_name_with_a_reason(stage: Stage) -> None:
    case = stage.house.accepted()
    text = stage.get(case, LEAD, "deeds/MoveHolder/")
    assert 'value="otto"' not in text
    refused = stage.does(case, LEAD, "deeds/MoveHolder/", 422, to="sam")
    assert "Why: Say why, in a sentence." in plain(refused)
    stage.post(case, LEAD, "deeds/MoveHolder/", form_on(refused) | {"to": "sam", "reason": "I go on leave."})
    assert case.state.holder == "sam"


def test_i_am_on_it_holds_the_ladder(stage: Stage) -> None:
    case = stage.house.sent()
    stage.house.tick(case, until=case.promise("receipt").due)
    text = stage.get(case, RECEIVER)
    assert "Calls made about it: 1." in plain(text)
    about = case.promise("receipt").id.replace("#", "%23")
    stage.does(case, RECEIVER, f"deeds/Acknowledge/{about}")
    assert "Ina is on it. Without a deed it climbs on at" in plain(stage.get(case, SENDER))


def test_without_a_key_from_our_page_nothing_is_done(stage: Stage, client) -> None:
    from django.test import Client

    case = stage.house.accepted()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        __import__("holdfast.directory.models", fromlist=["Account"]).Account.objects.create_account("l2", LEAD)
    )
    response = strict.post(stage.url(case, "deeds/TakeStep/emergency"), {})
    assert response.status_code == 403
    assert "emergency-called" not in case.state.moments
