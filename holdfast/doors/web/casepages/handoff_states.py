"""The dated states of a handoff, each set only by its own evidence and never by the one before (REC-10, HZ-13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from holdfast.core.events import MomentMarked, MomentsForgotten, NoticeFailed, NoticeIssued, NoticeSent, StepTaken
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import Written

TEAM = "team:"


@dataclass(frozen=True, slots=True)
class Reached:
    """One state: when and by whom, or when it is due. ``waiting`` says what holds it up between the deed and its evidence.

    ``whole`` is true only when every state has its evidence: nothing looks finished before that.
    """

    name: str
    at: datetime | None = None
    by: str = ""
    evidence: str = ""
    due: datetime | None = None
    late: bool = False
    waiting: str = ""
    whole: bool = False


def states_of(page: Opened) -> list[Reached]:
    """The states in the pathway's order."""
    found = [_state(page, name, moment) for name, moment in page.pathway.states.items()]
    whole = all(one.at is not None for one in found)
    return [replace(one, whole=whole) for one in found]


def _state(page: Opened, name: str, moment: str) -> Reached:
    title = name[:1].upper() + name[1:]
    entry = _first(page, moment)
    if entry is None:
        due = _due(page, moment)
        return Reached(title, due=due, late=due is not None and due <= page.seen.now)
    by = page.naming.staff_at(entry.actor)
    keys = {x.key for x in entry.events if isinstance(x, NoticeIssued) and x.to.startswith(TEAM)}
    if not keys or not _is_sending(page, entry):
        return Reached(title, entry.at, by)
    taken = [x for one in page.record for x in one.events if isinstance(x, NoticeSent) and x.key in keys]
    if taken:
        return Reached(title, taken[0].at, by, _("The channel (%(channel)s) took it") % {"channel": taken[0].channel})
    failed = any(isinstance(x, NoticeFailed) and x.key in keys for one in page.record for x in one.events)
    waiting = _("It could not be delivered") if failed else _("It has not left yet: the channel has not taken it")
    return Reached(title, late=failed, waiting=waiting)


def _is_sending(page: Opened, entry: Written) -> bool:
    """Whether the entry sent a packet: then the evidence is the channel's, not the sender's click."""
    steps = (page.pathway.find_step(x.step) for x in entry.events if isinstance(x, StepTaken))
    return any(step is not None and step.packet for step in steps)


def _first(page: Opened, moment: str) -> Written | None:
    """The entry that first marked the moment, since it last had to happen again."""
    found: Written | None = None
    for one in page.record:
        for event in one.events:
            if isinstance(event, MomentsForgotten) and moment in event.moments:
                found = None
            elif isinstance(event, MomentMarked) and event.moment == moment:
                found = found or one
    return found


def _due(page: Opened, moment: str) -> datetime | None:
    """When the promise that the moment meets is due, or one that is met by a step which marks it as well."""
    together = {e.moment for s in page.pathway.steps for e in s.emits if any(x.moment == moment for x in s.emits)}
    for wanted in ({moment}, together):
        due = [p.due for p in page.state.owed() if wanted & set(_met_by(page, p.kind))]
        if due:
            return min(due)
    return None


def _met_by(page: Opened, kind: str) -> tuple[str, ...]:
    spec = page.pathway.find_obligation(kind)
    return spec.met_by if spec else ()
