"""One case: as it stands, its entries, who held it, and its evidence as JSON, as PDF and as a signed file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from holdfast.assurance.evidence import Evidence, evidence_for
from holdfast.assurance.pdf import render_pdf
from holdfast.assurance.signed import signed_file
from holdfast.core.access import NOT_YOURS, refuse_readers
from holdfast.core.answers import BLANK
from holdfast.desk.showing import note_shown
from holdfast.doors.api.beside import STREAM
from holdfast.doors.api.caller import Caller, caller_of
from holdfast.doors.api.presenting import case_out, packet_out, staff_out
from holdfast.doors.api.problems import problem, refused
from holdfast.doors.api.shapes import CaseOut, EntryOut, HeldOut, PacketOut
from holdfast.doors.api.standing import PersonsCardOut, ShownOut
from holdfast.doors.web.casepages.card_facts import card_of
from holdfast.doors.web.casepages.opened import open_for
from holdfast.doors.web.casepages.record import read_record
from holdfast.doors.web.casepages.versions import version_at
from holdfast.doors.web.viewer import Seen, zone_of
from holdfast.ledger.models import Shown
from holdfast.worklists.casefile import Casefile, entries_of, read_casefile, who_held
from holdfast.worklists.viewing import may_see_case

router = Router(tags=["one case"])
#: How this door is called in the log of who has seen a case.
DOOR = "api"
_ID = re.compile(r"[0-9a-f]{32}")


class EvidenceOut(Schema):
    evidence: Evidence


@router.get("/cases/{case}", response=CaseOut, summary="Who is accountable, what is due, what can be done")
def show(request: HttpRequest, response: HttpResponse, case: str) -> Any:
    caller = caller_of(request)
    file = file_of(caller, case, "case")
    response.headers["ETag"] = f'"{file.number}"'
    return case_out(file, caller)


@router.get("/cases/{case}/packet", response=PacketOut, summary="The packet, with what is missing for this tier")
def packet(request: HttpRequest, response: HttpResponse, case: str) -> Any:
    caller = caller_of(request)
    file = file_of(caller, case, "packet")
    response.headers["ETag"] = f'"{file.number}"'
    return packet_out(file, caller.directory)


@router.get("/cases/{case}/timeline", response=list[EntryOut], summary="Every entry of the record, oldest first")
def timeline(request: HttpRequest, case: str) -> Any:
    file = file_of(caller_of(request), case, "timeline")
    return [_entry(body, file) for body in entries_of(file.state.case)]


@router.get("/cases/{case}/seen", response=list[ShownOut], summary="What was shown or sent to whom, latest first")
def seen(request: HttpRequest, case: str, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Any:
    caller = caller_of(request)
    file = file_of(caller, case, "readers")
    refusal = refuse_readers(caller.viewer, file.state, caller.directory)
    if refusal is not None:
        raise refused(refusal)
    rows, record = Shown.objects.filter(stream=file.state.case).order_by("-id")[:limit], read_record(file.state.case)
    told = ("at", "to", "what", "door", "under")
    return [{**{name: getattr(row, name) for name in told}, "version": version_at(record, row.at)} for row in rows]


@router.get("/cases/{case}/card", response=PersonsCardOut, summary="The person's card: who calls, when, what to do")
def card(request: HttpRequest, case: str) -> Any:
    caller = caller_of(request)
    file = file_of(caller, case, "card")
    zone = zone_of(caller.directory.staff[caller.staff], caller.directory)
    return asdict(card_of(open_for(Seen(caller.viewer, caller.directory, caller.now, zone), file)))


@router.get("/cases/{case}/held", response=HeldOut, summary="Who was accountable at an instant, as known at another")
def held(request: HttpRequest, case: str, at: AwareDatetime, known_at: AwareDatetime | None = None) -> Any:
    caller = caller_of(request)
    stream = stream_of(caller, case)
    found = who_held(stream, _sane(at), _sane(known_at) if known_at else None)
    if found is None:
        return {"holder": None, "since": None, "until": None, "entry": None, "why": "nobody: there was no case"}
    who = staff_out(found.holder, caller.directory)
    return {"holder": who, "since": found.since, "until": found.until, "entry": found.entry, "why": found.why}


@router.get("/cases/{case}/evidence", response=EvidenceOut, summary="The case on one page, as data")
def evidence(request: HttpRequest, case: str) -> Any:
    return {"evidence": _evidence(caller_of(request), case, "evidence")}


@router.get("/cases/{case}/evidence.pdf", response={200: bytes}, summary="The case on one page, as PDF")
def evidence_pdf(request: HttpRequest, case: str) -> Any:
    body = render_pdf(_evidence(caller_of(request), case, "evidence-file"))
    return _file(body, "application/pdf", f"evidence-{case}.pdf")


@router.get("/cases/{case}/evidence.signed", response={200: bytes}, summary="A signed file for `holdfast verify FILE`")
def evidence_signed(request: HttpRequest, case: str) -> Any:
    caller = caller_of(request)
    text = signed_file(file_of(caller, case, "evidence-file").state.case, caller.desk.vault, caller.now)
    return _file(text.encode(), "application/octet-stream", f"evidence-{case}.holdfast")


def stream_of(caller: Caller, case: str) -> str:
    """The stream of a case that the caller may see. Raises the same problem whether it exists or not."""
    stream = STREAM + case
    if not _ID.fullmatch(case) or not may_see_case(caller.viewer, caller.directory, stream, caller.now):
        raise refused(NOT_YOURS)
    return stream


def file_of(caller: Caller, case: str, what: str) -> Casefile:
    """The case, its reading noted as of ``what``."""
    file = read_casefile(stream_of(caller, case), caller.desk.vault)
    if file is None:
        raise refused(NOT_YOURS)
    note_shown(file.state, file.pathway, caller.directory, f"staff:{caller.staff}", what, DOOR, caller.now)
    return file


def _evidence(caller: Caller, case: str, what: str) -> Evidence:
    return evidence_for(file_of(caller, case, what).state.case, caller.desk.vault, caller.directory, caller.now)


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _sane(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise problem(422, "Give an instant of this age.", "not_an_instant")
    return at


def _entry(body: dict[str, Any], file: Casefile) -> dict[str, Any]:
    parts = {name: body.get(name) for name in ("number", "recorded", "occurred", "actor", "door", "scribe")}
    return {**parts, "command": _opened(body["command"], file), "events": [_opened(e, file) for e in body["events"]]}


def _opened(plain: Any, file: Casefile) -> Any:
    """Sealed answers get their ``value``, or ``erased``, beside the commitment."""
    if isinstance(plain, list):
        return [_opened(item, file) for item in plain]
    if not isinstance(plain, dict):
        return plain
    shown = {name: _opened(item, file) for name, item in plain.items()}
    commitment = plain.get("sealed")
    if isinstance(commitment, str) and commitment and plain.get("how", BLANK) != BLANK:
        found = file.values.get(commitment)
        shown |= {"erased": True} if found is None else {"value": json.loads(found.plain)}
    return shown
