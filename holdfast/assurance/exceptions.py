"""What governance looks at in one case: late writings, overrides and messages that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.assurance.account import Account
from holdfast.assurance.told import outcome_of, step_title
from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.plain import from_plain
from holdfast.core.spans import elapsed


@dataclass(frozen=True, slots=True)
class LateWriting:
    """Something written up long after it happened: both times, and why (CON-07)."""

    what: str
    occurred: datetime
    recorded: datetime
    by: str
    reason: str
    entry: int


@dataclass(frozen=True, slots=True)
class Overridden:
    """Gates that were passed unmet, or asked to be: by whom, why, and how the sign-off stands (GAT-07)."""

    what: str
    gates: tuple[str, ...]
    at: datetime
    by: str
    reason: str
    sign_off: str
    entry: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that could not be delivered or came back."""

    to: str
    notice: str
    channel: str
    code: str
    at: datetime
    entry: int


def late_writings(account: Account) -> tuple[LateWriting, ...]:
    """Whatever was recorded later than the pathway's limit after it happened."""
    limit = elapsed(account.pathway.late_after)
    found = []
    for entry in account.noted:
        deed = entry.first(e.StepTaken) or entry.first(e.CaseClosed)
        if deed is None and entry.command.get("kind") == "Meet":
            deed = entry.first(e.ObligationMet)
        if deed is None or limit is None or entry.at - deed.occurred <= limit:
            continue
        plain = entry.command.get("late_reason")
        reason = account.says(None, from_plain(Answer, plain)) if plain else ""
        what = step_title(account, entry) or str(entry.command.get("promise") or entry.command.get("endpoint"))
        found.append(LateWriting(what, deed.occurred, entry.at, account.name(entry.actor), reason, entry.number))
    return tuple(found)


def overrides(account: Account) -> tuple[Overridden, ...]:
    """Every gate passed unmet and every sign-off asked for, with how it stands."""
    found = []
    for entry in account.noted:
        opened = [
            n.id for n in entry.events if isinstance(n, e.ObligationOpened) and n.kind == account.pathway.sign_off
        ]
        for event in entry.events:
            if not isinstance(event, e.GateOverridden | e.OverrideAsked):
                continue
            sign_off = event.sign_off if isinstance(event, e.OverrideAsked) else next(iter(opened), "")
            step = account.pathway.find_step(event.step)
            end = account.pathway.find_endpoint(event.step)
            found.append(
                Overridden(
                    step.title if step is not None else end.title if end is not None else event.step,
                    tuple(account.pathway.gate_says(gate) for gate in event.gates),
                    entry.at,
                    account.name(entry.actor),
                    account.says(None, event.reason),
                    outcome_of(account, sign_off) if sign_off else "signed off beforehand",
                    entry.number,
                )
            )
    return tuple(found)


def undelivered(account: Account) -> tuple[Undelivered, ...]:
    """Messages that failed or bounced."""
    issued = {n.key: n for entry in account.noted for n in entry.events if isinstance(n, e.NoticeIssued)}
    return tuple(
        Undelivered(
            account.name(issued[event.key].to),
            issued[event.key].notice,
            event.channel,
            event.code,
            event.at,
            entry.number,
        )
        for entry in account.noted
        for event in entry.events
        if isinstance(event, e.NoticeFailed) and event.key in issued
    )
