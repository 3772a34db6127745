"""A pathway's durations: what may be written, what is refused and why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.core.spans import Span, SpanError, elapsed, parse_span

COUNTED = {"minutes": 5_000_000, "hours": 87_600, "days": 3_650, "working-days": 2_600, "service-hours": 20_000}
NAMED = ("same-day", "noon-next-day", "end-of-next-working-day")

spans = st.one_of(
    st.sampled_from(sorted(COUNTED)).flatmap(
        lambda kind: st.builds(Span, st.just(kind), st.integers(1, COUNTED[kind]))
    ),
    st.sampled_from(NAMED).map(lambda kind: Span(kind, 1)),
)


@pytest.mark.parametrize(
    ("text", "kind", "amount", "lasts"),
    [
        ("30 min", "minutes", 30, timedelta(minutes=30)),
        ("4 h", "hours", 4, timedelta(hours=4)),
        ("7 d", "days", 7, timedelta(hours=168)),
        ("same day", "same-day", 1, None),
        ("noon next day", "noon-next-day", 1, None),
        ("end of next working day", "end-of-next-working-day", 1, None),
        ("1 working day", "working-days", 1, None),
        ("2 working days", "working-days", 2, None),
        ("1 service hour", "service-hours", 1, None),
        ("16 service hours", "service-hours", 16, None),
    ],
)
def test_each_form_is_read_and_written_back(text: str, kind: str, amount: int, lasts: timedelta | None) -> None:
    span = parse_span(text)
    assert (span, span.text, elapsed(span)) == (Span(kind, amount), text, lasts)


def test_spacing_and_a_slip_of_grammar_come_back_in_canonical_words() -> None:
    assert parse_span("  2   working day ").text == "2 working days"
    assert parse_span("04 h").text == "4 h"


@pytest.mark.parametrize("text", ["1 month", "2 months", "1 mo", "3mo", "1 year", "2 y", "1y", "5 yrs", "1 Year"])
def test_months_and_years_are_refused_with_what_to_write_instead(text: str) -> None:
    with pytest.raises(SpanError, match="months and years have no fixed length, so write days, such as '30 d'"):
        parse_span(text)


@pytest.mark.parametrize("text", ["0 h", "-4 h", "0 working days", "-1 d"])
def test_zero_and_negative_are_refused(text: str) -> None:
    with pytest.raises(SpanError, match="at least 1"):
        parse_span(text)


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4h", "1.5 h", "4 H", "P1M", "2 w", "Same Day", "٤ h", "9" * 5000 + " h"]
)
def test_anything_else_is_refused_with_the_list_of_forms(text: str) -> None:
    with pytest.raises(SpanError, match="Write '30 min', '4 h', '7 d', 'same day'"):
        parse_span(text)


@pytest.mark.parametrize("text", ["87601 h", "3651 d", "99999999999 min", "2601 working days"])
def test_a_clock_nobody_will_live_to_see_is_refused(text: str) -> None:
    with pytest.raises(SpanError, match="too long"):
        parse_span(text)


@pytest.mark.parametrize(("kind", "amount"), [("months", 1), ("same-day", 2), ("hours", 0), ("noon-next-day", 0)])
def test_a_span_that_cannot_be_written_cannot_be_built(kind: str, amount: int) -> None:
    with pytest.raises(SpanError):
        Span(kind, amount)


@given(spans)
def test_every_span_round_trips(span: Span) -> None:
    assert parse_span(span.text) == span
