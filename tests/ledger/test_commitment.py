"""Commitments: opened by the very value and salt, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.commitment import commit, opens

SALTS = st.binary(min_size=16, max_size=40)


@given(st.binary(), SALTS, st.binary(), SALTS)
def test_only_the_value_and_its_salt_open_it(value: bytes, salt: bytes, other: bytes, other_salt: bytes) -> None:
    commitment = commit(value, salt)
    assert opens(commitment, value, salt)
    assert opens(commitment, other, other_salt) == ((value, salt) == (other, other_salt))


def test_no_byte_moves_between_salt_and_value() -> None:
    assert commit(b"bc", b"a" * 16) != commit(b"c", b"a" * 16 + b"b")


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commit(b"value", b"short")
    assert not opens("0" * 64, b"value", b"short")
    assert not opens("é", b"value", b"s" * 16)
