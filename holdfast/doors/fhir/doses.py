"""A FHIR Dosage in words: all of it or none, for half a dose is worse than no dose."""

from decimal import Decimal

from holdfast.core.arrivals import Tally, plain_text
from holdfast.doors.fhir.shapes import Json, named, part, parts, word

_UNITS = {"s": "s", "min": "min", "h": "h", "d": "day", "wk": "week", "mo": "month", "a": "year"}
# The parts of a Dosage and of its timing that can be put into words without losing a condition.
_SPOKEN = frozenset({"sequence", "timing", "asNeededBoolean", "doseAndRate", "route", "id"})
_REPEATED = frozenset({"frequency", "period", "periodUnit"})


def dose_of(resource: Json, element: str, tally: Tally) -> str | None:
    """All dosages under `element`, in the sender's words if there are any; None, and counted, if one cannot be said."""
    said: list[str] = []
    for dosage in parts(resource, element):
        words = word(dosage, "text") or _in_words(dosage, tally)
        if not words or dosage.get("modifierExtension"):
            tally.add(str(resource["resourceType"]), "has a dose that cannot be put into words, so it is left blank")
            return None
        said.append(words)
    return plain_text("; ".join(said), tally, f"{resource['resourceType']}.{element}")


def _in_words(dosage: Json, tally: Tally) -> str | None:
    if set(dosage) - _SPOKEN:
        return None
    pieces = [_amount(dosage), named(part(dosage, "route"), tally, "route") or "", _timing(dosage, tally)]
    if None in pieces:
        return None
    if dosage.get("asNeededBoolean") is True:
        pieces.append("as needed")
    return ", ".join(piece for piece in pieces if piece)


def _amount(dosage: Json) -> str | None:
    rates = parts(dosage, "doseAndRate")
    if not rates:
        return ""
    quantity = part(rates[0], "doseQuantity")
    value = quantity.get("value")
    if len(rates) > 1 or set(rates[0]) - {"type", "doseQuantity"} or "comparator" in quantity:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return f"{value} {word(quantity, 'unit') or word(quantity, 'code') or '(unit not given)'}"


def _timing(dosage: Json, tally: Tally) -> str | None:
    timing = part(dosage, "timing")
    if said := named(part(timing, "code"), tally, "timing"):
        return said
    repeat = part(timing, "repeat")
    if not timing:
        return ""
    times, period, unit = repeat.get("frequency", 1), repeat.get("period"), _UNITS.get(word(repeat, "periodUnit"))
    if set(timing) - {"repeat"} or set(repeat) - _REPEATED or period is None or unit is None:
        return None
    often = "1 time" if times == 1 else f"{times} times"
    return f"{often} every {unit}" if period == 1 else f"{often} every {period} {unit}s"
