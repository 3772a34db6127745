"""A stage for each test of a case's pages: the pages use the installation's desk and its clock."""

import pytest

from holdfast.desk import office
from holdfast.doors.web import viewer
from tests.doors.case_stage import Stage
from tests.installation import Installation


@pytest.fixture
def stage(db, monkeypatch) -> Stage:
    """A ward, a community team and an outsider who can sign in; time is what the installation says."""
    house = Installation().set_up()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    return Stage(house)
