"""Plays stories on one clock: deeds in their order, clocks the instant they run out, the post in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from holdfast.clocks.rows import claim_due, oldest_due
from holdfast.core.answers import GIVEN, RawAnswer
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.desk import persons
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.ledger.refold import folded
from holdfast.ledger.store import read_head
from holdfast.pathways.editions import latest_edition
from holdfast.rehearsal.acts import Scene, asks_of
from holdfast.rehearsal.fault import StoryFault
from holdfast.rehearsal.post import DOOR
from holdfast.rehearsal.reckoning import Reckoning, span_of
from holdfast.rehearsal.stage import Stage
from holdfast.rehearsal.story import Deed, Story

_AT_ONCE = 100


@dataclass(slots=True)
class Play:
    """One story on its way: its case, its person, and the deeds still to come, by when."""

    story: Story
    reckoning: Reckoning
    case: str
    person: str
    coming: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    asked: int = 0


@dataclass(slots=True)
class Player:
    """Plays ``plays`` together, so that the record is written in the order of its times."""

    stage: Stage
    plays: list[Play] = field(default_factory=list)

    def add(self, story: Story, reckoning: Reckoning) -> Play:
        """Put a story on the programme. Raises StoryFault where it names nobody of the network, or a time that is none."""
        play = Play(story, reckoning, f"case:{self.stage.new_id()}", f"p{self.stage.new_id()}")
        play.coming = _in_order(story, reckoning)
        scene = self._scene(play)
        for rule in story.post:
            team = next((t.id for t in scene.directory.teams.values() if rule.to in (t.id, t.name)), "")
            address = f"team:{team}" if team else f"staff:{scene.staff(rule.to)}"
            self.stage.post.watch(play.case, address, rule)
        self.plays.append(play)
        return play

    def run(self, until: datetime) -> None:
        """Let time pass to ``until``. At one instant deeds come before clocks: who acts in time has acted in time."""
        clock, post = self.stage.clock, self.stage.post
        while True:
            play = min((p for p in self.plays if p.coming), key=lambda p: p.coming[0][:2], default=None)
            deed_at = play.coming[0][0] if play is not None else None
            times = [at for at in (deed_at, post.next_return(), oldest_due(until)) if at is not None and at <= until]
            if not times:
                break
            clock.move_to(min(times))
            if post.next_return() == min(times):
                post.bring_back(clock.now())
            elif play is not None and deed_at == min(times):
                self._do(play, play.coming.pop(0)[2])
            else:
                self._fire()
            post.carry(clock.now())
        clock.move_to(until)

    def _fire(self) -> None:
        due = claim_due(self.stage.clock.now(), _AT_ONCE)
        for stream in due:
            outcome = self.stage.desk.handle(Envelope(stream, Ask("FireClocks", {"why_late": ""}), SYSTEM, DOOR))
            if outcome.refusal is not None:
                raise StoryFault(f"A clock that is due did not fire: {outcome.refusal.says}")

    def _do(self, play: Play, deed: Deed) -> None:
        scene = self._scene(play)
        actor = scene.staff(deed.by)
        if deed.does == "open":
            self._register(play, actor)
        happened = play.reckoning.instant(deed.happened) if deed.happened else None
        for ask in asks_of(deed, scene):
            play.asked += 1
            key = f"{play.case}:{play.asked}"
            outcome = self.stage.desk.handle(Envelope(play.case, ask, actor, DOOR, key, occurred=happened))
            _as_told(play, deed, outcome)

    def _register(self, play: Play, actor: str) -> None:
        card = {
            f"person.{name}": RawAnswer(GIVEN, text) for name, text in play.story.person.items() if name != "number"
        }
        number = play.story.person.get("number", play.person)
        outcome = persons.register(self.stage.desk, play.person, card, [("mrn", number)], actor, DOOR)
        if outcome.refusal is not None:
            raise StoryFault(f"{play.story.id}: {outcome.refusal.says}")

    def _scene(self, play: Play) -> Scene:
        head = read_head(play.case, "", "").head
        state: State | None = None if head is None else folded(play.case, head)
        pathway = latest_edition(play.story.pathway)
        return Scene(play.story, play.case, play.person, play.reckoning, pathway, self.stage.directory, state)


def _in_order(story: Story, reckoning: Reckoning) -> list[tuple[datetime, int, Deed]]:
    coming: list[tuple[datetime, int, Deed]] = []
    for place, deed in enumerate(story.script):
        at = reckoning.instant(deed.at)
        last = reckoning.instant(deed.until) if deed.until else at
        while at <= last:
            coming.append((at, place, deed))
            if not deed.every:
                break
            at += span_of(deed.every)
    return sorted(coming, key=lambda one: one[:2])


def _as_told(play: Play, deed: Deed, outcome: Outcome) -> None:
    where = f"{play.story.id}, {deed.at}: {deed.by} does {deed.does}"
    if outcome.refusal is not None:
        if outcome.refusal.code != deed.refused:
            raise StoryFault(f"{where}, and is refused ({outcome.refusal.code}): {outcome.refusal.says}")
    elif deed.refused:
        raise StoryFault(f"{where}, and is not refused, which the story expected.")
