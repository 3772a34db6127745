"""Everybody in an episode and what each does: the one accountable first, then teams, names, and whom the packet lists (OWN-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from holdfast.core.answers import Answer
from holdfast.core.parties import Directory
from holdfast.core.phrases import spaced
from holdfast.doors.web.casepages.naming import Naming
from holdfast.worklists.casefile import Casefile

#: The columns of a list of the packet that says who else takes part and what they do.
WHO, DOES = "who", "does"


@dataclass(frozen=True, slots=True)
class Involved:
    """A person, a team or a service by name, and their part in it; one of all is ``accountable``."""

    who: str
    does: str
    accountable: bool = False


def everybody(file: Casefile, directory: Directory) -> list[Involved]:
    """Of one case, as its packet stands."""
    state, say = file.state, Naming(file, directory, "UTC")
    found = [Involved(say.staff_at(state.holder), _("Accountable now"), True)]
    for party in file.pathway.parties:
        if party.id in state.parties:
            found.append(Involved(say.team(state.parties[party.id]), party.title))
    for named in file.pathway.named:
        if named.id in state.named:
            found.append(Involved(say.staff_at(state.named[named.id]), named.ask))
    return [*found, *further(file, directory, state.packet)]


def further(file: Casefile, directory: Directory, packet: Mapping[str, Answer]) -> list[Involved]:
    """Who has a duty in one of the teams without being accountable, and whom ``packet`` lists besides."""
    state, say = file.state, Naming(file, directory, "UTC")
    titles = {party.id: party.title for party in file.pathway.parties}
    found = []
    for duty, staff in sorted(state.duties.items()):
        party, _dot, role = duty.partition(".")
        if staff != state.holder:
            found.append(Involved(say.staff_at(staff), f"{titles.get(party, party)}: {spaced(role)}"))
    for field in file.pathway.packet_fields():
        if field.kind == "list" and {WHO, DOES} <= {column.id for column in field.columns}:
            answer = packet.get(field.id)
            rows = file.value(answer) if answer is not None and answer.counts else None
            found += [Involved(row.get(WHO, ""), row.get(DOES, "")) for row in rows or () if isinstance(row, Mapping)]
    return found
