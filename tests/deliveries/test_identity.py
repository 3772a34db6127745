"""The marks on a mail: stable, within the limits of mail, and found again however a server folds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.deliveries.channels.email.identity import (
    MailIdentity,
    envelope_sender,
    is_address,
    key_in_message_id,
    marks_in_address,
    message_id,
    return_tag,
)
from tests.deliveries.conformance import notice_to

IDENTITY = MailIdentity("holdfast@sender.example", "returns@sender.example")
KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,20}([.:][A-Za-z0-9_-]{1,20}){0,3}", fullmatch=True)


@given(KEYS)
def test_a_message_id_gives_its_key_back(key: str) -> None:
    assert key_in_message_id(f"<x@y> {message_id(key, IDENTITY)}") == key


@given(KEYS)
def test_a_return_address_is_lawful_and_gives_its_marks_back(key: str) -> None:
    notice = notice_to("intake@partner.example", key=key)
    address = envelope_sender(notice, IDENTITY)
    assert is_address(address)
    for form in (address, address.upper(), f"<{address}>"):
        tag, found = marks_in_address(form)
        assert tag == return_tag(notice.reply_token)
        assert found in (None, key)


def test_a_uuid_rides_in_the_return_address() -> None:
    key = "0191b2c4-7d5e-7c3a-9f10-2b6d1e0a4c88"
    assert marks_in_address(envelope_sender(notice_to("a@b.example", key=key), IDENTITY))[1] == key


@pytest.mark.parametrize("text", ["", "nobody", "<hf.@x>", "<hf.a b@x>", "a+0123456789abcde@x"])
def test_what_is_not_ours_has_no_marks(text: str) -> None:
    assert key_in_message_id(text) is None
    assert marks_in_address(text) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_address": "Holdfast <a@b.example>"},
        {"return_address": "a@b.example\nBcc: x@y.example"},
        {"return_address": "r" * 41 + "@b.example"},
        {"from_name": "Hold\nfast"},
        {"safe_names": frozenset({"North\r\ngate"})},
    ],
)
def test_an_identity_that_could_break_a_header_is_refused(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"from_address": "a@b.example", "return_address": "r@b.example"}
    with pytest.raises(ValueError, match=r"address|name"):
        MailIdentity(**{**good, **wrong})  # type: ignore[arg-type]
