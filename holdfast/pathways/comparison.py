"""The difference between two editions in plain words, what matters most first (HZ-88)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import Any

from holdfast.core.pathway import Field, Gate, Ladder, Obligation, Pathway
from holdfast.core.phrases import spaced
from holdfast.core.spans import Span, elapsed
from holdfast.pathways.order import unordered
from holdfast.pathways.words import Page

#: The headings of a difference, in the order in which a meeting should look at them.
LONGER, LOOSER, QUIETER, LESS, STRICTER, MORE, WORDING = range(7)
HEADINGS = (
    "Times lengthened",
    "Gates removed or eased",
    "Ladders shortened",
    "No longer asked, owed or checked",
    "Times shortened, gates and rules changed",
    "New",
    "Wording",
)
#: What is said of two files that differ only in what nobody meets: notes, layout, order.
NOTHING = "Nothing that anybody would notice."
_STRICT = {"never": 2, "ordinary": 1, "clinical": 0}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise: ``heading`` is a place in HEADINGS."""

    heading: int
    says: str


@dataclass(slots=True)
class _Pair:
    """One thing of both editions, with the pages that tell them."""

    was: Page
    now: Page


def compare(before: Pathway, after: Pathway) -> list[Change]:
    """Every change from ``before`` to ``after``, each once, by heading and then in the order of the file. Order alone is no change."""
    pair = _Pair(Page(unordered(before)), Page(unordered(after)))
    found = [change for part in _PARTS for change in part(pair)]
    return sorted(dict.fromkeys(found), key=lambda change: change.heading)


def in_words(before: Pathway, after: Pathway) -> str:
    """The difference as Markdown, for a meeting."""
    lines = [f"# {after.title}: what would change", ""]
    lines += [f"From edition `{before.digest[:12]}` to edition `{after.digest[:12]}`.", ""]
    found = compare(before, after)
    if not found:
        lines += [NOTHING if before.digest != after.digest else "Nothing."]
    for heading, title in enumerate(HEADINGS):
        if says := [change.says for change in found if change.heading == heading]:
            lines += [f"## {title}", "", *(f"- {one}" for one in says), ""]
    return "\n".join(lines).rstrip() + "\n"


def longer(was: Span, now: Span) -> bool:
    """Whether a time may have become longer. Where hours and working days are compared nobody can know: then it may."""
    if was.kind == now.kind:
        return now.amount > was.amount
    one, other = elapsed(was), elapsed(now)
    return other > one if one is not None and other is not None else True


def _span(title: str, was: Span | None, now: Span | None) -> Iterator[Change]:
    if was == now:
        return
    told = f"{title}: {was.text if was else 'none'} becomes {now.text if now else 'none'}."
    grown = now is None or (was is not None and longer(was, now))
    yield Change(LONGER if grown else STRICTER, told)


def _lines(title: str, was: Iterable[str], now: Iterable[str], heading: int = STRICTER) -> Iterator[Change]:
    """Sentences that went and sentences that came, as `words` tells them."""
    old, new = list(was), list(now)
    gone = [line for line in old if line not in new]
    come = [line for line in new if line not in old]
    for left, right in zip_longest(gone, come):
        if left is None:
            yield Change(heading, f"{title}: now also “{_bare(right)}”.")
        elif right is None:
            yield Change(heading, f"{title}: no longer “{_bare(left)}”.")
        else:
            yield Change(heading, f"{title}: “{_bare(left)}” becomes “{_bare(right)}”.")


def _bare(line: str) -> str:
    return line.strip().removeprefix("- ").rstrip(".").replace("**", "")


def _matched(
    was: Sequence[Any], now: Sequence[Any], what: str, title: Callable[[Any], str], less: int = LESS
) -> Iterator[tuple[Any, Any] | Change]:
    """What both have, in pairs, and what came or went as changes."""
    old = {one.id: one for one in was}
    for one in now:
        if one.id in old:
            yield old[one.id], one
        else:
            yield Change(MORE, f"New {what}: “{title(one)}”.")
    kept = {one.id for one in now}
    yield from (Change(less, f"The {what} “{title(one)}” is gone.") for one in was if one.id not in kept)


def _rest(title: str, was: Any, now: Any, told: Iterable[str]) -> Iterator[Change]:
    """Anything else that differs, so that no change is passed over in silence."""
    for one in fields(was):
        if one.name not in told and getattr(was, one.name) != getattr(now, one.name):
            yield Change(STRICTER, f"{title}: {one.name.replace('_', ' ')} is otherwise.")


