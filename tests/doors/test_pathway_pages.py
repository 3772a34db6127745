"""Pathways on their pages: read in words, proposed, decided on by a second person, and open cases moved."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from holdfast.desk.proposals import list_proposals
from holdfast.doors.web.links import hex_of
from holdfast.doors.web.pathways import movable, proposing
from holdfast.pathways import proving
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from tests.doors.case_stage import Stage, form_on, plain
from tests.installation import GOVERNANCE, HIGH, PATHWAY, SECOND_GOVERNANCE, SENDER, Case
from tests.pathways.toy import TOY

TEXT = shipped()[PATHWAY]
LONGER = TEXT.replace("window: 30 d", "window: 31 d")
SILENT = TEXT.replace("    packet: freeze\n", "    packet: freeze\n    moves-responsibility-to: receiver.holder\n")


def page(stage: Stage, staff: str, path: str, status: int = 200) -> str:
    answer = stage.client(staff).get(f"/pathways/{path}")
    assert answer.status_code == status, plain(answer.content.decode())[:2000]
    return str(answer.content.decode())


def sent(stage: Stage, staff: str, path: str, status: int = 302, **data: object) -> str:
    answer = stage.client(staff).post(f"/pathways/{path}", data)
    assert answer.status_code == status, plain(answer.content.decode())[:2000]
    return str(answer["Location"] if status == 302 else answer.content.decode())


def test_a_pathway_is_read_in_plain_words_with_who_answers_for_it(stage: Stage) -> None:
    stage.house.wait(hours=1)
    stage.house.publish(LONGER)
    digest = latest_edition(PATHWAY).digest
    told = plain(page(stage, SENDER, ""))
    assert "Proposed by Gail, approved by Gwen" in told and digest[:12] in told
    one = page(stage, SENDER, f"{PATHWAY}/")
    assert "Set up with the installation" in plain(one) and "current: new cases start on it" in plain(one)
    words = page(stage, SENDER, f"{PATHWAY}/editions/{digest}")
    assert "Received, reviewed, assigned" in plain(words) and "<svg" in words
    assert "Somebody is accountable for 31 d (was 30 d)." in plain(words)
    assert page(stage, SENDER, f"{PATHWAY}/editions/{digest}/pathway.yaml") == LONGER
    for name, kind in (("questionnaire.json", "Questionnaire"), ("plan-definition.json", "PlanDefinition")):
        assert json.loads(page(stage, SENDER, f"{PATHWAY}/editions/{digest}/{name}"))["resourceType"] == kind
    for wrong in ("nothing-like-it/", f"{PATHWAY}/editions/{'0' * 64}", f"{PATHWAY}/editions/{digest}/secret.txt"):
        page(stage, SENDER, wrong, 404)


def test_what_is_written_by_people_is_shown_as_text(stage: Stage) -> None:
    stage.house.publish(TEXT.replace("ask: Current medication\n", "ask: Medicines <script>alert(1)</script> now\n"))
    words = page(stage, SENDER, f"{PATHWAY}/editions/{latest_edition(PATHWAY).digest}")
    assert "<script>alert" not in words and "Medicines &lt;script&gt;alert" in words


def test_who_may_not_propose_starts_no_proof(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "proved", None)  # nothing is even begun
    for staff in (SENDER, "nora"):
        assert "propose" not in page(stage, staff, f"{PATHWAY}/").lower()
        assert "Propose a new pathway" not in page(stage, staff, "")
        page(stage, staff, "propose", 403)
        told = plain(sent(stage, staff, "propose", 403, text=LONGER, check="1"))
        assert "Only a governance lead or an administrator may propose" in told
        sent(stage, staff, "propose", 403, text=LONGER, propose="1")
    assert not list_proposals()


def test_a_proof_in_a_request_is_small_and_one_at_a_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    other = TEXT.replace("window: 30 d", "window: 47 d")
    for limit in (proving.Limit(seconds=0.01), proving.Limit(states=20)):
        monkeypatch.setattr(proposing, "IN_A_REQUEST", limit)
        for button in ("check", "propose"):
            told = plain(sent(stage, GOVERNANCE, "propose", 422, text=other, **{button: "1"}))
            assert "Could not be decided" in told and "Nothing was proposed." in told
            assert limit.states == 20 or "Check the file with `holdfast pathway check`" in told
    monkeypatch.setattr(proposing, "IN_A_REQUEST", proving.IN_A_REQUEST)
    with proving.TURN:
        busy = sent(stage, GOVERNANCE, "propose", 422, text=other, propose="1")
        assert "Another file is being checked now" in plain(busy)
        assert form_on(busy)["text"].strip() == other.strip(), "nothing that was written is lost"
    assert not list_proposals()
    assert "everything is proved" in plain(sent(stage, GOVERNANCE, "propose", 200, text=other, check="1"))


@pytest.mark.requirement("BEY-25")
def test_faults_stand_beside_their_lines_and_nothing_typed_is_lost(stage: Stage) -> None:
    begun = page(stage, GOVERNANCE, f"propose?from={PATHWAY}")
    assert form_on(begun)["text"].strip() == TEXT.strip()
    broken = TEXT.replace("window: 30 d", "window: 30 parsecs")
    line = next(number for number, text in enumerate(broken.splitlines(), 1) if "parsecs" in text)
    answer = sent(stage, GOVERNANCE, "propose", 422, text=broken, check="1")
    assert f"Line {line}" in plain(answer) and "What to do:" in plain(answer)
    assert form_on(answer)["text"].strip() == broken.strip()
    refuted = sent(stage, GOVERNANCE, "propose", 422, text=SILENT, propose="1")
    assert "Refuted: Where the receiver must speak, nothing else will do" in plain(refuted)
    assert "takes the step" in plain(refuted), "the way there is told in plain words"
    assert form_on(refuted)["text"].strip() == SILENT.strip() and not list_proposals()
    assert "Choose a file" in plain(sent(stage, GOVERNANCE, "propose", 422, text=" ", check="1"))


@pytest.mark.hazard("HZ-88")
@pytest.mark.requirement("BEY-25")
def test_one_proposes_on_a_page_and_another_decides_on_a_page(stage: Stage) -> None:
    """HZ-88: a mistyped policy goes live only when a second person with authority says so."""
    before = latest_edition(PATHWAY).digest
    checked = plain(sent(stage, GOVERNANCE, "propose", 200, text=LONGER, check="1"))
    assert "everything is proved" in checked and "Somebody is accountable for 31 d (was 30 d)." in checked
    at = sent(stage, GOVERNANCE, "propose", text=LONGER, propose="1").removeprefix("/pathways/")
    own = page(stage, GOVERNANCE, at)
    assert "Approve: not possible now" in plain(own) and 'name="approve"' not in own and "Take it back" in plain(own)
    for staff in (GOVERNANCE, SENDER):
        sent(stage, staff, at, 422, approve="1")
        assert latest_edition(PATHWAY).digest == before, f"HZ-88: an edition went live by {staff} alone"
    second = plain(page(stage, SECOND_GOVERNANCE, at))
    assert "Somebody is accountable for 31 d (was 30 d)." in second and "Proved: A holder at every state" in second
    assert "1 proposal waits for a second person" in plain(page(stage, SECOND_GOVERNANCE, ""))
    assert "Say why, in a sentence." in plain(sent(stage, SECOND_GOVERNANCE, at, 422, reject="1", reason=" "))
    sent(stage, SECOND_GOVERNANCE, at, approve="1")
    assert latest_edition(PATHWAY).window.text == "31 d"
    assert "there is nothing to propose" in plain(sent(stage, GOVERNANCE, "propose", 200, text=LONGER, check="1"))
    assert "was published by gwen already" in plain(sent(stage, SECOND_GOVERNANCE, at, 422, approve="1"))


def test_a_new_pathway_is_told_in_words_and_can_be_rejected(stage: Stage) -> None:
    checked = plain(sent(stage, GOVERNANCE, "propose", 200, text=TOY, check="1"))
    assert "New: no such pathway is published here" in checked
    at = sent(stage, GOVERNANCE, "propose", text=TOY, propose="1").removeprefix("/pathways/")
    assert "New: no such pathway was published here" in plain(page(stage, SECOND_GOVERNANCE, at))
    toy = at.partition("/")[0]
    assert "It is not published yet" in plain(page(stage, SECOND_GOVERNANCE, f"{toy}/"))
    page(stage, SENDER, f"{toy}/move", 403)
    assert sent(stage, SECOND_GOVERNANCE, at, reject="1", reason="No parcels here") == f"/pathways/{toy}/"


def test_a_proposal_made_before_another_edition_says_so(stage: Stage) -> None:
    at = sent(stage, GOVERNANCE, "propose", text=LONGER, propose="1").removeprefix("/pathways/")
    stage.house.publish(TEXT.replace("window: 30 d", "window: 29 d"))
    late = page(stage, SECOND_GOVERNANCE, at)
    assert "Another edition was published since" in plain(late) and 'name="approve"' not in late
    number = at.rpartition("/")[2]
    again = page(stage, GOVERNANCE, f"propose?from={PATHWAY}&proposal={number}")
    assert form_on(again)["text"].strip() == LONGER.strip()


def due(text: str, time: str) -> str:
    """The file with another time for confirming receipt."""
    head, name, rest = text.partition("\n  receipt:\n")
    line = next(one for one in rest.splitlines() if one.strip().startswith("due:"))
    return head + name + rest.replace(line, f"    due: {{ all: {time} }}", 1)


def test_chosen_cases_move_after_everybody_saw_what_changes(stage: Stage) -> None:
    cases = [stage.house.sent(**HIGH) for _ in range(2)]
    stage.house.wait(minutes=1)
    stage.house.publish(due(TEXT, "1 h"))
    latest = latest_edition(PATHWAY).digest
    assert "2 of them on earlier editions" in plain(page(stage, GOVERNANCE, ""))
    for staff in (SENDER, "nora"):
        page(stage, staff, f"{PATHWAY}/move", 403)
        sent(stage, staff, f"{PATHWAY}/move", 403, case=cases[0].id, reason="mine")
    shown = plain(page(stage, GOVERNANCE, f"{PATHWAY}/move"))
    assert "2 open cases" in shown and "sooner" in shown and "Robin Vale" not in shown
    form = {**form_on(page(stage, GOVERNANCE, f"{PATHWAY}/move")), "case": cases[0].id}
    none = {**form, "case": [], "reason": "agreed"}
    assert "Choose at least one case." in plain(sent(stage, GOVERNANCE, f"{PATHWAY}/move", 422, **none))
    assert "Say why" in plain(sent(stage, GOVERNANCE, f"{PATHWAY}/move", 422, **{**form, "reason": " "}))
    assert [case.state.edition == latest for case in cases] == [False, False]
    sent(stage, GOVERNANCE, f"{PATHWAY}/move", **{**form, "reason": "The times were agreed anew"})
    assert [case.state.edition == latest for case in cases] == [True, False]


def asked(stage: Stage, *cases: Case) -> str:
    """The page of a move of these cases that the first person asked for."""
    form = {
        **form_on(page(stage, GOVERNANCE, f"{PATHWAY}/move")),
        "case": [one.id for one in cases],
        "reason": "Agreed",
    }
    return sent(stage, GOVERNANCE, f"{PATHWAY}/move", **form).removeprefix("/pathways/")


@pytest.mark.hazard("HZ-88")
def test_a_signature_is_for_the_list_that_was_shown(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """HZ-88: whoever signs signs for all pages of the list, sees how many, and for nothing that became otherwise since."""
    monkeypatch.setattr(movable, "PAGE", 3)
    cases = [stage.house.sent(**HIGH) for _ in range(3)]
    stage.house.wait(minutes=1)
    stage.house.publish(due(TEXT, "9 d"))
    at = asked(stage, *cases)
    monkeypatch.setattr(movable, "PAGE", 2)
    first, second = (page(stage, SECOND_GOVERNANCE, f"{at}?page={number}") for number in (1, 2))
    for one in (first, second):
        assert "You sign for 3 cases, of which you may see 3 in detail." in plain(one)
        assert "listed on the 2 pages below: open each of them before you sign" in plain(one)
    assert form_on(first)["agreed"] == form_on(second)["agreed"], "each page speaks of the whole list"
    listed = set(re.findall(r"<h3>Case (\w+)</h3>", first + second))
    assert listed == {hex_of(case.id)[:8] for case in cases}
    long = [case.promise("receipt").due for case in cases]
    cases[2].accept()
    for given in ({}, {"agreed": "0" * 64}, form_on(first)):
        again = sent(stage, SECOND_GOVERNANCE, at, 409, **given)
        assert "What would change is not what you were shown." in plain(again)
    assert "You sign for 3 cases," in plain(again), plain(again)[:1500]
    assert [case.promise("receipt").due for case in cases[:2]] == long[:2], "HZ-88: signed for what was not shown"
    sent(stage, SECOND_GOVERNANCE, at, **form_on(again))
    assert all(case.promise("receipt").due > before for case, before in zip(cases[:2], long, strict=False))


def test_a_page_of_cases_that_changed_is_shown_again_before_any_moves(stage: Stage) -> None:
    cases = [stage.house.sent(**HIGH) for _ in range(2)]
    stage.house.wait(minutes=1)
    stage.house.publish(due(TEXT, "1 h"))
    form = {**form_on(page(stage, GOVERNANCE, f"{PATHWAY}/move")), "case": cases[0].id, "reason": "Agreed"}
    cases[1].accept()
    again = sent(stage, GOVERNANCE, f"{PATHWAY}/move", 422, **form)
    assert "What would change is not what you were shown." in plain(again)
    assert cases[0].state.edition != latest_edition(PATHWAY).digest
    form["agreed"] = form_on(again)["agreed"]
    sent(stage, GOVERNANCE, f"{PATHWAY}/move", **form)
    assert cases[0].state.edition == latest_edition(PATHWAY).digest


def test_more_time_needs_the_second_person_on_the_page_of_the_move(stage: Stage) -> None:
    case = stage.house.sent(**HIGH)
    stage.house.wait(minutes=1)
    stage.house.publish(due(TEXT, "9 d"))
    shown = plain(page(stage, GOVERNANCE, f"{PATHWAY}/move"))
    assert "Needs a second person." in shown and "later" in shown and "somebody else must sign after you" in shown
    at = asked(stage, case)
    own = page(stage, GOVERNANCE, at)
    assert "You asked for this move." in plain(own) and "Sign, and move" not in own
    sent(stage, GOVERNANCE, at)
    assert case.promise("receipt").due - case.promise("receipt").started < timedelta(days=9)
    assert "1 case of an earlier move is left" in plain(page(stage, SECOND_GOVERNANCE, f"{PATHWAY}/"))
    shown = page(stage, SECOND_GOVERNANCE, at)
    assert "later" in plain(shown) and "You sign for 1 case," in plain(shown)
    sent(stage, SECOND_GOVERNANCE, at, **form_on(shown))
    assert case.promise("receipt").due - case.promise("receipt").started == timedelta(days=9)
    assert [event["asked_by"] for event in case.events("EditionMoved")] == [GOVERNANCE]


def test_what_has_another_name_there_is_said_on_the_page(stage: Stage) -> None:
    case = stage.house.sent(**HIGH)
    text = TEXT.replace("\n  receipt:\n", "\n  acknowledged:\n").replace(
        "obligation.receipt", "obligation.acknowledged"
    )
    text = text.replace("open.receipt", "open.acknowledged").replace("while-open: receipt", "while-open: acknowledged")
    stage.house.wait(minutes=1)
    stage.house.publish(text)
    first = page(stage, GOVERNANCE, f"{PATHWAY}/move")
    assert "Say what becomes of" in plain(first) and 'name="obligation:receipt"' in first
    plan = {"to": latest_edition(PATHWAY).digest, "obligation:receipt": "acknowledged"}
    again = page(stage, GOVERNANCE, f"{PATHWAY}/move?to={plan['to']}&obligation:receipt=acknowledged")
    assert "Stays as it is." not in plain(again)
    sent(stage, GOVERNANCE, f"{PATHWAY}/move", **{**form_on(again), **plan, "case": case.id, "reason": "A new name"})
    assert case.state.promises["receipt#1"].kind == "acknowledged"
