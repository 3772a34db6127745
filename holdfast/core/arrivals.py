"""What a notice from outside says once a door has read it, whatever standard it came in."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["discharge", "admit", "cancel-discharge", "other"]

BYTES_AT_MOST = 10 * 1024 * 1024
TEXT_AT_MOST = 500  # characters; a longer text is listed as unused, for half a dose is worse than none

_CONTROL = re.compile("[\\s\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


class ReadError(ValueError):
    """What arrived cannot be read; `says` tells in plain words what is wrong and what to do, and quotes no value."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


@dataclass(frozen=True, slots=True)
class Unused:
    """A part that could not be used or was read with a doubt: `what` (type or field), `why`, and how many of them."""

    what: str
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class Prefill:
    """A suggested value for one packet field, to be shown as unconfirmed with its age (EVT-01).

    `value` is ready for JSON: text, or a list of rows (dictionaries of text or None). Dates in it are ISO 8601, in full
    or in part ("2019", "2019-04-02"); instants are UTC ("2019-04-02T09:30:00Z"). `as_of` is when the newest part of it
    was true, None if that is not known. `source` says where in the message it came from.
    """

    field: str
    value: object
    as_of: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class ArrivedPerson:
    """Who a notice is about, as the sender wrote it; `identifiers` are (system, value) pairs, `phones` plain texts."""

    identifiers: tuple[tuple[str, str], ...] = ()
    family: str | None = None
    given: str | None = None
    born: date | None = None
    sex: str | None = None  # male, female, other, unknown
    phones: tuple[str, ...] = ()
    address: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One notice, translated (EVT-01). Times are aware UTC.

    `source` is the key for the routing table. `message_id` is the sender's own, or "sha256:" and the digest of the
    bytes; senders do reuse theirs, so it identifies a message only together with the source and the digest.
    `event_at` is when it happened, `recorded_at` when the sender wrote it down.
    """

    kind: Kind
    source: str
    message_id: str | None
    event_at: datetime | None
    recorded_at: datetime | None
    person: ArrivedPerson
    prefill: tuple[Prefill, ...]
    unused: tuple[Unused, ...]


class Tally:
    """Counts what could not be used, by kind and reason; it takes no values, so it is safe to show and to keep."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, what: str, why: str, count: int = 1) -> None:
        """Count `count` more of `what` that could not be used, and why."""
        if count > 0:
            self._counts[what, why] += count

    def listed(self) -> tuple[Unused, ...]:
        """All that was counted, in the order of the alphabet, so that the same file gives the same list."""
        return tuple(Unused(what, why, count) for (what, why), count in sorted(self._counts.items()))


def plain_text(value: object, tally: Tally, what: str) -> str | None:
    """Return `value` as one line without control or direction marks; None, and counted, if it cannot be used whole."""
    if value is None:
        return None
    if not isinstance(value, str):
        tally.add(what, "is not a text")
        return None
    text = _CONTROL.sub(" ", value).strip()
    if len(text) > TEXT_AT_MOST:
        tally.add(what, f"is longer than {TEXT_AT_MOST} characters")
        return None
    return text or None


def written(instant: datetime) -> str:
    """Write an aware UTC instant as packet fields hold it, such as 2019-04-02T09:30:00Z."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
