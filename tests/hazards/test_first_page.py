"""Hazard of endless documents: every risk stands on the one page before anything is folded away, and is said back one by one."""

from __future__ import annotations

import random
import re
from html import unescape

import pytest
from django.template.loader import render_to_string

from holdfast.core.access import Viewer
from holdfast.core.answers import Answer
from holdfast.core.pathway import Field
from holdfast.desk import office
from holdfast.desk.persons import read_card
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.partner.sent_packet import SentPacket, first_page
from holdfast.doors.web.casepages.naming import Naming
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import read_record
from holdfast.doors.web.viewer import Seen
from holdfast.worklists.casefile import read_casefile
from tests.doors.case_stage import Stage, plain
from tests.hazards.control import fails_without
from tests.hazards.journeys import asked, opened, sent
from tests.installation import Installation
from tests.library.answering import LEFT_OUT
from tests.library.driver import Run

OUTPATIENT = "mobile-crisis-to-outpatient"
CALLED_FROM = "holdfast.doors.partner.sent_packet:risk_items"
PACKETS = 500
#: Each risk at its gravest, and what the receiver says back of it.
SAID_BACK = {
    "risk.suicidal-ideation": ("plan", "restate.ideation"),
    "risk.recent-attempt": ("yes", "restate.attempt"),
    "risk.means": ("at-hand", "restate.means"),
    "risk.violence": ("current", "restate.violence"),
    "risk.crisis-repeated": ("yes", "restate.crisis-repeated"),
    "medication.interrupted": ("yes", "restate.medication"),
    "housing.stable": ("no", "restate.housing"),
    "safeguarding.concern": ("adult", "restate.safeguarding"),
}
GRAVE = {id: worst for id, (worst, _) in SAID_BACK.items()}


def no_risk_is_buried(network: Installation) -> None:
    """HZ-06: 500 packets, and on each the risks stand on top; each is said back or the acceptance stays open; what is new comes first."""
    run = sent(network, OUTPATIENT, GRAVE)
    page, chance = _page(network, run), random.Random(6)
    fields = {one.id: one for one in run.pathway.packet_fields()}
    assert set(SAID_BACK) <= set(fields)
    for turn in range(PACKETS):
        answers = {id: _drawn(fields[id], chance) for id in SAID_BACK}
        answers |= {id: answer for id, answer in page.state.packet.items() if id not in answers}
        top = plain(render_to_string("partner/first_page.html", first_page(page, SentPacket(1, answers))))
        for id in SAID_BACK:
            words = page.naming.said(fields[id], answers[id])
            shown = re.sub(r"\s+", " ", f"{unescape(fields[id].ask)} {words}").strip()
            assert shown in top, f"HZ-06: packet {turn}: {shown} is not on the first page"
        assert "<details" not in top
    intake = run.who("receiver.intake")
    stage = Stage(network)
    summary = stage.get(run.case, intake, "packet/summary")
    for id, worst in GRAVE.items():
        label = next((o.label for o in fields[id].options if o.code == worst), worst.title())
        assert f"{fields[id].ask} {label}" in plain(summary), f"HZ-06: {id} is not in the summary"
    for id, (_, restated) in SAID_BACK.items():
        refusal = asked(run, "accept", {restated: LEFT_OUT}, by=intake)
        assert refusal is not None, f"HZ-06: accepted, and nobody looked at {id}"
        assert run.missing(refusal) == {restated}, f"HZ-06: without {restated} it asks for {run.missing(refusal)}"
    assert not run.marked("accepted"), "HZ-06: accepted all the same"
    run.step("accept", by=intake)
    again = opened(network, OUTPATIENT, {**GRAVE, "risk.means": "secured"}, person=run.state.subject)
    again.step("send")
    text = plain(stage.get(again.case, again.who("receiver.intake"), "packet/summary"))
    new = text.partition("Changed since the last handoff")[2].partition("What is asked for")[0]
    assert "Can they reach the means In reach and secured (before: At hand)" in new, f"HZ-06: new since then: {new}"


def _page(network: Installation, run: Run) -> Opened:
    """The case as the receiving team's link reads it."""
    directory = load(current_version())
    file = read_casefile(run.case.id, network.desk.vault)
    assert file is not None
    look = Seen(Viewer(""), directory, network.now, "Europe/London")
    card = read_card(office.the_desk(), file.state.subject)
    return Opened(run.id, look, file, read_record(run.case.id), card, Naming(file, directory, look.zone))


def _drawn(field: Field, chance: random.Random) -> Answer:
    """Any answer the field takes, and none."""
    codes = [option.code for option in field.options] or ["yes", "no"]
    how = chance.choice(["given"] * 6 + ["blank"] + (["not-disclosed"] if field.not_disclosed else []))
    return Answer("given", chance.choice(codes)) if how == "given" else Answer(how)


@pytest.mark.hazard("HZ-06")
@pytest.mark.requirement("PKT-08", "BEY-01")
def test_hz_06_no_risk_is_buried(network: Installation) -> None:
    no_risk_is_buried(network)


@pytest.mark.control_off("HZ-06")
def test_hz_06_without_its_control(network: Installation) -> None:
    fails_without("HZ-06", no_risk_is_buried, network, lambda pathway: (), CALLED_FROM)
