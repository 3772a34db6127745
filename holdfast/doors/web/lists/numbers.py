"""A person's number as people type it, and the kinds of number that are known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _


def kinds() -> Mapping[str, str]:
    """The kinds of number to choose from, and what people call them: the installation's own."""
    named: Mapping[str, str] = settings.HOLDFAST_NUMBERS
    return named


def label_of(system: str) -> str:
    """What people call a kind of number; "Number" for one that only machines could read, such as an address or an OID."""
    plain = system.replace(" ", "").replace("-", "").isalpha() and not system.islower()
    return kinds().get(system) or (system if plain else _("Number"))


@dataclass(frozen=True, slots=True)
class Number:
    """One number; compared exactly, so blanks that people type for the eye are taken out."""

    system: str
    value: str

    @property
    def pair(self) -> tuple[str, str]:
        """As the vault keeps it."""
        return (self.system, self.value)


def read_number(posted: Mapping[str, str]) -> Number | None:
    """The number in a form; nothing when it is empty or of no known kind."""
    system, value = posted.get("system", ""), "".join(posted.get("number", "").split())
    return Number(system, value) if system in kinds() and 0 < len(value) <= 100 else None
