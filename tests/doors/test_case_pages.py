"""The case page: for those whose case it is, with what to do next, and no word more than there is evidence for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from holdfast.core import events as e
from holdfast.doors.web.casepages.sentences import SENTENCES
from tests.doors.case_stage import Stage, form_on, plain
from tests.installation import HIGH, LEAD, OUTSIDER, RECEIVER, RECEIVER_SUPERVISOR, SENDER, Case, given

PAGES = ("", "packet", "packet/summary", "card", "evidence", "deeds/TakeStep/emergency")
SUCCESS = re.compile(r"\b(done|complete|completed|success|successful|finished|all set|engaged)\b", re.IGNORECASE)


@pytest.mark.parametrize("rest", PAGES)
def test_an_outsider_gets_the_same_answer_as_for_a_case_that_does_not_exist(stage: Stage, rest: str) -> None:
    case = stage.house.sent()
    for staff in (SENDER, LEAD):
        stage.get(case, staff, rest)
    theirs = stage.get(case, OUTSIDER, rest, status=404)
    nothing = Case(stage.house, "case:" + "0" * 32, case.person)
    absent = stage.get(nothing, OUTSIDER, rest, status=404)
    assert plain(theirs) == plain(absent)
    assert "Robin Vale" not in theirs


def test_a_person_who_is_not_signed_in_is_asked_to(stage: Stage, client) -> None:
    case = stage.house.sent()
    response = client.get(stage.url(case))
    assert response.status_code == 302
    assert "sign-in" in response["Location"]


@pytest.mark.requirement("EWS-04")
@pytest.mark.parametrize("rest", PAGES)
def test_the_emergency_stands_on_top_of_every_page_with_whom_to_call(stage: Stage, rest: str) -> None:
    case = stage.house.sent()
    text = stage.get(case, LEAD, rest)
    before = text[: text.index("</section>")]
    assert "If someone is in danger now, call the emergency number" in plain(before)
    assert "Clinical decision-maker for the next 30 days: Dan, Community North" in plain(before)
    assert 'href="tel:555-0100"' in before
    assert "deeds/TakeStep/emergency" in before


def test_no_page_speaks_in_the_words_of_the_file(stage: Stage) -> None:
    """What is not possible yet, and what a time was reckoned from, are said in words and not in names of facts."""
    drafted, booked = stage.house.open(), stage.house.accepted()
    soon = (stage.house.now + timedelta(days=2)).isoformat()
    at = {"appointment.at": given(soon), "appointment.what": given("first"), "appointment.where": given("North clinic")}
    assert booked.step("book-appointment", LEAD, at).accepted
    for case, staff in ((drafted, SENDER), (booked, LEAD), (booked, SENDER)):
        text = plain(stage.get(case, staff))
        assert not re.findall(r"\b(?:moment|answer|packet|open|obligation|named|duty)\.[a-z]", text)
    assert "possible only when “sent” has happened" in plain(stage.get(drafted, SENDER))


def test_who_is_accountable_comes_first_with_how_to_reach_them(stage: Stage) -> None:
    case = stage.house.sent()
    text = plain(stage.get(case, SENDER))
    assert "Cora, Larch Ward (you) since Mon 2 Mar 2026, 09:00 GMT" in text
    assert "Community North has not accepted. Until it does, nothing has moved." in text
    assert text.index("Accountable now") < text.index("Due next") < text.index("What you can do now")
    assert text.index("What you can do now") < text.index("What happened")
    case.accept()
    assert "Lee, Community North (you)" in plain(stage.get(case, LEAD))


@pytest.mark.requirement("BEY-24", "CON-02")
def test_what_is_due_explains_itself(stage: Stage) -> None:
    case = stage.house.sent(**HIGH)
    text = plain(stage.get(case, SENDER))
    owed = text[text.index("Due next") : text.index("What you can do now")]
    assert "Due in 4 hours" in owed
    assert "Due Mon 2 Mar 2026, 13:00 GMT" in owed
    assert "Started by: sent, Mon 2 Mar 2026, 09:00 GMT" in owed
    assert "Rule: 4 hours after" in owed
    assert "Not paused." in owed


@pytest.mark.requirement("REC-10")
def test_each_state_has_its_own_evidence(stage: Stage) -> None:
    case = stage.house.sent()

    def states() -> list[str]:
        text = stage.get(case, SENDER)
        block = text[text.index('<ol class="hf-steps"') :]
        return [plain(item) for item in block[: block.index("</ol>")].split("</li>")[:4]]

    transmitted, received, assigned, acted = states()
    assert "Not yet It has not left yet: the channel has not taken it" in transmitted
    assert all("Not yet" in state for state in (received, assigned, acted))
    stage.house.wait(minutes=2)
    stage.took(case)
    transmitted, received, assigned, acted = states()
    assert "Mon 2 Mar 2026, 09:02 GMT" in transmitted
    assert "The channel (email) took it" in transmitted
    assert "Not yet due Tue 3 Mar 2026, 09:00 GMT" in received
    stage.house.wait(hours=1)
    case.step("note-received", RECEIVER)
    _sent, received, assigned, acted = states()
    assert "10:02 GMT by Ina, Community North" in received
    assert "Not yet" in assigned
    case.accept()
    assert "by Ina" in states()[2]
    assert "Not yet" in states()[3]
    case.contact()
    assert "by Lee" in states()[3]


def test_for_another_team_the_states_begin_anew(stage: Stage) -> None:
    case = stage.house.sent()
    stage.took(case)
    answers = {"decline.reason": given("capacity"), "decline.detail": given("Full until May.")}
    case.step("decline", RECEIVER, answers)
    stage.does(case, SENDER, "deeds/TakeStep/choose-receiver", receiver__team="south")
    text = plain(stage.get(case, SENDER))
    states = text[text.rindex("Where the handoff stands") : text.index("How urgent")]
    assert "Transmitted Not yet" in states
    assert "Received Not yet" in states
    assert "it has to be sent to the team that is asked now. Due" in plain(stage.get(case, SENDER, "packet"))


@pytest.mark.hazard("HZ-13")
def test_nothing_looks_finished_before_acceptance_and_first_contact(stage: Stage) -> None:
    case = stage.house.open()
    journey = [
        lambda: case.fill(),
        lambda: case.name_everybody(),
        lambda: case.step("send", SENDER),
        lambda: stage.took(case),
        lambda: case.step("note-received", RECEIVER),
        lambda: case.accept(),
        lambda: case.contact(reached="nobody"),
    ]
    for act in [lambda: None, *journey]:
        act()
        stage.house.wait(minutes=10)
        for staff in (SENDER, LEAD, RECEIVER_SUPERVISOR):
            text = stage.get(case, staff)
            assert "hf-steps__step--done" not in text, "HZ-13: a state looks finished"
            assert "usa-alert--success" not in text, "HZ-13: a message looks finished"
            assert "check_circle" not in text, "HZ-13: something is ticked off"
            told = plain(text)
            standing = told[told.index("Accountable now") : told.index("Due next")]
            states = told[told.rindex("Where the handoff stands") : told.index("How urgent")]
            assert not SUCCESS.search(standing + states.split("Tracker")[0]), "HZ-13: a word of success"
    case.contact()
    assert "hf-steps__step--done" in stage.get(case, SENDER)


@pytest.mark.requirement("CON-03")
def test_the_tier_says_the_rule_that_put_it_there(stage: Stage) -> None:
    case = stage.house.sent(**HIGH)
    text = plain(stage.get(case, LEAD))
    assert "because Suicidal thoughts now: With a plan" in text
    standard = stage.house.sent()
    text = stage.get(standard, LEAD)
    assert "Raise the tier to High" in plain(text)
    stage.does(standard, LEAD, "deeds/RaiseTier/high", reason="The landlord gave notice today.")
    assert "set by Lee, Community North: The landlord gave notice today." in plain(stage.get(standard, SENDER))


@pytest.mark.requirement("GAT-01")
def test_a_step_that_waits_says_for_what_and_who_can_supply_it(stage: Stage) -> None:
    case = stage.house.open()
    case.fill(medication__supply_ends=given(""))
    text = stage.get(case, SENDER)
    refused = plain(text[text.index("hf-deed--refused") :].split("</div>")[0])
    assert "Send the packet: not possible now" in refused
    assert "Day the supply in hand runs out" in refused
    assert "The clinical decision-maker is named, with a route by day and by night" in refused
    assert "Who can supply it: Cora, the holder of the team that discharges" in refused
    stage.post(case, SENDER, "deeds/TakeStep/send", {"key": "k"}, 422)
    assert not case.state.packet_version


@pytest.mark.requirement("CON-01")
def test_an_attempt_that_does_not_count_is_shown_as_such(stage: Stage) -> None:
    case = stage.house.accepted()
    case.contact(reached="nobody", method="voicemail")
    stage.house.wait(hours=3)
    case.contact(reached="nobody")
    text = plain(stage.get(case, LEAD))
    contacts = text[text.rindex("Contacts and attempts") :]
    assert "Voicemail left, Nobody Does not count: attempt not counted" in contacts
    assert "Phone, Nobody Counts as: attempt failed" in contacts


@pytest.mark.requirement("EWS-03")
def test_a_signal_shows_its_three_times(stage: Stage) -> None:
    case = stage.house.accepted()
    case.contact(ideation="plan")
    text = plain(stage.get(case, LEAD))
    signal = text[text.rindex("Risk signals and responses") :]
    assert "Signal Mon 2 Mar 2026, 09:00 GMT, Lee, Community North" in signal
    assert "Escalated Mon 2 Mar 2026, 09:00 GMT: Dan, Community North Mon 2 Mar 2026, 09:00 GMT: Sam" in signal
    assert "Response None yet" in signal
    stage.house.wait(minutes=40)
    about = case.promise("clinical-response").id
    rest = f"deeds/TakeStep/respond?about={about.replace('#', '%23')}"
    stage.does(case, "dan", rest, response__action="urgent-appointment", response__detail="Seen today at four.")
    signal = plain(stage.get(case, LEAD)).split("Risk signals and responses")[-1]
    assert "Response Mon 2 Mar 2026, 09:40 GMT, Dan, Community North (after 40 minutes)" in signal
    assert "Seen today at four." in signal


@pytest.mark.requirement("TRK-02")
def test_the_tracker_shows_owner_time_and_what_counts_as_done(stage: Stage) -> None:
    case = stage.house.accepted()
    text = stage.get(case, "dan")
    tracker = plain(text[text.index('id="tracker"') :])
    assert "Medication compared before and after, each difference settled: Dan, Community North" in tracker
    assert "Done when: Every difference is resolved or queried with the prescriber" in tracker
    about = case.promise("reconciliation").id.replace("#", "%23")
    stage.does(
        case,
        "dan",
        f"deeds/Meet/{about}",
        reconciliation__result="agrees",
        **{"reconciliation__detail:answer": "none-known"},
    )
    assert "each difference settled: met in time" in plain(stage.get(case, LEAD))


@pytest.mark.requirement("CON-07")
def test_late_writing_shows_both_times(stage: Stage) -> None:
    case = stage.house.accepted()
    stage.house.wait(days=4)
    rest = "deeds/TakeStep/raise-signal"
    happened = {"occurred:date": "2026-03-02", "occurred:time": "15:00"}
    refused = stage.does(case, LEAD, rest, 422, signal__what="Neighbour rang.", **happened)
    assert "Say why it is written up only now" in plain(refused)
    assert "Neighbour rang." in refused
    assert "risk-signal" not in case.state.moments
    stage.does(case, LEAD, rest, signal__what="Neighbour rang.", late_reason="The line was down.", **happened)
    told = plain(stage.get(case, SENDER))
    assert "Written up 3 days 18 hours later" in told
    assert "Happened Mon 2 Mar 2026, 15:00 GMT, written up Fri 6 Mar 2026, 09:00 GMT" in told
    assert "Why late: The line was down." in told


def test_every_kind_of_event_has_its_sentence() -> None:
    assert set(SENTENCES) == set(e.Event.__args__)


def test_the_record_is_told_in_plain_words_with_no_id_in_it(stage: Stage) -> None:
    case = stage.house.accepted()
    case.contact(ideation="plan")
    stage.house.tick(case, until=stage.house.now + timedelta(hours=30))
    told = plain(stage.get(case, SENDER, "?all"))
    told = told[told.rindex("What happened") :]
    assert "Case opened: Discharge from mental-health care to community support" in told
    assert "Lee, Community North became accountable" in told
    assert not re.findall(r"#\d|\bcase:|[a-z]+\.[a-z]+-[a-z]+", told)


def test_a_machine_entry_between_reading_and_sending_does_not_ask_again(stage: Stage) -> None:
    case = stage.house.sent()
    page = "deeds/TakeStep/note-received"
    sent = form_on(stage.get(case, RECEIVER, page))
    stage.took(case)
    stage.post(case, RECEIVER, page, sent)
    assert "received" in case.state.moments
