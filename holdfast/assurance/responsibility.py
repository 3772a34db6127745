"""Who was accountable from when to when, the dated states with their evidence, and what was confirmed (OWN-06, REC-10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.assurance.account import Account, Noted
from holdfast.assurance.told import answers_in, delivery_of, marks_of, step_title
from holdfast.core import events as e


@dataclass(frozen=True, slots=True)
class Held:
    """Who was accountable from when until when (None: still), by recorded time, and why it came to them (OWN-06)."""

    holder: str
    since: datetime
    until: datetime | None
    why: str
    entry: int


@dataclass(frozen=True, slots=True)
class Reached:
    """One dated state with its own evidence (REC-10); ``at`` is None while it has none."""

    label: str
    at: datetime | None
    recorded: datetime | None
    by: str
    evidence: str
    entry: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One answer that was given when a state was reached: what was confirmed, by whom, when."""

    step: str
    ask: str
    says: str
    by: str
    at: datetime
    entry: int


def held_by(account: Account) -> tuple[Held, ...]:
    """Every turn of responsibility, the first from the opening; the last holder stays on record after the window."""
    turns: list[Held] = []
    for entry in account.noted:
        for event in entry.events:
            if isinstance(event, e.HolderMoved):
                if turns:
                    turns[-1] = replace(turns[-1], until=entry.at)
                turns.append(Held(account.name(event.to), entry.at, None, event.why, entry.number))
    return tuple(turns)


def reached(account: Account) -> tuple[Reached, ...]:
    """The pathway's dated states in order, each set only by its own evidence."""
    found = []
    for label, moment in account.pathway.states.items():
        entry, mark = next(marks_of(account, moment), (None, None))
        if entry is None or mark is None:
            found.append(Reached(label, None, None, "", "", 0))
            continue
        evidence = "; ".join(filter(None, (step_title(account, entry), *_left(account, entry))))
        found.append(Reached(label, mark.occurred, entry.at, account.who(entry), evidence, entry.number))
    return tuple(found)


def confirmations(account: Account) -> tuple[Confirmed, ...]:
    """The answers of every step that set a dated state, in the form's order."""
    numbers = {entry.number for moment in account.pathway.states.values() for entry, _ in marks_of(account, moment)}
    found = []
    for entry in account.noted:
        step = entry.first(e.StepTaken) if entry.number in numbers else None
        if step is not None:
            title, by = step_title(account, entry), account.who(entry)
            found += [
                Confirmed(title, ask, says, by, step.occurred, entry.number)
                for ask, says in answers_in(account, step.step, step.answers)
            ]
    return tuple(found)


def _left(account: Account, entry: Noted) -> list[str]:
    """What became of the messages to teams that this entry issued."""
    return [
        f"to {account.name(n.to)}: {delivery_of(account, n)}"
        for n in entry.events
        if isinstance(n, e.NoticeIssued) and n.to.startswith("team:")
    ]
