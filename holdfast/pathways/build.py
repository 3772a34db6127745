"""Makes a `core.Pathway` of a file's shape: names expanded, groups flattened, a time for every tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from holdfast.core.conditions import ALWAYS, NEVER, All, Any, Condition, Not, Some, Test
from holdfast.core.pathway import (
    NOTHING_ELSE,
    Begin,
    Column,
    DueRule,
    Effects,
    Emission,
    Endpoint,
    Field,
    Gate,
    Ladder,
    Named,
    Obligation,
    Opening,
    Option,
    Party,
    Pathway,
    Rung,
    Score,
    Section,
    Step,
    TakesUp,
    Tell,
    Tier,
    Validation,
    WaitsFor,
)
from holdfast.core.spans import Span, parse_span
from holdfast.pathways.condition_shape import (
    AllShape,
    AnyShape,
    ConditionShape,
    DefinedShape,
    NotShape,
    SomeShape,
    TestShape,
)
from holdfast.pathways.shape import (
    BeginShape,
    DueShape,
    EffectsShape,
    EndpointShape,
    FieldShape,
    GroupShape,
    ObligationShape,
    PathwayShape,
    Record,
    RungShape,
    StepShape,
    TellShape,
)

_YES_NO = (Option("yes", "Yes"), Option("no", "No"))


def build(shape: PathwayShape, digest: str) -> Pathway:
    """The pathway that a checked shape means."""
    return _Builder(shape).pathway(digest)


class _Builder:
    def __init__(self, shape: PathwayShape) -> None:
        self.shape = shape
        self.tiers = [tier.tier for tier in shape.tiers]

    def pathway(self, digest: str) -> Pathway:
        shape = self.shape
        holds = parse_span(shape.ladder_holds)
        return Pathway(
            id=shape.pathway,
            title=shape.title,
            kind=shape.kind,
            subject=shape.subject,
            window=parse_span(shape.window),
            late_after=parse_span(shape.late_after),
            prevents=tuple(shape.prevents),
            sources=tuple(shape.sources),
            holder_at_opening=shape.accountable_at_opening,
            parties=tuple(Party(id, party.title, dict(party.duties)) for id, party in shape.parties.items()),
            named=tuple(Named(id, named.ask, named.role, named.day_and_night) for id, named in shape.named.items()),
            tiers=tuple(Tier(tier.tier, tier.title, self.condition(tier.when)) for tier in shape.tiers),
            packet=tuple(Section(id, part.title, self.fields(part.fields)) for id, part in shape.packet.items()),
            gates=tuple(
                Gate(id, gate.says, self.condition(gate.when), gate.supplied_by, gate.override, gate.opens or "")
                for id, gate in shape.gates.items()
            ),
            steps=tuple(self.step(id, step) for id, step in shape.steps.items()),
            obligations=tuple(self.obligation(id, owed) for id, owed in shape.obligations.items()),
            ladders=tuple(Ladder(id, _rungs(rungs), holds) for id, rungs in shape.ladders.items()),
            endpoints=tuple(self.endpoint(id, endpoint) for id, endpoint in shape.endpoints.items()),
            validations=tuple(
                Validation(one.id, one.says, self.condition(one.holds_when), self.condition(one.applies_when))
                for one in shape.validations
            ),
            states=dict(shape.states),
            success={"endpoint": shape.success.endpoint, "by": shape.success.by} if shape.success else {},
            sign_off=shape.sign_off,
            lowered_by=tuple(shape.lowered_by),
            card=dict(shape.card),
            emergency=shape.emergency,
            digest=digest,
            wording=dict(shape.wording),
            meant=dict(shape.meant),
            scores=tuple(Score(id, one.title, tuple(one.sum)) for id, one in shape.scores.items()),
            sharing=self.condition(shape.may_share_when),
            looks_back={id: parse_span(text) for id, text in shape.looks_back.items()},
            looks_ahead={id: parse_span(text) for id, text in shape.looks_ahead.items()},
            hears_of=dict(shape.hears_of),
            takes_up=TakesUp(shape.takes_up.from_, shape.takes_up.opens) if shape.takes_up else None,
        )

    def condition(self, shape: ConditionShape) -> Condition:
        match shape:
            case TestShape():
                return _test(shape)
            case AllShape():
                return All(tuple(self.condition(item) for item in shape.all_))
            case AnyShape():
                return Any(tuple(self.condition(item) for item in shape.any_))
            case NotShape():
                return Not(self.condition(shape.not_))
            case SomeShape():
                return Some(shape.at_least, tuple(self.condition(item) for item in shape.of))
            case DefinedShape():
                return self.condition(self.shape.definitions[shape.defined])
            case _:
                return ALWAYS if shape == "always" else NEVER

    def fields(self, records: Iterable[Record]) -> tuple[Field, ...]:
        made: list[Field] = []
        for record in records:
            if isinstance(record, GroupShape):
                together = self.condition(record.needed_when)
                made += [self.field(one, together) for one in record.fields]
            else:
                made.append(self.field(record, ALWAYS))
        return tuple(made)

    def field(self, shape: FieldShape, together: Condition) -> Field:
        return Field(
            id=shape.id,
            kind=shape.kind,
            ask=shape.ask,
            hint=shape.hint,
            options=self.options(shape),
            columns=tuple(Column(id, label, id in shape.each_needs) for id, label in (shape.columns or {}).items()),
            needed=_both(together, self.condition(shape.needed_when)),
            none_known=shape.none_known is not None,
            not_disclosed=shape.not_disclosed is not None,
            role=shape.role or "",
            labels=tuple(shape.labels),
            summary=shape.summary,
            pool=shape.pool or "",
            of=shape.of or "",
        )

    def options(self, shape: FieldShape) -> tuple[Option, ...]:
        if shape.kind == "flag":
            return _YES_NO
        choices = self.shape.choices[shape.one_of] if isinstance(shape.one_of, str) else shape.one_of or {}
        return tuple(Option(code, label) for code, label in choices.items())

    def step(self, id: str, shape: StepShape) -> Step:
        return Step(
            id=id,
            title=shape.title,
            by=tuple(shape.by),
            needs=tuple(shape.needs),
            when=self.condition(shape.only_when),
            records=self.fields(shape.records),
            emits=tuple(
                Emission(
                    moment=one.moment,
                    when=self.condition(one.when),
                    apart=parse_span(one.apart) if one.apart else None,
                    otherwise=one.otherwise or "",
                )
                for one in shape.emits
            ),
            moves_to=shape.moves_responsibility_to or "",
            assigns=dict(shape.assigns),
            names=dict(shape.names),
            parties=dict(shape.parties),
            packet=shape.packet or "",
            tells=_tells(shape.tells),
            clears=tuple(shape.clears),
            about=shape.about or "",
            link=shape.link,
            urgent=shape.urgent,
            says=shape.says,
            shows=tuple(shape.shows),
            offers=dict(shape.offers),
            takes_offer=shape.takes_offer or "",
            declines_offer=shape.declines_offer or "",
            waits_for=WaitsFor(shape.waits_for.pool, shape.waits_for.of) if shape.waits_for else None,
            begins=self.begins(shape.begins),
            settles=shape.settles or "",
        )

    def begins(self, shapes: Iterable[BeginShape]) -> tuple[Begin, ...]:
        return tuple(
            Begin(one.pathway, dict(one.parties), one.holder or "", dict(one.hears), self.condition(one.when))
            for one in shapes
        )

    def obligation(self, id: str, shape: ObligationShape) -> Obligation:
        every = self.times(shape.every) if shape.every is not None else None
        return Obligation(
            id=id,
            owed=shape.owed,
            owed_by=shape.owed_by,
            opens=tuple(
                Opening(one.moment, one.time or 0, one.while_open or "", self.condition(one.when))
                for one in shape.opens_on
            ),
            due=self.due(shape.due) if shape.due else DueRule(spans=dict(every or {})),
            ladder=shape.ladder,
            met_by=tuple(shape.met_by),
            records=self.fields(shape.records),
            done_when=shape.done_when,
            not_applicable=shape.not_applicable is not None,
            waived_by=" ".join(shape.waived_by),
            many=shape.many,
            every=every,
            next_from=shape.next_from,
            survives_close=shape.survives_close,
            climbs_on=tuple(shape.climbs_on),
            when_opened=self.effects(shape.when_opened),
            when_met=self.effects(shape.when_met),
            when_breached=self.effects(shape.when_breached),
            task=shape.task,
        )

    def due(self, shape: DueShape) -> DueRule:
        """A time after a fact counts from the start while the fact is not known, unless another is given for that."""
        offset = self.times(shape.before or shape.plus or {})
        spans = self.times(shape.times) if shape.times else self.times(shape.plus or {})
        return DueRule(spans=spans, fact=shape.at or "", offset=offset, before=shape.before is not None)

    def times(self, written: Mapping[str, str]) -> dict[str, Span]:
        """A span for each tier, from the most acute; a tier's own time goes before the one for `all`."""
        texts = {tier: written.get(tier, written.get("all")) for tier in self.tiers}
        return {tier: parse_span(text) for tier, text in texts.items() if text is not None}

    def endpoint(self, id: str, shape: EndpointShape) -> Endpoint:
        records, tells = self.fields(shape.records), _tells(shape.tells)
        begins = self.begins(shape.begins)
        return Endpoint(id, shape.title, tuple(shape.by), tuple(shape.needs), records, tells, begins)

    def effects(self, shape: EffectsShape | None) -> Effects:
        if shape is None:
            return NOTHING_ELSE
        moves_to = shape.moves_responsibility_to or ""
        return Effects(tuple(shape.emits), moves_to, _tells(shape.tells), self.begins(shape.begins))


def _both(one: Condition, other: Condition) -> Condition:
    if one == ALWAYS or other == NEVER:
        return other
    return one if other == ALWAYS or one == NEVER else All((one, other))


def _test(shape: TestShape) -> Test:
    for op, values in (("is", shape.is_), ("is-not", shape.is_not)):
        if values is not None:
            return Test(shape.fact, op, tuple(values))
    for op, number in (("at-least", shape.at_least), ("at-most", shape.at_most)):
        if number is not None:
            return Test(shape.fact, op, (str(number),))
    return Test(shape.fact, "unknown" if shape.unknown else "known")


def _tells(shapes: Sequence[TellShape]) -> tuple[Tell, ...]:
    return tuple(Tell(one.who, one.notice) for one in shapes)


def _rungs(shapes: Sequence[RungShape]) -> tuple[Rung, ...]:
    return tuple(
        Rung(
            tell=one.tell,
            after=parse_span(one.after) if one.after else None,
            every=parse_span(one.then_every) if one.then_every else None,
            at_once=one.at == "once",
            out_of_hours=one.out_of_hours or "",
            by=one.by or "",
            notice=one.notice or "rung",
        )
        for one in shapes
    )
