"""Every pathway as FHIR R4 definitions: valid, nothing left out, and asked exactly when the pathway needs it."""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.plandefinition import PlanDefinition
from fhir.resources.R4B.questionnaire import Questionnaire

from holdfast.config.console import main
from holdfast.core.conditions import ALWAYS, FactValue, holds
from holdfast.core.pathway import Field, Pathway
from holdfast.pathways.fhir.plan import plan
from holdfast.pathways.fhir.questionnaire import questionnaire
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway

TOYS = {path.stem: path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("toy-*.yaml"))}
FILES = sorted({*shipped(), *TOYS})


@cache
def loaded(name: str) -> Pathway:
    return load_pathway(shipped().get(name) or TOYS[name])


def all_items(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from all_items(item.get("item", []))


def all_actions(actions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for action in actions:
        yield action
        yield from all_actions(action.get("action", []))


@pytest.mark.parametrize("name", FILES)
def test_the_questionnaire_is_r4_and_asks_every_question(name: str) -> None:
    pathway, made = loaded(name), questionnaire(loaded(name))
    Questionnaire.model_validate_json(json.dumps(made))
    items = list(all_items(made["item"]))
    links = [item["linkId"] for item in items]
    assert len(links) == len(set(links))
    forms = [form for part in (pathway.steps, pathway.obligations, pathway.endpoints) for form in part]
    fields = [*pathway.packet_fields(), *(field for form in forms for field in form.records)]
    asked = [item["text"] for item in items if item["type"] != "display"]
    assert {field.ask for field in fields} <= set(asked)
    for item in items:
        assert all(when["question"] in links for when in item.get("enableWhen", ()))
        assert len(item.get("enableWhen", ())) < 2 or item["enableBehavior"] in ("all", "any")
        assert item["type"] != "display" or "required" not in item
        assert "answerOption" not in item or item["type"] == "choice"


@pytest.mark.parametrize("name", FILES)
def test_the_plan_is_r4_and_has_every_step_promise_and_end(name: str) -> None:
    pathway, made = loaded(name), plan(loaded(name))
    PlanDefinition.model_validate_json(json.dumps(made))
    ids = [action["id"] for action in all_actions(made["action"]) if "id" in action]
    parts = (("step", pathway.steps), ("owed", pathway.obligations), ("end", pathway.endpoints))
    assert sorted(ids) == sorted(f"{kind}.{one.id}" for kind, ones in parts for one in ones)
    assert made["relatedArtifact"][0]["resource"] == questionnaire(pathway)["url"]


@pytest.mark.parametrize("name", FILES)
def test_a_question_is_enabled_exactly_when_the_pathway_needs_it(name: str) -> None:
    """FHIR's own rules for ``enableWhen``, written down here once more, against the pathway's conditions, on answers by chance."""
    pathway, chance = loaded(name), random.Random(name)
    items = {item["linkId"]: item for item in all_items(questionnaire(pathway)["item"])}
    for form, fields in forms_of(pathway):
        for field in fields:
            item = items[link_of(form, field)]
            if "enableWhen" not in item:
                continue
            for _ in range(40):
                packet = {f.id: by_chance(f, chance) for f in pathway.packet_fields()}
                answers = {f.id: by_chance(f, chance) for f in fields} if form else {}
                given = {link_of("", f): (f, packet[f.id]) for f in pathway.packet_fields()}
                given |= {link_of(form, f): (f, answers[f.id]) for f in fields if form}

                def look(fact: str, packet: Any = packet, answers: Any = answers) -> FactValue:
                    place = answers if fact.startswith("answer.") else packet
                    value: FactValue = place.get(fact.removeprefix("answer."))
                    return value

                assert enabled(item, given) == holds(field.needed, look), (field.id, given)


def forms_of(pathway: Pathway) -> Iterator[tuple[str, tuple[Field, ...]]]:
    yield "", tuple(pathway.packet_fields())
    yield from ((f"step/{one.id}/", one.records) for one in pathway.steps)
    yield from ((f"obligation/{one.id}/", one.records) for one in pathway.obligations)
    yield from ((f"endpoint/{one.id}/", one.records) for one in pathway.endpoints)


def link_of(form: str, field: Field) -> str:
    return f"{form}{field.id}"


def by_chance(field: Field, chance: random.Random) -> FactValue:
    ways = [way for way, may in (("none-known", field.none_known), ("not-disclosed", field.not_disclosed)) if may]
    values: list[FactValue] = [None, *ways]
    match field.kind:
        case "code":
            values += [option.code for option in field.options]
        case "codes":
            values += [(option.code,) for option in field.options]
            values += [tuple(option.code for option in field.options[:2])]
        case "flag":
            values += ["yes", "no"]
        case "number":
            values += [0, 1, 5, 10_000]
        case _:
            values += ["given"]
    return chance.choice(values)


def enabled(item: dict[str, Any], given: dict[str, tuple[Field, FactValue]]) -> bool:
    found = [one_holds(when, given) for when in item["enableWhen"]]
    return any(found) if item.get("enableBehavior") == "any" else all(found)


def one_holds(when: dict[str, Any], given: dict[str, tuple[Field, FactValue]]) -> bool:
    link, beside = when["question"].removesuffix("/no-answer"), when["question"].endswith("/no-answer")
    field, value = given[link]
    apart = field.kind not in ("code", "codes", "flag")
    open_way = value in ("none-known", "not-disclosed")
    here = value is not None and (open_way == beside if apart else True)
    if when["operator"] == "exists":
        return here == when["answerBoolean"]
    if not here or (apart and open_way):
        return False
    among = value if isinstance(value, tuple) else (value,)
    if when["operator"] == "=":
        wanted = when["answerCoding"]["code"] if "answerCoding" in when else "yes" if when["answerBoolean"] else "no"
        return wanted in among
    number = value if isinstance(value, int) else 0
    return number >= when["answerInteger"] if when["operator"] == ">=" else number <= when["answerInteger"]


def test_what_r4_cannot_say_stands_in_words_under_the_question() -> None:
    items = {item["linkId"]: item for item in all_items(questionnaire(loaded("toy-parcel"))["item"])}
    note = items["endpoint/lost-declared/lost.why-other"]
    assert "enableWhen" not in note
    assert not note.get("required")
    assert note["item"][0]["type"] == "display"
    assert note["item"][0]["text"] == "Needed when it is not so that the case ends as was asked for."


def test_the_commands_print_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    path.write_text(TOYS["toy-parcel"], "utf-8")
    assert main(["pathway", "questionnaire", str(path)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["resourceType"], made["version"]) == ("Questionnaire", loaded("toy-parcel").digest)
    assert main(["pathway", "plan", str(path)]) == 0
    made = json.loads(capsys.readouterr().out)
    receipt = next(one for one in all_actions(made["action"]) if one.get("id") == "owed.receipt")
    assert receipt["trigger"] == [{"type": "named-event", "name": "sent"}]
    assert [one["timingDuration"]["value"] for one in receipt["action"]] == [2, 12]
    send = next(one for one in all_actions(made["action"]) if one.get("id") == "step.send")
    assert [one["expression"]["description"] for one in send["condition"]][
        1
    ] == "Every question about the parcel is answered"
    assert main(["pathway", "plan", str(tmp_path / "none.yaml")]) == 2


def test_there_are_conditional_questions_to_compare() -> None:
    """The comparison above would say nothing if no question had a condition that R4 can say."""
    fields = [f for name in FILES for _, form in forms_of(loaded(name)) for f in form if f.needed != ALWAYS]
    made = [item for name in FILES for item in all_items(questionnaire(loaded(name))["item"]) if "enableWhen" in item]
    assert len(fields) > 100
    assert len(made) > 100
