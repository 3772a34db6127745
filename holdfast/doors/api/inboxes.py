"""Taking in a file, and the inbox of what waits for somebody."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query

from holdfast.core.access import INBOX, navigation_for
from holdfast.core.refusals import Refusal
from holdfast.desk.envelope import Outcome
from holdfast.desk.intake import Received, open_message, receive, settle
from holdfast.doors.api.answers import keepable
from holdfast.doors.api.beside import STREAM, bare
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, do_once
from holdfast.doors.api.paging import MOST
from holdfast.doors.api.problems import problem
from holdfast.doors.api.shapes import MessageOut, ReasonIn, ReceivedOut, SettleIn
from holdfast.doors.arriving import read_part, read_parts
from holdfast.inbox.models import Message
from holdfast.inbox.viewing import WAITING, messages_for
from holdfast.worklists.viewing import cases_for

router = Router(tags=["intake and inbox"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {
    **KEYED,
    "requestBody": {
        "required": True,
        "content": {"application/fhir+json": _BINARY, "application/hl7-v2": _BINARY},
    },
}


@router.post(
    "/intake", response=list[ReceivedOut], openapi_extra=_FILE, summary="Take in a FHIR Bundle or HL7 v2 messages"
)
def intake(request: HttpRequest, response: HttpResponse) -> Any:
    """What became of each message of the file. The same file again changes nothing, whatever its key."""
    caller = caller_of(request)
    if INBOX not in navigation_for(caller.viewer, caller.directory):
        raise problem(403, "Only those who receive referrals and notices for a team may hand in files.", "not_yours")
    raw = request.body
    parts, readings = read_parts(raw)

    def work() -> list[dict[str, Any]]:
        found = receive(caller.desk, raw, readings, DOOR, caller.staff, caller.now, parts=parts)
        return [_received(one, caller) for one in found]

    return do_once(caller, request, response, hashlib.sha256(raw).hexdigest(), work)


@router.get("/inbox", response=list[MessageOut], summary="What arrived and waits for somebody, or all of it")
def messages(
    request: HttpRequest, show: Literal["waiting", "all"] = "waiting", limit: int = Query(25, ge=1, le=MOST)
) -> Any:
    caller = caller_of(request)
    rows = messages_for(caller.viewer, caller.directory, caller.now)
    found = list((rows if show == "all" else rows.filter(status__in=WAITING))[:limit])
    return [_message(row, _visible(caller, found)) for row in found]


@router.get("/inbox/{message}", response=MessageOut, summary="One message and what became of it")
def one(request: HttpRequest, message: str) -> Any:
    caller = caller_of(request)
    row = _found(caller, message)
    return _message(row, _visible(caller, [row]))


@router.post("/inbox/{message}/settle", response=MessageOut, openapi_extra=KEYED, summary="Say what was done about it")
def settle_it(request: HttpRequest, response: HttpResponse, message: str, body: SettleIn) -> Any:
    caller = caller_of(request)
    _found(caller, message)
    _check(body.reason)
    asked = body.model_dump()
    work = lambda: _plain(settle(caller.desk, message, caller.staff, body.how, body.reason, DOOR))  # noqa: E731
    do_once(caller, request, response, asked, work)
    return one(request, message)


@router.post("/inbox/{message}/open", response=MessageOut, openapi_extra=KEYED, summary="Open the draft after all")
def open_it(request: HttpRequest, response: HttpResponse, message: str, body: ReasonIn) -> Any:
    """For a discharge held back by a doubt, such as that the person has died, that somebody has looked at."""
    caller = caller_of(request)
    _found(caller, message)
    _check(body.reason)

    def work() -> Any:
        return _plain(open_message(caller.desk, message, read_part, caller.staff, body.reason, DOOR))

    do_once(caller, request, response, body.model_dump(), work)
    return one(request, message)


def _check(reason: str) -> None:
    if not keepable(reason):
        raise problem(422, "The reason holds characters that cannot be kept.", "unreadable")


def _plain(outcome: Outcome) -> dict[str, Any] | Refusal:
    return outcome.refusal or {"number": outcome.number}


def _found(caller: Caller, message: str) -> Message:
    rows = messages_for(caller.viewer, caller.directory, caller.now)
    row = rows.filter(id=message).first() if message.isalnum() and len(message) <= 36 else None
    if row is None:
        raise problem(404, "There is no such message among those that you may see.", "not_visible")
    return row


def _visible(caller: Caller, rows: list[Message]) -> set[str]:
    """The cases of these messages that the caller may see: an owner need not be of the case's teams."""
    cases = [row.stream for row in rows if row.stream.startswith(STREAM)]
    seen: Any = cases_for(caller.viewer, caller.directory, caller.now).filter(Q(case__in=cases)) if cases else ()
    return {row.case for row in seen}


def _received(one: Received, caller: Caller) -> dict[str, Any]:
    case = one.case if one.case and _may_see(caller, one.case) else ""
    return {
        "message": one.message_id,
        "status": one.status,
        "says": one.says,
        "case": bare(case),
        "used": list(one.used),
        "unused": [asdict(unused) for unused in one.unused],
        "owner": one.owner,
        "waits": one.waits,
    }


def _may_see(caller: Caller, case: str) -> bool:
    return bool(cases_for(caller.viewer, caller.directory, caller.now).filter(case=case).exists())


def _message(row: Message, visible: set[str]) -> dict[str, Any]:
    return {
        "message": row.id,
        "what": row.what,
        "source": row.source,
        "door": row.door,
        "received": row.received_at,
        "status": row.status,
        "says": row.says,
        "unused": row.unused,
        "case": bare(row.stream) if row.stream in visible else "",
        "owner": row.owner,
        "due": row.due_at,
        "settled_by": row.settled_by,
        "settled": row.settled_at,
    }
