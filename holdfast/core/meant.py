"""What a pathway says, under ``meant``, is no slip: a question about that place is answered."""

from __future__ import annotations

from collections.abc import Iterable

Place = tuple[str | int, ...]


def is_meant(place: Place, meant: Iterable[str]) -> bool:
    """Whether one of the names of ``meant`` is that of ``place`` in the file, or of something that it is part of."""
    asked = name_of(place)
    keys = [key.removesuffix(".all") for key in meant]  # a time for all tiers is asked about at one of them
    return any(asked == key or asked.startswith(f"{key}.") for key in keys)


def how_to_answer(place: Place) -> str:
    """The remedy for a question about ``place``."""
    return f"Correct it, or write under meant: {{ {name_of(place)}: why }}."


def name_of(place: Place) -> str:
    return ".".join(str(part) for part in place)
