"""What the entries of a case tell of a deed: its title, the answers given, and what became of its messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holdfast.assurance.account import Account, Noted, said_at
from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.pathway import Field


def outcome_of(account: Account, promise: str) -> str:
    """How a promise stands, in words: ``met late, 3 Mar 2026 10:00 UTC, by Lee: Confirm receipt``."""
    held = account.state.promises.get(promise)
    if held is None:
        return ""
    entry, met = meeting_of(account, promise)
    if entry is None or met is None:
        words = {"open": "open", "breached": "not done, overdue", "stopped": "stopped when the case ended"}
        return words.get(held.status, held.status)
    given = step_title(account, entry) or deed_in(account, entry)
    word = {"met-late": "met late", "annulled": "done in time, written up late"}.get(met.how, met.how)
    return f"{word}, {said_at(met.occurred)}, by {account.who(entry)}" + (f": {given}" if given else "")


def marks_of(account: Account, moment: str) -> Iterator[tuple[Noted, e.MomentMarked]]:
    """Every entry that marked a moment, oldest first."""
    for entry in account.noted:
        for event in entry.events:
            if isinstance(event, e.MomentMarked) and event.moment == moment:
                yield entry, event


def meeting_of(account: Account, promise: str) -> tuple[Noted | None, e.ObligationMet | None]:
    """The entry that met a promise, and how; neither while nothing has."""
    for entry in account.noted:
        for event in entry.events:
            if isinstance(event, e.ObligationMet) and event.id == promise:
                return entry, event
    return None, None


def step_title(account: Account, entry: Noted) -> str:
    """What the step of an entry is called, "" for an entry without one."""
    step = entry.first(e.StepTaken)
    if step is None:
        return ""
    spec = account.pathway.find_step(step.step)
    return spec.title if spec is not None else str(step.step)


def delivery_of(account: Account, notice: e.NoticeIssued) -> str:
    """What became of one message."""
    says = "not yet taken by any channel"
    for entry in account.noted:
        for event in entry.events:
            if isinstance(event, e.NoticeSent) and event.key == notice.key:
                says = f"taken by {event.channel} {said_at(event.at)}"
            elif isinstance(event, e.NoticeFailed) and event.key == notice.key:
                says = f"not delivered by {event.channel} ({event.code}) {said_at(event.at)}"
    return says


def answers_in(account: Account, step: str, answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """The answers of a step in the form's order, as (question, words)."""
    spec = account.pathway.find_step(step)
    fields: tuple[Field, ...] = spec.records if spec is not None else ()
    said = [(field.ask, account.says(field, answers.get(field.id))) for field in fields]
    return [(ask, says) for ask, says in said if says]


def deed_in(account: Account, entry: Noted) -> str:
    """What was done in an entry: the step with its answers, or the answers that met a promise."""
    step = entry.first(e.StepTaken)
    if step is not None:
        said = [says for _, says in answers_in(account, step.step, step.answers)]
        return ". ".join(words.rstrip(".") for words in (step_title(account, entry), *said))
    met = entry.first(e.ObligationMet)
    spec = account.pathway.find_obligation(met.id.rpartition("#")[0]) if met is not None else None
    said = [account.says(field, met.answers.get(field.id)) for field in spec.records] if spec is not None else []
    return ", ".join(filter(None, said))
