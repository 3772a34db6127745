"""A pathway told in words and drawn, and the pages made of it."""

import json
import re
from pathlib import Path

import pytest

from holdfast.core.pathway import Pathway
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway, questions
from holdfast.pathways.picture import diagram
from holdfast.pathways.reference import pages
from holdfast.pathways.words import in_words
from tests.pathways.toy import TOY

ROOT = Path(__file__).parents[2]
ALL = {"toy-parcel": TOY, **shipped()}


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_everything_is_told_in_words(text: str) -> None:
    pathway = load_pathway(text)
    told = in_words(pathway)
    titles = [step.title for step in pathway.steps] + [end.title for end in pathway.endpoints]
    titles += [tier.title for tier in pathway.tiers] + [section.title for section in pathway.packet]
    assert [title for title in titles if title not in told] == []
    for owed in pathway.obligations:
        assert f"| {owed.owed} |" in told
        assert all(span.text in told for span in owed.due.spans.values())
    for field in pathway.packet_fields():
        assert f"**{field.ask}**" in told
    for gate in pathway.gates:
        assert f"**{gate.says}**" in told
    assert "Test(fact" not in told


def test_the_toy_in_words() -> None:
    told = in_words(load_pathway(TOY))
    assert "   - “Value in coins” is at least 10000\n" in told
    assert "- Not before: Every question about the parcel is answered; The seal is intact;" in told
    assert (
        "1. At once: the person named for “insurer”; out of hours the night watch of the depot that receives." in told
    )
    assert "3. Then every 30 min, until somebody acts or signs: the last-resort person." in told
    assert "2 h before “When it leaves”, or 20 h while that is not known" in told
    assert "every 24 h | every 72 h" in told
    assert "inspection not counted, time 2 while “The parcel looked at in the vault” is open" in told
    assert "It cannot be passed over." in told


def nodes(pathway: Pathway) -> tuple[set[str], set[str]]:
    drawn = diagram(pathway)
    declared = set(re.findall(r"^  (\w+)[\[(]", drawn, re.MULTILINE))
    joined = {
        name for pair in re.findall(r"^  (\w+) -[.-]*->(?:\|[^|]*\|)? (\w+)$", drawn, re.MULTILINE) for name in pair
    }
    return declared, joined


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_every_arrow_joins_two_declared_parts(text: str) -> None:
    pathway = load_pathway(text)
    declared, joined = nodes(pathway)
    assert joined <= declared
    assert {f"step_{step.id.replace('-', '_')}" for step in pathway.steps} <= declared
    assert joined


def test_the_pages_are_up_to_date() -> None:
    """A list of them may hold more: whoever takes a file out of the library has a page too many until they are made again."""
    kept = {name: (ROOT / name).read_text("utf-8").splitlines() for name in pages()}
    made = {name: text.splitlines() for name, text in pages().items()}
    stale = [
        name
        for name in made
        if made[name] != kept[name] and not (name.endswith("index.md") and set(made[name]) <= set(kept[name]))
    ]
    assert stale == [], "run script/generated"


def test_the_schema_knows_the_keys_of_a_pathway() -> None:
    schema = json.loads((ROOT / "docs/reference/pathway.schema.json").read_text("utf-8"))
    assert schema["additionalProperties"] is False
    assert {"pathway", "tiers", "ladder-holds", "accountable-at-opening"} <= set(schema["properties"])


@pytest.mark.parametrize("id", shipped())
def test_a_shipped_pathway_loads_under_its_name_and_raises_no_question(id: str) -> None:
    assert load_pathway(shipped()[id]).id == id
    assert questions(shipped()[id]) == []
