"""The directory as one value: what was put is what is read, by its number, and a change undone is never seen."""

import json
from datetime import UTC, datetime

import pytest

from holdfast.core.parties import Organisation
from holdfast.directory import snapshot
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import Route, item_to_plain
from holdfast.directory.writing import all_items, put_items, remove_all_items
from tests.directory.entries import entries, items, person

pytestmark = pytest.mark.django_db
RENAMED = item_to_plain(Organisation("harbour", "Harbour Care", "ingrid"))


def test_nothing_yet_is_version_nought():
    assert snapshot.current_version() == 0
    assert all_items() == []
    assert snapshot.find_route("anything") is None
    assert snapshot.load(0).teams == {}


def test_what_was_put_is_what_is_read():
    put_items(items(), 1)
    directory = snapshot.load(snapshot.current_version())
    assert directory.version == 1
    assert directory == snapshot.make_directory(entries(), 1)
    assert sorted(all_items(), key=json.dumps) == sorted(items(), key=json.dumps)


def test_a_change_is_seen_under_its_own_number():
    put_items(items(), 1)
    assert snapshot.load(1).organisations["harbour"].name == "Harbour Mental Health"
    put_items([RENAMED, ("route", "*", None)], 2)
    assert snapshot.load(snapshot.current_version()).organisations["harbour"].name == "Harbour Care"
    assert snapshot.find_route("anything") is None
    assert snapshot.load(1).version == 2, "a version that is gone is answered with the one that is"


def test_a_number_that_is_not_higher_writes_nothing():
    put_items(items(), 3)
    for stale in (2, 3):
        with pytest.raises(DirectoryFault, match="changed meanwhile"):
            put_items([RENAMED], stale)
    assert snapshot.load(3).organisations["harbour"].name == "Harbour Mental Health"
    with pytest.raises(DirectoryFault, match="no version 4"):
        snapshot.load(4)


def test_a_source_has_its_own_route_or_the_default():
    own = Route("fhir-bundle", "discharge-to-community", "north", "ward", "niall")
    put_items(items(own), 1)
    assert snapshot.find_route("fhir-bundle") == own
    route = snapshot.find_route("SENDING|PLACE")
    assert route is not None
    assert route.holder == "maren"


def test_a_rebuild_starts_from_nothing():
    put_items(items(), 5)
    snapshot.load(5)
    remove_all_items()
    put_items(items(person("late", ("north", "lead"))), 5)
    assert "late" in snapshot.load(5).staff


@pytest.mark.requirement("ESC-03", "OWN-04")
def test_by_day_by_night_and_in_absence_a_person_answers():
    put_items(items(), 1)
    directory = snapshot.load(1)
    monday_noon, monday_night = datetime(2026, 3, 2, 17, tzinfo=UTC), datetime(2026, 3, 3, 4, tzinfo=UTC)
    holiday_noon = datetime(2026, 7, 3, 16, tzinfo=UTC)  # Independence Day is kept on the Friday in 2026.
    assert directory.on_duty("north", "duty-clinician", monday_noon) == "niall"
    assert directory.on_duty("north", "duty-clinician", monday_night) == "pell"
    assert directory.on_duty("north", "duty-clinician", holiday_noon) == "pell"
    assert directory.on_duty("ward", "coordinator", monday_noon) == "idris"
    assert directory.on_duty("ward", "coordinator", datetime(2026, 3, 9, 16, tzinfo=UTC)) == "maren"
    assert directory.on_duty("north", "duty-clinician", datetime(2028, 1, 5, 16, tzinfo=UTC)) == "pell"
