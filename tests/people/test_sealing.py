"""Sealed values: they open with their key at their place, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.people.sealing import Unreadable, open_sealed, seal

KEY, OTHER = b"k" * 32, b"o" * 32
NONCE, NEXT = b"n" * 12, b"m" * 12


@given(st.binary(max_size=200), st.text(min_size=1).filter(lambda text: "\ud800" not in text))
def test_a_value_comes_back_at_its_place(plaintext: bytes, place: str) -> None:
    try:
        place.encode()
    except UnicodeEncodeError:
        return
    assert open_sealed(KEY, seal(KEY, plaintext, place, NONCE), place) == plaintext


def test_two_values_cannot_change_places() -> None:
    first = seal(KEY, b"no known allergies", "values/1", NONCE)
    second = seal(KEY, b"penicillin", "values/2", NEXT)
    for sealed, place in [(second, "values/1"), (first, "values/2")]:
        with pytest.raises(Unreadable):
            open_sealed(KEY, sealed, place)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Unreadable):
        open_sealed(OTHER, seal(KEY, b"text", "values/1", NONCE), "values/1")


@given(st.integers(0, 8 * (1 + 12 + 4 + 16) - 1))
def test_one_flipped_bit_is_noticed(bit: int) -> None:
    sealed = bytearray(seal(KEY, b"text", "values/1", NONCE))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unreadable):
        open_sealed(KEY, bytes(sealed), "values/1")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"x" * 27, b"plain text in the clear, long enough"])
def test_what_was_never_sealed_is_unreadable(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        open_sealed(KEY, sealed, "values/1")


def test_shapes_are_held_to() -> None:
    for key, place, nonce in [(b"short", "p", NONCE), (KEY, "", NONCE), (KEY, "p", b"short")]:
        with pytest.raises(ValueError, match=r"bytes|place"):
            seal(key, b"text", place, nonce)
