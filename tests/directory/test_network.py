"""The invented network stands as a directory, answers day and night, and names nobody who could exist."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from holdfast.core.access import Viewer, navigation_for, roles_of
from holdfast.core.parties import Directory
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import Route, item_from_plain
from holdfast.directory.snapshot import make_directory
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from holdfast.rehearsal.network import demo_accounts, read_network, shipped_network

TODAY = date(2026, 11, 23)  # a Monday
TEXT = shipped_network()


def network(today: date = TODAY) -> Directory:
    return make_directory([item_from_plain(*item) for item in read_network(TEXT, today)], 1)


@pytest.mark.parametrize("days", range(0, 800, 61))
def test_it_stands_on_any_day(days):
    read_network(TEXT, TODAY + timedelta(days=days))


def test_the_same_day_gives_the_same():
    assert read_network(TEXT, TODAY) == read_network(TEXT, TODAY)


@pytest.mark.requirement("ESC-03")
def test_somebody_answers_for_every_duty_of_the_pathway_at_any_hour():
    directory = network()
    receiving = ("intake", "lead", "supervisor", "duty-clinician")
    roles = {
        "larch-ward": ("coordinator", "supervisor", "decision-maker"),
        "community-north": receiving,
        "community-south": receiving,
    }
    for hours in range(0, 24 * 14, 3):
        at = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hours)
        for team, wanted in roles.items():
            assert not [role for role in wanted if directory.on_duty(team, role, at) is None], (team, at)


def test_night_holiday_and_leave():
    directory = network()

    def on_duty(role: str, at: datetime) -> str | None:
        return directory.on_duty("community-north", role, at)

    assert on_duty("duty-clinician", datetime(2026, 11, 24, 16, tzinfo=UTC)) == "niall-corve"
    assert on_duty("duty-clinician", datetime(2026, 11, 25, 3, tzinfo=UTC)) == "esme-drury"
    assert on_duty("duty-clinician", datetime(2026, 11, 26, 16, tzinfo=UTC)) == "esme-drury", "Thanksgiving"
    assert on_duty("lead", datetime(2026, 11, 25, 16, tzinfo=UTC)) == "kai-linden"
    assert on_duty("lead", datetime(2026, 11, 27, 16, tzinfo=UTC)) == "rosa-penhale", "Kai Linden is on leave"
    assert on_duty("lead", datetime(2026, 12, 4, 16, tzinfo=UTC)) == "kai-linden", "and back"


def test_the_decision_maker_has_a_route_by_day_and_by_night():
    reeve = network().staff["tomas-reeve"]
    assert reeve.day
    assert reeve.night


def test_every_pathway_that_a_route_names_is_shipped_and_its_holder_may_hold():
    directory = network()
    pathways = {pathway.id: pathway for pathway in map(load_pathway, shipped().values())}
    routes = [v for v in (item_from_plain(*item) for item in read_network(TEXT, TODAY)) if isinstance(v, Route)]
    assert {"*", "fhir-bundle"} <= {route.source for route in routes}
    for route in routes:
        pathway = pathways[route.pathway]
        party, _, duty = pathway.holder_at_opening.partition(".")
        assert directory.has_role(route.holder, pathway.get_party(party).duties.get(duty, duty), (route.sender,))


def test_whoever_signs_in_has_something_to_see_and_the_rest_have_no_account():
    directory, accounts = network(), demo_accounts(TEXT)
    assert {account.staff for account in accounts} == {s.id for s in directory.staff.values() if s.account}
    for account in accounts:
        assert account.sees
        assert len(account.password) >= 12
        assert navigation_for(Viewer(account.staff), directory)
    roles = {role for account in accounts for _, role in roles_of(Viewer(account.staff), directory)}
    assert {"coordinator", "lead", "intake", "supervisor", "decision-maker", "governance", "administrator"} <= roles


def test_every_address_and_number_is_kept_for_fiction():
    assert set(re.findall(r"@?([a-z]+\.[a-z]+\.[a-z]+)", TEXT)) == {
        "harbour.example.org",
        "tideway.example.org",
        "quayside.example.org",
    }
    numbers = re.findall(r"\d{3}-\d{3}-\d{4}", TEXT)
    assert numbers
    assert all(re.fullmatch(r"202-555-01\d\d", number) for number in numbers)


@pytest.mark.parametrize(
    ("what", "instead", "says"),
    [
        ("in 3 d for 7 d", "next week", "'next week' is not a time away"),
        ("last-resort: ingrid-sayer", "last-resort: nobody", "last-resort person of Harbour Mental Health"),
        ("last-resort: ingrid-sayer", "last-report: ingrid-sayer", "no place for: last-report"),
        ("lead: [kai-linden, rosa-penhale]", "lead: [kai-linden, nobody]", "'nobody' on the roster"),
        ("cover: rosa-penhale", "cover: desta-moor", "Desta Moor covers Kai Linden and is not lead"),
        ("zone: America/New_York", "zone: Harbour/Town", "not a known time zone"),
        ("public-holidays: US-NY", "public-holidays: XX", "No public holidays are known for 'XX'"),
        ('mon-fri: "09:00-17:00"', 'mon-fry: "09:00-17:00"', "'mon-fry: 09:00-17:00' is not a line"),
        ("from: larch-ward", "from: nowhere", "names the team 'nowhere'"),
        ("staff:\n", "staff: [\n", "not YAML"),
    ],
)
def test_a_slip_is_named(what, instead, says):
    assert what in TEXT
    with pytest.raises(DirectoryFault, match=re.escape(says)):
        read_network(TEXT.replace(what, instead), TODAY)
