"""Tiers: computed by the pathway's rules, raised by anyone with a reason, lowered only by a clinician (MOD-06, HZ-44, HZ-90)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.commands import LowerTier, RaiseTier
from holdfast.core.conditions import because, holds
from holdfast.core.moments import mark
from holdfast.core.promises import retime
from holdfast.core.refusals import Refusal
from holdfast.core.who import concerns, is_meant
from holdfast.core.work import Refused, Work

BY_RULE = "rule"


def judge_tier(work: Work) -> None:
    """Set the tier the rules give. Once the packet is out, the rules may raise it but never lower it."""
    facts = work.facts()
    tier = next((t for t in work.pathway.tiers if holds(t.when, facts)), work.pathway.tiers[-1])
    was = work.state.tier
    if tier.id == was:
        return
    raised = work.pathway.tier_rank(tier.id) < work.pathway.tier_rank(was)
    if not raised and was and (work.state.packet_version or work.state.tier_by != BY_RULE):
        return
    work.add(e.TierSet(tier.id, was, tuple(because(tier.when, facts)), BY_RULE))
    if was:
        _retime_all(work, f"the tier is now {tier.id}", only_sooner=raised)
        mark(work, "tier-raised" if raised else "tier-lowered", work.now)


def raise_tier(work: Work, command: RaiseTier) -> None:
    if not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only the people of this case can raise its tier."))
    _check(work, command.tier, raising=True)
    work.add(e.TierSet(command.tier, work.state.tier, (), work.actor, command.reason))
    _retime_all(work, f"the tier was raised to {command.tier}", only_sooner=True)
    mark(work, "tier-raised", work.now)


def lower_tier(work: Work, command: LowerTier) -> None:
    meant = (
        is_meant(work.actor, w, work.state, work.pathway, work.directory, work.now) for w in work.pathway.lowered_by
    )
    if not any(meant):
        raise Refused(
            Refusal("without_authority", "Only a clinician with authority can lower the tier, with a reason.")
        )
    _check(work, command.tier, raising=False)
    work.add(e.TierSet(command.tier, work.state.tier, (), work.actor, command.reason))
    _retime_all(work, f"the tier was lowered to {command.tier}", only_sooner=False)
    mark(work, "tier-lowered", work.now)


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
