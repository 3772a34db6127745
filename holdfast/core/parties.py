"""The directory as a value: organisations, teams, staff, duties, absences, and who is on duty at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from holdfast.core.calendars import Calendar, CalendarExpired
from holdfast.core.services import Contact, Service

ANY_TIME, OPEN, CLOSED = "any", "open", "closed"


@dataclass(frozen=True, slots=True)
class Organisation:
    """``last_resort`` is the staff id on whom every ladder ends; it can be replaced, not removed. ``emergency`` is the number of the
    emergency services where its people are, "" while nobody has said it."""

    id: str
    name: str
    last_resort: str
    emergency: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works. ``roles`` are (team or organisation id, role). ``day`` and ``night`` are routes by which they answer."""

    id: str
    name: str
    organisation: str
    roles: frozenset[tuple[str, str]]
    active: bool = True
    email: str = ""
    day: str = ""
    night: str = ""
    account: bool = True


@dataclass(frozen=True, slots=True)
class Duty:
    """Who answers for a role in a team; ``hours`` is any, open (service hours) or closed (outside them). Order matters.

    A dated shift counts from ``start`` until ``until`` (UTC) and goes before those that stand; either end may be left open."""

    role: str
    staff: str
    hours: str = ANY_TIME
    start: datetime | None = None
    until: datetime | None = None

    @property
    def dated(self) -> bool:
        return self.start is not None or self.until is not None

    def runs(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Absence:
    staff: str
    start: datetime
    end: datetime
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """``channel`` and ``address`` are as agreed with the team (REC-01); ``second_channel`` gets one-time codes."""

    id: str
    name: str
    organisation: str
    calendar: Calendar
    duties: tuple[Duty, ...] = ()
    channel: str = "email"
    address: str = ""
    second_address: str = ""
    pin_hash: str = ""
    phone: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything the engine asks of the outside, as one value with a version."""

    version: int
    organisations: Mapping[str, Organisation]
    teams: Mapping[str, Team]
    staff: Mapping[str, Staff]
    absences: tuple[Absence, ...] = ()
    absent: Mapping[str, tuple[Absence, ...]] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    _holding: dict[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def find_absence(self, staff: str, at: datetime) -> Absence | None:
        return next((a for a in self.absent.get(staff, ()) if a.start <= at < a.end), None)

    def available(self, staff: str, at: datetime) -> bool:
        """Active and not away."""
        person = self.staff.get(staff)
        return person is not None and person.active and self.find_absence(staff, at) is None

    def has_role(self, staff: str, role: str, places: tuple[str, ...] = ()) -> bool:
        """Whether an active person holds ``role``, in one of ``places`` (team or organisation ids) when any are given."""
        person = self.staff.get(staff)
        if person is None or not person.active:
            return False
        return any(held == role and (not places or place in places) for place, held in person.roles)

    def in_team(self, staff: str, team: str) -> bool:
        person = self.staff.get(staff)
        return person is not None and person.active and any(place == team for place, _ in person.roles)

    def standing_in(self, staff: str, at: datetime) -> str | None:
        """``staff`` if available, else the cover named for the absence if that person is available, else nothing."""
        if self.available(staff, at):
            return staff
        absence = self.find_absence(staff, at)
        if absence is not None and absence.cover and self.available(absence.cover, at):
            return absence.cover
        return None

    def on_duty(self, team: str, role: str, at: datetime) -> str | None:
        """The person who answers for ``role`` in ``team`` at ``at``: by roster order, then anybody available who holds the role,
        then whoever covers one of them."""
        known = self.teams.get(team)
        if known is None:
            return None
        is_open: bool | None = None
        duties = [duty for duty in known.duties if duty.role == role]
        shifts = [duty for duty in duties if duty.dated and duty.runs(at)]
        for duty in (*shifts, *(duty for duty in duties if not duty.dated)):
            if duty.hours != ANY_TIME:
                is_open = open_now(known.calendar, at) if is_open is None else is_open
                if is_open != (duty.hours == OPEN):
                    continue
            person = self.standing_in(duty.staff, at)
            if person is not None:
                return person
        holders = self._holders(team, role)
        there = (holder for holder in holders if self.available(holder, at))
        covers = (cover for holder in holders if (cover := self.standing_in(holder, at)) is not None)
        return next(there, None) or next(covers, None)

    def _holders(self, team: str, role: str) -> tuple[str, ...]:
        """Everybody active who holds ``role`` in ``team``, by id: looked up once for a version that every decision asks."""
        known = self._holding.get((team, role))
        if known is None:
            known = tuple(sorted(s.id for s in self.staff.values() if s.active and (team, role) in s.roles))
            self._holding[team, role] = known
        return known

    def last_resort(self, team: str) -> str:
        """The last-resort person of the team's organisation. Every organisation has one."""
        return self.organisations[self.teams[team].organisation].last_resort


def open_now(calendar: Calendar, at: datetime) -> bool:
    """Whether service hours are open. A calendar that ran out counts as closed: the after-hours duty answers, and no rung is lost."""
    try:
        return calendar.open_at(at)
    except CalendarExpired:
        return False
