"""Tiers: computed by the pathway's rules, raised by anyone with a reason, lowered only by a clinician (MOD-06, HZ-44, HZ-90)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.commands import LowerTier, RaiseTier
from holdfast.core.conditions import Facts, because, holds
from holdfast.core.forms import check_reason
from holdfast.core.moments import mark
from holdfast.core.pathway import Tier
from holdfast.core.promises import retime
from holdfast.core.refusals import Refusal
from holdfast.core.who import concerns, is_meant
from holdfast.core.work import Refused, Work

BY_RULE = "rule"


def _ruled(work: Work, facts: Facts) -> Tier:
    return next((t for t in work.pathway.tiers if holds(t.when, facts)), work.pathway.tiers[-1])


def tier_by_rule(work: Work) -> str:
    """The tier that the rules give now, whatever people have made of it."""
    return _ruled(work, work.facts()).id


def judge_tier(work: Work, before: str = "") -> None:
    """Set the tier the rules give. Once the packet is out, or a person has judged, the rules may raise it but never lower it.

    ``before`` is what the rules gave before this deed: what a clinician lowered comes up again only when the facts got worse."""
    if work.state.status != "open":
        return
    facts = work.facts()
    tier = _ruled(work, facts)
    was = work.state.tier
    if tier.id == was:
        return
    rank = work.pathway.tier_rank
    raised = rank(tier.id) < rank(was)
    if not raised and was and (work.state.packet_version or work.state.judged):
        return
    if raised and work.state.judged and before and rank(tier.id) >= rank(before):
        return
    work.add(e.TierSet(tier.id, was, tuple(because(tier.when, facts)), BY_RULE))
    if was:
        _retime_all(work, f"the tier is now {tier.id}", only_sooner=raised)
        mark(work, "tier-raised" if raised else "tier-lowered", work.now)


def raise_tier(work: Work, command: RaiseTier) -> None:
    if not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only the people of this case can raise its tier."))
    check_reason(command.reason)
    _check(work, command.tier, raising=True)
    work.add(e.TierSet(command.tier, work.state.tier, (), work.actor, command.reason))
    _retime_all(work, f"the tier was raised to {command.tier}", only_sooner=True)
    mark(work, "tier-raised", work.now)


def lower_tier(work: Work, command: LowerTier) -> None:
    if not may_lower(work):
        raise Refused(
            Refusal("without_authority", "Only a clinician with authority can lower the tier, with a reason.")
        )
    check_reason(command.reason)
    _check(work, command.tier, raising=False)
    work.add(e.TierSet(command.tier, work.state.tier, (), work.actor, command.reason))
    _retime_all(work, f"the tier was lowered to {command.tier}", only_sooner=False)
    mark(work, "tier-lowered", work.now)


def may_lower(work: Work) -> bool:
    """The clinician meant, or their cover: never one who stands in without the role, such as a last resort."""
    return any(
        is_meant(work.actor, who, work.state, work.pathway, work.directory, work.now)
        and work.directory.has_role(work.actor, _role(work, who))
        for who in work.pathway.lowered_by
    )


def _role(work: Work, who: str) -> str:
    named = work.pathway.find_named(who)
    if named is not None:
        return named.role
    party, _, duty = who.partition(".")
    known = next((p for p in work.pathway.parties if p.id == party), None)
    return known.duties.get(duty, duty) if known is not None else ""


def _check(work: Work, tier: str, raising: bool) -> None:
    if work.state.status != "open":
        raise Refused(Refusal("closed", "This case is closed. Reopen it to go on.", instead=("reopen",)))
    if tier not in {t.id for t in work.pathway.tiers}:
        raise Refused(Refusal("unknown_tier", f"This pathway has no tier called {tier}."))
    rank, now = work.pathway.tier_rank(tier), work.pathway.tier_rank(work.state.tier)
    if (rank >= now) if raising else (rank <= now):
        word = "more" if raising else "less"
        raise Refused(Refusal("not_a_change", f"The tier is {work.state.tier}; {tier} is not {word} acute."))


def _retime_all(work: Work, why: str, only_sooner: bool) -> None:
    for promise in work.state.owed():
        retime(work, promise, why, only_sooner)
