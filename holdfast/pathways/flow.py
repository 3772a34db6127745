"""The flow of a pathway as rows: what must have happened, the deed, what it counts as and what is then owed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from holdfast.core.pathway import Endpoint, Pathway, Step
from holdfast.core.phrases import Phrases, spaced
from holdfast.pathways.picture import moments_asked

#: Moments that the engine marks by itself, and what a reader should call them.
BUILT_IN = {
    "opened": "the case opens",
    "closed": "the case is closed",
    "reopened": "the case is reopened",
    "window-ended": "the window ends",
    "tier-raised": "the tier is raised",
    "tier-lowered": "the tier is lowered",
    "packet-completed": "the packet is complete at last",
    "provisional": "the packet goes out unfinished",
    "override-used": "a gate is passed over",
    "delivery-failed": "a message cannot be delivered",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One deed. ``kind``: moment, step, owed or end. ``after`` and ``marks`` are moments as words, ``owes`` what opens with its times."""

    kind: str
    title: str
    by: str
    after: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    owes: tuple[str, ...] = ()


def rows(pathway: Pathway) -> list[Row]:
    """Every row: what happens by itself, the steps in the order of the file, promises that mark moments, and the ends."""
    return [*_Flow(pathway).rows()]


def flow_in_words(pathway: Pathway) -> str:
    """The same as the picture, for those who cannot see it."""
    lines = []
    for row in rows(pathway):
        lines.append(f"{row.title}{f' ({row.by})' if row.by else ''}")
        lines += [f"  after: {', '.join(row.after)}"] if row.after else []
        lines += [f"  counts as: {', '.join(row.marks)}"] if row.marks else []
        lines += [f"  then owed: {one}" for one in row.owes]
    return "\n".join(lines) + "\n"


class _Flow:
    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.say = Phrases(pathway)

    def rows(self) -> Iterator[Row]:
        opens = {opening.moment for owed in self.pathway.obligations for opening in owed.opens}
        yield from (
            Row("moment", _capital(words), "", owes=self.owes([moment]))
            for moment, words in BUILT_IN.items()
            if moment in opens
        )
        yield from map(self.step, self.pathway.steps)
        yield from self.promises()
        yield from map(self.end, self.pathway.endpoints)

    def step(self, step: Step) -> Row:
        marks = [name for one in step.emits for name in (one.moment, one.otherwise) if name]
        return Row("step", step.title, self.say.people(step.by), self.after(step), _words(marks), self.owes(marks))

    def promises(self) -> Iterator[Row]:
        """Promises whose opening, keeping or breach marks a moment of its own."""
        for owed in self.pathway.obligations:
            by = self.say.who(owed.owed_by)
            for words, effects in (("", owed.when_opened), (" - kept", owed.when_met), (" - late", owed.when_breached)):
                if effects.emits:
                    after = () if words else _words(opening.moment for opening in owed.opens)
                    yield Row("owed", owed.owed + words, by, after, _words(effects.emits), self.owes(effects.emits))

    def end(self, end: Endpoint) -> Row:
        return Row("end", f"End: {end.title}", self.say.people(end.by), self.after(end))

    def after(self, deed: Step | Endpoint) -> tuple[str, ...]:
        return _words(moments_asked(self.pathway, deed))

    def owes(self, moments: Iterable[str]) -> tuple[str, ...]:
        known = set(moments)
        found = []
        for owed in self.pathway.obligations:
            if known & {opening.moment for opening in owed.opens}:
                due = self.say.due(owed)
                titles = {tier.id: tier.title for tier in self.pathway.tiers}
                same = len(set(due.values())) == 1
                each = ", ".join(f"{titles[tier]} {text}" for tier, text in due.items())
                found.append(f"{owed.owed} ({next(iter(due.values())) if same else each})")
        return tuple(found)


def _words(moments: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(BUILT_IN.get(moment, spaced(moment)) for moment in moments))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
