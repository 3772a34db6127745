"""A simulated year: cases open, people act or do not, clocks run out, and every promise is checked at every event."""

from __future__ import annotations

import heapq
import random
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from holdfast.core import events as e
from holdfast.core.capacity import PoolCommand, TurnOver
from holdfast.core.parties import Absence, Directory, Duty, Staff, Team
from holdfast.core.pathway import Pathway
from holdfast.core.pools import parts_of
from holdfast.core.work import SYSTEM
from holdfast.deliveries.addressing import TEAM, kind_of
from holdfast.deliveries.channels.wording import WORDINGS
from holdfast.desk import points
from holdfast.desk.envelope import Ask
from holdfast.directory.snapshot import make_directory
from holdfast.rehearsal.year.basis import Basis
from holdfast.rehearsal.year.grounds import Ground, Told
from holdfast.rehearsal.year.people import People
from holdfast.rehearsal.year.promises import Seen, broken
from holdfast.rehearsal.year.reserve import HOLD, TURN, Reserve, free_for, week_ahead
from holdfast.rehearsal.year.troubles import Troubles

#: A worker comes to a clock within this many seconds.
BEAT = 5
#: What one person does about one case before they turn to another.
AT_A_SITTING = 3
#: Leave is planned for this many days at a time.
WEEK = 7
#: What a channel says of an address that nobody reads, and of a number that is somebody else's.
BOUNCED, WRONG_NUMBER = ("email", "5.1.1"), ("text", "wrong-number")


class BrokenYear(AssertionError):
    """A promise did not hold; the message has the seed, the time and the sentence."""


