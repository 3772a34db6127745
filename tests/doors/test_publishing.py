"""Editions by two persons, as they meet it at a prompt: propose, approve, reject, and what the record keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.assurance.record import check_record
from holdfast.assurance.witnessed import read_witness
from holdfast.config.console import main
from holdfast.desk.proposing import approve_edition, propose_edition
from holdfast.desk.rebuild import compare
from holdfast.ledger import places
from holdfast.pathways import proving
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from tests.doors.api_client import Caller, use
from tests.installation import GOVERNANCE, PATHWAY, SECOND_GOVERNANCE, SENDER, Installation


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    return use(Installation().set_up(), monkeypatch)


def run(*arguments: str) -> int:
    return main(arguments)


@pytest.mark.hazard("HZ-88")
def test_one_proposes_and_another_approves_or_rejects(
    house: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """HZ-88: a mistyped policy goes live only when a second person with authority says so."""
    file, before = tmp_path / "ours.yaml", latest_edition(PATHWAY).digest
    file.write_text(shipped()[PATHWAY].replace("window: 30 d", "window: 31 d"), "utf-8")
    assert run("pathway", "propose", str(file), "--by", "nobody") == 1
    assert run("pathway", "propose", str(file), "--by", GOVERNANCE) == 0
    assert run("pathway", "propose", str(file), "--by", GOVERNANCE) == 0, "the same again changes nothing"
    assert "Proposal 2 of" in capsys.readouterr().out
    for actor in (GOVERNANCE, SENDER, "nobody"):
        assert run("pathway", "approve", PATHWAY, "2", "--by", actor) == 1
        assert latest_edition(PATHWAY).digest == before, f"HZ-88: an edition went live by {actor} alone"
    assert run("pathway", "approve", PATHWAY, "9", "--by", SECOND_GOVERNANCE) == 1
    assert run("pathway", "reject", PATHWAY, "2", "--by", SECOND_GOVERNANCE, "--reason", " ") == 1
    assert run("pathway", "reject", PATHWAY, "2", "--by", SECOND_GOVERNANCE, "--reason", "31 days is a slip") == 0
    assert run("pathway", "approve", PATHWAY, "2", "--by", SECOND_GOVERNANCE) == 1, "decided already"
    assert run("pathway", "propose", str(file), "--by", SENDER) == 1, "who may not decide may not propose"
    assert run("pathway", "propose", str(file), "--by", GOVERNANCE) == 0
    assert run("pathway", "approve", PATHWAY, "4", "--by", SECOND_GOVERNANCE) == 0
    assert latest_edition(PATHWAY).window.text == "31 d"
    capsys.readouterr()
    assert run("pathway", "proposals", PATHWAY) == 0
    told = capsys.readouterr().out
    assert "rejected by gwen: 31 days is a slip" in told and "published by gwen" in told
    assert not compare(house.desk.vault)
    assert not check_record(read_witness([]), [], house.now).faults


@pytest.mark.requirement("BEY-25")
def test_what_is_refuted_is_not_even_proposed(
    house: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "silent.yaml"
    text = shipped()[PATHWAY].replace(
        "    packet: freeze\n", "    packet: freeze\n    moves-responsibility-to: receiver.holder\n"
    )
    file.write_text(text, "utf-8")
    assert run("pathway", "propose", str(file), "--by", GOVERNANCE) == 1
    said = capsys.readouterr()
    assert "P5" in said.out + said.err and "Responsibility comes to the receiver" in said.out + said.err
    assert run("pathway", "publish", str(file), "--by", GOVERNANCE, "--approved-by", SECOND_GOVERNANCE) == 1
    assert latest_edition(PATHWAY).window.text == "30 d"


def test_a_proposal_made_before_another_edition_is_compared_again(house: Installation) -> None:
    text = shipped()[PATHWAY]
    first = propose_edition(house.desk, text.replace("window: 30 d", "window: 31 d"), SECOND_GOVERNANCE, "test")
    second = propose_edition(house.desk, text.replace("window: 30 d", "window: 29 d"), SECOND_GOVERNANCE, "test")
    assert approve_edition(house.desk, PATHWAY, second.number, GOVERNANCE, "test").accepted
    late = approve_edition(house.desk, PATHWAY, first.number, GOVERNANCE, "test")
    assert late.refusal is not None and late.refusal.code == "stale_proposal"
    assert latest_edition(PATHWAY).window.text == "29 d"


def test_the_same_through_the_api(house: Installation) -> None:
    sender, leads = Caller.of(SENDER), [Caller.of(GOVERNANCE), Caller.of(SECOND_GOVERNANCE)]
    text = shipped()[PATHWAY].replace("window: 30 d", "window: 31 d")
    assert leads[0].post("proposals", {"text": "pathway: ["}, 422)["code"] == "faulty"
    assert sender.post("proposals", {"text": text}, 403)["code"] == "without_authority"
    with proving.TURN:
        assert leads[0].post("proposals", {"text": text}, 503)["code"] == "busy"
    proposed = leads[0].post("proposals", {"text": text}, 200)
    at = f"proposals/{PATHWAY}/{proposed['number']}"
    assert proposed["status"] == "waiting" and proposed["base"]
    assert sender.post(f"{at}/approve", {}, 403)["code"] == "without_authority"
    assert leads[0].post(f"{at}/approve", {}, 409)["code"] == "own_proposal"
    assert leads[1].post(f"{at}/approve", {}, 200)["status"] == "published"
    assert latest_edition(PATHWAY).window.text == "31 d"
    assert leads[1].post(f"{at}/reject", {"reason": "too late"}, 409)["code"] == "decided_already"
    again = leads[0].post("proposals", {"text": text.replace("31 d", "32 d")}, 200)
    taken = leads[0].post(f"proposals/{PATHWAY}/{again['number']}/reject", {"reason": "a slip"}, 200)
    assert (taken["status"], taken["decided_by"]) == ("rejected", GOVERNANCE), "who proposed it may take it back"
    assert [one["status"] for one in sender.get("proposals")] == ["rejected", "published"]


def test_the_last_published_is_the_latest_even_while_the_clock_stands_still(house: Installation) -> None:
    for days in range(31, 37):
        house.publish(shipped()[PATHWAY].replace("window: 30 d", f"window: {days} d"))
        assert latest_edition(PATHWAY).window.text == f"{days} d"
