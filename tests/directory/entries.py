"""A small directory that stands, for tests to bend: one ward, one community team, and those who answer for them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from holdfast.core.parties import Absence, Duty, Organisation, Staff, Team
from holdfast.directory.hours import publish_calendar
from holdfast.directory.items import Entry, Item, Route, item_to_plain

OFFICE = publish_calendar(
    "America/New_York", {"mon-fri": "09:00-17:00"}, date(2026, 1, 1), date(2027, 12, 31), region="US-NY"
)


def person(id: str, *roles: tuple[str, str], organisation: str = "harbour", **more: Any) -> Staff:
    reach = {"email": f"{id}@harbour.example.org", "day": "202-555-0100", "night": "202-555-0101"}
    return Staff(id, id.title(), organisation, frozenset(roles), **(reach | more))


def entries() -> list[Entry]:
    return [
        Organisation("harbour", "Harbour Mental Health", "ingrid"),
        Team(
            "ward",
            "Larch Ward",
            "harbour",
            OFFICE,
            (Duty("coordinator", "maren"), Duty("coordinator", "idris")),
            address="ward@harbour.example.org",
        ),
        Team(
            "north",
            "Community North",
            "harbour",
            OFFICE,
            (Duty("duty-clinician", "niall", "open"), Duty("duty-clinician", "pell", "closed")),
            address="north@harbour.example.org",
            second_address="202-555-0177",
        ),
        person("ingrid", ("ward", "supervisor")),
        person("maren", ("ward", "coordinator")),
        person("idris", ("ward", "coordinator")),
        person("niall", ("north", "duty-clinician")),
        person("pell", ("north", "duty-clinician")),
        person("alma", ("harbour", "governance")),
        Absence("maren", datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC), "idris"),
        Route("*", "discharge-to-community", "ward", "north", "maren"),
    ]


def items(*instead: Entry) -> list[Item]:
    """The entries as plain shapes; each of ``instead`` takes the place of the entry of its kind and name, or is added."""
    plain = {(kind, ref): body for kind, ref, body in map(item_to_plain, [*entries(), *instead])}
    return [(kind, ref, body) for (kind, ref), body in plain.items()]
