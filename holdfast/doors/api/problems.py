"""Refusals as problem details (RFC 9457): a status, a code, a sentence, what is missing and what is possible instead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from holdfast.core.refusals import Missing, Refusal

MEDIA_TYPE = "application/problem+json"

#: Not in this table: a conflict with how things stand (409).
_STATUS: Mapping[str, int] = {
    "not_visible": 404,
    "unknown_case": 404,
    "unknown_person": 404,
    "unknown_proposal": 404,
    "unknown_edition": 404,
    "unknown_move": 404,
    "not_yours": 403,
    "without_authority": 403,
    "wrong_pin": 403,
    "pin_locked": 403,
    "stale": 412,
    **dict.fromkeys(
        (
            "key_reused",
            "unreadable",
            "unreadable_answers",
            "unknown_command",
            "unknown_field",
            "unknown_role",
            "unknown_team",
            "same_team",
            "not_a_person",
            "not_read_back",
            "not_an_instant",
            "not_offered",
            "not_a_slot",
            "no_slots",
            "too_many_slots",
            "not_coming",
            "not_an_endpoint",
            "parties_missing",
            "incomplete",
            "reason_missing",
            "late_reason_missing",
            "in_the_future",
            "before_it_began",
        ),
        422,
    ),
}
_CODES = {
    400: "unreadable_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "not_possible",
    413: "too_large",
    422: "unreadable",
    500: "our_fault",
}


class Problem(Exception):
    """Ends a request with a problem; a door raises it and nothing else has to know."""

    def __init__(self, status: int, refusal: Refusal, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(refusal.code)
        self.status = status
        self.refusal = refusal
        self.headers = dict(headers or {})
        self.more = more


def problem(status: int, says: str, code: str = "", *missing: Missing) -> Problem:
    return Problem(status, Refusal(code or _CODES[status], says, missing))


def refused(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Problem:
    """A refusal of the desk with its status."""
    return Problem(_STATUS.get(refusal.code, 409), refusal, headers)


def answer(found: Problem) -> HttpResponse:
    """The problem as it leaves."""
    refusal = found.refusal
    body = {
        "type": f"urn:holdfast:problem:{refusal.code}",
        "title": refusal.code.replace("_", " ").capitalize(),
        "status": found.status,
        "detail": refusal.says,
        "code": refusal.code,
        "missing": [{"what": m.what, "says": m.says, "supplied_by": m.supplied_by} for m in refusal.missing],
        "instead": list(refusal.instead),
        **found.more,
    }
    headers = {"WWW-Authenticate": "Bearer", **found.headers} if found.status == 401 else found.headers
    return HttpResponse(json.dumps(body), status=found.status, content_type=MEDIA_TYPE, headers=headers)


def handle(api: NinjaAPI) -> None:
    """Every way a request can fail, as a problem. What is not foreseen is left to Django: it is logged, and tells nothing."""

    def on(kind: type[Exception], make: Any) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(make(request, error)))

    on(Problem, lambda request, error: error)
    on(ValidationError, _invalid)
    on(AuthenticationError, lambda request, error: problem(401, "Sign in, or send a token that holds."))
    on(HttpError, lambda request, error: _http(error))
    on(Http404, lambda request, error: problem(404, "There is nothing at this address."))
    on(RequestDataTooBig, lambda request, error: problem(413, "The request is too large: 10 MB at most."))


def _http(error: HttpError) -> Problem:
    return Problem(error.status_code, Refusal(_CODES.get(error.status_code, "not_possible"), str(error)))


def _invalid(request: HttpRequest, error: ValidationError) -> Problem:
    """Where the request does not have its shape. The values that were sent are not repeated."""
    missing = tuple(
        Missing(".".join(str(part) for part in one["loc"][1:]), str(one["msg"]), "you") for one in error.errors
    )
    return problem(422, "The request does not have the shape that is asked for.", "unreadable", *missing)
