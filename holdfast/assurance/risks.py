"""Which risks were known when responsibility moved, and to whom (AUD-01)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from holdfast.assurance.account import Account
from holdfast.core import events as e
from holdfast.core.pathway import Field, Pathway
from holdfast.core.scores import facts_behind


@dataclass(frozen=True, slots=True)
class Risk:
    """One answer about risk. ``says`` is "" where nothing was answered; ``now`` is what it says today, if that differs."""

    id: str
    ask: str
    says: str
    by: str
    true_at: datetime | None
    unconfirmed: bool
    source: str
    decides_tier: bool
    now: str = ""


@dataclass(frozen=True, slots=True)
class KnownTo:
    """Somebody who had the packet: ``how`` says by what, ``entry`` where the record says so."""

    who: str
    how: str
    at: datetime
    entry: int


def risks_of(account: Account) -> tuple[Risk, ...]:
    """The answers that bear on risk, as they stood when the packet was sent; as they stand when nothing was sent."""
    then = account.sent.packet if account.sent is not None else account.state.packet
    deciding = _deciding(account.pathway)
    found = []
    for field in risk_fields(account.pathway):
        answer, today = then.get(field.id), account.state.packet.get(field.id)
        says, now = account.says(field, answer), account.says(field, today)
        if not says and not now and field.id not in deciding:
            continue
        found.append(
            Risk(
                field.id,
                field.ask,
                says,
                account.name(answer.by) if answer is not None and answer.by else "",
                answer.true_at if answer is not None else None,
                answer is not None and answer.unconfirmed,
                answer.source if answer is not None else "",
                field.id in deciding,
                now if now != says else "",
            )
        )
    return tuple(found)


def risk_fields(pathway: Pathway) -> list[Field]:
    """The section from which the tiers read most, whole, and every other field that decides a tier.

    No list of ids: which answers mean risk is the pathway's to say, by what its tiers and words depend on.
    """
    deciding = _deciding(pathway)
    read = Counter(section.id for section in pathway.packet for field in section.fields if field.id in deciding)
    chief = read.most_common(1)[0][0] if read else ""
    return [f for section in pathway.packet for f in section.fields if section.id == chief or f.id in deciding]


def known_to(account: Account) -> tuple[KnownTo, ...]:
    """Who wrote them, where the packet went and what became of that, who answered for having it, who came to hold the case."""
    if account.sent is None:
        return ()
    found = [KnownTo(account.name(account.sent.by), "sent the packet", account.sent.at, account.sent.number)]
    written = {answer.by for answer in account.sent.packet.values() if answer.by} - {account.sent.by}
    found += [
        KnownTo(account.name(by), "wrote part of it", account.sent.at, account.sent.number) for by in sorted(written)
    ]
    taken = set(account.pathway.states.values())
    notices: dict[str, str] = {}
    for entry in account.noted:
        if entry.number < account.sent.number:
            continue
        for event in entry.events:
            match event:
                case e.NoticeIssued(key=key, to=to) if entry.number == account.sent.number:
                    notices[key] = to
                case e.NoticeSent(key=key, channel=channel, at=at) if key in notices:
                    found.append(KnownTo(account.name(notices[key]), f"taken by {channel}", at, entry.number))
                case e.NoticeFailed(key=key, channel=channel, at=at) if key in notices:
                    found.append(KnownTo(account.name(notices[key]), f"not delivered by {channel}", at, entry.number))
                case e.MomentMarked(moment=moment, occurred=occurred) if (
                    moment in taken
                    and account.sent.number < entry.number <= (account.moved or account.entries)
                    and (step := entry.first(e.StepTaken))
                ):
                    spec = account.pathway.find_step(step.step)
                    title = spec.title if spec is not None else step.step
                    found.append(KnownTo(account.name(entry.actor), title, occurred, entry.number))
                case e.HolderMoved(to=to, why=why) if entry.number > account.sent.number:
                    found.append(KnownTo(account.name(to), f"became accountable: {why}", entry.at, entry.number))
    return tuple(dict.fromkeys(found))


def _deciding(pathway: Pathway) -> set[str]:
    packet = {field.id for field in pathway.packet_fields()}
    return {fact for tier in pathway.tiers for fact in facts_behind(tier.when, pathway)} & packet
