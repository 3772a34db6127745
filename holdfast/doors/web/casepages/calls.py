"""Calls that a ladder asks for and no machine can make: whom to ring, on which number, about what (HZ-78)."""

from __future__ import annotations

from typing import Any

from holdfast.deliveries.models import Delivery
from holdfast.doors.web.casepages.opened import Opened

#: Channels that a person has to use by hand.
BY_HAND = ("phone", "fax", "portal")


def calls_to_make(page: Opened) -> list[dict[str, Any]]:
    """One line for each person to ring about a promise that is still owed, oldest first; once it is settled nobody need be rung."""
    owed = {promise.id: promise for promise in page.state.owed()}
    rows = Delivery.objects.filter(stream=page.stream, by__in=BY_HAND, about__in=list(owed)).order_by("due_at")
    calls: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        kind, _, id = row.recipient.partition(":")
        person = page.seen.directory.staff.get(id) if kind == "staff" else None
        team = page.seen.directory.teams.get(id) if kind == "team" else None
        spec = page.pathway.find_obligation(owed[row.about].kind)
        calls.setdefault(
            (row.recipient, row.about),
            {
                "name": person.name if person else team.name if team else id,
                "numbers": [number for number in (person.day, person.night) if number]
                if person
                else [team.phone]
                if team and team.phone
                else [],
                "about": spec.owed if spec else row.about,
                "since": row.due_at,
            },
        )
    return list(calls.values())
