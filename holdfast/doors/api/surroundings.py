"""Who I am, the directory, the pathways, a person's card, and whether all is well."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from holdfast.assurance.gaps import gaps_for
from holdfast.assurance.pulse import pulse
from holdfast.core.access import navigation_for
from holdfast.core.answers import RawAnswer
from holdfast.core.pathway import Pathway
from holdfast.desk.envelope import Outcome
from holdfast.desk.leads import move_lead
from holdfast.desk.persons import amend, read_card
from holdfast.doors.api.answers import keepable, read_answers
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, do_once
from holdfast.doors.api.opening import NOBODY
from holdfast.doors.api.presenting import lead_out, question_out, staff_out, team_out
from holdfast.doors.api.problems import problem, refused
from holdfast.doors.api.shapes import QuestionOut, StaffOut, Strict, TeamOut
from holdfast.pathways.editions import UnknownEdition, latest_edition, list_latest
from holdfast.pathways.words import in_words
from holdfast.worklists.viewing import cases_for

router = Router(tags=["surroundings"])


class GapOut(Schema):
    """A time in the next 14 days for which nobody answers, or nobody who can be reached; ``owner`` mends it.

    For want of one number or address it comes ``times`` times between ``start`` and ``end``."""

    team: str
    role: str
    start: datetime
    end: datetime
    why: str
    says: str
    owner: str
    times: int


class MeOut(Schema):
    staff: StaffOut
    roles: list[list[str]]
    teams: list[TeamOut]
    pages: list[str]


class MemberOut(StaffOut):
    organisation: str
    roles: list[list[str]]
    active: bool


class OrganisationOut(Schema):
    id: str
    name: str
    last_resort: str


class DirectoryOut(Schema):
    version: int
    organisations: list[OrganisationOut]
    teams: list[TeamOut]
    staff: list[MemberOut]


class PathwayLineOut(Schema):
    id: str
    title: str
    kind: str
    edition: str


class TitledOut(Schema):
    id: str
    title: str


class PathwayOut(PathwayLineOut):
    """``words`` is the whole pathway in plain language."""

    parties: list[TitledOut]
    named: list[TitledOut]
    tiers: list[TitledOut]
    steps: list[TitledOut]
    endpoints: list[TitledOut]
    packet: list[QuestionOut]
    emergency: str
    words: str


class CardOut(Schema):
    """``lead`` is the plan holder while any case is open."""

    id: str
    lead: StaffOut | None
    fields: dict[str, Any]


class AmendIn(Strict):
    answers: dict[str, Any] = Field(min_length=1)


class LeadIn(Strict):
    to: str = Field(max_length=100)
    reason: str = Field(max_length=4000)


class HealthOut(Schema):
    status: str
    faults: list[str]
    figures: dict[str, int | bool | str | None]


@router.get("/me", response=MeOut, summary="Who I am here, and which pages are mine")
def me(request: HttpRequest) -> Any:
    caller = caller_of(request)
    roles = sorted(caller.directory.staff[caller.staff].roles)
    teams = sorted({place for place, _ in roles if place in caller.directory.teams})
    return {
        "staff": staff_out(caller.staff, caller.directory),
        "roles": [list(pair) for pair in roles],
        "teams": [team_out(team, caller.directory) for team in teams],
        "pages": list(navigation_for(caller.viewer, caller.directory)),
    }


@router.get("/directory", response=DirectoryOut, summary="Organisations, teams and people, without secrets")
def directory(request: HttpRequest) -> Any:
    found = caller_of(request).directory
    return {
        "version": found.version,
        "organisations": [
            {"id": o.id, "name": o.name, "last_resort": o.last_resort} for o in found.organisations.values()
        ],
        "teams": [team_out(team, found) for team in sorted(found.teams)],
        "staff": [
            {
                **staff_out(s.id, found),
                "organisation": s.organisation,
                "roles": [list(pair) for pair in sorted(s.roles)],
                "active": s.active,
            }
            for s in sorted(found.staff.values(), key=lambda s: s.id)
        ],
    }


@router.get("/pathways", response=list[PathwayLineOut], summary="The latest edition of each pathway")
def pathways(request: HttpRequest) -> Any:
    return [_line(pathway) for pathway in list_latest()]


@router.get("/pathways/{pathway}", response=PathwayOut, summary="A pathway: its packet, steps and ends, and in words")
def pathway(request: HttpRequest, pathway: str) -> Any:
    try:
        found = latest_edition(pathway) if "\x00" not in pathway else None
    except UnknownEdition:
        found = None
    if found is None:
        raise problem(404, "No such pathway is published here.")
    return {
        **_line(found),
        "parties": [{"id": p.id, "title": p.title} for p in found.parties],
        "named": [{"id": n.id, "title": n.ask} for n in found.named],
        "tiers": [{"id": t.id, "title": t.title} for t in found.tiers],
        "steps": [{"id": s.id, "title": s.title} for s in found.steps],
        "endpoints": [{"id": x.id, "title": x.title} for x in found.endpoints],
        "packet": [question_out(field) for field in found.packet_fields()],
        "emergency": found.emergency,
        "words": in_words(found),
    }


@router.get("/persons/{person}", response=CardOut, summary="What is on record about a person; empty once erased")
def person(request: HttpRequest, person: str) -> Any:
    caller = caller_of(request)
    _check(caller, person)
    return _card(caller, person)


@router.post("/persons/{person}", response=CardOut, openapi_extra=KEYED, summary="New values for a person's card")
def amend_person(request: HttpRequest, response: HttpResponse, person: str, body: AmendIn) -> Any:
    caller = caller_of(request)
    _check(caller, person)
    answers: dict[str, RawAnswer] = read_answers(body.answers)

    def work() -> Any:
        outcome: Outcome = amend(caller.desk, person, answers, caller.staff, DOOR)
        return outcome.refusal or {"number": outcome.number}

    do_once(caller, request, response, body.model_dump(mode="json"), work)
    return _card(caller, person)


@router.post("/persons/{person}/lead", response=CardOut, openapi_extra=KEYED, summary="Name another plan holder")
def name_lead(request: HttpRequest, response: HttpResponse, person: str, body: LeadIn) -> Any:
    caller = caller_of(request)
    _check(caller, person)
    if not keepable(body.to + body.reason):
        raise problem(422, "The request holds characters that cannot be kept.", "unreadable")
    desk = caller.desk

    def work() -> Any:
        given = (person, body.to, body.reason, caller.staff, DOOR)
        outcome = move_lead(desk.vault, desk.recorded_at, *given)
        return outcome.refusal or {"number": outcome.number}

    do_once(caller, request, response, body.model_dump(mode="json"), work)
    return _card(caller, person)


@router.get("/health", response={200: HealthOut, 503: HealthOut}, auth=None, summary="Whether everything goes on")
def health(request: HttpRequest) -> Any:
    from django.utils import timezone

    taken = pulse(timezone.now())
    body = {"status": "ok" if taken.ok else "fault", "faults": list(taken.faults), "figures": taken.figures}
    return Status(200 if taken.ok else 503, body)


def _check(caller: Caller, person: str) -> None:
    """Whoever may see one of a person's cases may see their card."""
    rows = cases_for(caller.viewer, caller.directory, caller.now)
    if "\x00" in person or not rows.filter(subject=person).exists():
        raise refused(NOBODY)


def _card(caller: Caller, person: str) -> dict[str, Any]:
    lead = lead_out(person, caller.directory)
    return {"id": person, "lead": lead, "fields": read_card(caller.desk, person)}


def _line(pathway: Pathway) -> dict[str, Any]:
    return {"id": pathway.id, "title": pathway.title, "kind": pathway.kind, "edition": pathway.digest}


@router.get("/gaps", response=list[GapOut])
def gaps(request: HttpRequest) -> list[dict[str, Any]]:
    """The gaps in the rosters of the teams one may look at or administers, the soonest first."""
    caller = caller_of(request)
    return [
        {"team": one.gap.team, "role": one.gap.role, "start": one.gap.start, "end": one.gap.end}
        | {"why": one.gap.why, "says": one.says, "owner": one.owner, "times": one.times}
        for one in gaps_for(caller.viewer, caller.directory, caller.now)
    ]
