"""What people may ask of a case, drawn at random: what is offered to them, and anything at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random

from holdfast.core import commands as c
from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, Answer
from holdfast.core.deeds import Deed
from holdfast.core.pathway import Field
from tests.core.cases import REASON, Case
from tests.core.network import COMMUNITY, HARBOUR, IVY, LEA, network

PEOPLE = (*sorted(network().staff), "nobody", "")
LIKELY = ("kit", "una", "lea", "ivy", "sol", "dara")
BAD = (
    Answer(BLANK),
    Answer(GIVEN, "no such code"),
    Answer(NONE_KNOWN),
    Answer(GIVEN, "9999-12-31T23:59:59+00:00"),
    Answer(GIVEN, "0001-01-01T00:00:00+14:00"),
    Answer(GIVEN, -1),
    Answer(GIVEN, ("a", "b")),
    Answer("guessed"),
    Answer(GIVEN, "yes", unconfirmed=True),
)


def span(random: Random) -> timedelta:
    """From nothing to three weeks, the short ones more often."""
    longest = random.choice((0, 1, 6, 6, 48, 48, 500))
    return timedelta(seconds=random.randint(0, longest * 3600))


def any_answer(case: Case, field: Field, random: Random) -> Answer:
    """One that the field offers."""
    if field.options:
        return Answer(GIVEN, random.choice(field.options).code)
    if field.kind == "instant":
        return Answer(GIVEN, (case.now + span(random) - timedelta(hours=12)).isoformat())
    if field.kind == "number":
        return Answer(GIVEN, random.choice((0, 9_999, 10_000)))
    if field.kind == "team":
        return Answer(GIVEN, random.choice((COMMUNITY, HARBOUR)))
    if field.kind == "staff":
        return Answer(GIVEN, random.choice((LEA, LEA, LEA, "leo", "hal", IVY)))
    return case.any_answer(field)


def _some(case: Case, fields: Iterable[Field], random: Random, share: float) -> dict[str, Answer]:
    return {f.id: any_answer(case, f, random) for f in fields if random.random() < share}


def _spoiled(answers: dict[str, Answer], random: Random) -> dict[str, Answer]:
    return {id: random.choice(BAD) if random.random() < 0.1 else answer for id, answer in answers.items()}


def possible_command(case: Case, deed: Deed, random: Random) -> c.Command:
    """The command behind a deed that is offered, its form whole, in most cases with other answers than the first."""
    if deed.command == "FillPacket":
        return c.FillPacket(_some(case, deed.fields, random, 0.15) or {deed.fields[0].id: Answer(BLANK)})
    over = _some(case, deed.fields, random, 0.7)
    if deed.command == "CloseCase":
        return c.CloseCase(deed.target, case.form(deed.fields, over, deed.target), REASON)
    answers = case.form(deed.fields, over)
    whom = random.choice(PEOPLE)
    made: dict[str, c.Command] = {
        "TakeStep": c.TakeStep(deed.target, answers, deed.about, REASON, REASON),
        "Meet": c.Meet(deed.target, answers, REASON),
        "Waive": c.Waive(deed.target, REASON),
        "Acknowledge": c.Acknowledge(deed.target),
        "NameRole": c.NameRole(deed.target, random.choice(("dara", "cleo", whom))),
        "RaiseTier": c.RaiseTier(deed.target, REASON),
        "LowerTier": c.LowerTier(deed.target, REASON),
        "ReopenCase": c.ReopenCase(REASON),
        "MoveHolder": c.MoveHolder(whom, REASON),
        "MoveOwner": c.MoveOwner(deed.target, whom, REASON),
        "AskOverride": c.AskOverride(deed.target, REASON),
    }
    return made[deed.command]


def any_command(case: Case, random: Random) -> c.Command:
    """Anything at all, much of it nonsense."""
    pathway = case.pathway
    promise = random.choice([*(p.id for p in case.state.promises.values()), "nothing#1", "nothing"])
    spec = pathway.find_obligation(promise.partition("#")[0])
    step, endpoint = random.choice(pathway.steps), random.choice(pathway.endpoints)
    reason = random.choice((REASON, REASON, Answer(BLANK)))
    whom = random.choice(PEOPLE)
    tier = random.choice([*(t.id for t in pathway.tiers), "no-tier"])
    end = random.choice((endpoint.id, "sent", "unknown"))
    return random.choice(
        [
            c.TakeStep(step.id, _spoiled(_some(case, step.records, random, 0.9), random), "", reason, reason),
            c.TakeStep("no-step"),
            c.FillPacket(_spoiled(_some(case, pathway.packet_fields(), random, 0.2), random)),
            c.FillPacket({"no.field": REASON}),
            c.NameRole(random.choice([*(named.id for named in pathway.named), "no-role"]), whom),
            c.Meet(promise, _some(case, spec.records if spec else (), random, 0.9), reason),
            c.Waive(promise, reason),
            c.Acknowledge(promise),
            c.MoveOwner(promise, whom, reason),
            c.MoveHolder(whom, reason),
            c.RaiseTier(tier, reason),
            c.LowerTier(tier, reason),
            c.AskOverride(random.choice((step.id, endpoint.id, "no-step")), reason),
            c.CloseCase(end, _some(case, endpoint.records, random, 0.9), reason),
            c.ReopenCase(reason),
            c.OpenCase("case-1", pathway.id, "p-1", {}, whom),
            c.FireClocks(),
        ]
    )
