"""Canonical JSON: one byte form, and a refusal of what two languages would read differently."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.canonical import LARGEST, NotCanonical, canonical, parse, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_what_is_written_is_read_back(value: dict[str, object]) -> None:
    assert read(canonical(value)) == value


def test_keys_are_sorted_by_utf16_units_as_the_standard_says() -> None:
    # U+1F600 comes before U+FB33 in UTF-16, after it in code points (RFC 8785, 3.2.3).
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "value",
    [1.0, {"a": [0.5]}, float("nan"), 2**53, -(2**53), {1: "a"}, b"bytes", {"a": object()}, "\ud800"],
)
def test_values_without_one_meaning_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_the_refusal_names_the_place_and_never_the_value() -> None:
    with pytest.raises(NotCanonical, match=r"/dose/1 is a float") as refused:
        canonical({"dose": [1, 47.11]})
    assert "47" not in str(refused.value)


def test_the_largest_safe_integers_are_taken() -> None:
    assert canonical([LARGEST, -LARGEST, True]) == b"[9007199254740991,-9007199254740991,true]"


@pytest.mark.parametrize(
    "body",
    [b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":2}', b'{"a":1.5}', b"[]", b"", b"\xff", b'{"a":NaN}', b"[" * 100_000],
)
def test_other_byte_forms_are_refused(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        read(body)


def test_a_laid_out_text_may_not_repeat_a_key() -> None:
    assert parse('{ "a" : 1 }') == {"a": 1}
    with pytest.raises(NotCanonical):
        parse('{ "a" : 1, "a" : 2 }')


@given(JSON)
def test_the_quick_way_gives_the_bytes_of_the_library(value: object) -> None:
    try:
        expected = rfc8785.dumps(value)  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError:
        with pytest.raises(NotCanonical):
            canonical(value)
        return
    assert canonical(value) == expected
