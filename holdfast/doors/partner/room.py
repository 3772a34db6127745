"""What one team sees of one case through its link: asked again at each request, whether the case is still its business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.core.access import Viewer
from holdfast.core.deeds import Deed
from holdfast.core.parties import Directory, Staff, Team
from holdfast.core.pathway import Step
from holdfast.core.state import Promise, State
from holdfast.core.telephone import answers_open, contacts_of
from holdfast.desk import office
from holdfast.desk.persons import read_card
from holdfast.desk.sharing import shared_now
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.partner.models import Visit
from holdfast.doors.web.casepages.naming import Naming
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import read_record
from holdfast.doors.web.links import hex_of
from holdfast.doors.web.viewer import Seen
from holdfast.worklists.casefile import read_casefile


@dataclass(frozen=True, slots=True)
class Room:
    """``party`` is the part that the team has in the case, such as ``receiver``."""

    page: Opened
    team: Team
    party: str

    @property
    def directory(self) -> Directory:
        return self.page.seen.directory

    def people(self) -> list[Staff]:
        """The team's named contacts, by name."""
        return contacts_of(self.directory, self.team.id)

    def offered(self) -> list[Deed]:
        """What somebody of the team can do from the link now: who it is, they say in the form."""
        page = self.page
        return answers_open(page.state, page.pathway, self.directory, self.team.id, page.seen.now)

    def find_step(self, id: str) -> Step | None:
        """A step that the pathway opens to links, possible now or not."""
        step = self.page.pathway.find_step(id)
        return step if step is not None and step.link else None

    def owed(self) -> list[Promise]:
        """What the team owes, soonest first."""
        mine = (p for p in self.page.state.owed() if self._is_ours(p))
        return sorted(mine, key=lambda p: (p.due, p.id))

    def _is_ours(self, promise: Promise) -> bool:
        return promise.owed_by.partition(".")[0] == self.party or self.directory.in_team(promise.owner, self.team.id)


def party_of(state: State, team: str) -> str:
    """The part that the team has, or is asked to take; "" if neither."""
    has = next((party for party, id in state.parties.items() if id == team), "")
    return has or next((party for party in state.offered if team in state.open_offers(party)), "")


def taken_by(visit: Visit) -> str:
    """The team that was quicker, by name, when this team's offer was withdrawn; "" otherwise."""
    file = read_casefile(visit.stream, office.the_desk().vault)
    directory = load(current_version())
    for party, asked in file.state.offered.items() if file is not None else ():
        taker = directory.teams.get(file.state.parties.get(party, "")) if file is not None else None
        if asked.get(visit.team) == "withdrawn" and taker is not None:
            return taker.name
    return ""


def open_room(visit: Visit, now: datetime) -> Room | None:
    """The case of this visit, while the team has a part in it; otherwise nothing, as if there were no such case."""
    desk = office.the_desk()
    directory = load(current_version())
    team = directory.teams.get(visit.team)
    file = read_casefile(visit.stream, desk.vault) if team is not None else None
    if team is None or file is None:
        return None
    party = party_of(file.state, team.id)
    if not party or not shared_now(visit.stream, team.id, directory):
        return None
    look = Seen(Viewer(""), directory, now, team.calendar.zone)
    card = read_card(desk, file.state.subject)
    naming = Naming(file, directory, look.zone)
    page = Opened(hex_of(visit.stream), look, file, read_record(visit.stream), card, naming)
    return Room(page, team, party)
