"""The lead of a person: the one plan holder while any case is open, on the person's own stream; it moves only by command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from holdfast.core.persons import LeadMoved, refuse_lead
from holdfast.core.plain import to_plain
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.reading import Reader
from holdfast.desk.streams import record
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.models import Head
from holdfast.ledger.store import StoredHead, read_head
from holdfast.people.vault import Vault
from holdfast.worklists.models import CaseRow, Part

MOVE = "MoveLead"
FIRST = "the first open case"


@dataclass(frozen=True, slots=True)
class Lead:
    """Who it is, and since when; ``since`` is None for somebody whose cases are older than the lead's own record."""

    staff: str
    since: datetime | None


def stream_of(person: str) -> str:
    """The person's own stream."""
    return f"person:{person}"


def follow_opening(envelope: Envelope, case: State, now: datetime) -> None:
    """The first case that is open for a person names the lead: who holds it. Inside the transaction that opened it.

    The lock on the person's head comes after the case's own, here and everywhere; of two cases opened at once the second
    waits, and finds the first.
    """
    read = read_head(stream_of(case.subject), "", "")
    if read.head is None:
        return
    others = CaseRow.objects.filter(subject=case.subject, status="open").exclude(case=case.case)
    known = _lead_in(read.head)
    if known and others.exists():
        return
    first = others.order_by("opened_at", "case").values_list("holder", flat=True).first()
    to = first or case.holder
    if to != known:
        _put(envelope, read.head, max(now, read.head.recorded_at), case.subject, LeadMoved(to, known, FIRST))


def find_lead(person: str) -> Lead | None:
    """The lead while any case of the person is open; of cases from before leads were recorded, who holds the oldest."""
    oldest = CaseRow.objects.filter(subject=person, status="open").order_by("opened_at", "case").first()
    if oldest is None:
        return None
    head = Head.objects.filter(stream=stream_of(person)).only("state").first()
    kept = json.loads(head.state) if head is not None else {}
    if not kept.get("lead"):
        return Lead(oldest.holder, None)
    return Lead(kept["lead"], datetime.fromisoformat(kept["lead_since"]))


def move_lead(
    vault: Vault,
    clock: Callable[[Any], datetime],
    person: str,
    to: str,
    reason: str,
    actor: str,
    door: str,
) -> Outcome:
    """Another person becomes the lead, with a reason. ``clock`` gives the recorded time for what was read."""
    envelope = Envelope(stream_of(person), Ask(MOVE, {"to": to}), actor, door)
    with transaction.atomic():
        read = read_head(envelope.stream, actor, "")
        if read.head is None or vault.find_key(person) is None:
            return refused(envelope.stream, "unknown_person", "There is nobody under this name.")
        if not reason.strip():
            return refused(envelope.stream, "reason_missing", "Say why, in a sentence.")
        now = clock(read)
        refusal = _refusal(actor, to, person, read.directory, now)
        if refusal is not None:
            return Outcome(False, envelope.stream, read.head.number, refusal)
        lead = find_lead(person)
        reader = Reader(actor, now, vault.entropy)
        event = LeadMoved(to, lead.staff if lead else "", "moved by name", reader.text("reason", reason))
        number = _put(envelope, read.head, now, person, event)
        vault.put(person, envelope.stream, number, reader.to_seal)
    return Outcome(True, envelope.stream, number, events=("LeadMoved",))


def may_move(actor: str, person: str, directory: int, now: datetime) -> bool:
    """Whether ``actor`` could move the lead to somebody at all."""
    refusal = _refusal(actor, "", person, directory, now)
    return refusal is not None and refusal.code == "not_a_person"


def teams_of(person: str) -> tuple[str, ...]:
    """The teams of the person's open cases."""
    cases = CaseRow.objects.filter(subject=person, status="open").values("case")
    return tuple(sorted(set(Part.objects.filter(case__in=cases).values_list("concerned", flat=True))))


def _refusal(actor: str, to: str, person: str, version: int, now: datetime) -> Refusal | None:
    directory = load_directory(version)
    teams = [place for place in teams_of(person) if place in directory.teams]
    holders = CaseRow.objects.filter(subject=person, status="open").values_list("holder", flat=True)
    lead = find_lead(person)
    return refuse_lead(actor, to, lead.staff if lead else "", list(holders), teams, directory, now)


def _lead_in(head: StoredHead) -> str:
    return str(json.loads(head.state).get("lead", ""))


def _put(envelope: Envelope, head: StoredHead, now: datetime, person: str, moved: LeadMoved) -> int:
    asked = Envelope(stream_of(person), Ask(MOVE), envelope.actor, envelope.door)
    event = {"event": "LeadMoved", **to_plain(moved), "at": now.isoformat()}
    state = {**json.loads(head.state), "lead": moved.to, "lead_since": event["at"]}
    return record(asked, head, now, "person", {"kind": MOVE, "to": moved.to}, [event], state)
