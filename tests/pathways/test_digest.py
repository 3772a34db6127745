"""An edition's name is the digest of what was written, not of how."""

import json

import pytest
import rfc8785

from holdfast.pathways.digest import canonical_bytes, digest_of, load_canonical
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.pathways.toy import TOY, changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: transition", "# a comment\nkind:   transition   # another"),
        ("title: A valuable parcel between two depots\nkind: transition", "kind: transition\ntitle: A valuable parcel between two depots"),
        ("role: insurer, day-and-night: yes }", "day-and-night: yes, role: insurer }"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ ordinary: 12 h, fragile: 2 h }"),
        ("opens-on: courier-booked", "opens-on: [ { moment: courier-booked } ]"),
        ("met-by: alarm-answered", "met-by: [alarm-answered]"),
        ("emits: [courier-booked]", "emits:\n      - moment: courier-booked"),
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 2  h, ordinary: 12 h }"),
        ("title: Fragile", "title: 'Fragile'"),
    ],
)  # fmt: skip
def test_the_same_said_otherwise_has_the_same_digest(old: str, new: str) -> None:
    assert load_pathway(changed(old, new)) == load_pathway(TOY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{ fragile: 2 h, ordinary: 12 h }", "{ fragile: 3 h, ordinary: 12 h }"),
        ("title: Fragile", "title: Very fragile"),
        ("{ intact: Intact, worn: Worn, broken: Broken }", "{ worn: Worn, intact: Intact, broken: Broken }"),
    ],
)
def test_another_meaning_or_order_that_people_see_has_another_digest(old: str, new: str) -> None:
    assert load_pathway(changed(old, new)).digest != load_pathway(TOY).digest


@pytest.mark.parametrize("text", [TOY, *shipped().values()], ids=["toy-parcel", *shipped()])
def test_the_canonical_form_gives_the_same_pathway(text: str) -> None:
    canonical, pathway = canonical_bytes(text), load_pathway(text)
    assert load_canonical(canonical) == pathway
    assert pathway.digest == digest_of(canonical)
    assert rfc8785.dumps(json.loads(canonical)) == canonical


def test_the_toy_keeps_its_name() -> None:
    # If this changes without a change of the toy, every published edition changes its name: do not let it.
    assert load_pathway(TOY).digest == "f7153ec6471280d7092e706e144db1ab38dc40ff4424c46c6c8ad777a23b58f2"


def test_a_broken_file_has_no_canonical_form() -> None:
    with pytest.raises(PathwayFaults):
        canonical_bytes(changed("kind: transition", "kind: journey"))
