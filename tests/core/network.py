"""A small invented network in two zones, as the engine sees it: the teams, the people, and how to change them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from holdfast.core.calendars import Calendar, WeeklyInterval
from holdfast.core.parties import CLOSED, OPEN, Absence, Directory, Duty, Organisation, Staff, Team

LONDON, NEW_YORK = "Europe/London", "America/New_York"
OFFICE_WEEK = tuple(WeeklyInterval(weekday, 540, 1020) for weekday in range(5))
#: A Monday, 09:00 in London, 04:00 in New York.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

WARD, COMMUNITY, HARBOUR, ELSEWHERE = "ward", "community", "harbour", "elsewhere"
#: Ward: coordinator, another coordinator, supervisor, last resort of the hospital.
KIT, KAY, UNA, REX = "kit", "kay", "una", "rex"
#: Community: leads, intake, supervisor, decision-maker, clinician, duty clinician at night, last resort.
LEA, LEO, IVY, SOL, DARA, CLEO, NIA, RAE = "lea", "leo", "ivy", "sol", "dara", "cleo", "nia", "rae"
#: Harbour, another receiving team; an outsider; governance.
HAL, IAN, SUE, OZ, GWEN = "hal", "ian", "sue", "oz", "gwen"

_STAFF: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    KIT: ("hospital", {WARD: ("coordinator", "dispatcher")}),
    KAY: ("hospital", {WARD: ("coordinator", "dispatcher")}),
    UNA: ("hospital", {WARD: ("supervisor",)}),
    REX: ("hospital", {"hospital": ("director",)}),
    OZ: ("hospital", {ELSEWHERE: ("coordinator", "lead", "clinician")}),
    GWEN: ("hospital", {"hospital": ("governance",)}),
    LEA: ("trust", {COMMUNITY: ("lead", "keeper")}),
    LEO: ("trust", {COMMUNITY: ("lead", "keeper")}),
    IVY: ("trust", {COMMUNITY: ("intake", "gate")}),
    SOL: ("trust", {COMMUNITY: ("supervisor",)}),
    DARA: ("trust", {COMMUNITY: ("decision-maker", "clinician", "insurer")}),
    CLEO: ("trust", {COMMUNITY: ("clinician",)}),
    NIA: ("trust", {COMMUNITY: ("duty-clinician", "watch")}),
    RAE: ("trust", {"trust": ("director",)}),
    HAL: ("trust", {HARBOUR: ("lead", "keeper")}),
    IAN: ("trust", {HARBOUR: ("intake", "gate")}),
    SUE: ("trust", {HARBOUR: ("supervisor",)}),
}


def office(zone: str, valid_to: date = date(2028, 12, 31)) -> Calendar:
    return Calendar(zone, OFFICE_WEEK, frozenset(), (), date(2025, 1, 1), valid_to)


def network() -> Directory:
    """Everybody at work, nobody away."""
    staff = {
        id: Staff(
            id,
            id.title(),
            organisation,
            frozenset((place, role) for place, roles in places.items() for role in roles),
            day="phone",
            night="" if id == CLEO else "phone",
        )
        for id, (organisation, places) in _STAFF.items()
    }
    teams = {
        WARD: Team(WARD, "Ward 4", "hospital", office(LONDON)),
        ELSEWHERE: Team(ELSEWHERE, "Another ward", "hospital", office(LONDON)),
        COMMUNITY: Team(
            COMMUNITY,
            "Community team",
            "trust",
            office(NEW_YORK),
            (Duty("intake", IVY), Duty("supervisor", SOL, OPEN), Duty("supervisor", SOL, CLOSED)),
        ),
        HARBOUR: Team(HARBOUR, "Harbour team", "trust", office(LONDON)),
    }
    organisations = {
        "hospital": Organisation("hospital", "The hospital", REX),
        "trust": Organisation("trust", "The community trust", RAE),
    }
    return Directory(1, organisations, teams, staff)


def away(directory: Directory, staff: str, start: datetime, end: datetime, cover: str = "") -> Directory:
    """The directory with one more absence."""
    absence = Absence(staff, start, end, cover)
    absent = {**directory.absent, staff: (*directory.absent.get(staff, ()), absence)}
    return replace(directory, absences=(*directory.absences, absence), absent=absent)


def without(directory: Directory, *staff: str) -> Directory:
    """The directory with these accounts closed."""
    closed = {id: replace(directory.staff[id], active=False) for id in staff}
    return replace(directory, staff={**directory.staff, **closed})


def rezoned(directory: Directory, team: str, calendar: Calendar) -> Directory:
    """The directory with other hours for one team."""
    return replace(directory, teams={**directory.teams, team: replace(directory.teams[team], calendar=calendar)})
