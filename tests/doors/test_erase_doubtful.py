"""`holdfast erase` takes messages in doubt that name the person, and lists those of whom nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.config.console import main
from holdfast.desk import office
from holdfast.desk.intake import receive
from holdfast.desk.stowing import opened
from holdfast.doors.reading import read
from holdfast.inbox.models import Message
from tests.installation import GOVERNANCE, SECOND_GOVERNANCE, Installation

A03 = (
    b"MSH|^~\\&|ELSEWHERE|EAST|||20261120101500||ADT^A03|77|P|2.5\rEVN|A03|20261120101500\r"
    b"PID|1||%s^^^EAST^MR||One^Some||19700101|F\rPV1|1|I\r"
)


@pytest.mark.requirement("BEY-23")
def test_a_message_in_doubt_about_the_person_goes_with_them(
    clean_database: object, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    house = Installation().set_up()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    person = house.person()
    house.desk.vault.remember(person, [("EAST", "4711")])
    for raw in (A03 % b"4711", A03 % b"4712", b"no message at all"):
        receive(house.desk, raw, read(raw), "test", "system", datetime.now(UTC))
    stored = list(Message.objects.order_by("received_at", "id"))
    assert len(stored) == 3 and all(m.person == "" for m in stored)
    by_raw = {opened(house.desk, m): m.id for m in stored}
    asked = ["erase", person, "--reason", "asked", "--by", GOVERNANCE, "--signed-by", SECOND_GOVERNANCE]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert opened(house.desk, Message.objects.get(id=by_raw[A03 % b"4711"])) is None
    assert opened(house.desk, Message.objects.get(id=by_raw[A03 % b"4712"])) == A03 % b"4712"
    assert f"inbox/{by_raw[b'no message at all']}" in said and by_raw[A03 % b"4712"] not in said
