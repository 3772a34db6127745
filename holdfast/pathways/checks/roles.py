"""Checks of roles: each is one that the directory knows, or one that the file says the directory has."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from holdfast.core.access import ORGANISATION_ROLES, TEAM_ROLES
from holdfast.pathways.checks.examination import Examination, fields_in, records_in
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import Record


def check_roles(exam: Examination) -> None:
    """A role that nobody can hold would leave a duty, or a question about a person, without an answer (OWN-02)."""
    own = exam.shape.roles
    there = {*TEAM_ROLES, *own}
    for place, role in enumerate(own):
        if role in ORGANISATION_ROLES:
            exam.fault(("roles", place), f"'{role}' is a role in an organisation, not in a team.", "Take it out.")
        elif role in TEAM_ROLES or role in own[:place]:
            exam.fault(("roles", place), f"The role '{role}' is there already.", "Take it out.")
    for path, role in _written(exam):
        if role not in there:
            close = difflib.get_close_matches(role, sorted(there), 1)
            remedy = f"Did you mean '{close[0]}'? " if close else ""
            remedy += f"There is: {', '.join(sorted(there))}. If your directory has this one too, add it under roles."
            exam.fault(path, f"There is no role '{role}'.", remedy)


def _written(exam: Examination) -> Iterator[tuple[Path, str]]:
    """Each place where a file names a role, and the role."""
    shape = exam.shape
    for id, party in shape.parties.items():
        yield from ((("parties", id, "duties", duty), role) for duty, role in party.duties.items())
    yield from ((("named", id, "role"), named.role) for id, named in shape.named.items())
    forms: list[tuple[Path, list[Record]]] = [
        *((("packet", id, "fields"), part.fields) for id, part in shape.packet.items()),
        *records_in(shape),
    ]
    for path, records in forms:
        yield from (((*place, "role"), one.role) for place, one in fields_in(records, path) if one.role)
