"""A case opened for the one who looks: everything its pages read, or nothing at all, as if it did not exist."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from holdfast.core.deeds import Deed, what_can_be_done
from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.desk import office
from holdfast.desk.persons import read_card
from holdfast.desk.showing import note_shown
from holdfast.doors.web.casepages.naming import Naming
from holdfast.doors.web.casepages.record import Written, read_record
from holdfast.doors.web.links import STREAM, deed_url
from holdfast.doors.web.viewer import Seen, seen
from holdfast.worklists.casefile import Casefile, open_casefile

#: How these pages are called in the log of who has seen a case.
DOOR = "web"


@dataclass(frozen=True)
class Opened:
    """One case as one person sees it now; ``id`` is the part of its stream's name that stands in addresses."""

    id: str
    seen: Seen
    file: Casefile
    record: tuple[Written, ...]
    card: dict[str, Any]
    naming: Naming
    deeds: list[Deed] = field(default_factory=list)

    @property
    def state(self) -> State:
        return self.file.state

    @property
    def pathway(self) -> Pathway:
        return self.file.pathway

    @property
    def stream(self) -> str:
        return STREAM + self.id

    @property
    def actor(self) -> str:
        return self.seen.viewer.staff

    def url(self, name: str, **parts: Any) -> str:
        return reverse(name, kwargs={"case": self.id, **parts})

    def deed_url(self, command: str, target: str = "", about: str = "") -> str:
        return deed_url(self.stream, command, target, "" if about == target else about)


def opened(request: HttpRequest, case: str, what: str = "case") -> Opened:
    """The case for this request, its reading noted as of ``what`` ("" where the page it belongs to was noted already).

    Raises Http404 when there is none that this person may see."""
    look = seen(request)
    desk = office.the_desk()
    file = open_casefile(look.viewer, look.directory, STREAM + case, desk.vault, look.now)
    if file is None:
        raise Http404
    if what:
        note_shown(file.state, file.pathway, look.directory, f"staff:{look.viewer.staff}", what, DOOR, look.now)
    return open_for(look, file)


def open_for(look: Seen, file: Casefile) -> Opened:
    """The case as this look sees it; whether it may was asked by whoever read the file."""
    deeds = what_can_be_done(file.state, file.pathway, look.directory, look.viewer.staff, look.now)
    card = read_card(office.the_desk(), file.state.subject)
    naming = Naming(file, look.directory, look.zone)
    stream = file.state.case
    return Opened(stream.removeprefix(STREAM), look, file, read_record(stream), card, naming, deeds)
