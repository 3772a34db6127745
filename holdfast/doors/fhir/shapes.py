"""Reading parts of parsed JSON that may have any shape at all."""

from typing import TypeAlias

from holdfast.core.arrivals import Tally, plain_text

Json: TypeAlias = dict[str, object]


def part(value: object, name: str) -> Json:
    """The object under `name`, or an empty one where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def parts(value: object, name: str) -> list[Json]:
    """The objects in the list under `name`; whatever is not an object is passed over."""
    found = value.get(name) if isinstance(value, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def word(value: object, name: str) -> str:
    """The text under `name`, trimmed, or an empty text."""
    found = value.get(name) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) else ""


def code_of(concept: Json) -> str:
    """The first code of a CodeableConcept, or an empty text."""
    return next((code for coding in parts(concept, "coding") if (code := word(coding, "code"))), "")


def says_nothing_is_there(concept: Json) -> bool:
    """Whether it is a code for "none known" or "no information" (International Patient Summary, absent or unknown)."""
    return any("absent-unknown" in word(coding, "system") for coding in parts(concept, "coding"))


def named(concept: Json, tally: Tally, what: str) -> str | None:
    """What a CodeableConcept is called: its text, else a display, else a code; None if it says nothing."""
    codings = parts(concept, "coding")
    choices = [word(concept, "text"), *(word(c, "display") for c in codings), *(word(c, "code") for c in codings)]
    return plain_text(next(filter(None, choices), None), tally, what)
