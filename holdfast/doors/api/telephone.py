"""Writing down through the API what a partner without an account answers by telephone (BEY-13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from holdfast.desk.envelope import Ask
from holdfast.doors.api.answers import keepable, read_answers
from holdfast.doors.api.caller import caller_of
from holdfast.doors.api.casefiles import file_of
from holdfast.doors.api.changing import MATCHED, REPLAYED, key_of, version_of
from holdfast.doors.api.presenting import bare
from holdfast.doors.api.problems import problem, refused
from holdfast.doors.api.shapes import DoneOut, Strict
from holdfast.doors.partner.telephone import MOST_PIN, Said, take_down

router = Router(tags=["deeds"])


class TelephoneIn(Strict):
    """``who`` speaks (staff id of the team's contact), ``pin`` as they read it out, ``read_back``: they heard it again and confirmed."""

    who: str = Field(max_length=100)
    pin: str = Field(max_length=MOST_PIN)
    read_back: bool
    answers: dict[str, Any] = {}
    about: str = Field("", max_length=200)


@router.post(
    "/cases/{case}/telephone/{team}/{step}",
    response=DoneOut,
    openapi_extra=MATCHED,
    operation_id="write_down_answer",
    summary="Write down what a named contact of an external team answers by telephone, proved by their team's PIN",
)
def write_down(request: HttpRequest, response: HttpResponse, case: str, team: str, step: str, body: TelephoneIn) -> Any:
    caller = caller_of(request)
    file = file_of(caller, case, "telephone")
    key, version = key_of(request), version_of(request)
    if not all(keepable(text) for text in (team, step, body.who, body.pin, body.about)):
        raise problem(422, "The request holds characters that cannot be kept.", "unreadable")
    values = {"step": step} | ({"about": body.about} if body.about else {})
    values |= {"team": team} if file.state.open_offers() else {}
    ask = Ask("TakeStep", values, read_answers(body.answers))
    said = Said(team, body.who, body.pin, ask, body.read_back, key, version)
    outcome = take_down(file, caller.directory, caller.staff, said, caller.now)
    replayed = {REPLAYED: "true"} if outcome.again else {}
    if outcome.refusal is not None:
        raise refused(outcome.refusal, replayed)
    for name, value in {"ETag": f'"{outcome.number}"', **replayed}.items():
        response.headers[name] = value
    return {
        "case": bare(file.state.case),
        "number": outcome.number,
        "events": list(outcome.events),
        "again": outcome.again,
    }
