"""A team's slots through the API: what is held, offered and booked, who waits, and holding more (STP-03, CAP-06)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from holdfast.core.access import NOT_YOURS, concerned_places
from holdfast.core.capacity import HoldSlots, PoolCommand, ReleaseSlot
from holdfast.core.pools import pool_of
from holdfast.desk.pools import handle_pool, read_pool
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, REPLAYED, key_of
from holdfast.doors.api.problems import refused

router = Router(tags=["slots"])


class SlotOut(Schema):
    """One slot: ``status`` is held, offered or booked; ``until`` is when an offer ends. Whose it is stands on the case."""

    id: str
    at: datetime
    status: str
    until: datetime | None


class PoolOut(Schema):
    """A team's slots of one kind that are still to come, and how many cases wait for one."""

    team: str
    kind: str
    slots: list[SlotOut]
    waiting: int


class HoldIn(Schema):
    """Times at which slots begin, and how many at each."""

    at: list[datetime]
    places: int = 1


@router.get("/teams/{team}/slots/{kind}", response=PoolOut)
def pool(request: HttpRequest, team: str, kind: str) -> dict[str, Any]:
    """A pool, for those of the team and those who oversee it."""
    caller = caller_of(request)
    if team not in caller.directory.teams or team not in concerned_places(caller.viewer, caller.directory):
        raise refused(NOT_YOURS, {})
    return _shown(team, kind)


@router.post("/teams/{team}/slots/{kind}", response=PoolOut, openapi_extra=KEYED)
def hold(request: HttpRequest, response: HttpResponse, team: str, kind: str, body: HoldIn) -> dict[str, Any]:
    """Hold more slots."""
    return _done(caller_of(request), request, response, (team, kind), HoldSlots(tuple(body.at), body.places))


@router.delete("/teams/{team}/slots/{kind}/{slot}", response=PoolOut, openapi_extra=KEYED)
def release(request: HttpRequest, response: HttpResponse, team: str, kind: str, slot: str) -> dict[str, Any]:
    """Take a slot away that is not booked."""
    return _done(caller_of(request), request, response, (team, kind), ReleaseSlot(slot))


def _done(
    caller: Caller, request: HttpRequest, response: HttpResponse, which: tuple[str, str], command: PoolCommand
) -> dict[str, Any]:
    outcome = handle_pool(caller.desk, pool_of(*which), command, caller.staff, DOOR, key_of(request))
    replayed = {REPLAYED: "true"} if outcome.again else {}
    if outcome.refusal is not None:
        raise refused(outcome.refusal, replayed)
    for name, value in replayed.items():
        response.headers[name] = value
    return _shown(*which)


def _shown(team: str, kind: str) -> dict[str, Any]:
    found = read_pool(pool_of(team, kind))
    slots = sorted(found.slots.values(), key=lambda slot: (slot.at, slot.id))
    return {
        "team": team,
        "kind": kind,
        "slots": [{"id": s.id, "at": s.at, "status": s.status, "until": s.until} for s in slots],
        "waiting": len(found.waiting),
    }
