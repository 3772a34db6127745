"""Each property has faults planted against it, and each is found, with a trace that was done again on the engine."""

from __future__ import annotations

import pytest

from holdfast.core.checker.verdict import PROPERTIES, PROVED
from holdfast.pathways.proving import prove
from tests.core.checker.planted import PARCEL, found, planted


@pytest.mark.parametrize("property", PROPERTIES)
def test_the_toy_is_proved(property: str) -> None:
    assert prove(PARCEL).verdict.word(property) == PROVED


def test_p1_responsibility_moves_to_somebody_nobody_named() -> None:
    verdict = planted(
        ("moves-responsibility-to: receiver.holder", "moves-responsibility-to: insurer"),
        ("seal-intact, insured]", "seal-intact]"),
    )
    finding = found(verdict, "P1")
    assert "falls to the last resort" in finding.says
    assert finding.trace[0] == "1. The holder (the depot that sends) opens the case."
    assert "Receive the parcel" in finding.trace[-2]


def test_p2_a_refusal_leaves_no_clock() -> None:
    verdict = planted(
        ("    opens-on: refused\n", "    opens-on: alarm\n"),
        ("    met-by: [received, refused]", "    met-by: [received, refused]\n    # planted"),
    )
    finding = found(verdict, "P2")
    assert any("Refuse the parcel" in line for line in finding.trace)
    assert finding.trace[-1].endswith("no clock would run.")


def test_p3_a_clock_that_settles_itself_calls_nobody() -> None:
    verdict = planted(("    met-by: inspected\n", "    met-by: [inspected, inspection-missed]\n"))
    finding = found(verdict, "P3")
    assert "silence counts as done" in finding.says
    assert any("its clock runs out" in line for line in finding.trace)


def test_p4_an_end_that_waits_for_what_never_comes() -> None:
    verdict = planted(
        (
            "when: { fact: moment.received, known: yes }\n    supplied-by: receiver.intake",
            "when: { fact: moment.received, at-least: 2 }\n    supplied-by: receiver.intake",
        )
    )
    assert "Delivered to its owner" in found(verdict, "P4").says


def test_p4_a_dead_end() -> None:
    verdict = planted(
        ("    needs: [no-alarm]\n", "    needs: [no-alarm, never-refused]\n"),
        ("    needs: [in-the-vault, no-alarm]\n", "    needs: [in-the-vault, no-alarm, never-refused]\n"),
        (
            "    by: [sender.supervisor]\n    records:\n      - { id: lost.last-seen",
            "    by: [sender.supervisor]\n    needs: [never-refused]\n    records:\n      - { id: lost.last-seen",
        ),
        (
            "  no-alarm:\n",
            "  never-refused:\n    says: It was never refused\n    when: { fact: moment.refused, unknown: yes }\n"
            "    supplied-by: sender.holder\n    override: never\n  no-alarm:\n",
        ),
    )
    finding = found(verdict, "P4")
    assert finding.trace[-1].endswith("no endpoint can be reached, whatever is done.")
    assert any("Refuse the parcel" in line for line in finding.trace)


def test_p4_deeds_that_go_round_in_a_circle() -> None:
    verdict = planted(
        ("    opens-on: alarm\n", "    opens-on: [alarm, round]\n    when-opened: { emits: [about] }\n"),
        (
            "    opens-on: courier-booked\n",
            "    opens-on: [courier-booked, about]\n    when-opened: { emits: [round] }\n",
        ),
    )
    assert "without end" in found(verdict, "P4").says


def test_p5_the_sender_receives_for_the_receiver() -> None:
    verdict = planted(("    by: [receiver.any]\n", "    by: [receiver.any, sender.holder]\n"))
    finding = found(verdict, "P5")
    assert "nobody there has said a word" in finding.says
    assert "The holder (the depot that sends) takes the step “Receive the parcel”" in finding.trace[-2]


def test_p5_silence_hands_over() -> None:
    verdict = planted(
        (
            "    climbs-on: delivery-failed\n",
            "    climbs-on: delivery-failed\n    when-breached: { moves-responsibility-to: receiver.holder }\n",
        )
    )
    assert "its clock runs out" in found(verdict, "P5").trace[-2]


def test_p5_a_gate_that_holds_by_absence() -> None:
    verdict = planted(
        (
            "when: { fact: moment.received, known: yes }\n    supplied-by: receiver.intake",
            "when: { fact: moment.refused, unknown: yes }\n    supplied-by: receiver.intake",
        )
    )
    assert "before the receiver has said anything" in found(verdict, "P5").says


def test_p5_a_gate_that_asks_only_for_the_sending() -> None:
    verdict = planted(
        (
            "when: { fact: moment.received, known: yes }\n    supplied-by: receiver.intake",
            "when: { fact: moment.sent, known: yes }\n    supplied-by: receiver.intake",
        )
    )
    assert "comes about without them" in found(verdict, "P5").says


def test_p7_no_step_for_an_emergency() -> None:
    verdict = planted(("subject: parcel", "subject: person"), ("    urgent: yes\n    says: Ring the bell first.\n", ""))
    assert "no step for an emergency" in found(verdict, "P7").says


def test_p7_an_emergency_that_only_some_may_record() -> None:
    verdict = planted(("    by: [anyone]\n", "    by: [receiver.any]\n"))
    assert "cannot record it" in found(verdict, "P7").trace[-1]


def test_p8_a_gate_that_nothing_opens() -> None:
    verdict = planted(
        ("    when: { fact: seal.intact, is: yes }\n", "    when: { fact: answer.look.found, known: yes }\n")
    )
    assert verdict.word("P8") == PROVED, "the second look asks for it"
    verdict = planted(
        (
            "    when: { fact: seal.intact, is: yes }\n",
            "    when: { all: [ { fact: seal.intact, is: yes }, { fact: seal.intact, is: no } ] }\n",
        )
    )
    assert "“The seal is intact” can never hold" in found(verdict, "P8").says


def test_p8_a_step_that_waits_for_itself() -> None:
    verdict = planted(
        (
            "    title: Inspect the parcel\n    by: [holder, receiver.any]\n    only-when: { fact: moment.received, known: yes }",
            "    title: Inspect the parcel\n    by: [holder, receiver.any]\n    only-when: { fact: moment.inspected, known: yes }",
        )
    )
    assert "“Inspect the parcel” can never be taken" in found(verdict, "P8").says


def test_p9_a_slip_of_the_keyboard_is_questioned_until_it_is_meant() -> None:
    slip = ("    due: { fragile: 2 h, ordinary: 12 h }", "    due: { fragile: 2 h, ordinary: 240 h }")
    finding = found(planted(slip), "P9", "questioned")
    assert "240 h" in finding.says and finding.place == ("obligations", "receipt", "due", "ordinary")
    meant = ("meant: { ", "meant: { obligations.receipt: The boat comes once in ten days, ")
    assert planted(slip, meant).word("P9") == PROVED
