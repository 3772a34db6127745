"""The shape of a pathway file: which keys there are and what each may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from holdfast.pathways.block_schema import with_blocks
from holdfast.pathways.condition_shape import ConditionShape
from holdfast.pathways.pieces import (
    Allowed,
    Id,
    Ids,
    Kept,
    KeptByTitle,
    Shape,
    SpanText,
    Text,
    YesNo,
    one_or_several,
    short_for,
)

Kind = Literal[
    "code",
    "codes",
    "flag",
    "date",
    "instant",
    "number",
    "staff",
    "team",
    "teams",
    "slot",
    "text",
    "list",
    "identity",
    "phone",
]


def _options_form(value: object) -> str:
    return "(choices)" if isinstance(value, str) else "(options)"


Options = Annotated[
    Annotated[Id, Tag("(choices)")] | Annotated[Kept[Text], Tag("(options)")], Discriminator(_options_form)
]


class FieldShape(Shape):
    """One question; `one-of` gives its codes, or names a list under `choices`."""

    id: Id
    kind: Kind
    ask: Text
    hint: str = ""
    one_of: Options | None = None
    columns: Kept[Text] | None = None
    each_needs: Ids = []
    needed_when: ConditionShape = "always"
    none_known: Allowed | None = None
    not_disclosed: Allowed | None = None
    role: Id | None = None
    labels: Ids = []
    summary: YesNo = True
    pool: Id | None = None
    of: Id | None = None


class GroupShape(Shape):
    """Fields that are asked together, when the group's `needed-when` holds."""

    group: Text
    needed_when: ConditionShape = "always"
    fields: Annotated[list[FieldShape], Field(min_length=1)]


def _record_form(value: object) -> str:
    grouped = "group" in value if isinstance(value, dict) else isinstance(value, GroupShape)
    return "(group)" if grouped else "(field)"


Record = Annotated[
    Annotated[FieldShape, Tag("(field)")] | Annotated[GroupShape, Tag("(group)")], Discriminator(_record_form)
]


class SectionShape(Shape):
    title: Text
    fields: Annotated[list[Record], Field(min_length=1)]


class PartyShape(Shape):
    title: Text
    duties: dict[Id, Id]


class NamedShape(Shape):
    ask: Text
    role: Id
    day_and_night: YesNo = False


class TierShape(Shape):
    tier: Id
    title: Text
    when: ConditionShape


class SuccessShape(Shape):
    endpoint: Id
    by: Id


class GateShape(Shape):
    says: Text
    when: ConditionShape
    supplied_by: Id
    override: Literal["never", "clinical", "ordinary"] = "ordinary"
    opens: Id | None = None


class TellShape(Shape):
    who: Id
    notice: Id


class EmissionShape(Shape):
    """A moment that a step marks; alone, its name is enough."""

    moment: Id
    when: ConditionShape = "always"
    apart: SpanText | None = None
    otherwise: Id | None = None


Emission = Annotated[EmissionShape, BeforeValidator(short_for("moment"), json_schema_input_type=Id | EmissionShape)]


class WaitsForShape(Shape):
    """The line in which the case waits: for a slot of this `pool` of the team that is party `of`."""

    pool: Id
    of: Id


class BeginShape(Shape):
    """Another case that is opened for the same person; each party of it is a party here, or `answer.<field>`."""

    pathway: Id
    parties: dict[Id, Id]
    holder: Id | None = None
    hears: dict[Id, Id] = {}
    when: ConditionShape = "always"


Begins = Annotated[
    list[BeginShape],
    BeforeValidator(one_or_several, json_schema_input_type=BeginShape | list[BeginShape]),
]


class TakesUpShape(Shape):
    """What the team that is party `from` still owes on the person's other cases opens one obligation here for each (PKT-13)."""

    from_: Id
    opens: Id


class StepShape(Shape):
    title: Text
    by: Ids
    needs: Ids = []
    only_when: ConditionShape = "always"
    records: list[Record] = []
    emits: list[Emission] = []
    moves_responsibility_to: Id | None = None
    assigns: dict[Id, Id] = {}
    names: dict[Id, Id] = {}
    parties: dict[Id, Id] = {}
    clears: Ids = []
    packet: Literal["freeze", "amend"] | None = None
    tells: list[TellShape] = []
    about: Id | None = None
    link: YesNo = False
    urgent: YesNo = False
    says: str = ""
    shows: Ids = []
    offers: dict[Id, Id] = {}
    takes_offer: Id | None = None
    declines_offer: Id | None = None
    waits_for: WaitsForShape | None = None
    settles: Id | None = None
    begins: Begins = []


