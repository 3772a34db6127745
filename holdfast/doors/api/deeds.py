"""Doing something: one route for every command that a person can give on a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from holdfast.core.refusals import Missing
from holdfast.desk.envelope import Ask
from holdfast.doors.api.answers import keepable, read_answers
from holdfast.doors.api.beside import bare
from holdfast.doors.api.caller import caller_of
from holdfast.doors.api.casefiles import stream_of
from holdfast.doors.api.changing import MATCHED, change
from holdfast.doors.api.problems import problem
from holdfast.doors.api.shapes import DeedIn, DoneOut

router = Router(tags=["deeds"])

Kind = Literal[
    "FillPacket",
    "NameRole",
    "TakeStep",
    "AskOverride",
    "Meet",
    "Waive",
    "Acknowledge",
    "MoveHolder",
    "MoveOwner",
    "RaiseTier",
    "LowerTier",
    "CloseCase",
    "ReopenCase",
]


@dataclass(frozen=True, slots=True)
class Way:
    """How one command is given: what its target names, which clear values it takes beside it, which texts, and whether a form."""

    target: str = ""
    values: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    form: bool = False


WAYS: Mapping[str, Way] = {
    "FillPacket": Way(form=True),
    "NameRole": Way("named", ("staff",)),
    "TakeStep": Way("step", ("about", "team"), ("override", "late_reason"), form=True),
    "AskOverride": Way("step", (), ("reason",)),
    "Meet": Way("promise", (), ("late_reason",), form=True),
    "Waive": Way("promise", (), ("reason",)),
    "Acknowledge": Way("promise"),
    "MoveHolder": Way("", ("to",), ("reason",)),
    "MoveOwner": Way("promise", ("to",), ("reason",)),
    "RaiseTier": Way("tier", (), ("reason",)),
    "LowerTier": Way("tier", (), ("reason",)),
    "CloseCase": Way("endpoint", (), ("late_reason",), form=True),
    "ReopenCase": Way("", (), ("reason",)),
}


@router.post(
    "/cases/{case}/deeds/{command}",
    response=DoneOut,
    openapi_extra=MATCHED,
    operation_id="do_deed",
    summary="Do what needs no target, such as filling in the packet",
)
def do(request: HttpRequest, response: HttpResponse, case: str, command: Kind, body: DeedIn) -> Any:
    return _do(request, response, case, command, "", body)


@router.post(
    "/cases/{case}/deeds/{command}/{target}",
    response=DoneOut,
    openapi_extra=MATCHED,
    operation_id="do_deed_to",
    summary="Do a deed: take a step, meet a promise, name a role, raise the tier",
)
def do_to(request: HttpRequest, response: HttpResponse, case: str, command: Kind, target: str, body: DeedIn) -> Any:
    return _do(request, response, case, command, target, body)


def _do(request: HttpRequest, response: HttpResponse, case: str, command: str, target: str, body: DeedIn) -> Any:
    caller = caller_of(request)
    stream = stream_of(caller, case)
    ask = ask_of(command, target, body)
    outcome = change(caller, request, response, stream, ask, utc(body.occurred))
    return {
        "case": bare(stream),
        "number": outcome.number,
        "events": list(outcome.events),
        "again": outcome.again,
    }


def ask_of(command: str, target: str, body: DeedIn) -> Ask:
    """The command as the desk takes it. Raises a problem for what this command has no place for."""
    way = WAYS[command]
    if bool(target) != bool(way.target):
        says = (
            f"{command} needs a {way.target} at the end of the address." if way.target else f"{command} has no target."
        )
        raise problem(422, says, "unreadable")
    taken = {*way.values, *way.texts, "occurred", *(("answers",) if way.form else ())}
    stray = sorted(name for name in body.model_fields_set - taken if getattr(body, name))
    if stray:
        faults = [Missing(name, f"{command} has no place for this", "you") for name in stray]
        raise problem(422, f"{command} does not take: {', '.join(stray)}.", "unreadable", *faults)
    given = [target, *(getattr(body, name) for name in (*way.values, *way.texts))]
    if not all(keepable(text) for text in given):
        raise problem(422, "The request holds characters that cannot be kept.", "unreadable")
    values = {way.target: target} if way.target else {}
    values |= {name: getattr(body, name) for name in way.values if getattr(body, name) or name not in ("about", "team")}
    texts = {name: getattr(body, name) for name in way.texts if getattr(body, name) or name == "reason"}
    return Ask(command, values, read_answers(body.answers), texts)


def utc(occurred: datetime | None) -> datetime | None:
    """When it happened, in UTC. Raises a problem for a time without a zone and for another age."""
    if occurred is None:
        return None
    if occurred.tzinfo is None or not 1900 <= occurred.year <= 2200:
        raise problem(
            422, "occurred is a date and time with its zone, such as 2026-03-29T14:05+00:00.", "not_an_instant"
        )
    return occurred.astimezone(UTC)
