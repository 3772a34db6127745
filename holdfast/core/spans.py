"""How a pathway writes a duration, and what may be written."""

import re
from dataclasses import dataclass
from datetime import timedelta

# kind -> (one, many, most): the word for one, the word for several, and the largest amount. The limits (about ten
# years) keep a slip of the keyboard from becoming a clock that nobody will ever see run out.
_COUNTED: dict[str, tuple[str, str, int]] = {
    "minutes": ("min", "min", 5_000_000),
    "hours": ("h", "h", 87_600),
    "days": ("d", "d", 3_650),
    "working-days": ("working day", "working days", 2_600),
    "service-hours": ("service hour", "service hours", 20_000),
}
_NAMED: dict[str, str] = {
    "same-day": "same day",
    "noon-next-day": "noon next day",
    "end-of-next-working-day": "end of next working day",
}
_ELAPSED: dict[str, timedelta] = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(hours=24),
}
_KIND_OF_NAME = {text: kind for kind, text in _NAMED.items()}
_KIND_OF_UNIT = {unit: kind for kind, (one, many, _) in _COUNTED.items() for unit in (one, many)}
_COUNTED_FORM = re.compile(r"(-?[0-9]+) ([a-z ]+)")
_MONTH_OR_YEAR = re.compile(r"(?<![a-z])(mos?|months?|y|yrs?|years?)\b", re.IGNORECASE)

ALLOWED = (
    "Write '30 min', '4 h', '7 d', 'same day', 'noon next day', 'end of next working day', "
    "'2 working days' or '4 service hours'."
)


class SpanError(ValueError):
    """A duration that a pathway may not use; the message is one or two plain sentences."""


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: `kind` is one of the keys above, `amount` a whole number from 1 (always 1 where nothing is counted).

    Raises SpanError for a kind or an amount that cannot be written.
    """

    kind: str
    amount: int

    def __post_init__(self) -> None:
        if self.kind in _NAMED:
            if self.amount != 1:
                raise SpanError(f"'{_NAMED[self.kind]}' is not counted, so its amount is 1, not {self.amount}.")
            return
        if self.kind not in _COUNTED:
            raise SpanError(f"'{self.kind}' is not a kind of duration. {ALLOWED}")
        _, many, most = _COUNTED[self.kind]
        if self.amount < 1:
            raise SpanError(f"'{self.amount} {many}' is not allowed: a duration is at least 1.")
        if self.amount > most:
            raise SpanError(f"'{self.amount} {many}' is too long: at most {most} {many}.")

    @property
    def text(self) -> str:
        """The canonical words; `parse_span` reads them back to an equal span."""
        if self.kind in _NAMED:
            return _NAMED[self.kind]
        one, many, _ = _COUNTED[self.kind]
        return f"{self.amount} {one if self.amount == 1 else many}"


def parse_span(text: str) -> Span:
    """Read a duration as a pathway writes it; spaces may be doubled, nothing else is guessed.

    Raises SpanError, with what is allowed, for anything else: months and years (they have no fixed length), fractions,
    zero and negative amounts, and amounts beyond about ten years.
    """
    words = " ".join(text.split())
    if words in _KIND_OF_NAME:
        return Span(_KIND_OF_NAME[words], 1)
    counted = _COUNTED_FORM.fullmatch(words)
    # A very long row of digits is refused before int() is asked to read it.
    if counted and counted[2] in _KIND_OF_UNIT and len(counted[1]) <= 12:
        return Span(_KIND_OF_UNIT[counted[2]], int(counted[1]))
    if _MONTH_OR_YEAR.search(words):
        raise SpanError(f"'{words}': months and years have no fixed length, so write days, such as '30 d'.")
    raise SpanError(f"'{words}' is not a duration this pathway can use. {ALLOWED}")


def elapsed(span: Span) -> timedelta | None:
    """The real time a span lasts (a day is 24 hours), or None where the answer needs a zone or service hours."""
    unit = _ELAPSED.get(span.kind)
    return None if unit is None else unit * span.amount
