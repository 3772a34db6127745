"""A rung that asks for a call goes out by message as well, and the call stands on the case's page until it is moot."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.desk import office
from holdfast.directory.models import Account
from tests.installation import RECEIVER_SUPERVISOR, SENDER, Installation


@pytest.mark.requirement("ESC-01")
def test_a_call_is_asked_for_beside_the_message(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    house = Installation().set_up()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    case = house.sent()
    house.tick(case, until=house.now + timedelta(hours=24 + 2 + 2, minutes=1))
    sent = [(e["to"], e.get("by", "")) for e in case.events("NoticeIssued") if e.get("about") == "receipt#1"]
    assert (f"staff:{RECEIVER_SUPERVISOR}", "") in sent
    assert (f"staff:{RECEIVER_SUPERVISOR}", "phone") in sent
    client = Client()
    client.force_login(Account.objects.create_account(SENDER, SENDER, "a long enough password"))
    address = f"/cases/{case.id.removeprefix('case:')}/"
    page = client.get(address).content.decode()
    assert "Calls to make by hand" in page and "tel:555-0100" in page
    case.accept()
    assert "Calls to make by hand" not in client.get(address).content.decode()
