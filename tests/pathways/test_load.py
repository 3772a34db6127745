"""What a file means: times by tier, names expanded, groups flattened, effects and emissions."""

import re
from pathlib import Path

import holdfast.core
from holdfast.core.conditions import ALWAYS, NEVER, All, Any, Not
from holdfast.core.conditions import Test as Asked
from holdfast.core.offers import NOBODY_LEFT
from holdfast.core.pathway import CLEAR_KINDS, SEALED_KINDS, DueRule, Emission, Opening, Pathway, Tell
from holdfast.core.spans import Span
from holdfast.pathways.checks.facts import STANDINGS
from holdfast.pathways.checks.moments import ENGINES_MOMENTS
from holdfast.pathways.load import load_pathway
from holdfast.pathways.shape import FieldShape
from tests.pathways.toy import TOY, changed


def hours(amount: int) -> Span:
    return Span("hours", amount)


def toy() -> Pathway:
    return load_pathway(TOY)


def due(obligation: str) -> DueRule:
    return toy().get_obligation(obligation).due


def test_due_by_tier_and_for_all() -> None:
    assert due("receipt") == DueRule({"fragile": hours(2), "ordinary": hours(12)})
    assert due("back-again") == DueRule({"fragile": hours(24), "ordinary": hours(24)})
    assert due("insurance").spans["ordinary"] == Span("working-days", 2)


def test_one_tier_of_its_own_and_the_rest() -> None:
    pathway = load_pathway(changed("{ fragile: 2 h, ordinary: 12 h }", "{ all: 12 h, fragile: 2 h }"))
    assert pathway.get_obligation("receipt").due == due("receipt")


def test_due_at_after_and_before_a_fact() -> None:
    everybody = {"fragile": hours(24), "ordinary": hours(24)}
    assert due("dispatch") == DueRule(everybody, fact="journey.leaves")
    one = {"fragile": hours(1), "ordinary": hours(1)}
    assert due("courier") == DueRule(one, fact="answer.courier.at", offset=one)
    two, twenty = {"fragile": hours(2), "ordinary": hours(2)}, {"fragile": hours(20), "ordinary": hours(20)}
    assert due("collect-early") == DueRule(twenty, fact="journey.leaves", offset=two, before=True)


def test_recurring() -> None:
    inspection = toy().get_obligation("inspection")
    assert inspection.every == inspection.due.spans == {"fragile": hours(24), "ordinary": hours(72)}
    assert inspection.next_from == "due"
    assert inspection.when_breached.emits == ("inspection-missed",)
    assert inspection.when_breached.tells == (Tell("receiver.supervisor", "overdue"),)


def test_openings() -> None:
    assert toy().get_obligation("second-look").opens == (Opening("inspection-not-counted", 2, "inspection"),)
    assert toy().get_obligation("courier").opens == (Opening("courier-booked"),)


def test_definitions_are_written_out() -> None:
    step = toy().find_step("receive")
    assert step is not None
    broken, worn = (Asked("answer.receive.seal", "is", (code,)) for code in ("broken", "worn"))
    expanded = Any((broken, All((worn, Asked("seal.intact", "is", ("yes",))))))
    assert step.emits == (Emission("received"), Emission("alarm", expanded))
    assert step.moves_to == "receiver.holder"
    assert step.assigns == {"receiver.holder": "receive.keeper"}


def test_choices_are_written_out_and_flags_are_yes_or_no() -> None:
    step, glass = toy().find_step("receive"), toy().find_field("parcel.glass")
    assert step is not None
    assert glass is not None
    assert [option.code for option in step.records[0].options] == ["intact", "worn", "broken"]
    assert [option.code for option in glass.options] == ["yes", "no"]


def test_groups_are_flattened_with_their_condition() -> None:
    step = toy().find_step("inspect")
    assert step is not None
    assert [field.id for field in step.records] == ["inspect.how", "inspect.seal", "inspect.note"]
    assert step.records[2].needed == Asked("answer.inspect.seal", "is-not", ("intact",))
    text = changed("ask: What is wrong }", "ask: What is wrong, needed-when: never }")
    blank = load_pathway(text).find_step("inspect")
    assert blank is not None
    assert blank.records[2].needed == NEVER
    text = changed("ask: What is wrong }", "ask: What is wrong, needed-when: { fact: seal.intact, is: yes } }")
    both = load_pathway(text).find_step("inspect")
    assert both is not None
    assert both.records[2].needed == All((step.records[2].needed, Asked("seal.intact", "is", ("yes",))))


def test_conditions_in_all_forms() -> None:
    old = "when: { fact: seal.intact, is: yes }"
    text = changed(old, "when: { not: { at-least: 1, of: [ { fact: seal.intact, is-not: yes }, never ] } }")
    gate = load_pathway(text).get_gate("seal-intact")
    assert isinstance(gate.when, Not)
    assert toy().tiers[1].when == ALWAYS


def test_needed_columns_and_ways_to_say_nothing() -> None:
    pieces, contents = toy().find_field("parcel.pieces"), toy().find_field("parcel.contents")
    assert pieces is not None
    assert contents is not None
    assert [(column.id, column.needed) for column in pieces.columns] == [("name", True), ("mark", False)]
    assert pieces.none_known
    assert contents.not_disclosed


def test_the_kinds_of_fields_are_those_of_the_core() -> None:
    kinds = FieldShape.model_json_schema()["properties"]["kind"]["enum"]
    assert set(kinds) == CLEAR_KINDS | SEALED_KINDS


def test_the_moments_and_standings_are_those_that_the_core_makes() -> None:
    core = "\n".join(path.read_text("utf-8") for path in Path(next(iter(holdfast.core.__path__))).glob("*.py"))
    made = set(re.findall(r'mark\(work, "([a-z-]+)"', core)) | {"tier-raised", "tier-lowered", NOBODY_LEFT}
    assert made == ENGINES_MOMENTS
    assert all(f'"{standing}"' in core for standing in STANDINGS)
