"""Any sequence of deeds, good and bad, and of clocks, on time and late: the promises of the engine hold."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from holdfast.core import commands as c
from holdfast.core.decide import Accepted
from holdfast.core.deeds import what_can_be_done
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.work import SYSTEM
from tests.core.asking import LIKELY, PEOPLE, any_command, possible_command, span
from tests.core.cases import REASON, SHIPPED, TOY, Case, pathway_of
from tests.core.network import COMMUNITY, IVY, KIT, START, WARD, away, network, without
from tests.core.promises_kept import Ledger

EXAMPLES = int(os.environ.get("HOLDFAST_EXAMPLES", "20"))
PROFILE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
#: One number from which a rule draws its details: long lives matter more here than small ones.
SEEDS = st.integers(0, 2**32 - 1).map(Random)
#: What people do all day, against what they do once.
OFTEN = {"TakeStep": 8, "Meet": 8, "CloseCase": 0.8, "NameRole": 0.3, "FillPacket": 2}
ACCEPTING = {"discharge-to-community": "confirm-receipt", "toy-parcel": "receive"}


class AnyLife(RuleBasedStateMachine):
    """A case to which anything is done by anyone at any time; subclasses name the pathway."""

    pathway: Pathway

    def __init__(self) -> None:
        super().__init__()
        self.case = Case(self.pathway)
        self.ledger = Ledger(self.pathway)
        self.wall: datetime = START

    def _ask(self, command: c.Command, actor: str, occurred: datetime | None = None) -> bool:
        before = self.case.state_or_none
        copy = before.copy() if before is not None else None
        decision = self.case.ask(command, actor, occurred)
        assert before == copy, "a decision leaves the state it was given as it was"
        if isinstance(decision, Refusal):
            assert decision.code and decision.says
            return False
        assert isinstance(decision, Accepted) and decision.events
        self.ledger.check(copy, decision, self.case.directory)
        return True

    @initialize(
        holder=st.sampled_from((KIT, "kay")),
        actor=st.sampled_from((KIT, SYSTEM)),
        stage=st.sampled_from((4, 4, 4, 3, 2, 1, 0)),
    )
    def opened(self, holder: str, actor: str, stage: int) -> None:
        """At one of several stages, so that a short life may begin late in a case."""
        places = {"receiver": COMMUNITY, "sender": WARD}
        self._ask(c.OpenCase("case-1", self.pathway.id, "p-1", places, holder), actor)
        if stage > 0:
            self._ask(c.FillPacket(self.case.packet(seal__intact="yes")), KIT)
        if stage > 1:
            for named in self.pathway.named:
                self._ask(c.NameRole(named.id, "dara"), KIT)
        if stage > 2:
            self._ask(c.TakeStep("send", override=REASON), KIT)
        if stage > 3:
            assert self._ask(self.case.step(ACCEPTING[self.pathway.id]), IVY)

    def _deed(self, random: Random) -> None:
        actor = random.choice((*LIKELY, self.case.state.holder))
        deeds = what_can_be_done(self.case.state, self.pathway, self.case.directory, actor, self.case.now)
        if allowed := [deed for deed in deeds if deed.allowed]:
            occurred = self.case.now - (span(random) if random.random() < 0.2 else timedelta(0))
            deed = random.choices(allowed, [0.3 if deed.urgent else OFTEN.get(deed.command, 1) for deed in allowed])[0]
            self._ask(possible_command(self.case, deed, random), actor, occurred)

    @rule(random=SEEDS)
    def what_is_offered(self, random: Random) -> None:
        self._deed(random)

    @rule(random=SEEDS)
    def a_busy_hour(self, random: Random) -> None:
        for _ in range(random.randint(2, 6)):
            self._deed(random)
            self._pass(timedelta(minutes=random.randint(0, 15)))

    @rule(random=SEEDS)
    def a_day_of_work(self, random: Random) -> None:
        """Deeds in between clocks that fire on time."""
        for _ in range(random.randint(2, 8)):
            self._deed(random)
            self._on_time(timedelta(hours=random.randint(0, 2)))

    @rule(random=SEEDS)
    def anything_by_anyone(self, random: Random) -> None:
        self._ask(any_command(self.case, random), random.choice(PEOPLE), self.case.now - span(random))

    @rule(random=SEEDS)
    def whatever_is_due_is_met(self, random: Random) -> None:
        """The person who owes it gives the evidence, for the most urgent of what is met by hand."""
        for promise in self.case.state.owed():
            records = self.pathway.get_obligation(promise.kind).records
            if records and random.random() < 0.5:
                self._ask(c.Meet(promise.id, self.case.form(records), REASON), promise.owner)

    @rule(random=SEEDS, failed=st.booleans())
    def delivery(self, random: Random, failed: bool) -> None:
        key = random.choice([*self.case.state.notices, "no-such-key"])
        command = (
            c.NoteFailed(key, "email", "550", self.case.now) if failed else c.NoteSent(key, "email", self.case.now)
        )
        self._ask(command, SYSTEM)

    @rule(random=SEEDS, fire=st.booleans())
    def time_passes(self, random: Random, fire: bool) -> None:
        """A worker that wakes after a time, or does not; what it finds due it fires until nothing is."""
        self._pass(span(random))
        if fire:
            self._fire()

    @rule(random=SEEDS)
    def every_clock_on_time(self, random: Random) -> None:
        self._on_time(min(span(random), timedelta(hours=12)))

    @rule(random=SEEDS)
    def the_clock_is_set_back(self, random: Random) -> None:
        """The wall clock goes back; recorded time does not."""
        self.wall = max(START, self.wall - min(span(random), timedelta(days=2)))

    @rule(random=SEEDS, staff=st.sampled_from(LIKELY), cover=st.sampled_from(("", "kay", "leo", "nia")))
    def somebody_is_away(self, random: Random, staff: str, cover: str) -> None:
        self.case.directory = away(self.case.directory, staff, self.case.now, self.case.now + span(random), cover)

    @rule(staff=st.sampled_from(("kit", "leo", "nia", "sol")), back=st.booleans())
    def somebody_leaves(self, staff: str, back: bool) -> None:
        self.case.directory = network() if back else without(self.case.directory, staff)

    def _pass(self, length: timedelta) -> None:
        self.wall += length
        self.case.now = max(self.case.now, self.wall)

    def _on_time(self, length: timedelta) -> None:
        until = self.case.now + length
        while (rings := self.case.state.next_ring()) is not None and rings <= until:
            self.case.now = max(self.case.now, rings)
            self._fire()
        self.case.now = self.wall = max(self.case.now, until)

    def _fire(self) -> None:
        for _ in range(300):
            if not self._ask(c.FireClocks("the worker was down"), SYSTEM):
                break
        rings = self.case.state.next_ring()
        assert rings is None or rings > self.case.now, "what is due has fired"


def life_of(path: Path) -> Any:
    machine = type("Life", (AnyLife,), {"pathway": pathway_of(path)})
    machine.TestCase.settings = PROFILE
    return machine.TestCase


TestDischarge = life_of(SHIPPED)
TestParcel = life_of(TOY)
