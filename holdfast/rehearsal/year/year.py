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
from holdfast.core.parties import Absence, Directory, Staff
from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.desk.envelope import Ask
from holdfast.directory.snapshot import make_directory
from holdfast.rehearsal.year.grounds import Ground, Told
from holdfast.rehearsal.year.people import People
from holdfast.rehearsal.year.promises import Seen, broken
from holdfast.rehearsal.year.troubles import Troubles

#: A worker comes to a clock within this many seconds.
BEAT = 5


class BrokenYear(AssertionError):
    """A promise did not hold; the message has the seed, the time and the sentence."""


@dataclass(slots=True)
class Report:
    """What happened: counts by name, and how cases ended."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
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
    _armed: dict[str, datetime] = field(default_factory=dict)
    _down: list[tuple[datetime, datetime]] = field(default_factory=list)
    _restless: set[str] = field(default_factory=set)
    _rings: dict[str, datetime | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311
        self.people = People(self.chance, self.teams)
        self.report = Report(self.seed)
        self.now = self.start

    def run(self) -> Report:
        """Play it. Raises ``BrokenYear`` at the first event after which a promise does not hold."""
        end = self.start + timedelta(days=self.days)
        between = timedelta(days=self.days) * 0.9 / max(1, self.cases)
        for turn in range(self.cases):
            self._plan(self.start + between * turn, "open", "")
        for day in range(self.days):
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
        pathway = self.chance.choice(self.pathways)
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

    def _look(self, case: str) -> None:
        """Somebody looks at the case and perhaps does something about it."""
        self._restless.discard(case)
        if self.ground.state_of(case).status != "ended":
            self._called(case)
            self._look_again(case)

    def _called(self, case: str) -> None:
        """Whoever a ladder called looks out of turn."""
        state = self.ground.state_of(case)
        pathway = self.ground.pathway_of(case)
        if state.status == "ended":
            return
        wish = self.people.wish(state, pathway, self.ground.directory, self.now, self.troubles.tired)
        if wish is not None:
            actor, ask = wish
            self._tell(case, ask, actor)

    def _clock(self, case: str) -> None:
        """The worker comes to the case's clock, unless there is no worker."""
        for since, until in self._down:
            if since <= self.now < until:
                self.report.counts["clocks late"] += 1
                self._plan(until + timedelta(seconds=self.chance.randrange(60)), "clock", case)
                return
        self._armed.pop(case, None)
        rings = self._rings.get(case)
        if rings is not None and rings <= self.now:
            self._tell(case, Ask("FireClocks", {"why_late": ""}), SYSTEM)
        else:
            self._arm(case, rings)

    def _deliver(self, about: str) -> None:
        """A message arrives, or comes back."""
        case, _, key = about.partition(" ")
        values = {"key": key, "channel": "email", "at": self.now.isoformat()}
        if self.chance.random() < self.troubles.bounces:
            self._tell(case, Ask("NoteFailed", {**values, "code": "5.1.1"}), SYSTEM)
        else:
            self._tell(case, Ask("NoteSent", values), SYSTEM)

    def _staff(self, _: str) -> None:
        """A morning: some go on leave, with cover or without, and now and then somebody leaves for good."""
        directory = self.ground.directory
        away: list[Absence] = [absence for absence in directory.absences if absence.end > self.now]
        gone = {absence.staff for absence in away}
        before = len(away)
        for person in directory.staff.values():
            if person.active and person.id not in gone and self.chance.random() < self.troubles.away:
                until = self.now + timedelta(days=self.chance.randrange(1, 21))
                away.append(Absence(person.id, self.now, until, self._cover(directory, person)))
        left = [p for p in directory.staff.values() if p.active and self.chance.random() < self.troubles.leaves]
        left = [p for p in left if not p.id.endswith("-last")]
        self.report.counts["absences"] += len(away) - before
        if len(away) != len(directory.absences) or left:
            self.report.counts["leavers"] += len(left)
            staff = [replace(p, active=False) if p in left else p for p in directory.staff.values()]
            entries = [*directory.organisations.values(), *directory.teams.values(), *staff, *away]
            self.ground.change_directory(make_directory(entries, directory.version + 1))
            self._hand_over({p.id for p in left})

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
        others = [one for one in self.people.holding(directory, team, role) if one != person.id]
        return self.chance.choice(others) if others else ""

    # How it is told and checked

    def _tell(self, case: str, ask: Ask, actor: str) -> None:
        self._number += 1
        key = "" if actor == SYSTEM else f"k{self._number}"
        was = self.ground.find_state(case)
        told = self.ground.tell(case, ask, actor, self.now, key)
        if key and self.chance.random() < self.troubles.loses_answer:
            again = self.ground.tell(case, ask, actor, self.now, key)
            self._check(
                bool(told[0].refusal) == bool(again[0].refusal) and again[0].again, case, "I10: a repeat acted twice"
            )
        for one in told:
            if one.case == case:
                self._heed(one, was, ask.kind, actor)
            else:
                # Asked by machine, decided by whoever acted on the first case.
                self._heed(one, one.was, one.kind, actor)

    def _heed(self, told: Told, was: State | None, kind: str, actor: str) -> None:
        if told.refusal is not None:
            self.report.refusals[f"{kind}: {told.refusal.code}"] += 1
            return
        self.report.counts["entries"] += 1
        self.report.counts["events"] += len(told.events)
        state = self.ground.state_of(told.case)
        pathway = self.ground.pathway_of(told.case)
        seen = Seen(was, state, told.events, kind, actor, self.now, pathway, self.ground.directory)
        for says in broken(seen):
            self._check(False, told.case, says)
        for event in told.events:
            if isinstance(event, e.NoticeIssued):
                self._plan(
                    self.now + timedelta(seconds=self.chance.randrange(5, 7200)), "deliver", f"{told.case} {event.key}"
                )
            elif isinstance(event, e.CaseClosed):
                self.report.ends[f"{state.pathway}: {event.endpoint}"] += 1
            elif isinstance(event, e.RungFired):
                self.report.counts["rungs"] += 1
                # Whoever is called looks soon.
                self._plan(self.now + timedelta(minutes=self.chance.randrange(5, 90)), "called", told.case)
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
            self._plan(max(rings, self.now) + timedelta(seconds=self.chance.randrange(BEAT)), "clock", case)

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
