"""Tells a pathway in plain language, as a page that a clinician can read aloud in a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from holdfast.core.conditions import ALWAYS, NEVER, Any, Condition
from holdfast.core.pathway import (
    Begin,
    Effects,
    Endpoint,
    Field,
    Gate,
    Obligation,
    Pathway,
    Rung,
    Step,
    Tell,
    Validation,
)
from holdfast.core.phrases import Phrases, listed, spaced

_KINDS = {
    "code": "one of",
    "codes": "any of",
    "flag": "yes or no",
    "date": "a date",
    "instant": "a date and time",
    "number": "a number",
    "staff": "a member of staff",
    "team": "a team",
    "teams": "one or several teams",
    "slot": "a free time",
    "text": "own words",
    "list": "a list of",
    "identity": "a person",
    "phone": "a phone number",
}
_OVERRIDES = {
    "never": "It cannot be passed over.",
    "clinical": "In an emergency it can be passed over at once; a supervisor signs afterwards.",
    "ordinary": "It can be passed over after a supervisor's sign-off.",
}


def in_words(pathway: Pathway) -> str:
    """The whole pathway as Markdown: who, the packet, the steps with their gates, clocks by tier, ladders, endpoints."""
    page = Page(pathway)
    return "\n".join(line for part in page.parts() for line in part).rstrip() + "\n"


class Page:
    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.say = Phrases(pathway)

    def parts(self) -> Iterator[Iterable[str]]:
        yield self.beginning()
        yield self.people()
        yield self.tiers()
        yield self.packet()
        yield self.scores()
        yield self.sharing()
        yield self.steps()
        yield self.gates()
        yield self.clocks()
        yield self.ladders()
        yield self.endings()

    def beginning(self) -> Iterator[str]:
        one = self.pathway
        yield from (f"# {one.title}", "")
        yield f"It runs for {one.window.text}. What is written up more than {one.late_after.text} later needs a reason."
        yield from ("", f"Edition `{one.digest[:12]}` of `{one.id}`.", "")
        if one.emergency:
            yield from (f"> {one.emergency}", "")

    def people(self) -> Iterator[str]:
        yield from ("## Who", "")
        for party in self.pathway.parties:
            yield f"- **{party.title}**: {listed([spaced(duty) for duty in party.duties])}."
        for named in self.pathway.named:
            hours = ", with a route by day and by night" if named.day_and_night else ""
            yield f"- **{_capital(spaced(named.id))}**: {named.ask}{hours}."
        yield from ("", f"At the opening, {self.say.who(self.pathway.holder_at_opening)} is accountable.", "")
        if others := list(self.others()):
            yield from ("## What it knows of the person's other cases", "", *(f"- {line}" for line in others), "")

    def others(self) -> Iterator[str]:
        for id, span in self.pathway.looks_back.items():
            yield f"How many cases of “{spaced(id)}” there were in the {span.text} before the opening."
        for id, span in self.pathway.looks_ahead.items():
            yield f"A case of “{spaced(id)}” until {span.text} after the end of this one is linked to it, and listed in the weekly check."
        if (up := self.pathway.takes_up) is not None:
            team, owed = self.say.team(up.party), self.pathway.get_obligation(up.opens).owed
            yield f"For each thing {team} still owes on the person's other open cases: “{owed}”."
        for id, moment in self.pathway.hears_of.items():
            yield f"When a case of “{spaced(id)}” opens for the same person, that counts here as “{spaced(moment)}”."

    def tiers(self) -> Iterator[str]:
        yield from ("## How urgent", "", "The first that fits counts.", "")
        for number, tier in enumerate(self.pathway.tiers, 1):
            if isinstance(tier.when, Any):
                yield f"{number}. **{tier.title}** if one of these holds:"
                yield from (f"   - {self.say.condition(item)}" for item in tier.when.items)
                continue
            when = "otherwise" if tier.when == ALWAYS else f"if {self.say.condition(tier.when)}"
            yield f"{number}. **{tier.title}** {when}."
        lowered = self.say.people(self.pathway.lowered_by)
        yield from ("", f"Anyone can raise it, with a reason; lowering it takes {lowered}.", "")

    def packet(self) -> Iterator[str]:
        yield from ("## The packet", "")
        for section in self.pathway.packet:
            yield from (f"### {section.title}", "", *self.fields(section.fields), "")

    def sharing(self) -> Iterator[str]:
        if self.pathway.sharing != ALWAYS:
            yield from ("## What may be shared", "")
            yield from (f"Only while {self.say.condition(self.pathway.sharing)}.", "")
            yield "Until then no link leaves and a link that left shows nothing; what waits leaves when it may."
            yield ""

    def scores(self) -> Iterator[str]:
        if self.pathway.scores:
            yield from ("## What is added up", "", "There is no sum until every question is answered.", "")
            for score in self.pathway.scores:
                yield f"- **{score.title}**: {listed([f'“{self.say.asked(id)}”' for id in score.items])}."
            yield ""

    def fields(self, fields: Iterable[Field]) -> Iterator[str]:
        before: Condition = ALWAYS
        for one in fields:
            yield self.field(one, again=one.needed == before)
            before = one.needed

    def field(self, one: Field, *, again: bool) -> str:
        choices = listed([f"“{option.label}”" for option in one.options], "or") if one.kind in ("code", "codes") else ""
        columns = listed([f"{column.label}{'' if column.needed else ' (may stay open)'}" for column in one.columns])
        answer = " ".join(part for part in (_KINDS[one.kind], choices, columns) if part)
        ways = (one.none_known and "“none known”", one.not_disclosed and "“asked, not disclosed”")
        allowed = f" {_capital(listed([w for w in ways if w], 'or'))} is an answer." if any(ways) else ""
        need = f" Needed only if {self.say.condition(one.needed)}." if not again else " Needed only in the same case."
        need = "" if one.needed == ALWAYS else " May stay blank." if one.needed == NEVER else need
        return f"- **{one.ask}**: {answer}.{need}{allowed}"

    def steps(self) -> Iterator[str]:
        yield from ("## The steps", "")
        for step in self.pathway.steps:
            yield from (f"### {step.title}", "", *(f"- {line}" for line in self.step(step)))
            if step.records:
                yield from ("- It asks:", *(f"  {line}" for line in self.fields(step.records)))
            yield ""

    def step(self, step: Step) -> Iterator[str]:
        if step.says:
            yield step.says
        yield f"By {self.say.people(step.by)}{', also from the secure link' if step.link else ''}."
        if step.when != ALWAYS:
            yield f"Only while {self.say.condition(step.when)}."
        if step.needs:
            yield f"Not before: {'; '.join(self.pathway.get_gate(gate).says for gate in step.needs)}."
        if step.about:
            yield f"It answers “{self.pathway.get_obligation(step.about).owed}”."
        for party, id in step.offers.items():
            yield f"The teams under “{self.say.asked(id)}” are asked to be “{self.pathway.get_party(party).title}”; the first to accept is."
        if step.takes_offer:
            yield "The team that does it has the part; the other offers are withdrawn and those teams told."
        if step.declines_offer:
            yield "The team that does it is asked no more; the others still are."
        if step.shows:
            yield f"It shows {listed([f'“{self.say.packet[id].ask}”' for id in step.shows])}."
        if step.packet:
            yield f"It sends {'the packet as it stands' if step.packet == 'freeze' else 'the amended packet'}."
        for duty, id in (*step.assigns.items(), *step.names.items()):
            yield f"Who is given under “{self.say.answers[id].ask}” becomes {self.say.who(duty)}."
        if step.waits_for is not None:
            pool, of = step.waits_for.pool, self.pathway.get_party(step.waits_for.of).title
            yield f"The case then waits for a {spaced(pool)} time of {of}: the next one that is free is offered to it by itself."
        if step.clears:
            yield f"After it, these must happen again: {listed([f'“{spaced(one)}”' for one in step.clears])}."
        if step.moves_to:
            yield f"From then on {self.say.who(step.moves_to)} is accountable."
        for one in step.emits:
            when = "" if one.when == ALWAYS else f" if {self.say.condition(one.when)}"
            apart = f", at least {one.apart.text} after the last" if one.apart else ""
            other = f"; otherwise “{spaced(one.otherwise)}”" if one.otherwise else ""
            yield f"It counts as “{spaced(one.moment)}”{when}{apart}{other}."
        yield from self.tells(step.tells)
        yield from self.begins(step.begins)
        if step.settles:
            yield "What is taken over or closed here is settled on the case it came from; what is kept stays there."

    def begins(self, begins: Iterable[Begin]) -> Iterator[str]:
        for one in begins:
            when = "" if one.when == ALWAYS else f"if {self.say.condition(one.when)}, "
            parties = listed([f"{self.say.team(team)} as {spaced(there)}" for there, team in one.parties.items()])
            yield _capital(f"{when}it opens a case of “{spaced(one.pathway)}” for the same person, with {parties}.")
            if one.holder:
                yield f"There {self.say.who(one.holder)} is accountable, if their role allows it."
            for there, here in one.hears.items():
                yield f"What counts there as “{spaced(there)}” counts here as “{spaced(here)}”."

    def tells(self, tells: Iterable[Tell]) -> Iterator[str]:
        for tell in tells:
            yield f"It tells {self.say.who(tell.who)} ({spaced(tell.notice)})."

    def gates(self) -> Iterator[str]:
        if self.pathway.gates:
            yield from ("## What a step can wait for", "", *(self.gate(one) for one in self.pathway.gates), "")

    def gate(self, gate: Gate) -> str:
        supplied = f"From {self.say.who(gate.supplied_by)}."
        return f"- **{gate.says}**: {self.say.condition(gate.when)}. {supplied} {_OVERRIDES[gate.override]}"

    def clocks(self) -> Iterator[str]:
        tiers = self.pathway.tiers
        yield from ("## What is owed, and by when", "")
        yield f"| What | Who | From | {' | '.join(tier.title for tier in tiers)} | Closed by | If late |"
        yield "|" + " --- |" * (5 + len(tiers))
        for owed in self.pathway.obligations:
            due = self.say.due(owed)
            times = " | ".join(due[tier.id] for tier in tiers)
            begins = listed([self.opening(owed, place) for place in range(len(owed.opens))], "or")
            who = _capital(self.say.who(owed.owed_by))
            yield f"| {owed.owed} | {who} | {begins} | {times} | {self.closing(owed)} | {spaced(owed.ladder)} |"
        yield ""
        for owed in self.pathway.obligations:
            for when, effects in (
                ("opens", owed.when_opened), ("is met", owed.when_met), ("is late", owed.when_breached),
            ):  # fmt: skip
                if lines := list(self.effects(effects)):
                    yield from (f"When “{owed.owed}” {when}:", "", *(f"- {line}" for line in lines), "")

    def opening(self, owed: Obligation, place: int) -> str:
        one = owed.opens[place]
        nth = f", time {one.nth}" if one.nth else ""
        held = f" while “{self.pathway.get_obligation(one.while_open).owed}” is open" if one.while_open else ""
        when = "" if one.when == ALWAYS else f" if {self.say.condition(one.when)}"
        return f"{spaced(one.moment)}{nth}{held}{when}"

    def closing(self, owed: Obligation) -> str:
        ways = [listed([spaced(moment) for moment in owed.met_by], "or")] if owed.met_by else []
        ways += [owed.done_when] if owed.done_when else []
        ways += [listed([one.ask for one in owed.records])] if owed.records and not owed.done_when else []
        return "; ".join(ways) or "done"

    def effects(self, effects: Effects) -> Iterator[str]:
        if effects.moves_to:
            yield f"{_capital(self.say.who(effects.moves_to))} is accountable from then on."
        yield from (f"It counts as “{spaced(moment)}”." for moment in effects.emits)
        yield from self.tells(effects.tells)
        yield from self.begins(effects.begins)

    def ladders(self) -> Iterator[str]:
        yield from ("## If it is late", "")
        for ladder in self.pathway.ladders:
            yield from (f"### {_capital(spaced(ladder.id))}", "")
            yield from (f"{number}. {self.rung(one)}" for number, one in enumerate(ladder.rungs, 1))
            yield ""
        yield f"Saying “I have it” holds a ladder for {self.pathway.ladders[0].holds.text}; then it climbs on."
        yield ""

    def rung(self, rung: Rung) -> str:
        when = "At once" if rung.at_once else f"After {rung.after.text} more" if rung.after else "When it is due"
        if rung.every is not None:
            when = f"Then every {rung.every.text}, until somebody acts or signs"
        hours = f"; out of hours {self.say.who(rung.out_of_hours)}" if rung.out_of_hours else ""
        return f"{when}: {self.say.who(rung.tell)}{hours}{f', by {spaced(rung.by)}' if rung.by else ''}."

    def endings(self) -> Iterator[str]:
        if self.pathway.states:
            yield from ("## What the case may say of itself", "")
            yield from (
                f"- **{_capital(title)}**: once “{spaced(m)}” has happened." for title, m in self.pathway.states.items()
            )
            yield ""
        yield from ("## How it can end", "")
        for one in self.pathway.endpoints:
            yield from (f"### {one.title}", "", *self.ending(one), "")
        if self.pathway.validations:
            yield from ("## What an auditor asks", "", *(self.asked(one) for one in self.pathway.validations), "")

    def asked(self, one: Validation) -> str:
        when = "" if one.when == ALWAYS else f" Asked only of a case where {self.say.condition(one.when)}."
        return f"- **{one.says}**: yes if {self.say.condition(one.holds)}.{when}"

    def ending(self, one: Endpoint) -> Iterator[str]:
        yield f"- By {self.say.people(one.by)}."
        if one.needs:
            yield f"- Not before: {'; '.join(self.pathway.get_gate(gate).says for gate in one.needs)}."
        yield from self.fields(one.records)
        yield from (f"- {line}" for line in self.tells(one.tells))
        yield from (f"- {line}" for line in self.begins(one.begins))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
