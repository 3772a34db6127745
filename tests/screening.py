"""The invented referral of ``toy-screening`` on an installation: opened, filled in and sent."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

from django.contrib.auth.hashers import make_password

from holdfast.core.answers import RawAnswer
from holdfast.core.parties import Staff
from holdfast.directory.snapshot import current_version, load
from tests.installation import SENDER, Case, Installation, given

SCREENING = (Path(__file__).parent / "pathways" / "toy-screening.yaml").read_text("utf-8")
#: Somebody of the second clinic who belongs nowhere else.
TESS = "tess"
PIN = "tide 4471"
SECOND = "second@example.org"


def screening_house() -> Installation:
    """An installation with the referral as its pathway; the receiving team has a PIN and a second address."""
    house = Installation().set_up(SCREENING)
    north = load(current_version()).teams["north"]
    tess = Staff(TESS, "Tess", "community", frozenset({("south", "intake")}), day="555-0100", night="555-0101")
    house.change_directory(replace(north, second_address=SECOND, pin_hash=make_password(PIN)), tess)
    return house


def referral(house: Installation, receiver: str = "north", sent: bool = True, **fields: RawAnswer) -> Case:
    """A referral with the person's consent, sent unless told otherwise."""
    case = Case(house, "case:" + uuid.UUID(int=house.chance.getrandbits(128)).hex, house.person())
    parties = {"sender": "ward"} | ({"receiver": receiver} if receiver else {})
    values = {"case": case.id, "pathway": "toy-screening", "subject": case.person, "parties": parties, "holder": SENDER}
    case.does("OpenCase", SENDER, **values)
    wanted = {"wanted.end": given("helped"), "wanted.by": given("2026-04-01"), "consent.sharing": given("given")}
    case.does("FillPacket", SENDER, {**wanted, "story.why": given("QUINCE-LANTERN nights"), **fields})
    if sent:
        case.step("send", SENDER)
    return case
