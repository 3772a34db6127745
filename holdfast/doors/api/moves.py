"""Moving open cases to another edition through the API: see what would change, ask and do it, sign it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from holdfast.core.refusals import Refusal
from holdfast.core.work import Refused
from holdfast.desk.moves import Move, Plan, Shown, ask_move, digest_of, do_move, find_move, list_moves, show_move
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, do_once
from holdfast.doors.api.problems import problem, refused
from holdfast.doors.api.shapes import Strict
from holdfast.pathways.editions import find_edition

router = Router(tags=["editions"])


class PlanIn(Strict):
    """``edition`` is the digest of a published edition; the maps give ids there for ids that are not there any more."""

    edition: str = Field(min_length=64, max_length=64)
    obligations: dict[str, str] = {}
    ladders: dict[str, str] = {}


class MoveIn(PlanIn):
    reason: str = Field(min_length=1)


class SignIn(Strict):
    """``agreed`` is that of the list which was read before signing."""

    agreed: str = Field(min_length=64, max_length=64)


class ShiftOut(Schema):
    owed: str
    was: datetime
    due: datetime


class MovedCaseOut(Schema):
    """``refused`` is the code of why the case would stay, empty where it moves; ``needs_sign_off`` means a second person."""

    case: str
    shifts: list[ShiftOut]
    refused: str
    says: str


class LeftOut(Schema):
    """What is left of a move; ``agreed`` names the whole list, for signing it."""

    number: int
    agreed: str
    cases: list[MovedCaseOut]


class StaysOut(Schema):
    case: str
    refused: str
    says: str


class MovedOut(Schema):
    number: int
    moved: list[str]
    stays: list[StaysOut]


@router.get("/pathways/{pathway}/moves", response=list[dict[str, Any]], summary="Moves that were asked for")
def moves(request: HttpRequest, pathway: str) -> Any:
    caller_of(request)
    return [
        {"number": one.number, "edition": one.plan.to, "reason": one.reason, "by": one.by, "at": one.at.isoformat()}
        for one in list_moves(_named(pathway))
    ]


@router.post(
    "/pathways/{pathway}/moves/find", response=list[MovedCaseOut], summary="What a move would change; changes nothing"
)
def preview(request: HttpRequest, pathway: str, body: PlanIn) -> Any:
    caller, plan = caller_of(request), _plan(pathway, body)
    if (onto := find_edition(plan.to)) is None or onto.id != plan.pathway:
        raise problem(404, "No such edition of this pathway is published here.")
    try:
        shown = list(show_move(caller.desk, plan, caller.staff))
    except Refused as error:
        raise refused(error.refusal, {}) from None
    return [_shown(one) for one in shown]


@router.get(
    "/pathways/{pathway}/moves/{number}",
    response=LeftOut,
    summary="What is left of a move, as whoever asks would sign it",
)
def left(request: HttpRequest, pathway: str, number: int) -> Any:
    caller, found = caller_of(request), find_move(_named(pathway), number)
    if found is None:
        raise problem(404, "There is no such move.", "unknown_move")
    asked_by = found.by if found.by != caller.staff else ""
    try:
        shown = list(show_move(caller.desk, found.plan, caller.staff, asked_by))
    except Refused as error:
        raise refused(error.refusal, {}) from None
    return {"number": number, "agreed": digest_of(shown), "cases": [_shown(one) for one in shown]}


def _shown(one: Shown) -> dict[str, Any]:
    return {
        "case": one.case,
        "shifts": [{"owed": s.owed, "was": s.was, "due": s.due} for s in one.shifts],
        "refused": one.code,
        "says": one.refusal,
    }


@router.post(
    "/pathways/{pathway}/moves",
    response=MovedOut,
    openapi_extra=KEYED,
    summary="Ask for a move, and do it where no clock gets longer",
)
def move(request: HttpRequest, response: HttpResponse, pathway: str, body: MoveIn) -> Any:
    caller, plan = caller_of(request), _plan(pathway, body)

    def work() -> Any:
        asked = ask_move(caller.desk, plan, body.reason, caller.staff, DOOR)
        return asked.refusal or _done(caller, find_move(plan.pathway, asked.number))

    return do_once(caller, request, response, body.model_dump(mode="json"), work)


@router.post(
    "/pathways/{pathway}/moves/{number}/sign",
    response=MovedOut,
    openapi_extra=KEYED,
    summary="As a second person, do what is left of a move, as it was read",
)
def sign(request: HttpRequest, response: HttpResponse, pathway: str, number: int, body: SignIn) -> Any:
    caller, asked = caller_of(request), body.model_dump(mode="json")

    def work() -> Any:
        move = find_move(_named(pathway), number)
        own = move is not None and move.by == caller.staff
        return _done(caller, move, "" if own else body.agreed)

    return do_once(caller, request, response, asked, work)


def _done(caller: Caller, move: Move | None, agreed: str = "") -> Any:
    if move is None:
        return Refusal("unknown_move", "There is no such move.")
    moved, stays = [], []
    try:
        for case, outcome in do_move(caller.desk, move, caller.staff, DOOR, agreed):
            if outcome.refusal is None:
                moved.append(case)
            else:
                stays.append({"case": case, "refused": outcome.refusal.code, "says": outcome.refusal.says})
    except Refused as error:
        return error.refusal
    return {"number": move.number, "moved": moved, "stays": stays}


def _plan(pathway: str, body: PlanIn) -> Plan:
    return Plan(_named(pathway), body.edition, body.obligations, body.ladders)


def _named(pathway: str) -> str:
    if "\x00" in pathway:
        raise problem(404, "No such pathway is published here.")
    return pathway
