"""A person's own stream: registered, amended, erased; what is known of them stays behind commitments (BEY-23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.core.access import GOVERNANCE, Viewer, roles_of
from holdfast.core.answers import Answer
from holdfast.core.conditions import NEVER
from holdfast.core.parties import Directory
from holdfast.core.pathway import Column, Field
from holdfast.core.refusals import Refusal

#: What the card of a person holds. All of it is sealed.
CARD = (
    Field("person.name", "identity", "Name"),
    Field("person.born", "identity", "Date of birth", needed=NEVER),
    Field(
        "person.identifiers",
        "list",
        "Numbers",
        columns=(Column("system", "System"), Column("value", "Number", True)),
        needed=NEVER,
    ),
    Field("person.phone", "phone", "Phone", needed=NEVER),
    Field("person.address", "text", "Address", needed=NEVER),
    Field("person.language", "text", "Language", needed=NEVER),
    Field("person.sex", "identity", "Sex", needed=NEVER),
)
#: Why a person may be erased. Clear codes: a sealed reason would go with the person.
REASONS = {
    "asked": "The person asked for it",
    "retention": "The time of keeping is over",
    "order": "A court or authority ordered it",
    "error": "Entered in error",
}


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    person: str
    fields: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class PersonAmended:
    fields: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class PersonErased:
    """``reason`` is a key of ``REASONS``; ``signed_by`` is the second person."""

    reason: str
    signed_by: str


def refuse_erasure(actor: str, signed_by: str, reason: str, directory: Directory) -> Refusal | None:
    """One person, reasoned, signed off by a second: both hold the governance role."""
    if reason not in REASONS:
        return Refusal("reason_missing", f"Give a reason: {', '.join(REASONS)}.")
    if actor == signed_by:
        return Refusal("second_person_missing", "Another person must sign off an erasure.")
    for staff in (actor, signed_by):
        if GOVERNANCE not in {role for _, role in roles_of(Viewer(staff), directory)}:
            return Refusal("without_authority", f"{staff} does not hold the governance role, which an erasure needs.")
    return None
