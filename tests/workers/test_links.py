"""Secure links: only a hash is kept, they expire, can be revoked, lock after wrong codes, and a code is good once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.deliveries import links
from holdfast.deliveries.models import Link

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def token() -> str:
    return links.make_link("case:1", "north", "case:1.n1", NOW, timedelta(days=2))


def test_the_token_is_nowhere_in_the_table(token):
    (row,) = Link.objects.values()
    assert len(token) == 43 and token not in str(row)
    assert links.find_link(token, NOW) is not None and links.find_link(token + "x", NOW) is None


def test_it_expires_and_can_be_revoked(token):
    assert links.find_link(token, NOW + timedelta(days=2)) is None
    assert links.revoke("case:1", NOW, "south") == 0 and links.revoke("case:1", NOW) == 1
    assert links.find_link(token, NOW) is None


def test_a_code_is_good_once_for_ten_minutes_and_for_one_link(token):
    link = links.find_link(token, NOW)
    other = links.find_link(links.make_link("case:2", "north", "k", NOW, timedelta(days=1)), NOW)
    code = links.put_code(link, NOW)
    assert not links.use_code(other, code, NOW)
    assert not links.use_code(link, code, NOW + timedelta(minutes=10))
    assert links.use_code(link, f" {code} ", NOW)
    assert not links.use_code(link, code, NOW)
    assert Link.objects.get(token_hash=link.token_hash).opened_at == NOW


def test_five_wrong_codes_lock_it_even_for_the_right_one(token):
    link = links.find_link(token, NOW)
    code = links.put_code(link, NOW)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert [links.use_code(link, wrong, NOW) for _ in range(5)] == [False] * 5
    assert links.locked(links.find_link(token, NOW)) and not links.use_code(link, code, NOW)


def test_the_same_entropy_for_the_same_message_is_one_link():
    def entropy(size: int) -> bytes:
        return b"\x05" * size

    made = {
        links.make_link("case:1", "north", "k", NOW + timedelta(days=d), timedelta(days=9), entropy) for d in (0, 1)
    }
    assert len(made) == 1 and Link.objects.get().made_at == NOW
