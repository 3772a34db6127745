"""The evidence of a case as one page: headings and short rows of text, the same for paper and for screens (AUD-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.assurance.account import said_at
from holdfast.assurance.evidence import Evidence
from holdfast.assurance.responsibility import Confirmed

#: The most rows and characters that fit the page; what is left out is counted, and is whole in the signed file.
MOST_ROWS, LONGEST = 9, 150
PURPOSE = (
    "Instants are in UTC. The number after # is the entry of the case's record. The signed evidence file holds the"
    " entries themselves, and can be verified without access to this system."
)


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the page: ``none`` is what it says when there is no row; ``more`` counts the rows left out."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    none: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    purpose: str
    made: datetime


def page_of(evidence: Evidence) -> Page:
    """Lay the evidence out. Nothing is decided here: only put in order and shortened."""
    return Page(
        f"Evidence: {evidence.pathway}",
        _facts(evidence),
        (
            _risks(evidence),
            _known(evidence),
            _held(evidence),
            _states(evidence),
            _confirmed(evidence),
            _escalations(evidence),
            _signals(evidence),
            _validations(evidence),
            _exceptions(evidence),
        ),
        PURPOSE,
        evidence.made,
    )


def _facts(of: Evidence) -> tuple[tuple[str, str], ...]:
    name = "erased" if of.erased else of.person_name or "not named"
    status = {"open": "Open", "closed": "Closed", "ended": "Over"}.get(of.status, of.status)
    end = f": {of.endpoint}, {said_at(of.closed)}" if of.closed is not None else ""
    return (
        ("Person", f"{name} ({of.person})"),
        ("Case", of.case),
        ("Opened", said_at(of.opened)),
        ("Status", status + end),
        ("Tier", f"{of.tier}. {'. '.join(of.tier_because)}".rstrip(". ")),
        ("Edition", of.edition),
        ("Record", f"{of.entries} entries, the last {of.digest}"),
        ("Made", said_at(of.made)),
    )


def _risks(of: Evidence) -> Table:
    when = f"when the packet was sent, {said_at(of.risks_at)}" if of.risks_at else "now; no packet was sent"
    rows = [
        (
            risk.ask,
            (risk.says or "not answered") + (" (not confirmed)" if risk.unconfirmed else ""),
            _dated(risk.by, risk.true_at),
            risk.now or "the same",
        )
        for risk in of.risks
    ]
    return _table(f"Risks known {when}", ("Asked", "Known", "By, true at", "Today"), rows, "No risk was recorded.")


def _known(of: Evidence) -> Table:
    rows = [(one.who, one.how, said_at(one.at), f"#{one.entry}") for one in of.known_to]
    return _table("Known to", ("Who", "How", "When", "Entry"), rows, "The packet was not sent to anybody.")


def _held(of: Evidence) -> Table:
    rows = [
        (one.holder, said_at(one.since), said_at(one.until) if one.until else "still", f"{one.why} #{one.entry}")
        for one in of.held
    ]
    return _table("Accountable", ("Who", "From", "Until", "Why"), rows, "Nobody held this case.")


def _states(of: Evidence) -> Table:
    rows = [
        (
            one.label.capitalize(),
            said_at(one.at) if one.at else "not yet",
            one.by,
            f"{one.evidence} #{one.entry}" if one.at else "no evidence",
        )
        for one in of.states
    ]
    return _table("Dated states, each on its own evidence", ("State", "When", "By", "Evidence"), rows, "None.")


def _confirmed(of: Evidence) -> Table:
    together: dict[int, list[Confirmed]] = {}
    for one in of.confirmed:
        together.setdefault(one.entry, []).append(one)
    rows = [
        (ones[0].step, "; ".join(f"{one.ask}: {one.says}" for one in ones), _dated(ones[0].by, ones[0].at), f"#{entry}")
        for entry, ones in together.items()
    ]
    columns = ("Step", "Confirmed", "By, when", "Entry")
    return _table("Confirmed", columns, rows, "Nothing was confirmed yet.", longest=3 * LONGEST)


def _escalations(of: Evidence) -> Table:
    rows = [
        (
            f"{one.owed} (due {said_at(one.due)})",
            f"{one.told}, as {one.role.replace('.', ' ')}" + (f". {one.alarm}" if one.alarm else ""),
            said_at(one.at) + (f", {one.times} times until {said_at(one.last)}" if one.times > 1 else ""),
            f"{one.outcome}. Message: {one.delivered}" if one.delivered else one.outcome,
        )
        for one in of.escalations
    ]
    return _table("Escalated", ("What", "Told", "When", "Outcome"), rows, "Nothing had to be escalated.")


def _signals(of: Evidence) -> Table:
    rows = [
        (
            one.what,
            _dated(one.by, one.at),
            ", ".join(one.told),
            f"{one.response}. {_dated(one.responder, one.responded)}" + (", late" if one.late_by else "")
            if one.responded
            else f"No response; due {said_at(one.due)}",
        )
        for one in of.signals
    ]
    return _table(
        "Risk signals and responses", ("Signal", "By, when", "Told", "Response"), rows, "No signal was raised."
    )


def _validations(of: Evidence) -> Table:
    rows = [
        (
            one.word.replace("-", " ").capitalize(),
            one.says,
            "; ".join(
                f"{rest.status}, due {said_at(rest.due)}" + (f", ended {said_at(rest.ended)}" if rest.ended else "")
                for rest in one.rests_on
            )
            or "; ".join(one.facts),
        )
        for one in of.validations
    ]
    return _table("Auditable validations", ("Verdict", "Question", "Evidence"), rows, "This pathway has none.")


def _exceptions(of: Evidence) -> Table:
    late = [
        (
            "Written up late",
            one.what,
            f"happened {said_at(one.occurred)}, recorded {said_at(one.recorded)}, {one.by}",
            one.reason,
        )
        for one in of.late
    ]
    passed = [
        (
            "Override",
            f"{one.what}: {'; '.join(one.gates)}",
            _dated(one.by, one.at),
            f"{one.reason} Sign-off: {one.sign_off}",
        )
        for one in of.overrides
    ]
    failed = [
        ("Not delivered", f"{one.notice} to {one.to}", said_at(one.at), f"{one.channel}: {one.code}")
        for one in of.undelivered
    ]
    rows = [*late, *passed, *failed]
    return _table("Late writings, overrides, failures", ("Kind", "What", "By, when", "Why"), rows, "None.")


def _dated(who: str, at: datetime | None) -> str:
    return ", ".join(filter(None, (who, said_at(at) if at is not None else "")))


def _table(
    heading: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], none: str, longest: int = LONGEST
) -> Table:
    shown = tuple(tuple(_short(cell, longest) for cell in row) for row in rows[:MOST_ROWS])
    return Table(heading, columns, shown, none, max(0, len(rows) - MOST_ROWS))


def _short(text: str, longest: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
