"""The chain of one stream: each way to damage it has its own name, and the first fault comes first."""

import hashlib

import pytest

from holdfast.ledger.canonical import canonical
from holdfast.ledger.chain import FIRST_PREV, Row, check_stream, digest, recorded_at


def chain(length: int = 5, stream: str = "case-1", minute: int = 1) -> list[Row]:
    rows: list[Row] = []
    prev = FIRST_PREV
    for number in range(1, length + 1):
        recorded = f"2026-03-01T08:{number * minute:02}:00+00:00"
        body = canonical({"stream": stream, "number": number, "prev": prev, "recorded": recorded})
        prev = digest(body)
        rows.append((number, prev, body))
    return rows


def faults(rows: list[Row]) -> list[tuple[int, str]]:
    return [(fault.number, fault.kind) for fault in check_stream("case-1", rows)]


def test_an_untouched_chain_has_no_fault() -> None:
    assert faults(chain()) == faults([]) == []


def test_the_digest_has_its_own_domain() -> None:
    assert digest(b"{}") == hashlib.sha256(b"\x02holdfast entry\x00{}").hexdigest()


def test_an_edited_body_is_named() -> None:
    rows = chain()
    rows[2] = (3, rows[2][1], rows[2][2].replace(b"08:03", b"08:04"))
    assert faults(rows) == [(3, "edited")]


def test_an_edited_body_with_its_digest_breaks_the_next_link() -> None:
    rows = chain()
    body = rows[2][2].replace(b"08:03", b"08:04")
    rows[2] = (3, digest(body), body)
    assert faults(rows) == [(4, "broken-link")]


def test_a_body_that_is_not_canonical_is_named_even_when_its_digest_holds() -> None:
    rows = chain(1)
    body = rows[0][2].replace(b":", b": ", 1)
    assert faults([(1, digest(body), body)]) == [(1, "edited")]


def test_missing_entries_are_each_named() -> None:
    rows = chain()
    assert faults([rows[0], rows[3], rows[4]]) == [(2, "missing"), (3, "missing")]
    assert faults(rows[1:]) == [(1, "missing")]


def test_entries_out_of_order_are_named() -> None:
    rows = chain()
    found = faults([rows[0], rows[2], rows[1], rows[3], rows[4]])
    assert found[0] == (2, "reordered")
    assert "missing" not in [kind for _, kind in found]


def test_two_entries_that_changed_places_are_named() -> None:
    rows = chain()
    rows[1], rows[3] = (2, *rows[3][1:]), (4, *rows[1][1:])
    assert faults(rows)[0] == (2, "reordered")


def test_a_number_or_an_entry_there_twice_is_named() -> None:
    rows = chain()
    assert (3, "duplicate") in faults([*rows[:3], rows[2], *rows[3:]])
    assert (6, "duplicate") in faults([*rows, (6, *rows[2][1:])])


def test_an_entry_of_another_stream_is_named() -> None:
    rows = chain()
    rows[0] = chain(stream="case-2")[0]
    assert faults(rows) == [(1, "wrong-stream"), (2, "broken-link")]


def test_time_that_goes_back_is_named_though_the_chain_holds() -> None:
    first = chain(1, minute=9)[0]
    fields = {"stream": "case-1", "number": 2, "prev": first[1], "recorded": "2026-03-01T08:08:00+00:00"}
    body = canonical(fields)
    assert faults([first, (2, digest(body), body)]) == [(2, "backdated")]


@pytest.mark.parametrize("number", [True, "1", None, 0])
def test_a_number_inside_must_be_that_number(number: object) -> None:
    body = canonical({"stream": "case-1", "number": number, "prev": FIRST_PREV})
    assert faults([(1, digest(body), body)]) == [(1, "reordered")]


def test_an_absurd_number_does_not_fill_the_memory() -> None:
    rows = chain(1)
    assert len(check_stream("case-1", [*rows, (10**15, *rows[0][1:])])) < 1100


def test_the_recorded_time_is_read_when_it_is_one() -> None:
    at = recorded_at(chain(1)[0][2])
    assert at is not None
    assert at.isoformat() == "2026-03-01T08:01:00+00:00"
    for body in [b"", b"{}", b'{"recorded":"2026-03-01T08:01:00"}', b'{"recorded":"soon"}', b'{"recorded":7}']:
        assert recorded_at(body) is None
