"""Disclosed values: what an evidence file shows of what the entries only commit to, and whether it is truly theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.ledger.commitment import opens


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One value that is shown: its place, the committed bytes (UTF-8 text), the salt, and the commitment (64 hex)."""

    place: str
    value: bytes
    salt: bytes
    commitment: str

    def fields(self) -> dict[str, object]:
        """Give it as JSON. Raises ValueError when the value is not UTF-8."""
        return {
            "place": self.place,
            "value": self.value.decode(),
            "salt": self.salt.hex(),
            "commitment": self.commitment,
        }


def doubt(one: Disclosed, bodies: Sequence[Mapping[str, object]]) -> str:
    """Say what is wrong with a disclosed value, "" for nothing."""
    if not opens(one.commitment, one.value, one.salt):
        return f"the value shown for {one.place} is not the one committed to"
    if not any(holds(body, one.place, one.commitment) for body in bodies):
        return f"no entry commits to a value at {one.place} like the one shown"
    return ""


def holds(body: Mapping[str, object], place: str, commitment: str) -> bool:
    """Say whether an entry's body holds this commitment at this place.

    The body must name the place where it holds the commitment, so that a value cannot be shown under another label:
    the place, or its part after the last "/", is a key on the way to the commitment or a text beside it.
    """
    return _holds(body, {place, place.rsplit("/", 1)[-1]}, commitment, named=False)


def _holds(value: object, names: set[str], commitment: str, named: bool) -> bool:
    if isinstance(value, str):
        return named and value == commitment
    if isinstance(value, dict):
        beside = named or any(isinstance(item, str) and item in names for item in value.values())
        return any(_holds(item, names, commitment, beside or key in names) for key, item in value.items())
    if isinstance(value, list):
        return any(_holds(item, names, commitment, named) for item in value)
    return False
