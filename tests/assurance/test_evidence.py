"""The evidence of a case answers what an inquiry asks, on one page, from the record alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from holdfast.assurance.evidence import Evidence, evidence_for
from holdfast.assurance.pdf import render_pdf
from holdfast.core.plain import to_plain
from holdfast.desk import persons
from holdfast.directory.snapshot import current_version, load
from holdfast.worklists.casefile import who_held
from tests.assurance.cases import WHEN_BACK, many, signal
from tests.installation import (
    GOVERNANCE,
    HIGH,
    RECEIVER_SUPERVISOR,
    SECOND_GOVERNANCE,
    SENDER,
    Case,
    Installation,
    given,
)


def evidence(case: Case) -> Evidence:
    return evidence_for(case.id, case.at.desk.vault, load(current_version()), case.at.now)


@pytest.mark.requirement("AUD-01")
def test_it_says_which_risks_were_known_at_the_transition_and_to_whom(house: Installation):
    case = house.sent(**HIGH)
    house.wait(hours=1)
    case.accept()
    house.wait(hours=2)
    case.does("FillPacket", SENDER, {"risk.suicidal-ideation": given("intent")})

    of = evidence(case)
    ideation = next(risk for risk in of.risks if risk.id == "risk.suicidal-ideation")
    assert (ideation.says, ideation.now, ideation.by) == ("With a plan", "With intent", "Cora")
    summary = next(risk for risk in of.risks if risk.id == "risk.summary")
    assert summary.says == "Passive thoughts in the evening, no plan."
    assert of.risks_at == case.at.now - timedelta(hours=3)
    assert {one.who for one in of.known_to} == {"Cora", "Ina", "Lee"}
    assert next(one for one in of.known_to if one.who == "Ina").at == case.at.now - timedelta(hours=2)


@pytest.mark.requirement("AUD-01", "OWN-06", "BEY-02")
def test_it_says_who_was_accountable_from_when_to_when(house: Installation):
    case = house.sent()
    opened = house.now
    house.wait(hours=5)
    case.accept()
    moved = house.now
    house.wait(hours=1)
    case.does("MoveHolder", RECEIVER_SUPERVISOR, texts={"reason": "Lee is on leave."}, to=RECEIVER_SUPERVISOR)

    turns = evidence(case).held
    assert [(turn.holder, turn.since, turn.until) for turn in turns] == [
        ("Cora", opened, moved),
        ("Lee", moved, house.now),
        ("Sam", house.now, None),
    ]
    # The same answer as the one query over the read model, at any instant.
    for turn in turns:
        held = who_held(case.id, turn.since + timedelta(seconds=1))
        assert held is not None
        assert (held.holder.title(), held.entry) == (turn.holder, turn.entry)
    assert who_held(case.id, opened - timedelta(seconds=1)) is None


@pytest.mark.requirement("AUD-01")
def test_four_dated_states_each_have_their_own_evidence_or_none(house: Installation):
    case = house.sent()
    assert [one.at is not None for one in evidence(case).states] == [True, False, False, False]
    house.wait(hours=1)
    case.accept()
    house.wait(hours=1)
    case.contact()
    states = {one.label: one for one in evidence(case).states}
    assert list(states) == ["transmitted", "received", "assigned", "acted on"]
    assert [one.by for one in states.values()] == ["Cora", "Ina", "Ina", "Lee"]
    assert "Community North" in states["transmitted"].evidence
    assert states["acted on"].at == house.now


@pytest.mark.requirement("AUD-01")
def test_confirmations_escalations_signals_late_writings_and_overrides_are_all_there(house: Installation):
    case = house.accepted(**HIGH)
    house.wait(hours=25)
    case.fire()
    signal(case)
    of = evidence(case)
    assert ("Accountable lead", "Lee") in [(one.ask, one.says) for one in of.confirmed]
    late_contact = next(one for one in of.escalations if one.promise.startswith("first-contact"))
    assert (late_contact.told, late_contact.times) == ("Lee", 1)
    assert late_contact.outcome.startswith("met late")
    [found] = of.signals
    assert "Suicidal thoughts: With intent" in found.what
    assert found.response.endswith("Seen today at noon")
    assert found.responded == found.at + timedelta(minutes=40)
    [late] = of.late
    assert (late.reason, late.recorded - late.occurred) == (WHEN_BACK, timedelta(hours=80))

    hurried = house.open()
    hurried.does("TakeStep", SENDER, texts={"override": "Leaves now with the crew."}, step="send")
    [passed] = evidence(hurried).overrides
    assert (passed.by, passed.reason, passed.sign_off) == ("Cora", "Leaves now with the crew.", "open")
    assert len(passed.gates) == 7


@pytest.mark.requirement("AUD-02")
def test_each_validation_is_run_and_shown_with_its_evidence(house: Installation):
    def words(case: Case) -> dict[str, str]:
        return {one.id: one.word for one in evidence(case).validations}

    case = house.sent(**HIGH)
    assert words(case)["receipt-in-time"] == "awaited"
    assert words(case)["contact-in-time"] == "not-applicable"
    house.tick(case, until=house.now + timedelta(hours=6))
    assert words(case)["receipt-in-time"] == "failed"
    case.accept()
    case.contact(ideation="plan")
    assert words(case) == {
        "receipt-in-time": "passed",
        "response-seen": "awaited",
        "contact-in-time": "passed",
        "medication-compared": "awaited",
    }
    house.tick(case, until=house.now + timedelta(hours=2))
    unanswered = next(one for one in evidence(case).validations if one.id == "response-seen")
    assert unanswered.word == "failed"
    [rest] = unanswered.rests_on
    assert (rest.status, rest.ended) == ("breached", None)


@pytest.mark.requirement("AUD-01")
def test_every_kind_of_case_is_one_tagged_page_with_the_same_bytes_each_time(house: Installation):
    for name, case in many(house).items():
        page = render_pdf(evidence(case))
        assert page == render_pdf(evidence(case)), name
        assert len(re.findall(rb"/Type ?/Page\b", page)) == 1, name
        assert b"/MarkInfo" in page
        assert b"pdfuaid" in page


def test_what_people_typed_is_text_on_the_page_and_never_markup(house: Installation):
    case = house.sent(**HIGH, risk__summary=given('#panic("x") $ \\ *bold* #sys.inputs "]'))
    assert render_pdf(evidence(case)).startswith(b"%PDF")


def test_once_the_person_is_erased_the_evidence_stands_and_says_so(house: Installation):
    case = house.accepted(**HIGH)
    case.close()
    before = evidence(case)
    outcome = persons.erase(house.desk, case.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test")
    assert outcome.accepted, outcome.refusal
    after = evidence(case)
    assert (before.person_name, after.person_name, after.erased) == ("Robin Vale", "", True)
    assert next(risk for risk in after.risks if risk.id == "risk.summary").says == "erased"
    assert next(risk for risk in after.risks if risk.id == "risk.suicidal-ideation").says == "With a plan"
    assert "Robin" not in str(to_plain(after))
    assert "Passive thoughts" not in str(to_plain(after))
    assert (after.held, after.states, after.digest) == (before.held, before.states, before.digest)
    assert render_pdf(after).startswith(b"%PDF")


def test_there_is_no_evidence_of_a_case_that_is_not_there(house: Installation):
    with pytest.raises(LookupError):
        evidence_for("case:none", house.desk.vault, load(current_version()), house.now)
