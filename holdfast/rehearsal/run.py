"""One story from beginning to end, and what came of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.core.validations import Verdict, judge
from holdfast.directory.snapshot import current_version
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.models import Head
from holdfast.pathways.editions import latest_edition
from holdfast.rehearsal.acts import Scene
from holdfast.rehearsal.chronicle import chronicle
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.expectation import Finding, check_expectations
from holdfast.rehearsal.player import Player
from holdfast.rehearsal.stage import set_stage
from holdfast.rehearsal.story import Story
from holdfast.rehearsal.timeline import Line, tell
from holdfast.worklists.casefile import entries_of
from holdfast.worklists.models import Holding

#: The stage is set this long before the story begins.
_BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """``holdings`` are (name, since, until), without a gap; ``digest`` is one for the whole ledger: the same seed gives the same."""

    case: str
    zone: str
    lines: list[Line]
    findings: list[Finding]
    verdicts: list[Verdict]
    holdings: list[tuple[str, datetime, datetime | None]]
    entries: int
    digest: str

    @property
    def as_expected(self) -> bool:
        return not any(finding.but for finding in self.findings)


def rehearse(story: Story, seed: int, first: datetime, network: str | None = None) -> Rehearsed:
    """Play ``story`` in the current, empty database with its day 0 on the day of ``first``.

    Raises StoryFault where the story cannot go on as written, NotARehearsal where the database holds anything.
    """
    clock = VirtualClock(first - _BEFORE)
    stage = set_stage(clock, seed, network=network, today=first)
    with transaction.atomic():  # a story is there whole or not at all, and nothing waits for the disk in between
        player = Player(stage)
        play = player.add(story, stage.reckoning(first))
        player.run(play.reckoning.instant(story.ends))
    pathway, directory = latest_edition(story.pathway), load_directory(current_version())
    steps = chronicle(entries_of(play.case))
    state = steps[-1].state
    scene = Scene(story, play.case, play.person, play.reckoning, pathway, directory, state)
    held = Holding.objects.filter(case=play.case).order_by("turn")
    return Rehearsed(
        case=play.case,
        zone=stage.zone,
        lines=tell(steps, pathway, directory),
        findings=check_expectations(scene, steps),
        verdicts=judge(state, pathway, directory),
        holdings=[(directory.staff[row.holder].name, row.since, row.until) for row in held],
        entries=sum(Head.objects.values_list("number", flat=True)),
        digest=ledger_digest(),
    )


def ledger_digest() -> str:
    """One digest (hex) over the last entry of every stream, which stands for all entries before it."""
    rows = Head.objects.order_by("stream").values_list("stream", "number", "digest")
    return hashlib.sha256(
        "".join(f"{stream} {number} {digest}\n" for stream, number, digest in rows).encode()
    ).hexdigest()
