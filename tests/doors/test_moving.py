"""Open cases move to a new edition: shown first, nothing dropped, no clock longer without a second person, and the record agrees."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.assurance.record import check_record
from holdfast.assurance.witnessed import read_witness
from holdfast.config.console import main
from holdfast.desk.rebuild import compare
from holdfast.ledger import places
from holdfast.ledger.refold import refold
from holdfast.ledger.store import bodies
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from holdfast.worklists.casefile import entries_of
from tests.doors.api_client import Caller, use
from tests.installation import GOVERNANCE, HIGH, PATHWAY, SECOND_GOVERNANCE, SENDER, Case, Installation

TEXT = shipped()[PATHWAY]


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    return use(Installation().set_up(), monkeypatch)


def run(*arguments: str) -> int:
    return main(arguments)


def move(*more: str, by: str = GOVERNANCE, reason: str = "The times were agreed anew") -> int:
    return run("pathway", "move", PATHWAY, "--by", by, "--reason", reason, *more)


def publish(house: Installation, text: str) -> None:
    house.wait(minutes=1)
    house.publish(text)


def receipt(case: Case) -> timedelta:
    promise = case.promise("receipt")
    return promise.due - promise.started


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert old in text, old
    return text.replace(old, new)


def times(text: str, id: str) -> tuple[str, str]:
    """The due line of an obligation, and the whole of its lines up to there."""
    block = text[text.index(f"\n  {id}:\n") :]
    line = next(line for line in block.splitlines() if line.strip().startswith("due:"))
    return line, block[: block.index(line)]


def with_due(id: str, due: str, text: str = TEXT) -> str:
    line, before = times(text, id)
    return changed(before + line, f"{before}    due: {due}", text)


def agrees(house: Installation, case: Case) -> None:
    assert not compare(house.desk.vault)
    assert not check_record(read_witness([]), [], house.now).faults
    assert refold(bodies(case.id)) == case.state


def test_a_shorter_time_moves_with_one_person_and_is_shown_before(
    house: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    case = house.sent(**HIGH)
    before, was = case.state, case.promise("receipt")
    publish(house, with_due("receipt", "{ all: 1 h }"))
    latest = latest_edition(PATHWAY).digest
    assert case.state.edition != latest, "open cases stay on theirs until somebody moves them"
    assert move("--preview") == 0
    told = capsys.readouterr().out
    assert case.id in told and "sooner" in told and "Nothing was changed" in told
    assert case.state == before
    assert move() == 0
    moved = case.promise("receipt")
    assert case.state.edition == latest
    assert (moved.due - moved.started, moved.started) == (timedelta(hours=1), was.started)
    assert moved.clock != was.clock, "a clock that moved has a key of its own"
    assert case.state.holder == before.holder
    assert move() == 0, "done again it finds nothing left"
    assert "0 cases moved" in capsys.readouterr().out
    house.wait(hours=2)
    case.fire()
    assert case.promise("receipt").status == "breached", "the clock that rings is the moved one"
    agrees(house, case)


def test_no_clock_gets_longer_without_a_second_person(house: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    case = house.sent(**HIGH)
    before = case.state
    publish(house, with_due("receipt", "{ all: 9 d }"))
    assert move("--preview") == 1
    assert "needs a second person" in capsys.readouterr().out
    assert move() == 1
    said = capsys.readouterr()
    assert "A clock would get longer" in said.err and "pathway sign-move" in said.out
    number = said.out.rsplit(f"{PATHWAY} ", 1)[1].split()[0]
    assert case.state == before
    assert run("pathway", "sign-move", PATHWAY, number, "--by", GOVERNANCE) == 1, "nobody signs their own request"
    assert run("pathway", "sign-move", PATHWAY, number, "--by", SENDER) == 1, "nor somebody without authority"
    assert case.state == before
    assert run("pathway", "sign-move", PATHWAY, number, "--by", SECOND_GOVERNANCE) == 1, "it is shown first"
    told = capsys.readouterr().out
    assert "later" in told and "Nothing was signed" in told and case.state == before
    sign = told.strip().splitlines()[-1].split()
    assert run(*sign[:-1], "0" * 64) == 1, "another list than the one that was read"
    assert "not what you were shown" in capsys.readouterr().err and case.state == before
    assert run(*sign) == 0
    assert receipt(case) == timedelta(days=9)
    assert [event["asked_by"] for event in case.events("EditionMoved")] == [GOVERNANCE]
    agrees(house, case)


def test_what_has_no_place_there_is_refused_until_it_is_mapped(
    house: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    case = house.sent(**HIGH)
    before = case.state
    text = changed("\n  receipt:\n", "\n  acknowledged:\n").replace("obligation.receipt", "obligation.acknowledged")
    text = text.replace("open.receipt", "open.acknowledged").replace("while-open: receipt", "while-open: acknowledged")
    publish(house, text)
    assert move() == 1
    assert "Say what becomes of: the obligation receipt" in capsys.readouterr().err
    assert case.state == before
    assert move("--obligation", "receipt=nothing-like-it") == 1
    assert move("--obligation", "receipt") == 2
    assert move("--obligation", "receipt=acknowledged") == 0
    state = case.state
    assert state.promises["receipt#1"].kind == "acknowledged"
    assert state.promises["receipt#1"].clock == before.promises["receipt#1"].clock, "the same time: the same clock"
    entries = [entry for entry in entries_of(case.id) if entry["command"]["kind"] == "MoveEdition"]
    assert [[event["event"] for event in entry["events"]] for entry in entries] == [["EditionMoved"]]
    case.accept()
    assert case.state.promises["receipt#1"].status == "met"
    agrees(house, case)


def test_a_ladder_that_changed_its_name_is_mapped_by_name_and_signed(house: Installation) -> None:
    case = house.sent(**HIGH)
    ladder = latest_edition(PATHWAY).get_obligation("receipt").ladder
    text = TEXT.replace(f"ladder: {ladder}\n", "ladder: renamed\n").replace(
        f"\n  {ladder}:\n    -", "\n  renamed:\n    -"
    )
    publish(house, text)
    assert move() == 1
    assert move("--ladder", f"{ladder}=renamed") == 0, "the same rungs under another name climb alike"
    assert case.state.edition == latest_edition(PATHWAY).digest
    agrees(house, case)


def test_a_case_that_does_not_fit_stays(house: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    case = house.sent(**HIGH)
    before = case.state
    publish(house, changed("one-of: { planned: Planned discharge", "one-of: { agreed: Planned discharge"))
    assert move("--preview") == 1
    assert "The answer to transition.trigger is not offered there." in capsys.readouterr().out
    assert move() == 1
    assert case.state == before


def test_nobody_without_authority_moves_a_case(house: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    case = house.sent(**HIGH)
    before = case.state
    publish(house, with_due("receipt", "{ all: 1 h }"))
    for actor in (SENDER, "nobody", "system"):
        assert move(by=actor) == 1
    assert move(reason=" ") == 1
    assert case.ask("MoveEdition", SENDER, texts={"reason": "mine"}, edition=latest_edition(PATHWAY).digest).refusal
    assert case.ask("MoveEdition", GOVERNANCE, texts={"reason": "mine"}, edition="0" * 64).refusal
    assert case.state == before
    assert run("pathway", "move", PATHWAY, "--by", GOVERNANCE, "--to", "00000000", "--reason", "x") == 2
    assert run("pathway", "sign-move", PATHWAY, "99", "--by", GOVERNANCE) == 2


def test_several_cases_each_on_its_own_and_the_rest_later(
    house: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = [house.sent(**HIGH) for _ in range(3)]
    closed = house.sent(**HIGH)
    closed.ask("CloseCase", SENDER, endpoint="declined")
    publish(house, with_due("receipt", "{ all: 1 h }"))
    assert move() == 0
    assert all(receipt(case) == timedelta(hours=1) for case in cases)
    agrees(house, cases[0])


def test_the_same_through_the_api(house: Installation) -> None:
    case, other = house.sent(**HIGH), house.sent(**HIGH)
    publish(house, with_due("receipt", "{ all: 9 d }"))
    sender, leads = Caller.of(SENDER), [Caller.of(GOVERNANCE), Caller.of(SECOND_GOVERNANCE)]
    at, plan = f"pathways/{PATHWAY}/moves", {"edition": latest_edition(PATHWAY).digest}
    assert sender.post(f"{at}/find", plan, 403)["code"] == "without_authority"
    shown = leads[0].post(f"{at}/find", plan, 200)
    assert {(one["case"], one["refused"]) for one in shown} == {(one.id, "needs_sign_off") for one in (case, other)}
    assert sender.post(at, {**plan, "reason": "sooner"}, 403)["code"] == "without_authority"
    assert leads[0].post(at, {"edition": "0" * 64, "reason": "sooner"}, 404)["code"] == "unknown_edition"
    asked = leads[0].post(at, {**plan, "reason": "agreed with the team"}, 200)
    assert asked["moved"] == [] and asked["stays"][0]["refused"] == "needs_sign_off"
    own, read = leads[0].get(f"{at}/{asked['number']}"), leads[1].get(f"{at}/{asked['number']}")
    assert [one["case"] for one in read["cases"]] == [one["case"] for one in shown] and len(
        read["cases"][0]["shifts"]
    ) == 1
    says, sign = {"agreed": read["agreed"]}, f"{at}/{asked['number']}/sign"
    assert sender.get(f"{at}/{asked['number']}", 403)["code"] == "without_authority"
    assert sender.post(sign, says, 403)["code"] == "without_authority"
    assert leads[0].post(sign, {"agreed": own["agreed"]}, 200)["moved"] == [], "nobody signs their own request"
    assert leads[1].post(sign, {}, 422)
    other.accept()
    assert leads[1].post(sign, says, 409)["code"] == "list_changed"
    assert receipt(case) < timedelta(days=9), "what changed since it was read is not signed"
    says = {"agreed": leads[1].get(f"{at}/{asked['number']}")["agreed"]}
    assert leads[1].post(sign, says, 200)["moved"] == [one["case"] for one in shown]
    assert leads[1].post(f"{at}/99/sign", says, 404)["code"] == "unknown_move"
    assert receipt(case) == timedelta(days=9)
    assert [one["by"] for one in leads[0].get(at)] == [GOVERNANCE]
    agrees(house, case)
