"""Somebody leaves, through the API: what they hold, and closing their account in one step with whoever takes it over (BEY-09)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from holdfast.core.access import refuse_admin
from holdfast.desk.leaving import close_person, what_they_hold, who_can_take_over
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, do_once
from holdfast.doors.api.presenting import staff_out
from holdfast.doors.api.problems import problem, refused
from holdfast.doors.api.shapes import StaffOut, Strict

router = Router(tags=["directory"])


class HoldsOut(Schema):
    """What somebody has in their hands, counted; ``places`` are rosters, routes, cover and the last resort, in words."""

    staff: StaffOut
    active: bool
    says: str
    cases: int
    duties: int
    named: int
    promises: int
    places: list[str]
    can_take_over: list[StaffOut]


class CloseIn(Strict):
    """``to`` takes over all of it; leave it out only for somebody who holds nothing."""

    to: str = Field("", max_length=100)


@router.get("/staff/{staff}/holds", response=HoldsOut, summary="What somebody holds, before they leave")
def holds(request: HttpRequest, staff: str) -> Any:
    """For administrators of their organisation. Nothing is changed."""
    caller = caller_of(request)
    _check(caller, staff)
    return _held(staff)


@router.post(
    "/staff/{staff}/close", response=HoldsOut, openapi_extra=KEYED, summary="Move all of it and end the account"
)
def close(request: HttpRequest, response: HttpResponse, staff: str, body: CloseIn) -> Any:
    """One step: everything moves to ``to``, and only then the account, its sessions and its tokens end."""
    caller = caller_of(request)
    _check(caller, staff)

    def work() -> Any:
        outcome = close_person(caller.desk, staff, body.to, caller.staff, DOOR)
        return outcome.refusal or {"number": outcome.number}

    do_once(caller, request, response, body.model_dump(mode="json"), work)
    return _held(staff)


def _check(caller: Caller, staff: str) -> None:
    person = caller.directory.staff.get(staff)
    refusal = refuse_admin(caller.viewer, caller.directory, person.organisation if person else "")
    if refusal is not None:
        raise refused(refusal)
    if person is None:
        raise problem(404, "There is nobody of that name in the directory.")


def _held(staff: str) -> dict[str, Any]:
    directory = load(current_version())
    found = what_they_hold(staff, directory)
    return {
        "staff": staff_out(staff, directory),
        "active": directory.staff[staff].active,
        "says": found.says(),
        "cases": found.held,
        "duties": found.duties,
        "named": found.named,
        "promises": found.promises,
        "places": list(found.rosters),
        "can_take_over": [staff_out(one.id, directory) for one in who_can_take_over(staff, directory)],
    }
