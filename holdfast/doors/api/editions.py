"""Proposed editions of pathways through the API: list, propose, approve, reject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from holdfast.desk.envelope import Outcome
from holdfast.desk.proposals import Proposal, list_proposals
from holdfast.desk.proposing import approve_edition, propose_edition, reject_edition
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.changing import DOOR, KEYED, do_once
from holdfast.doors.api.problems import problem
from holdfast.doors.api.shapes import Strict
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.proving import IN_A_REQUEST, ProofBusy

router = Router(tags=["editions"])


class ProposalOut(Schema):
    """``status``: waiting, published or rejected; ``base`` is the edition it was to follow, empty for the first."""

    pathway: str
    number: int
    edition: str
    title: str
    base: str
    by: str
    at: datetime
    status: str
    decided_by: str
    reason: str


class ProposeIn(Strict):
    """``text`` is the whole pathway file."""

    text: str = Field(min_length=1)


class RejectIn(Strict):
    reason: str = Field(min_length=1)


@router.get("/proposals", response=list[ProposalOut], summary="Proposed editions and what became of each")
def proposals(request: HttpRequest) -> Any:
    caller_of(request)
    return [_out(one) for one in list_proposals()]


@router.post("/proposals", response=ProposalOut, openapi_extra=KEYED, summary="Put a pathway file forward")
def propose(request: HttpRequest, response: HttpResponse, body: ProposeIn) -> Any:
    caller = caller_of(request)

    def work() -> Outcome:
        try:
            return propose_edition(caller.desk, body.text, caller.staff, DOOR, IN_A_REQUEST)
        except ProofBusy:
            raise problem(503, "Another file is being proved. Send it again in half a minute.", "busy") from None
        except PathwayFaults as faults:
            raise problem(422, str(faults), "faulty") from None

    return _done(caller, request, response, body.model_dump(mode="json"), work)


@router.post(
    "/proposals/{pathway}/{number}/approve",
    response=ProposalOut,
    openapi_extra=KEYED,
    summary="Approve what somebody else proposed: new cases start on it",
)
def approve(request: HttpRequest, response: HttpResponse, pathway: str, number: int) -> Any:
    caller = caller_of(request)
    return _done(
        caller, request, response, {}, lambda: approve_edition(caller.desk, _named(pathway), number, caller.staff, DOOR)
    )


@router.post(
    "/proposals/{pathway}/{number}/reject",
    response=ProposalOut,
    openapi_extra=KEYED,
    summary="Reject a proposed edition, with a reason that stays",
)
def reject(request: HttpRequest, response: HttpResponse, pathway: str, number: int, body: RejectIn) -> Any:
    caller = caller_of(request)
    asked = body.model_dump(mode="json")

    def work() -> Outcome:
        return reject_edition(caller.desk, _named(pathway), number, caller.staff, body.reason, DOOR)

    return _done(caller, request, response, asked, work)


def _done(
    caller: Caller, request: HttpRequest, response: HttpResponse, asked: Any, work: Callable[[], Outcome]
) -> dict[str, Any]:
    def plain() -> Any:
        outcome = work()
        if outcome.refusal is not None:
            return outcome.refusal
        pathway = outcome.stream.partition(":")[2]
        number = int(request.resolver_match.kwargs.get("number", outcome.number))  # type: ignore[union-attr]
        found = next(one for one in list_proposals(pathway) if one.number == number)
        return {**_out(found), "at": found.at.isoformat()}

    answer: dict[str, Any] = do_once(caller, request, response, asked, plain)
    return answer


def _named(pathway: str) -> str:
    if "\x00" in pathway:
        raise problem(404, "No such pathway is published here.")
    return pathway


def _out(one: Proposal) -> dict[str, Any]:
    return {
        "pathway": one.pathway,
        "number": one.number,
        "edition": one.digest,
        "title": one.title,
        "base": one.base,
        "by": one.by,
        "at": one.at,
        "status": one.status,
        "decided_by": one.decided_by,
        "reason": one.reason,
    }
