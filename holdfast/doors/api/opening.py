"""Opening a case: for somebody known, or for somebody new who is registered with it; both or neither."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Status

from holdfast.core.answers import GIVEN, RawAnswer
from holdfast.core.arrivals import ArrivedPerson
from holdfast.core.refusals import Refusal
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.matching import Doubt, find_match
from holdfast.desk.persons import register
from holdfast.doors.api.answers import keepable, read_answers
from holdfast.doors.api.beside import bare
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, do_once
from holdfast.doors.api.problems import problem
from holdfast.doors.api.shapes import DoneOut, NewPersonIn, OpenIn
from holdfast.doors.api.worklists import router as router
from holdfast.worklists.viewing import cases_for

NOBODY = Refusal("not_visible", "There is no such person among those that you may see.")


@router.post("/cases", tags=["opening"], response={201: DoneOut}, openapi_extra=KEYED, summary="Open a case")
def open_case(request: HttpRequest, response: HttpResponse, body: OpenIn) -> Any:
    caller = caller_of(request)
    answers = read_answers(body.answers)
    if not keepable("".join(_texts(body.model_dump(exclude={"answers"})))):
        raise problem(422, "The request holds characters that cannot be kept.", "unreadable")
    asked = body.model_dump(mode="json")
    done = do_once(caller, request, response, asked, lambda: _open(caller, body, answers))
    response.headers["ETag"] = f'"{done["number"]}"'
    response.headers["Location"] = f"/api/v1/cases/{done['case']}"
    return Status(201, done)


def _open(caller: Caller, body: OpenIn, answers: dict[str, RawAnswer]) -> dict[str, Any] | Refusal:
    with transaction.atomic():
        made = _made(caller, body, answers)
        if isinstance(made, Refusal):
            transaction.set_rollback(True)
        return made


def _made(caller: Caller, body: OpenIn, answers: dict[str, RawAnswer]) -> dict[str, Any] | Refusal:
    try:
        person = _person(caller, body.person)
    except Doubt as doubt:
        return Refusal("not_matched", doubt.says)
    if isinstance(person, Refusal):
        return person
    beside = cases_for(caller.viewer, caller.directory, caller.now).filter(subject=person, status="open")
    if not body.even_so and (known := beside.filter(pathway=body.pathway).values_list("case", flat=True).first()):
        says = "This person has an open case of this pathway. Go on with that one, or say even_so."
        return Refusal("open_already", says, instead=(f"/api/v1/cases/{bare(known)}",))
    case = "case:" + caller.desk.entropy(16).hex()
    values = {
        "case": case,
        "pathway": body.pathway,
        "subject": person,
        "parties": dict(body.parties),
        "holder": body.holder,
    }
    ask = Ask("OpenCase", values, answers)
    outcome = caller.desk.handle_inside(Envelope(case, ask, caller.staff, DOOR, received=caller.now))
    if outcome.refusal is not None:
        return outcome.refusal
    return {"case": bare(case), "number": outcome.number, "events": list(outcome.events), "again": False}


def _person(caller: Caller, given: str | NewPersonIn) -> str | Refusal:
    """An id that the caller may see, or somebody found by number and borne out, or somebody new."""
    if isinstance(given, str):
        seen = cases_for(caller.viewer, caller.directory, caller.now).filter(subject=given)
        return given if re.fullmatch(r"[\w-]{1,64}", given, re.ASCII) and seen.exists() else NOBODY
    numbers = tuple((number.system, number.value) for number in given.numbers)
    first, _, last = given.name.strip().rpartition(" ")
    found = find_match(caller.desk, ArrivedPerson(numbers, last or first, first or None, given.born))
    return found or _registered(caller.desk, caller.staff, given, numbers)


def _registered(desk: Desk, staff: str, given: NewPersonIn, numbers: tuple[tuple[str, str], ...]) -> str | Refusal:
    values: dict[str, Any] = {
        "person.name": given.name,
        "person.born": given.born.isoformat() if given.born else None,
        "person.identifiers": [{"system": system, "value": value} for system, value in numbers],
        "person.phone": given.phone,
        "person.address": given.address,
        "person.language": given.language,
        "person.sex": given.sex,
    }
    person = "p" + desk.entropy(16).hex()
    answers = {id: RawAnswer(GIVEN, value) for id, value in values.items() if value}
    outcome = register(desk, person, answers, numbers, staff, DOOR)
    return outcome.refusal or person


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []
