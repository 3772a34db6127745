"""One case of any shipped pathway, driven through a door by whoever may do each deed; a test says only what it is about."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from holdfast.core.deeds import what_can_be_done
from holdfast.core.facts import missing_fields
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State
from holdfast.directory.snapshot import current_version, load
from holdfast.pathways.editions import get_edition, latest_edition
from tests.doors.api_client import Caller
from tests.installation import Case, Installation
from tests.library.answering import answers_to
from tests.library.doors import Api, Door
from tests.library.setting import TEAMS, last_resort, member, publish, teams_of

_numbers = itertools.count(1)
Given = Mapping[str, Any]
#: The last is the door that cases are driven through; the fixture ``both_doors`` puts another there.
DOORS: list[Callable[[], Door]] = [Api]


@dataclass
class Run:
    """``id`` is the case as addresses name it. Each deed goes through ``door`` by the first person who may do it,
    unless ``by`` names another; answers that the test does not give are made from the form. What stands is read by the API."""

    house: Installation
    id: str
    door: Door = field(default_factory=lambda: DOORS[-1]())
    callers: dict[str, Caller] = field(default_factory=dict)

    @classmethod
    def open(
        cls, house: Installation, pathway: str, answers: Given | None = None, person: Any = None, even_so: bool = False
    ) -> Run:
        """Publish the pathway and open a case for somebody new, or for ``person``."""
        publish(house, pathway)
        shape, number = latest_edition(pathway), next(_numbers)
        teams = teams_of(shape)
        party, _, duty = shape.holder_at_opening.partition(".")
        holder = member(teams[party], shape.get_party(party).duties[duty])
        new = {"name": f"Robin Vale{number}", "numbers": [{"system": "mrn", "value": f"L{number:05}"}]}
        body = {"pathway": pathway, "parties": teams, "holder": holder, "person": person or new, "even_so": even_so}
        door = DOORS[-1]()
        return cls(house, door.open(holder, {**body, "answers": dict(answers or {})}), door)

    # What stands

    @property
    def case(self) -> Case:
        return Case(self.house, f"case:{self.id}", "")

    @property
    def state(self) -> State:
        return self.case.state

    @property
    def pathway(self) -> Pathway:
        return get_edition(self.state.edition)

    @property
    def directory(self) -> Directory:
        return load(current_version())

    def shown(self, by: str = "") -> Any:
        """The case as the API shows it."""
        return self.of(by or self.state.holder).get(f"cases/{self.id}")

    def owed(self, kind: str) -> Any:
        """The latest open promise of a kind, as the API shows it; it must be there."""
        found = [p for p in self.shown()["promises"] if p["kind"] == kind and p["status"] in ("open", "breached")]
        assert found, f"{kind} is not owed"
        return max(found, key=lambda promise: int(promise["id"].rpartition("#")[2]))

    def owes(self, kind: str) -> bool:
        return self.state.find_owed(kind) is not None

    def status(self, kind: str) -> str:
        """How the latest promise of a kind stands."""
        promise = self.state.latest(kind)
        return promise.status if promise else "never opened"

    def marked(self, moment: str) -> bool:
        return moment in self.state.moments

    def told(self, kind: str) -> list[str]:
        """Whom the ladder of a promise called, in order."""
        return self.case.told(kind)

    def notices(self, notice: str) -> list[str]:
        """To whom a notice of this kind was issued."""
        return [
            event["to"].partition(":")[2] for event in self.case.events("NoticeIssued") if event["notice"] == notice
        ]

    def verdict(self, validation: str) -> Any:
        """One validation as the evidence of the case shows it: ``word``, ``facts``, ``rests_on``."""
        evidence = self.of(self.state.holder).get(f"cases/{self.id}/evidence")["evidence"]
        return next(one for one in evidence["validations"] if one["id"] == validation)

    def evidence(self) -> Any:
        return self.of(self.state.holder).get(f"cases/{self.id}/evidence")["evidence"]

    # Who

    def of(self, staff: str) -> Caller:
        return self.callers.setdefault(staff, Caller.of(staff))

    def who(self, role: str) -> str:
        """Somebody who may act as ``role`` of this case, such as ``receiver.intake``, ``receiver.any`` or ``decision-maker``."""
        state, (party, _, duty) = self.state, role.partition(".")
        if role in ("holder", "anyone"):
            return state.holder
        if role in state.named:
            return state.named[role]
        if role == "last-resort":
            party, _, _duty = self.pathway.holder_at_opening.partition(".")
            return last_resort(state.parties[party])
        if not duty:
            named = self.pathway.find_named(role)
            assert named is not None, f"nobody is {role}"
            return member(next(iter(state.parties.values())), named.role)
        duties = self.pathway.get_party(party).duties
        if duty == "any":
            assigned = [state.duties[f"{party}.{one}"] for one in duties if f"{party}.{one}" in state.duties]
            return assigned[0] if assigned else member(state.parties[party], next(iter(duties.values())))
        return state.duties.get(role) or member(state.parties[party], duties[duty])

    # What is done

    def fill(self, given: Given | None = None, by: str = "", **more: Any) -> Any:
        """Answer the packet: what is given, and everything else that is needed and not answered."""
        state, pathway = self.state, self.pathway
        fields = tuple(pathway.packet_fields())
        kept = {id: answer for id, answer in state.packet.items() if answer.counts}
        answers = self._answers(fields, {**(given or {}), **more}, {}, kept)
        return self.door.do(by or state.holder, self.id, "FillPacket", answers=answers)

    def fill_only(self, given: Given, by: str = "") -> Any:
        """Answer these fields of the packet and no others."""
        return self.door.do(by or self.state.holder, self.id, "FillPacket", answers=dict(given))

    def name_everybody(self, *besides: str) -> None:
        """Name every further person the pathway asks for and who is not named, leaving out ``besides``."""
        for named in self.pathway.named:
            if named.id not in besides and named.id not in self.state.named:
                team = next(iter(self.state.parties.values()))
                self.door.do(self.state.holder, self.id, f"NameRole/{named.id}", staff=member(team, named.role))

    def step(self, step: str, given: Given | None = None, by: str = "", status: int = 200, **body: Any) -> Any:
        """Take a step; the refusal comes back when ``status`` says that there is one."""
        spec = self.pathway.find_step(step)
        assert spec is not None, f"no step {step}"
        if spec.about and "about" not in body:
            promise = next((p for p in self.state.owed() if p.kind == spec.about), None)
            body["about"] = promise.id if promise else ""
        answers = self._answers(spec.records, given or {}, {field: duty for duty, field in spec.assigns.items()})
        if answers:
            body["answers"] = answers
        return self.door.do(by or self.who(spec.by[0]), self.id, f"TakeStep/{step}", status, **body)

    def meet(self, kind: str, given: Given | None = None, by: str = "", status: int = 200) -> Any:
        """Give the evidence that closes the latest open promise of a kind."""
        promise = self.owed(kind)
        answers = self._answers(self.pathway.get_obligation(kind).records, given or {}, {})
        target = promise["id"].replace("#", "%23")
        return self.door.do(by or promise["owner"], self.id, f"Meet/{target}", status, answers=answers)

    def close(self, endpoint: str, given: Given | None = None, by: str = "", status: int = 200) -> Any:
        """Close the case at an endpoint."""
        spec = self.pathway.find_endpoint(endpoint)
        assert spec is not None, f"no endpoint {endpoint}"
        answers = self._answers(spec.records, given or {}, {}, closing=endpoint)
        return self.door.do(by or self.who(spec.by[0]), self.id, f"CloseCase/{endpoint}", status, answers=answers)

    def missing(self, refusal: Any) -> set[str]:
        """The ids that a refusal says are missing."""
        return {item["what"] for item in refusal["missing"]}

    def shut(self, step: str, by: str = "") -> set[str]:
        """The gates that keep a step or endpoint shut now, as the API lists the deeds."""
        spec = self.pathway.find_step(step) or self.pathway.find_endpoint(step)
        assert spec is not None
        deeds = self.shown(by or self.who(spec.by[0]))["deeds"]
        found = next(deed for deed in deeds if deed["target"] == step)
        gates = {gate.id for gate in self.pathway.gates}
        return {item["what"] for item in (found["refusal"] or {"missing": []})["missing"]} & gates

    def unanswered(self) -> list[str]:
        """The packet's needed fields that are not answered."""
        return [one.id for one in missing_fields(self.state, self.pathway, self.directory)]

    def possible(self, by: str) -> set[str]:
        """What ``by`` can do now: ids of steps and endpoints."""
        deeds = what_can_be_done(self.state, self.pathway, self.directory, by, self.house.now)
        return {deed.target for deed in deeds if deed.allowed}

    # Time

    def soon(self, **span: float) -> str:
        """An instant to come, as an answer."""
        return (self.house.now + timedelta(**span)).isoformat()

    def wait(self, **span: float) -> None:
        """Time passes, and every clock of the case goes at its own instant."""
        self.until(self.house.now + timedelta(**span))

    def until(self, at: datetime) -> None:
        self.house.tick(self.case, until=at)

    def past(self, kind: str) -> None:
        """Nobody does anything until just after the latest promise of a kind was due."""
        self.until(datetime.fromisoformat(self.owed(kind)["due"]) + timedelta(minutes=1))

    def _answers(
        self,
        fields: Iterable[Field],
        given: Given,
        duties: Mapping[str, str],
        kept: Mapping[str, Any] | None = None,
        closing: str = "",
    ) -> dict[str, Any]:
        fields, state = tuple(fields), self.state
        people = {field.id: self._person(field, duties.get(field.id, "")) for field in fields}
        return answers_to(
            fields, given, people, state, self.pathway, self.directory, self.house.now, kept, closing=closing
        )

    def _person(self, field: Field, duty: str) -> str:
        if duty:
            party, _, role = duty.partition(".")
            return member(self.state.parties[party], self.pathway.get_party(party).duties[role])
        taken = set(self.state.parties.values())
        if field.kind in ("team", "teams"):
            return next(team for team in reversed(TEAMS) if team not in taken)
        return member(next(iter(self.state.parties.values())), field.role or "supervisor")
