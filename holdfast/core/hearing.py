"""Hearing: what happened on another case of the same person is a moment here; what could not be asked there is on record here."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.commands import HearMoment, NoteDropped
from holdfast.core.firing import by_machine
from holdfast.core.moments import mark
from holdfast.core.refusals import Refusal
from holdfast.core.tiers import judge_tier, tier_by_rule
from holdfast.core.work import Refused, Work


def hear_moment(work: Work, command: HearMoment) -> None:
    """Mark it, as if a step here had. A case that is closed still hears: what outlived it may be waiting for this."""
    by_machine(work)
    if work.state.status == "ended":
        raise Refused(Refusal("ended", "That case and its window are over."))
    ruled = tier_by_rule(work)
    mark(work, command.moment, min(command.occurred, work.now))
    judge_tier(work, ruled)


def note_dropped(work: Work, command: NoteDropped) -> None:
    """An ask on another case came to nothing: for governance to see, and no reason to hold up a clock."""
    by_machine(work)
    work.add(e.AskDropped(command.what, command.code, command.case))
