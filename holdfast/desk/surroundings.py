"""What the desk finds of a person's other cases when one is opened: nobody gives this in, and the opening keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.core import commands as c
from holdfast.core.asks import Asked
from holdfast.core.begun_events import Item
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.spans import elapsed
from holdfast.core.state import Promise, State
from holdfast.desk.carrying import carried
from holdfast.desk.reading import Reader
from holdfast.pathways.editions import get_edition
from holdfast.people.vault import Vault
from holdfast.worklists.models import CaseRow


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Around a case of ``pathway`` that is about to open at ``now``. ``state`` gives another case as it stands, locked."""

    vault: Vault
    reader: Reader
    state: Callable[[str], State | None]
    pathway: Pathway
    directory: Directory
    now: datetime

    def is_nobody(self, opening: c.OpenCase) -> bool:
        """Not registered, or erased: nothing could be written down in such a case."""
        return self.pathway.subject == "person" and self.vault.find_key(opening.subject) is None

    def furnished(self, opening: c.OpenCase) -> c.OpenCase:
        """With how many cases there had been, what is known from earlier packets, unconfirmed, and what is still owed."""
        fields = {**carried(self.vault, self.reader, self.pathway, opening), **opening.fields}
        return replace(opening, fields=fields, history=self._history(opening), items=self._items(opening))

    def hearers(self, opening: c.OpenCase) -> tuple[Asked, ...]:
        """The open cases of the same person whose pathway wants to hear of one like this. None of them can keep it from opening."""
        rows = CaseRow.objects.filter(subject=opening.subject, status="open").exclude(case=opening.case)
        found = []
        for case, edition in rows.order_by("case").values_list("case", "edition"):
            moment = get_edition(edition).hears_of.get(self.pathway.id)
            if moment:
                found.append(Asked(case, c.HearMoment(moment, self.now), may_fail=True))
        return tuple(found)

    def _history(self, opening: c.OpenCase) -> dict[str, int]:
        others = CaseRow.objects.filter(subject=opening.subject).exclude(case=opening.case)
        counts = {}
        for pathway, span in self.pathway.looks_back.items():
            back = elapsed(span)
            if back is not None:
                since = others.filter(pathway=pathway, opened_at__gte=self.now - back, opened_at__lte=self.now)
                counts[pathway] = since.count()
        return counts

    def _items(self, opening: c.OpenCase) -> tuple[Item, ...]:
        """What the team that is the pathway's ``takes-up: from`` owes on the other open cases, in the order of the cases' opening."""
        up = self.pathway.takes_up
        team = opening.parties.get(up.party, "") if up is not None else ""
        if not team:
            return ()
        rows = CaseRow.objects.filter(subject=opening.subject, status="open").exclude(case=opening.case)
        items: list[Item] = []
        for case in rows.order_by("opened_at", "case").values_list("case", flat=True):
            state = self.state(case)
            if state is None or state.status != "open":
                continue
            pathway = get_edition(state.edition)
            asking = pathway.takes_up.opens if pathway.takes_up else ""
            owed = sorted((p for p in state.owed() if p.kind != asking), key=lambda p: (p.kind, p.number))
            for p in owed:
                if _team_of(p, state, self.directory, team) == team:
                    items.append(Item(case, p.id, pathway.get_obligation(p.kind).owed, p.owner, p.due))
        return tuple(items)


def _team_of(promise: Promise, state: State, directory: Directory, wanted: str) -> str:
    """The team whose part owes it; of what a person owes by name, the wanted team if it is theirs and in the case."""
    team = state.parties.get(promise.owed_by.partition(".")[0], "")
    if team or wanted not in state.parties.values():
        return team
    return wanted if directory.in_team(promise.owner, wanted) else ""
