"""An installation for each hazard."""

import pytest

from tests.installation import Installation


@pytest.fixture
def house(db) -> Installation:
    """A ward, a community team and an outsider, published through the desk."""
    return Installation().set_up()
