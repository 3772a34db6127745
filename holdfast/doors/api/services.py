"""The services to which one can hand over, and those whom one speaks to at a partner, through the API (BEY-08)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from holdfast.doors.api.caller import caller_of
from holdfast.doors.api.presenting import team_out
from holdfast.doors.api.shapes import TeamOut

router = Router(tags=["directory"])


class ContactOut(Schema):
    id: str
    name: str
    team: TeamOut
    part: str
    phone: str
    email: str


class ServiceOut(Schema):
    """``capacity`` is what ``said_by`` said at ``said_at``; ``capacity_is_old`` after seven days. Without ``hours``, the team's."""

    id: str
    name: str
    team: TeamOut
    criteria: str
    hours: str
    after_hours: str
    channel: str
    capacity: str
    said_by: str
    said_at: datetime | None
    capacity_is_old: bool


@router.get("/services", response=list[ServiceOut], summary="Services: for whom, when, how, and what is free")
def services(request: HttpRequest) -> Any:
    caller = caller_of(request)
    directory = caller.directory
    people = {id: one.name for id, one in directory.staff.items()} | {
        id: c.name for id, c in directory.contacts.items()
    }
    return [
        {
            "id": one.id,
            "name": one.name,
            "team": team_out(one.team, directory),
            "criteria": one.criteria,
            "hours": one.hours,
            "after_hours": one.after_hours,
            "channel": one.channel or directory.teams[one.team].channel,
            "capacity": one.capacity,
            "said_by": people[one.said_by] if one.said_by else "",
            "said_at": one.said_at,
            "capacity_is_old": one.capacity_is_old(caller.now),
        }
        for one in sorted(directory.services.values(), key=lambda one: (one.name, one.id))
    ]


@router.get("/contacts", response=list[ContactOut], summary="People at partners who have no account here")
def contacts(request: HttpRequest) -> Any:
    directory = caller_of(request).directory
    return [
        {"id": c.id, "name": c.name, "part": c.part, "phone": c.phone, "email": c.email}
        | {"team": team_out(c.team, directory)}
        for c in sorted(directory.contacts.values(), key=lambda one: (one.name, one.id))
    ]
