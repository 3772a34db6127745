"""Services, partner contacts and dated shifts: there and back, refused in words, read from a file, and who is on duty then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from holdfast.core.gaps import NOBODY, find_gaps
from holdfast.core.parties import Duty, Organisation, Staff, Team
from holdfast.core.services import CAPACITY_HOLDS, Contact, Service
from holdfast.directory.checks import check, check_changes
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import item_from_plain, item_to_plain
from holdfast.directory.snapshot import make_directory
from holdfast.rehearsal.network import read_network, shipped_network
from tests.directory.entries import OFFICE, items, person

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday, ten in the morning there
PARTNER = Team("partner", "Partner Practice", "harbour", OFFICE, address="p@example.org", external=True)
SERVICE = Service(
    "step-up", "Step-up", "north", "Adults.", "The crisis line", capacity="2 places", said_by="niall", said_at=AT
)
CONTACT = Contact("tove", "Tove", "partner", "Practice nurse", phone="202-555-0151")


@pytest.mark.parametrize(
    "value",
    [SERVICE, CONTACT, Team("t", "T", "harbour", OFFICE, (Duty("lead", "niall", start=AT),), address="t@example.org")],
)
def test_there_and_back(value: Service | Contact | Team) -> None:
    assert item_from_plain(*item_to_plain(value)) == value


@pytest.mark.requirement("BEY-08")
def test_a_directory_with_them_stands_and_they_can_be_taken_out() -> None:
    whole = items(PARTNER, SERVICE, CONTACT)
    assert check(whole) == []
    assert check_changes(whole, [("service", "step-up", None), ("contact", "tove", None)]) == []


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (Service("s", "S", "north", " ", "x"), "needs its criteria"),
        (Service("s", "S", "north", "x", ""), "where one turns outside its hours"),
        (Service("s", "S", "north", "x", "x", capacity="2"), "who said what is free"),
        (Service("s", "S", "nowhere", "x", "x"), "not in the directory"),
        (Service("s", "S", "north", "x", "x", capacity="2", said_by="nobody", said_at=AT), "is nobody in the directory"),
        (Contact("c", "C", "partner", "x"), "needs a phone number or an e-mail"),
        (Contact("c", "C", "partner", "", "5"), "what they answer for"),
        (Contact("c", "C", "north", "x", "5"), "whose people have accounts"),
        (Contact("c", "C", "nowhere", "x", "5"), "not in the directory"),
        (Team("t", "T", "harbour", OFFICE, (Duty("lead", "niall", start=AT, until=AT),), address="t@e.org"), "must end after"),
        (Team("t", "T", "harbour", OFFICE, (Duty("lead", "niall", start=datetime(2026, 1, 1)),), address="t@e.org"), "times of a zone"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_in_words(value: Service | Contact | Team, says: str) -> None:
    try:
        faults = check(items(PARTNER, value))
    except DirectoryFault as fault:
        faults = [fault.says]
    assert len(faults) == 1 or isinstance(value, Team)
    assert says in " ".join(faults)


@pytest.mark.requirement("BEY-08")
def test_capacity_is_old_after_seven_days_and_when_nobody_ever_said_it() -> None:
    assert not SERVICE.capacity_is_old(AT + CAPACITY_HOLDS)
    assert SERVICE.capacity_is_old(AT + CAPACITY_HOLDS + timedelta(seconds=1))
    assert Service("s", "S", "north", "x", "x").capacity_is_old(AT)


def watched(*duties: Duty) -> object:
    roles = ("north", "watch")
    team = Team("north", "North", "harbour", OFFICE, duties, address="n@example.org")
    return make_directory(
        [Organisation("harbour", "H", "ana"), team, person("ana"), person("ben", roles), person("cas", roles)], 1
    )


@pytest.mark.requirement("BEY-03")
def test_a_dated_shift_goes_before_the_standing_roster_and_ends_with_its_hour() -> None:
    end = AT + timedelta(hours=8)
    found = watched(Duty("watch", "ben"), Duty("watch", "cas", start=AT, until=end))
    who = [
        found.on_duty("north", "watch", at) for at in (AT - timedelta(seconds=1), AT, end - timedelta(seconds=1), end)
    ]  # type: ignore[attr-defined]
    assert who == ["ben", "cas", "cas", "ben"]


@pytest.mark.requirement("BEY-03")
def test_a_shift_whose_holder_cannot_be_reached_is_a_gap_of_just_that_time() -> None:
    silent = Staff("dov", "Dov", "harbour", frozenset({("north", "watch")}))
    end = AT + timedelta(hours=8)
    duties = (Duty("watch", "ben"), Duty("watch", "dov", start=AT, until=end))
    team = Team("north", "North", "harbour", OFFICE, duties, address="n@example.org")
    whole = [Organisation("harbour", "H", "ana"), team, person("ana"), person("ben", ("north", "watch")), silent]
    [gap] = find_gaps(make_directory(whole, 1), "north", "watch", AT - timedelta(days=1))
    assert (gap.start, gap.end, gap.staff) == (AT, end, "dov") and gap.why != NOBODY


def test_a_file_says_shifts_by_the_clock_of_its_zone() -> None:
    line = "duty-clinician: { open: [niall-corve], closed: [esme-drury] }"
    shift = '{ staff: pell-ashdown, from: "2026-12-24T18:00", until: "2026-12-25T08:00" }'
    text = shipped_network()
    assert text.count(line) == 1
    text = text.replace(line, f"{line[:-2]}, shifts: [{shift}] }}")
    directory = make_directory([item_from_plain(*item) for item in read_network(text, date(2026, 11, 23))], 1)
    at = datetime(2026, 12, 24, 23, tzinfo=UTC)
    assert directory.on_duty("community-north", "duty-clinician", at) == "pell-ashdown"
    assert directory.on_duty("community-north", "duty-clinician", at - timedelta(seconds=1)) != "pell-ashdown"
    with pytest.raises(DirectoryFault, match="in quotes"):
        read_network(text.replace('"2026-12-24T18:00"', "2026-12-24T18:00:00"), date(2026, 11, 23))


@pytest.mark.requirement("BEY-08")
def test_the_shipped_network_has_services_with_who_said_what_is_free() -> None:
    directory = make_directory([item_from_plain(*i) for i in read_network(shipped_network(), date(2026, 11, 23))], 1)
    assert {s.said_by for s in directory.services.values()} <= {*directory.staff, *directory.contacts}
    old = [s.capacity_is_old(datetime(2026, 11, 23, 15, tzinfo=UTC)) for s in directory.services.values()]
    assert sorted(old) == [False, True]
