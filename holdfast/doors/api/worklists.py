"""My work, a team's work, the list of cases, and what governance looks at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Query

from holdfast.assurance.between import between_for
from holdfast.core.access import concerned_places, oversees
from holdfast.doors.api.beside import bare, kin_out
from holdfast.doors.api.caller import caller_of
from holdfast.doors.api.paging import MOST, cut, mark, place
from holdfast.doors.api.presenting import call_lines, case_lines, work_lines
from holdfast.doors.api.problems import problem
from holdfast.doors.api.shapes import CallPageOut, CasePageOut, ExceptionPageOut, NumberIn, WorkPageOut
from holdfast.doors.api.standing import BetweenOut, FollowedOut
from holdfast.worklists.following import followed_for
from holdfast.worklists.models import CaseRow
from holdfast.worklists.owing import Owed
from holdfast.worklists.viewing import called_to, cases_for, exceptions_for, latest_cases, my_work, team_work

router = Router(tags=["lists"])
Limit = Query(25, ge=1, le=MOST)
After = Query("", max_length=400, description="`next` of the page before")
Order = Query(
    "", description="`risk`: those at risk first, as a review goes through them; otherwise what is due soonest"
)
Code = Query("", max_length=100, pattern=r"^[a-z0-9.-]*$")


@router.get("/work", response=WorkPageOut, summary="The obligations that are mine, most urgent first")
def mine(request: HttpRequest, order: Literal["", "risk"] = Order, limit: int = Limit, after: str = After) -> Any:
    caller = caller_of(request)
    return _work(my_work(caller.viewer, caller.directory, caller.now), order, limit, after)


@router.get("/work/called", response=CallPageOut, summary="What ladders called me about and others owe, latest first")
def called(request: HttpRequest, limit: int = Limit, after: str = After) -> Any:
    caller = caller_of(request)
    rows = called_to(caller.viewer, caller.directory, caller.now)
    key = place(after, datetime, int)
    if key is not None:
        rows = rows.filter(Q(at__lt=key[0]) | Q(at=key[0], id__gt=key[1]))
    page, last = cut(rows[: limit + 1], limit)
    return {"calls": call_lines(page), "next": mark(last.at, last.id) if last else None}


@router.get("/teams/{team}/work", response=WorkPageOut, summary="Everything that one of my teams owes")
def team(
    request: HttpRequest, team: str, order: Literal["", "risk"] = Order, limit: int = Limit, after: str = After
) -> Any:
    caller = caller_of(request)
    if team not in concerned_places(caller.viewer, caller.directory):
        raise problem(404, "There is no such team among those whose work you may see.", "not_visible")
    return _work(team_work(caller.viewer, caller.directory, team), order, limit, after)


@router.get("/cases", response=CasePageOut, summary="The cases that I may see, latest first")
def cases(
    request: HttpRequest,
    status: Literal["", "open", "closed", "ended"] = "",
    tier: str = Code,
    stage: str = Code,
    limit: int = Limit,
    after: str = After,
) -> Any:
    caller = caller_of(request)
    filters = {"status": status, "tier": tier, "stage": stage}
    behind = place(after, datetime, str)
    rows = latest_cases(caller.viewer, caller.directory, filters, behind, limit + 1, caller.now)
    page, last = cut(rows, limit)
    return {"cases": case_lines(page), "next": mark(last.opened_at, last.case) if last else None}


@router.post("/cases/find", response=CasePageOut, summary="The cases of whoever has this number (changes nothing)")
def find(request: HttpRequest, body: NumberIn) -> Any:
    """By the exact number only, and in the body: neither names nor numbers belong in an address."""
    caller = caller_of(request)
    person = caller.desk.vault.find_person([(body.system, body.value)])
    rows: list[CaseRow] = []
    if person is not None:
        rows = list(cases_for(caller.viewer, caller.directory, caller.now).filter(subject=person)[:MOST])
    return {"cases": case_lines(rows), "next": None}


@router.get(
    "/exceptions", response=ExceptionPageOut, summary="Breaches, overrides, failures, late records; newest first"
)
def exceptions(request: HttpRequest, limit: int = Limit, after: str = After) -> Any:
    caller = caller_of(request)
    if not oversees(caller.viewer, caller.directory):
        raise problem(
            403, "Exceptions are for governance, supervisors and those on whom ladders end.", "without_authority"
        )
    rows = exceptions_for(caller.viewer, caller.directory)
    key = place(after, datetime, str, int, int)
    if key is not None:
        at, case, entry, number = key
        behind = Q(case__gt=case) | Q(case=case, entry__gt=entry) | Q(case=case, entry=entry, place__gt=number)
        rows = rows.filter(Q(at__lt=at) | (Q(at=at) & behind))
    page, last = cut(rows[: limit + 1], limit)
    found = [
        {"case": bare(r.case), "entry": r.entry, "place": r.place, "kind": r.kind, "what": r.what, "at": r.at}
        for r in page
    ]
    return {"exceptions": found, "next": mark(last.at, last.case, last.entry, last.place) if last else None}


@router.get("/between", response=list[BetweenOut], summary="Everybody between services or without a known outcome")
def between(request: HttpRequest) -> Any:
    """Each with an owner and a deadline, the longest overdue first; none is left out (OWN-08, CLS-04)."""
    caller = caller_of(request)
    if not oversees(caller.viewer, caller.directory):
        raise problem(403, "This list is for governance, supervisors and last resorts.", "without_authority")
    return [
        {
            "kind": line.kind,
            "owner": line.owner,
            "due": line.due,
            "case": bare(line.case.case) if line.case else "",
            "message": line.message,
        }
        for line in between_for(caller.viewer, caller.directory, caller.now)
    ]


@router.get("/weekly", response=list[FollowedOut], summary="Cases that came soon after another, for the weekly check")
def weekly(request: HttpRequest, days: int = Query(28, ge=1, le=366)) -> Any:
    """Such as a crisis within 90 days of a step-down; those that opened within ``days``, the latest first (STP-06)."""
    caller = caller_of(request)
    if not oversees(caller.viewer, caller.directory):
        raise problem(403, "This list is for governance, supervisors and last resorts.", "without_authority")
    found = followed_for(caller.viewer, caller.directory, caller.now, caller.now - timedelta(days=days))
    return [
        {
            "case": bare(one.before.case),
            "pathway": one.before.pathway,
            "holder": one.before.holder,
            "opened": one.after.opened_at,
            "followed_by": kin_out(one.kin),
        }
        for one in found
    ]


def _work(rows: Owed, order: str, limit: int, after: str) -> dict[str, Any]:
    if order == "risk":
        rows, key = rows.at_risk_first(), place(after, int, datetime, int)
        if key is not None:
            rows = rows.after_risk(*key)
        page, last = cut(rows[: limit + 1], limit)
        return {"work": work_lines(page), "next": mark(last.tier_rank, last.due_at, last.id) if last else None}
    key = place(after, datetime, int)
    if key is not None:
        rows = rows.after(*key)
    page, last = cut(rows[: limit + 1], limit)
    return {"work": work_lines(page), "next": mark(last.due_at, last.id) if last else None}
