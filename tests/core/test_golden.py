"""A recorded case folds to the same state for ever, whatever becomes of the engine, the pathway and the directory."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from holdfast.core import events as e
from holdfast.core.codec import event_from_plain, event_to_plain, state_from_plain, state_to_plain
from holdfast.core.fold import fold_all
from tests.core.recording import GOLDEN, thirty_days

RECORDED = sorted(GOLDEN.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return recorded


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_case_folds_to_the_state_it_had(path: Path) -> None:
    recorded = read(path)
    state = fold_all(event_from_plain(plain) for plain in recorded["events"])
    assert state is not None
    assert state_to_plain(state) == recorded["state"]
    assert state == state_from_plain(recorded["state"])


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_was_recorded_reads_back_as_it_was_written(path: Path) -> None:
    for plain in read(path)["events"]:
        assert event_to_plain(event_from_plain(plain)) == plain


def test_something_is_recorded_and_it_is_a_whole_case() -> None:
    assert RECORDED
    last = read(RECORDED[-1])
    assert last["state"]["status"] == "ended"
    names = {plain["event"] for plain in last["events"]}
    # Nothing was declined in it, no ordinary gate was in the way, it takes no slots, and no other case begins from it.
    slots = {"SlotTaken", "WaitBegun", "SlotProposed", "SlotForgone"}
    begun = {"CaseBegun", "AskDropped", "ItemTakenUp", "ObligationSettled"}
    others = {"EditionMoved", "PartyChosen", "OverrideAsked", "MomentsForgotten"}
    offers = {"OffersMade", "OfferTaken", "OfferDeclined", "OfferWithdrawn"}
    assert {kind.__name__ for kind in get_args(e.Event)} - names == others | begun | slots | offers


def test_the_same_case_lived_again_gives_the_same_events() -> None:
    one, other = thirty_days(), thirty_days()
    assert one.events == other.events and one.state == other.state