class OpeningShape(Shape):
    moment: Id
    time: Annotated[int, Field(ge=1, le=100)] | None = None
    while_open: Id | None = None
    when: ConditionShape = "always"


Opening = Annotated[OpeningShape, BeforeValidator(short_for("moment"), json_schema_input_type=Id | OpeningShape)]
Openings = Annotated[
    list[Opening],
    Field(min_length=1),
    BeforeValidator(one_or_several, json_schema_input_type=Id | OpeningShape | list[Id | OpeningShape]),
]

Times = dict[Id, SpanText]


class DueShape(Shape):
    """A time for each tier, or for `all`; with `at`, the instant in a field, moved by `plus` or `before`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SpanText] = Field(init=False)

    at: Id | None = None
    plus: Times | None = None
    before: Times | None = None

    @property
    def times(self) -> dict[str, str]:
        return dict(self.__pydantic_extra__)


class EffectsShape(Shape):
    emits: Ids = []
    moves_responsibility_to: Id | None = None
    tells: list[TellShape] = []
    begins: Begins = []


class ObligationShape(Shape):
    owed: Text
    owed_by: Id
    opens_on: Openings
    due: DueShape | None = None
    every: Times | None = None
    next_from: Literal["done", "due"] = "done"
    met_by: Ids = []
    records: list[Record] = []
    done_when: str = ""
    task: YesNo = False
    many: YesNo = False
    not_applicable: Allowed | None = None
    waived_by: Ids = []
    survives_close: YesNo = False
    climbs_on: Ids = []
    ladder: Id
    when_opened: EffectsShape | None = None
    when_met: EffectsShape | None = None
    when_breached: EffectsShape | None = None


class RungShape(Shape):
    """One stage: the first has `at`, those after it `after`, and the last `then-every`."""

    at: Literal["due", "once"] | None = None
    after: SpanText | None = None
    then_every: SpanText | None = None
    tell: Id
    out_of_hours: Id | None = None
    by: Id | None = None
    notice: Id | None = None


class EndpointShape(Shape):
    title: Text
    by: Ids
    needs: Ids = []
    records: list[Record] = []
    tells: list[TellShape] = []
    begins: Begins = []


class ScoreShape(Shape):
    """An instrument that is added up: each field of `sum` is a code whose codes are whole numbers."""

    title: Text
    sum: Annotated[list[Id], Field(min_length=1)]


class ValidationShape(Shape):
    id: Id
    says: Text
    holds_when: ConditionShape
    applies_when: ConditionShape = "always"


class PathwayShape(Shape):
    """One pathway file."""

    pathway: Id
    title: Text
    kind: Literal["transition", "episode", "routine"]
    subject: Id
    window: SpanText
    late_after: SpanText
    sources: list[Text] = []
    prevents: list[Text] = []
    parties: Kept[PartyShape]
    accountable_at_opening: Id
    sign_off: Id
    lowered_by: Ids
    roles: Ids = []
    named: Kept[NamedShape] = {}
    tiers: Annotated[list[TierShape], Field(min_length=1)]
    states: KeptByTitle[Id] = {}
    success: SuccessShape | None = None
    packet: Kept[SectionShape]
    gates: Kept[GateShape] = {}
    steps: Kept[StepShape]
    choices: dict[Id, Kept[Text]] = {}
    definitions: dict[Id, ConditionShape] = {}
    obligations: Kept[ObligationShape]
    ladders: Kept[Annotated[list[RungShape], Field(min_length=1)]]
    ladder_holds: SpanText
    endpoints: Kept[EndpointShape]
    validations: list[ValidationShape] = []
    card: Kept[Text] = {}
    emergency: str = ""
    wording: dict[Id, Text] = {}
    meant: dict[Id, Text] = {}
    scores: Kept[ScoreShape] = {}
    may_share_when: ConditionShape = "always"
    looks_back: dict[Id, SpanText] = {}
    looks_ahead: dict[Id, SpanText] = {}
    hears_of: dict[Id, Id] = {}
    takes_up: TakesUpShape | None = None


def json_schema() -> dict[str, Any]:
    """The shape as JSON Schema (draft 2020-12), for editors and for other programs."""
    schema = with_blocks(PathwayShape.model_json_schema(by_alias=True, mode="validation"))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Holdfast pathway"}
