"""What was escalated to whom, and the risk signals with their responses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.assurance.account import Account, Noted
from holdfast.assurance.told import answers_in, deed_in, delivery_of, meeting_of, outcome_of
from holdfast.core import events as e
from holdfast.core.conditions import ALWAYS, because
from holdfast.core.facts import facts_of


@dataclass(frozen=True, slots=True)
class Escalated:
    """One rung: who was told, as what, when and how often, whether the message left, and what ended it."""

    promise: str
    owed: str
    due: datetime
    rung: int
    told: str
    role: str
    at: datetime
    last: datetime
    times: int
    because: str
    alarm: str
    delivered: str
    outcome: str
    entry: int


@dataclass(frozen=True, slots=True)
class Signal:
    """A risk signal and its response (None: none yet); ``late_by`` is whole seconds after it was due."""

    promise: str
    what: str
    at: datetime
    by: str
    due: datetime
    told: tuple[str, ...]
    response: str
    responded: datetime | None
    responder: str
    late_by: int
    status: str
    entry: int


def escalations(account: Account) -> tuple[Escalated, ...]:
    """Every rung that fired, oldest first; one that repeated to the same person is one line with its count."""
    found: dict[tuple[str, int, str, str], Escalated] = {}
    for entry in account.noted:
        for place, event in enumerate(entry.events):
            if not isinstance(event, e.RungFired):
                continue
            key = (event.id, event.rung, event.told, event.alarm)
            notice = next((n for n in entry.events[place + 1 :] if isinstance(n, e.NoticeIssued)), None)
            delivered = delivery_of(account, notice) if notice is not None and notice.about == event.id else ""
            before = found.get(key)
            if before is not None:
                found[key] = replace(before, last=entry.at, times=before.times + 1, delivered=delivered)
                continue
            found[key] = Escalated(
                event.id,
                account.owed(event.id),
                account.state.promises[event.id].due,
                event.rung,
                account.name(notice.to if notice is not None and notice.to.startswith("team:") else event.told),
                event.role,
                entry.at,
                entry.at,
                1,
                event.because,
                event.alarm,
                delivered,
                outcome_of(account, event.id),
                entry.number,
            )
    return tuple(found.values())


def signals(account: Account) -> tuple[Signal, ...]:
    """What had to be answered at once: every promise whose ladder begins at once, with its response."""
    found = []
    for entry in account.noted:
        for event in entry.events:
            if not isinstance(event, e.ObligationOpened):
                continue
            spec = account.pathway.find_obligation(event.kind)
            if spec is None or not account.pathway.get_ladder(spec.ladder).rungs[0].at_once:
                continue
            promise = account.state.promises[event.id]
            told = [n.to for n in entry.events if isinstance(n, e.NoticeIssued) and n.about == event.id]
            answered, met = meeting_of(account, event.id)
            response = deed_in(account, answered) if answered is not None else ""
            found.append(
                Signal(
                    event.id,
                    _why(account, entry, event.started_by),
                    event.started,
                    account.name(entry.actor),
                    promise.due,
                    tuple(dict.fromkeys(account.name(to) for to in told)),
                    response,
                    met.occurred if met is not None else None,
                    account.name(answered.actor) if answered is not None else "",
                    met.late_by if met is not None else 0,
                    promise.status,
                    entry.number,
                )
            )
    return tuple(found)


def _why(account: Account, entry: Noted, moment: str) -> str:
    """What made it a signal: the answers that the step's condition was judged on, or all of them."""
    step = entry.first(e.StepTaken)
    spec = account.pathway.find_step(step.step) if step is not None else None
    if step is None or spec is None:
        return moment
    emission = next((one for one in spec.emits if one.moment == moment), None)
    said = [says for _, says in answers_in(account, step.step, step.answers)]
    if emission is not None and emission.when != ALWAYS:
        facts = facts_of(account.state, account.pathway, account.directory, step.answers)
        ids = dict.fromkeys(line.split(" ")[0].removeprefix("answer.") for line in because(emission.when, facts))
        fields = [field for field in spec.records if field.id in ids]
        said = [f"{field.ask}: {account.says(field, step.answers.get(field.id))}" for field in fields]
    return ". ".join(words.rstrip(".") for words in (spec.title, *said))