def _whole(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    if was.window != now.window:
        told = f"Somebody is accountable for {now.window.text} (was {was.window.text})."
        yield Change(LESS if longer(now.window, was.window) else MORE, told)
    yield from _span("What is written up late without a reason", was.late_after, now.late_after)
    if was.title != now.title:
        yield Change(WORDING, f"It was called “{was.title}”.")
    if was.emergency != now.emergency:
        yield Change(STRICTER, f"In an emergency it says: “{now.emergency}” (was “{was.emergency}”).")
    for part in (Page.people, Page.tiers):
        yield from _lines("Who and how urgent", part(pair.was), part(pair.now))
    yield from _lines("States", _states(was), _states(now), WORDING)
    for name in {**was.wording, **now.wording}:
        if was.wording.get(name) != now.wording.get(name):
            yield Change(WORDING, f"The wording of “{spaced(name)}” is “{now.wording.get(name, '(gone)')}”.")
    yield from _rest("The pathway", was, now, _WHOLE)


_WHOLE = frozenset(
    {"title", "window", "late_after", "emergency", "parties", "named", "tiers", "holder_at_opening", "lowered_by"}
    | {"states", "wording", "packet", "gates", "steps", "obligations", "ladders", "endpoints", "validations", "digest"}
    | {"sources", "prevents"}
)


def _states(pathway: Pathway) -> list[str]:
    return [f"{title}: {spaced(moment)}" for title, moment in pathway.states.items()]


def _packet(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    yield from _form(pair, "the packet", list(was.packet_fields()), list(now.packet_fields()))
    yield from _lines("Parts of the packet", [s.title for s in was.packet], [s.title for s in now.packet], WORDING)


def _form(pair: _Pair, where: str, was: Sequence[Field], now: Sequence[Field]) -> Iterator[Change]:
    for one in _matched(was, now, f"question in {where}", lambda field: field.ask):
        if isinstance(one, Change):
            yield one
            continue
        old, new = one
        if old.ask != new.ask:
            yield Change(WORDING, f"In {where} “{old.ask}” is now asked as “{new.ask}”.")
        if old.hint != new.hint:
            yield Change(WORDING, f"In {where} “{new.ask}” has another hint: “{new.hint}”.")
        before = pair.was.field(old, again=False).partition("**: ")[2]
        yield from _lines(f"“{new.ask}”", [before], [pair.now.field(new, again=False).partition("**: ")[2]])
        told = {"ask", "hint", "kind", "options", "columns", "needed", "none_known", "not_disclosed"}
        yield from _rest(f"“{new.ask}”", old, new, told)


def _gates(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    for one in _matched(was.gates, now.gates, "gate", lambda gate: gate.says, LOOSER):
        if isinstance(one, Change):
            yield one
            continue
        yield from _gate(pair, *one)


def _gate(pair: _Pair, old: Gate, new: Gate) -> Iterator[Change]:
    if old.override != new.override:
        eased = _STRICT[new.override] < _STRICT[old.override]
        how = {"never": "cannot be passed over", "clinical": "can be passed over in an emergency"}
        told = how.get(new.override, "can be passed over after a sign-off")
        yield Change(LOOSER if eased else STRICTER, f"The gate “{new.says}” now {told}.")
    if old.says != new.says:
        yield Change(WORDING, f"The gate “{old.says}” is now called “{new.says}”.")
    asked = [pair.was.say.condition(old.when)], [pair.now.say.condition(new.when)]
    yield from _lines(f"The gate “{new.says}” asks", *asked, heading=LOOSER)
    yield from _rest(f"The gate “{new.says}”", old, new, {"says", "when", "override"})


def _steps(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    for one in _matched(was.steps, now.steps, "step", lambda step: step.title):
        if isinstance(one, Change):
            yield one
            continue
        old, new = one
        yield from _deed(pair, old, new)
        yield from _lines(f"“{new.title}”", _ungated(pair.was.step(old)), _ungated(pair.now.step(new)))


def _deed(pair: _Pair, old: Any, new: Any) -> Iterator[Change]:
    """What steps and ends have in common: title, gates and form."""
    if old.title != new.title:
        yield Change(WORDING, f"“{old.title}” is now called “{new.title}”.")
    for gate in old.needs:
        if gate not in new.needs:
            yield Change(LOOSER, f"“{new.title}” no longer waits for: {pair.was.pathway.get_gate(gate).says}.")
    for gate in new.needs:
        if gate not in old.needs:
            yield Change(STRICTER, f"“{new.title}” now waits for: {pair.now.pathway.get_gate(gate).says}.")
    yield from _form(pair, f"“{new.title}”", old.records, new.records)


def _ungated(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if "Not before: " not in line]


def _obligations(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    for one in _matched(was.obligations, now.obligations, "obligation", lambda owed: owed.owed):
        if isinstance(one, Change):
            yield one
            continue
        yield from _times(pair, *one)
        yield from _owed(pair, *one)


def _times(pair: _Pair, old: Obligation, new: Obligation) -> Iterator[Change]:
    said, says = pair.was.say.due(old), pair.now.say.due(new)
    for tier in pair.now.pathway.tiers:
        before, after = said.get(tier.id), says.get(tier.id)
        if before is None or after is None or before == after:
            continue
        spans = [(old.due.spans.get(tier.id), new.due.spans.get(tier.id))]
        spans.append((old.due.offset.get(tier.id), new.due.offset.get(tier.id)))
        spans += [((old.every or {}).get(tier.id), (new.every or {}).get(tier.id))]
        same = old.due.fact == new.due.fact and old.due.before == new.due.before
        grown = any(a != b and (a is None or b is None or longer(a, b)) for a, b in spans)
        # Longer before an instant is sooner.
        if same and old.due.before:
            a, b = spans[1]
            grown = a is None or b is None or longer(b, a)
        told = f"{new.owed}, {tier.title}: {before} becomes {after}."
        yield Change(LONGER if grown or not same else STRICTER, told)


def _owed(pair: _Pair, old: Obligation, new: Obligation) -> Iterator[Change]:
    name = f"“{new.owed}”"
    if old.owed != new.owed:
        yield Change(WORDING, f"“{old.owed}” is now called {name}.")
    yield from _lines(f"{name} is owed by", [pair.was.say.who(old.owed_by)], [pair.now.say.who(new.owed_by)])
    opened = [pair.was.opening(old, n) for n in range(len(old.opens))]
    yield from _lines(f"{name} begins", opened, [pair.now.opening(new, n) for n in range(len(new.opens))])
    yield from _lines(f"{name} is closed by", [pair.was.closing(old)], [pair.now.closing(new)])
    if old.ladder != new.ladder:
        ladders = [_rungs(pair.was, pair.was.pathway.get_ladder(old.ladder))]
        ladders.append(_rungs(pair.now, pair.now.pathway.get_ladder(new.ladder)))
        told = f"If {name} is late: {'; '.join(ladders[1])} (was {'; '.join(ladders[0])})."
        yield Change(QUIETER if len(ladders[1]) < len(ladders[0]) else STRICTER, told)
    for word in ("when_opened", "when_met", "when_breached"):
        effects = pair.was.effects(getattr(old, word)), pair.now.effects(getattr(new, word))
        yield from _lines(f"When {name} {_WHENS[word]}", *effects)
    yield from _form(pair, name, old.records, new.records)
    if new.waived_by and old.waived_by != new.waived_by:
        yield Change(LOOSER, f"{name} can now be waived by {new.waived_by}.")
    told_already = {"owed", "owed_by", "opens", "met_by", "done_when", "records", "ladder", "due", "every", "waived_by"}
    yield from _rest(name, old, new, told_already | set(_WHENS))


_WHENS: Mapping[str, str] = {"when_opened": "opens", "when_met": "is met", "when_breached": "is late"}


def _ladders(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    for one in _matched(was.ladders, now.ladders, "ladder", lambda ladder: spaced(ladder.id), QUIETER):
        if isinstance(one, Change):
            yield one
            continue
        old, new = one
        name = f"The ladder “{spaced(new.id)}”"
        yield from _span(f"{name} is held by an acknowledgement for", old.holds, new.holds)
        for left, right in zip(old.rungs, new.rungs, strict=False):
            yield from _span(f"{name}, to {pair.now.say.who(right.tell)}", *_waits(left, right))
        fewer = len(new.rungs) < len(old.rungs)
        yield from _lines(name, _rungs(pair.was, old), _rungs(pair.now, new), QUIETER if fewer else STRICTER)


def _waits(left: Any, right: Any) -> tuple[Span | None, Span | None]:
    both = left.every or left.after, right.every or right.after
    return both if all(both) else (None, None)


def _rungs(page: Page, ladder: Ladder) -> list[str]:
    return [page.rung(rung).rstrip(".") for rung in ladder.rungs]


def _endings(pair: _Pair) -> Iterator[Change]:
    was, now = pair.was.pathway, pair.now.pathway
    for one in _matched(was.endpoints, now.endpoints, "way to end", lambda end: end.title):
        if isinstance(one, Change):
            yield one
            continue
        old, new = one
        yield from _deed(pair, old, new)
        yield from _lines(f"“{new.title}”", [pair.was.say.people(old.by)], [pair.now.say.people(new.by)])
        yield from _rest(f"“{new.title}”", old, new, {"title", "needs", "records", "by"})
    for one in _matched(was.validations, now.validations, "question of an auditor", lambda asked: asked.says):
        if isinstance(one, Change):
            yield one
            continue
        old, new = one
        if old.says != new.says:
            yield Change(WORDING, f"An auditor asks “{new.says}” (was “{old.says}”).")
        for name in ("holds", "when"):
            sides = [pair.was.say.condition(getattr(old, name))], [pair.now.say.condition(getattr(new, name))]
            yield from _lines(f"The auditor's “{new.says}”", *sides)


_PARTS = (_obligations, _gates, _ladders, _steps, _packet, _endings, _whole)
