"""A change through the API: one key, one known version, one answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from holdfast.core.refusals import Missing, Refusal
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.once import KeyReused, once
from holdfast.doors.api.caller import Caller
from holdfast.doors.api.problems import problem, refused

DOOR = "api"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG = re.compile(r'"(\d{1,15})"')

_HEADER = {"in": "header", "required": True, "schema": {"type": "string"}}
KEY_HEADER = {**_HEADER, "name": "Idempotency-Key", "description": "A key of your own: a repeat of it changes nothing."}
MATCH_HEADER = {**_HEADER, "name": "If-Match", "description": 'The ETag that you last saw, such as "12"; or *.'}
#: For ``openapi_extra`` of operations that change something, and of those that change a case that is there.
KEYED: dict[str, Any] = {"parameters": [KEY_HEADER]}
MATCHED: dict[str, Any] = {"parameters": [KEY_HEADER, MATCH_HEADER]}


def key_of(request: HttpRequest) -> str:
    """The caller's key. Raises a problem (400) without one."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        says = "Send an Idempotency-Key of your own with each change (1 to 200 visible characters): a retry is then harmless."
        raise problem(400, says, "key_missing")
    return key


def version_of(request: HttpRequest) -> int | None:
    """The version the caller has seen; None for ``*``, any. Raises problems: 428 without one, 412 for what is no version."""
    match = request.headers.get("If-Match", "").strip()
    if not match:
        raise problem(428, "Say in If-Match which version you have seen: the ETag of the case.", "version_missing")
    if match == "*":
        return None
    found = _ETAG.fullmatch(match)
    if found is None:
        raise problem(412, "This is not the version of the case. Look again, then decide.", "stale")
    return int(found[1])


def change(
    caller: Caller, request: HttpRequest, response: HttpResponse, case: str, ask: Ask, occurred: datetime | None
) -> Outcome:
    """Hand one command to the desk; what it refuses becomes a problem."""
    key, version = key_of(request), version_of(request)
    envelope = Envelope(case, ask, caller.staff, DOOR, key, version, occurred, caller.now)
    outcome = caller.desk.handle(envelope)
    replayed = {REPLAYED: "true"} if outcome.again else {}
    if outcome.refusal is not None:
        raise refused(outcome.refusal, replayed)
    for name, value in {"ETag": f'"{outcome.number}"', **replayed}.items():
        response.headers[name] = value
    return outcome


def do_once(caller: Caller, request: HttpRequest, response: HttpResponse, asked: Any, work: Callable[[], Any]) -> Any:
    """The same frame for what is not one command on one case. ``work`` gives plain JSON or a refusal."""

    def plain() -> dict[str, Any]:
        given = work()
        return {"refusal": _kept(given)} if isinstance(given, Refusal) else {"answer": given}

    asked = [request.method, request.path, asked]
    try:
        answer, again = once(caller.desk, caller.staff, key_of(request), asked, caller.now, plain)
    except KeyReused:
        says = "This key was used for another request. Use a new key for a new request."
        raise problem(422, says, "key_reused") from None
    replayed = {REPLAYED: "true"} if again else {}
    if "refusal" in answer:
        raise refused(_opened(answer["refusal"]), replayed)
    for name, value in replayed.items():
        response.headers[name] = value
    return answer["answer"]


def _kept(refusal: Refusal) -> dict[str, Any]:
    missing = [[m.what, m.says, m.supplied_by] for m in refusal.missing]
    return {"code": refusal.code, "says": refusal.says, "missing": missing, "instead": list(refusal.instead)}


def _opened(kept: Mapping[str, Any]) -> Refusal:
    missing = tuple(Missing(*item) for item in kept.get("missing", ()))
    return Refusal(kept["code"], kept["says"], missing, tuple(kept["instead"]))
