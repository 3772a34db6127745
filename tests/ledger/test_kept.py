"""The folded state as heads keep it: written and read without loss, in either spelling, and refused when it is none."""

import json

import pytest

from holdfast.core.codec import state_to_plain
from holdfast.core.plain import Unreadable
from holdfast.ledger.kept import state_from_text, state_to_text
from tests.installation import Installation

pytestmark = pytest.mark.django_db


def test_a_state_is_read_as_it_was_written() -> None:
    case = Installation().set_up().accepted()
    case.contact()
    state = case.state
    assert state_from_text(state_to_text(state)) == state
    # What an earlier version wrote, with +00:00 instead of Z.
    assert state_from_text(json.dumps(state_to_plain(state))) == state


def test_what_is_no_state_is_refused_without_its_words() -> None:
    with pytest.raises(Unreadable) as refused:
        state_from_text('{"case": "c", "packet": "suicidal"}')
    assert "suicidal" not in str(refused.value)