@dataclass(slots=True)
class Report:
    """What happened: counts by name, and how cases ended."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    digest: str = ""


@dataclass(slots=True)
class Year:
    """``cases`` are opened evenly over ``days``; after that no more open and what is there runs on to the end of the days.

    Everything by chance comes from ``seed``: the same seed plays the same year, event by event."""

    ground: Ground
    pathways: Sequence[Pathway]
    teams: tuple[str, ...]
    seed: int
    start: datetime
    days: int
    cases: int
    troubles: Troubles
    report: Report = field(init=False)
    now: datetime = field(init=False)
    chance: random.Random = field(init=False)
    people: People = field(init=False)
    _heap: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    _number: int = 0
    _subjects: list[str] = field(default_factory=list)
    _deck: list[Pathway] = field(default_factory=list)
    _armed: dict[str, datetime] = field(default_factory=dict)
    _down: list[tuple[datetime, datetime]] = field(default_factory=list)
    _restless: set[str] = field(default_factory=set)
    _rings: dict[str, datetime | None] = field(default_factory=dict)
    _bases: dict[str, Basis] = field(default_factory=dict)
    _held_back: dict[str, list[str]] = field(default_factory=dict)
    _reserve: Reserve = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311
        self.people = People(self.chance, self.teams, self._free)
        self.report = Report(self.seed)
        self._reserve = Reserve(self.report.counts)
        self.now = self.start

    def run(self) -> Report:
        """Play it. Raises ``BrokenYear`` at the first event after which a promise does not hold."""
        end = self.start + timedelta(days=self.days)
        between = timedelta(days=self.days) * 0.9 / max(1, self.cases)
        for turn in range(self.cases):
            self._plan(self.start + between * turn, "open", "")
        for day in range(0, self.days, WEEK):
            self._plan(self.start + timedelta(days=day, hours=5), "staff", "")
        self._plan_outages()
        while self._heap and self._heap[0][0] <= end:
            at, _, what, about = heapq.heappop(self._heap)
            self.now = max(self.now, at)
            getattr(self, f"_{what}")(about)
        self.report.digest = self.ground.digest()
        return self.report

    # What happens

    def _open(self, _: str) -> None:
        pathway = self._dealt()
        if self._subjects and self.chance.random() < self.troubles.returns:
            subject = self.chance.choice(self._subjects)
        else:
            subject = self.ground.new_subject(self.now)
            self._subjects.append(subject)
        teams = self.chance.sample(self.teams, len(pathway.parties))
        parties = {party.id: team for party, team in zip(pathway.parties, teams, strict=True)}
        place, _, duty = pathway.holder_at_opening.partition(".")
        role = pathway.get_party(place).duties.get(duty, duty)
        held = self.people.holding(self.ground.directory, parties[place], role)
        there = [one for one in held if self.ground.directory.available(one, self.now)]
        if not there:
            self.report.counts["nobody to open"] += 1
            return
        holder, case = self.chance.choice(there), f"case:{uuid.UUID(int=self.chance.getrandbits(128)).hex}"
        values = {"case": case, "pathway": pathway.id, "subject": subject, "parties": parties, "holder": holder}
        self._tell(case, Ask("OpenCase", values), holder)

    def _dealt(self) -> Pathway:
        """Pathways come as cards of a deck: by chance, and each before any comes again."""
        if not self._deck:
            self._deck = self.chance.sample(self.pathways, len(self.pathways))
        return self._deck.pop()

    def _look(self, case: str) -> None:
        """Somebody looks at the case and perhaps does something about it."""
        self._restless.discard(case)
        if self.ground.state_of(case).owed():
            self._called(case)
            self._look_again(case)

    def _called(self, case: str) -> None:
        """Whoever a ladder called looks out of turn."""
        pathway = self.ground.pathway_of(case)
        for turn in range(AT_A_SITTING):
            state = self.ground.state_of(case)
            if not state.owed():
                return
            tired = 0.0 if turn else self.troubles.tired
            wish = self.people.wish(state, pathway, self.ground.directory, self.now, tired)
            if wish is None or not self._tell(case, wish[1], wish[0]):
                return

    def _clock(self, about: str) -> None:
        """The worker comes to the case's clock, unless there is no worker or the clock was set to another time meanwhile."""
        case, _, at = about.partition(" ")
        if self._armed.get(case) != datetime.fromisoformat(at):
            return
        if self._waits_for_a_worker("clock", about):
            self.report.counts["clocks late"] += 1
            return
        del self._armed[case]
        rings = self._rings.get(case)
        if rings is not None and rings <= self.now:
            self._tell(case, Ask("FireClocks", {"why_late": ""}), SYSTEM)
        else:
            self._arm(case, rings)

    def _waits_for_a_worker(self, what: str, about: str) -> bool:
        for since, until in self._down:
            if since <= self.now < until:
                self._plan(until + timedelta(seconds=self.chance.randrange(60)), what, about)
                return True
        return False

    def _hold(self, pool: str) -> None:
        """A supervisor keeps some times of the week to come free, unless all of them are away."""
        directory = self.ground.directory
        held = self.people.holding(directory, parts_of(pool)[0], "supervisor")
        there = [one for one in held if directory.available(one, self.now)]
        times = week_ahead(self.now, self.chance)
        if there and times.at:
            self._pooled(pool, times, self.chance.choice(there))
            for at in times.at:
                self._plan(at + timedelta(seconds=BEAT), TURN, pool)
        self._plan(self.now + timedelta(days=WEEK), HOLD, pool)

    def _turn(self, pool: str) -> None:
        """The worker looks at a pool: what is past ends, what is free is offered to the first in line."""
        if not self._waits_for_a_worker(TURN, pool):
            self._pooled(pool, TurnOver(), SYSTEM)

    def _pooled(self, pool: str, command: PoolCommand, actor: str) -> None:
        for one in self.ground.turn(pool, command, actor, self.now):
            self._heed(one, SYSTEM)

    def _free(self, pool: str, case: str) -> list[str]:
        return free_for(self.ground.pool(pool), case, self.now)

    def _deliver(self, about: str) -> None:
        """A message arrives, or comes back, or waits for the case to change while it may not be shown."""
        case, _, key = about.partition(" ")
        issued = self._bases[case].notices[key]
        kind, _, team = issued.to.partition(":")
        if kind == TEAM and WORDINGS[kind_of(issued.notice)].has_link and not self.ground.shows(case, team):
            self.report.counts["held back"] += 1
            self._held_back.setdefault(case, []).append(about)
            return
        values = {"key": key, "channel": "email", "at": self.now.isoformat()}
        if self.chance.random() < self.troubles.bounces:
            channel, code = self.chance.choice((BOUNCED, WRONG_NUMBER))
            self.report.counts["bounces" if code == BOUNCED[1] else "wrong numbers"] += 1
            self._tell(case, Ask("NoteFailed", {**values, "channel": channel, "code": code}), SYSTEM)
        else:
            self._tell(case, Ask("NoteSent", values), SYSTEM)

    def _staff(self, _: str) -> None:
        """A Monday morning: some go on leave this week, with cover or without, and now and then somebody leaves for good."""
        directory = self.ground.directory
        away: list[Absence] = [absence for absence in directory.absences if absence.end > self.now]
        gone = {absence.staff for absence in away}
        before = len(away)
        for person in directory.staff.values():
            if person.active and person.id not in gone and self.chance.random() < self.troubles.away * WEEK:
                since = self.now + timedelta(days=self.chance.randrange(WEEK))
                until = since + timedelta(days=self.chance.randrange(1, 21))
                away.append(Absence(person.id, since, until, self._cover(directory, person)))
        left = [p for p in directory.staff.values() if p.active and self.chance.random() < self.troubles.leaves * WEEK]
        left = [p for p in left if not p.id.endswith("-last")]
        self.report.counts["absences"] += len(away) - before
        if len(away) != len(directory.absences) or left:
            self.report.counts["leavers"] += len(left)
            staff = [replace(p, active=False) if p in left else p for p in directory.staff.values()]
            gone = {p.id for p in left}
            teams = [replace(t, duties=_without(t, gone)) for t in directory.teams.values()]
            away = [replace(a, cover="" if a.cover in gone else a.cover) for a in away if a.staff not in gone]
            entries = [*directory.organisations.values(), *teams, *staff, *away]
            self.ground.change_directory(make_directory(entries, directory.version + 1))
            self._hand_over(gone)

    def _hand_over(self, left: set[str]) -> None:
        """What those who left held is moved by name in the same breath: their cases ring at once."""
        for case in self.open_cases():
            if self.ground.state_of(case).holder in left:
                state = self.ground.state_of(case)
                pathway, directory = self.ground.pathway_of(case), self.ground.directory
                wish = self.people.replacement(state, pathway, directory, self.now)
                if wish is not None:
                    self._tell(case, wish[1], wish[0])

    def open_cases(self) -> Iterable[str]:
        return [case for case, rings in self._rings.items() if rings is not None]

    def _cover(self, directory: Directory, person: Staff) -> str:
        if self.chance.random() >= self.troubles.covered:
            return ""
        team, role = min(person.roles)
        held = self.people.holding(directory, team, role)
        others = [one for one in held if one != person.id and directory.staff[one].active]
        return self.chance.choice(others) if others else ""

    # How it is told and checked

    def _tell(self, case: str, ask: Ask, actor: str) -> bool:
        """Whether it was accepted. Whoever works at it may die, and its answer may be lost; then it is asked again."""
        self._number += 1
        key = "" if actor == SYSTEM else f"k{self._number}"
        request = (case, ask, actor, self.now, key)
        if self.chance.random() < self.troubles.crashes:
            self.report.counts["crashes"] += 1
            for one in self.ground.die(*request, self.chance.choice(points.NAMES)):
                self._heed(one, actor)
        told = self.ground.tell(*request)
        if key and self.chance.random() < self.troubles.loses_answer:
            self.report.counts["answers lost"] += 1
            again = self.ground.tell(*request)
            same = bool(told[0].refusal) == bool(again[0].refusal) and again[0].again
            self._check(same, case, "I10: a repeat acted twice")
        if told[0].refusal is not None:
            self.report.refusals[f"{ask.kind}: {told[0].refusal.code}"] += 1
            return False
        for one in told if not told[0].again else ():
            self._heed(one, actor)
        return True

    def _heed(self, told: Told, actor: str) -> None:
        """Check one entry, and plan what comes of it."""
        state, pathway = told.now, self.ground.pathway_of(told.case)
        if state is None:
            raise LookupError(f"{told.case} was told of and is not there")
        self.report.counts["entries"] += 1
        self.report.counts["events"] += len(told.events)
        # A case that was asked by machine was decided by whoever acted on the first one.
        directory = self.ground.directory
        basis = self._bases.setdefault(told.case, Basis())
        seen = Seen(told.was, state, told.events, told.kind, actor, self.now, pathway, directory, told.replays, basis)
        for says in broken(seen):
            self._check(False, told.case, says)
        basis.note(told.events)
        for about in self._held_back.pop(told.case, ()):
            self._plan(self.now + timedelta(seconds=BEAT), "deliver", about)
        for event in told.events:
            if isinstance(event, e.NoticeIssued):
                self._plan(
                    self.now + timedelta(seconds=self.chance.randrange(5, 7200)), "deliver", f"{told.case} {event.key}"
                )
            elif isinstance(event, e.MomentMarked):
                self.report.moments[event.moment] += 1
            elif isinstance(event, e.CaseOpened):
                self.report.counts["cases"] += 1
                self.report.counts["repeat crises"] += any(event.history.values())
            elif isinstance(event, e.OffersMade):
                self.report.counts["asked at once"] += 1
            elif isinstance(event, e.CaseClosed):
                self.report.ends[f"{state.pathway}: {event.endpoint}"] += 1
            elif isinstance(event, e.RungFired):
                self.report.counts["rungs"] += 1
                # Whoever is called looks soon.
                self._plan(self.now + timedelta(minutes=self.chance.randrange(5, 90)), "called", told.case)
        for says in self._reserve.doubled(told, self.ground.state_of):
            self._check(False, told.case, says)
        for at, what, pool in self._reserve.planned(told, pathway, self.now):
            self._plan(at + timedelta(seconds=BEAT), what, pool)
        rings = state.next_ring()
        self._rings[told.case] = rings
        self._arm(told.case, rings)
        self._look_again(told.case)

    def _arm(self, case: str, rings: datetime | None) -> None:
        if rings is None:
            self._armed.pop(case, None)
            return
        known = self._armed.get(case)
        if known is None or rings < known:
            self._armed[case] = rings
            at = max(rings, self.now) + timedelta(seconds=self.chance.randrange(BEAT))
            self._plan(at, "clock", f"{case} {rings.isoformat()}")

    def _look_again(self, case: str) -> None:
        if case not in self._restless:
            self._restless.add(case)
            hours = self.chance.expovariate(1 / 9)
            self._plan(self.now + timedelta(hours=min(hours, 72), minutes=5), "look", case)

    def _check(self, holds: bool, case: str, says: str) -> None:
        if not holds:
            raise BrokenYear(f"seed {self.seed}, {self.now.isoformat()}, {case}: {says}")

    def _plan(self, at: datetime, what: str, about: str) -> None:
        self._number += 1
        heapq.heappush(self._heap, (at, self._number, what, about))

    def _plan_outages(self) -> None:
        for _ in range(round(self.troubles.outages * self.days / 30)):
            since = self.start + timedelta(hours=self.chance.uniform(0, self.days * 24))
            self._down.append((since, since + timedelta(hours=self.chance.uniform(0.1, self.troubles.outage))))


def _without(team: Team, gone: set[str]) -> tuple[Duty, ...]:
    """The roster, less those who left."""
    return tuple(duty for duty in team.duties if duty.staff not in gone)
