"""The registry names places that are there, and a twin takes out that very control."""

import pytest

from holdfast.assurance.controls import CONTROLS
from holdfast.assurance.hazards import CAUSE_AND_HARM
from tests.hazards.control import fails_without, nothing, without


@pytest.mark.parametrize("hazard", CONTROLS)
def test_each_control_is_where_the_registry_says(hazard):
    with without(hazard, nothing):
        pass


def test_each_hazard_says_its_cause_and_harm():
    assert set(CAUSE_AND_HARM) == set(CONTROLS)


def test_a_twin_cannot_take_out_something_else():
    with pytest.raises(LookupError, match="not the control"), without("HZ-68", nothing, "holdfast.core.stepping:emit"):
        pass


def test_a_twin_that_fails_elsewhere_or_not_at_all_is_an_error():
    def elsewhere(house):
        assert house, "something else"

    with pytest.raises(RuntimeError, match="failed elsewhere"):
        fails_without("HZ-68", elsewhere, None, nothing)
    with pytest.raises(RuntimeError, match="proves nothing"):
        fails_without("HZ-68", elsewhere, "house", nothing)
