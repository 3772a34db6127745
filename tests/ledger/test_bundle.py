"""The evidence file: it stands by itself, and no change to what it shows goes unnoticed."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.bundle import BundledEntry, Verdict, build_bundle, check_bundle
from holdfast.ledger.canonical import canonical
from holdfast.ledger.checkpoint import ForgedCheckpoint, public_text, sign, verify
from holdfast.ledger.commitment import commit
from holdfast.ledger.disclosure import Disclosed
from holdfast.ledger.log import entry_leaf

from .stored import INTRUDER, SIGNER, START, Stored, stored_ledger

SALT = b"s" * 16
RISK, PLAN = commit(b"lives alone", SALT), commit("café on Mondays".encode(), SALT)
SHOWN = [
    Disclosed("case-1/2/risk", b"lives alone", SALT, RISK),
    Disclosed("case-1/2/plan", "café on Mondays".encode(), SALT, PLAN),
]
CASE = "case-1"


def ledger_with_commitments() -> Stored:
    stored = stored_ledger()
    bodies = stored.bodies(CASE)
    bodies[1]["fields"] = {"risk": {"commitment": RISK}}
    bodies[1]["more"] = [{"place": "case-1/2/plan", "commitment": PLAN}]
    stored.write(CASE, bodies)
    stored.relog(CASE)
    previous = None
    for place, size in enumerate((10, 20, 30, 40)):
        previous = stored.checkpoint(size, previous)
        stored.lines[place] = sign(previous, SIGNER)
    return stored


LEDGER = ledger_with_commitments()
COVERED = sum(stream == CASE for stream, _, _ in LEDGER.leaves[:40])
TAIL = list(range(COVERED + 1, LEDGER.heads[CASE][0] + 1))


def build(
    stored: Stored = LEDGER, shown: list[Disclosed] = SHOWN, key: Ed25519PrivateKey = SIGNER, line: int | None = -1
) -> str:
    indices = {leaf[:2]: index for index, leaf in enumerate(stored.leaves)}
    return build_bundle(
        case=CASE,
        entries=[BundledEntry(body, indices[CASE, number]) for number, _, body in stored.rows[CASE]],
        disclosed=shown,
        leaves=[entry_leaf(claimed) for _, _, claimed in stored.leaves],
        checkpoint=None if line is None else (stored.lines[line], SIGNER.public_key()),
        notice="This record may not be passed on without consent.",
        sealed_at=START,
        private_key=key,
    )


TEXT = build()


def resealed(change: Callable[[dict[str, Any]], object], key: Ed25519PrivateKey = SIGNER) -> Verdict:
    """Change the file and sign it again, as a faithless sealer could: only what is inside can tell."""
    fields = json.loads(TEXT)
    change(fields)
    fields.pop("signature")
    fields["key"] = public_text(key.public_key())
    signature = key.sign(b"holdfast evidence\x00" + canonical(fields))
    return check_bundle(json.dumps({**fields, "signature": base64.b64encode(signature).decode()}))


def test_it_checks_by_itself_and_says_whose_word_it_is() -> None:
    verdict = check_bundle(TEXT)
    assert (verdict.ok, verdict.faults, verdict.case) == (True, [], CASE)
    assert verdict.exposed == TAIL
    assert TAIL
    assert verdict.proved_to is not None
    assert verdict.proved_to.size == 40
    key = public_text(SIGNER.public_key())
    assert verdict.says == f"signed by key {key}; you must know this key from elsewhere"


def test_a_trusted_key_is_said_and_another_is_refused() -> None:
    assert check_bundle(TEXT, [SIGNER.public_key()]).says.endswith("which you trust")
    verdict = check_bundle(TEXT, [INTRUDER.public_key()])
    assert not verdict.ok
    assert {fault.kind for fault in verdict.faults} == {"untrusted-key"}
    assert not check_bundle(TEXT, []).ok


def test_the_checkpoint_may_be_of_another_key_and_both_are_told() -> None:
    text = build(key=INTRUDER)
    verdict = check_bundle(text)
    assert verdict.ok
    assert f"its checkpoint by key {public_text(SIGNER.public_key())}" in verdict.says
    assert not check_bundle(text, [INTRUDER.public_key()]).ok
    assert check_bundle(text, [INTRUDER.public_key(), SIGNER.public_key()]).ok


def test_without_a_checkpoint_every_entry_is_exposed() -> None:
    verdict = check_bundle(build(line=None))
    assert (verdict.ok, verdict.proved_to) == (True, None)
    assert verdict.exposed == list(range(1, LEDGER.heads[CASE][0] + 1))


def test_the_layout_may_change_on_the_way_but_no_word() -> None:
    assert check_bundle(json.dumps(json.loads(TEXT))).ok
    assert "café on Mondays" in TEXT
    for old, new in [("café", "cafe"), ("consent", "assent"), ("deed 4", "deed 5"), ("lives alone", "lives there")]:
        assert old in TEXT
        assert "bad-signature" in {fault.kind for fault in check_bundle(TEXT.replace(old, new, 1)).faults}


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an entry left out": (lambda f: f["entries"].pop(1), "missing"),
    "the first left out": (lambda f: f["entries"].pop(0), "missing"),
    "two entries swapped": (lambda f: f["entries"].reverse(), "reordered"),
    "an entry twice": (lambda f: f["entries"].insert(1, f["entries"][0]), "duplicate"),
    "no entries": (lambda f: f["entries"].clear(), "bad-file"),
    "an entry edited": (
        lambda f: f["entries"][0].update(body=f["entries"][0]["body"].replace("deed", "dead")),
        "broken-link",
    ),
    "an entry not JSON": (lambda f: f["entries"][0].update(body="deed"), "edited"),
    "another case": (lambda f: f.update(case="case-2"), "wrong-stream"),
    "a proof cut": (lambda f: f["entries"][0]["proof"].pop(), "bad-inclusion"),
    "a proof withheld": (lambda f: f["entries"][0].update(index=None, proof=None), "bad-inclusion"),
    "another index": (lambda f: f["entries"][0].update(index=f["entries"][0]["index"] + 1), "bad-inclusion"),
    "a claimed index": (lambda f: f["entries"][-1].update(index=3, proof=[]), "bad-inclusion"),
    "another value": (lambda f: f["disclosed"][0].update(value="lives with others"), "bad-disclosure"),
    "another salt": (lambda f: f["disclosed"][0].update(salt="00" * 16), "bad-disclosure"),
    "another place": (lambda f: f["disclosed"][0].update(place="case-1/2/plan"), "bad-disclosure"),
    "an invented value": (
        lambda f: f["disclosed"][0].update(value="x", commitment=commit(b"x", SALT)),
        "bad-disclosure",
    ),
    "an older checkpoint": (lambda f: f.update(checkpoint=LEDGER.lines[0]), "bad-inclusion"),
    "an edited checkpoint": (
        lambda f: f.update(checkpoint=f["checkpoint"].replace("test", "rest")),
        "forged-checkpoint",
    ),
    "no such checkpoint": (lambda f: f.update(checkpoint=""), "forged-checkpoint"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_even_its_sealer_cannot_change_what_the_log_holds(name: str) -> None:
    change, kind = CHANGES[name]
    verdict = resealed(change)
    assert not verdict.ok
    assert kind in {fault.kind for fault in verdict.faults}, [fault.says for fault in verdict.faults]
    assert resealed(lambda _: None).ok


@given(st.data())
def test_one_changed_character_is_noticed_or_is_layout(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TEXT) - 1))
    changed = TEXT[:place] + data.draw(st.characters(codec="utf-8")) + TEXT[place + 1 :]
    try:
        same = json.loads(changed) == json.loads(TEXT)
    except ValueError:
        same = False
    assert check_bundle(changed).ok == same


@given(
    st.text()
    | st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(
        json.dumps
    )
)
def test_any_other_text_is_a_verdict_and_never_a_failure(text: str) -> None:
    assert not check_bundle(text).ok


WRONG: list[Any] = [None, 7, "x", [], {}, [7], [{}], [{"body": 7, "index": 1, "proof": []}], "\ud800"]


@pytest.mark.parametrize(
    "name",
    ["case", "entries", "disclosed", "checkpoint", "checkpoint_key", "notice", "sealed_at", "key", "signature", "kind"],
)
def test_a_field_of_the_wrong_shape_is_a_verdict_and_never_a_failure(name: str) -> None:
    for wrong in WRONG:
        fields = json.loads(TEXT)
        if name not in ("checkpoint",) or wrong is not None:
            assert not check_bundle(json.dumps({**fields, name: wrong})).ok
        fields.pop(name)
        assert not check_bundle(json.dumps(fields)).ok
    assert not check_bundle("[" * 100_000).ok


def test_a_file_that_would_not_check_is_never_made() -> None:
    for shown in [
        Disclosed("case-1/2/risk", b"lives with others", SALT, RISK),
        Disclosed("case-1/2/plan", b"lives alone", SALT, RISK),
    ]:
        with pytest.raises(ValueError, match=r"value"):
            build(shown=[shown])
    stored = LEDGER.copy()
    del stored.rows[CASE][2]
    with pytest.raises(ValueError, match="entry 3 is missing"):
        build(stored)
    stored = LEDGER.copy()
    stored.leaves[0] = stored.leaves[1]
    with pytest.raises((ValueError, KeyError)):
        build(stored)
    stored = LEDGER.copy()
    stored.lines[-1] = stored.lines[-1].replace("test", "rest")
    with pytest.raises(ForgedCheckpoint):
        build(stored)


def test_the_checkpoint_inside_is_the_one_kept_outside() -> None:
    assert verify(json.loads(TEXT)["checkpoint"], [SIGNER.public_key()]).size == 40
