"""The evidence of one case as a plain value: what was known, who was accountable, what was confirmed and escalated, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.assurance.account import Account, read_account
from holdfast.assurance.alarms import Escalated, Signal, escalations, signals
from holdfast.assurance.exceptions import LateWriting, Overridden, Undelivered, late_writings, overrides, undelivered
from holdfast.assurance.responsibility import Confirmed, Held, Reached, confirmations, held_by, reached
from holdfast.assurance.risks import KnownTo, Risk, known_to, risks_of
from holdfast.core.parties import Directory
from holdfast.core.validations import judge
from holdfast.people.vault import Vault


@dataclass(frozen=True, slots=True)
class Rest:
    """One obligation that a validation rests on: how it stands, when it was due, and when it ended (None: not yet)."""

    promise: str
    owed: str
    status: str
    due: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Validated:
    """One validation of the pathway: ``word`` is passed, failed, awaited or not-applicable (AUD-02)."""

    id: str
    says: str
    word: str
    facts: tuple[str, ...]
    rests_on: tuple[Rest, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of AUD-01 for one case. Names are as the directory has them now; every instant is aware UTC.

    ``entries`` and ``digest`` name the exact record this was read from; ``person`` is the pseudonymous id, ``person_name`` their
    name, "" where there is none to be read; ``erased`` says that what was sealed about the person can no longer be read.
    ``risks`` are as they stood when the packet was sent (``risks_at``), or as they stand now when nothing was sent (None).
    """

    case: str
    person: str
    person_name: str
    erased: bool
    pathway: str
    edition: str
    opened: datetime
    status: str
    endpoint: str
    closed: datetime | None
    tier: str
    tier_because: tuple[str, ...]
    made: datetime
    entries: int
    digest: str
    risks_at: datetime | None
    risks: tuple[Risk, ...]
    known_to: tuple[KnownTo, ...]
    held: tuple[Held, ...]
    states: tuple[Reached, ...]
    confirmed: tuple[Confirmed, ...]
    escalations: tuple[Escalated, ...]
    signals: tuple[Signal, ...]
    validations: tuple[Validated, ...]
    late: tuple[LateWriting, ...]
    overrides: tuple[Overridden, ...]
    undelivered: tuple[Undelivered, ...]


def evidence_for(case: str, vault: Vault, directory: Directory, now: datetime) -> Evidence:
    """Read the whole case from the record. Whoever calls this has asked who looks. Raises LookupError for no such case (AUD-01)."""
    account = read_account(case, vault, directory)
    state, pathway = account.state, account.pathway
    endpoint = pathway.find_endpoint(state.endpoint)
    return Evidence(
        case=case,
        person=state.subject,
        person_name=account.person_name,
        erased=account.erased,
        pathway=pathway.title,
        edition=state.edition,
        opened=state.opened,
        status=state.status,
        endpoint=endpoint.title if endpoint else "",
        closed=account.closed,
        tier=next((tier.title for tier in pathway.tiers if tier.id == state.tier), state.tier),
        tier_because=account.tier_because,
        made=now,
        entries=account.entries,
        digest=account.digest,
        risks_at=account.sent.at if account.sent else None,
        risks=risks_of(account),
        known_to=known_to(account),
        held=held_by(account),
        states=reached(account),
        confirmed=confirmations(account),
        escalations=escalations(account),
        signals=signals(account),
        validations=_validated(account, directory),
        late=late_writings(account),
        overrides=overrides(account),
        undelivered=undelivered(account),
    )


def _validated(account: Account, directory: Directory) -> tuple[Validated, ...]:
    promises = account.state.promises
    return tuple(
        Validated(
            verdict.id,
            verdict.says,
            verdict.word,
            verdict.facts,
            tuple(
                Rest(id, account.owed(id), promises[id].status, promises[id].due, promises[id].ended)
                for id in verdict.promises
            ),
        )
        for verdict in judge(account.state, account.pathway, directory)
    )
