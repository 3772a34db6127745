"""Registering, amending and erasing a person, each an entry of the person's own stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from holdfast.core import persons as p
from holdfast.core.answers import Answer, Problem, RawAnswer, read_answer
from holdfast.core.plain import to_plain
from holdfast.core.refusals import Missing, Refusal
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.reading import Reader
from holdfast.desk.streams import record
from holdfast.directory.snapshot import load as load_directory
from holdfast.inbox.models import Message
from holdfast.ledger.models import Head
from holdfast.ledger.store import read_head
from holdfast.people.models import PersonKey
from holdfast.worklists.models import CaseRow, Part


def stream_of(person: str) -> str:
    return f"person:{person}"


def register(
    desk: Desk,
    person: str,
    answers: Mapping[str, RawAnswer],
    identifiers: Iterable[tuple[str, str]],
    actor: str,
    door: str,
) -> Outcome:
    """A new person under a pseudonym, with their own key. Runs inside the caller's transaction if there is one."""
    envelope = Envelope(stream_of(person), Ask("RegisterPerson", {"person": person}, answers), actor, door)
    with transaction.atomic():
        read = read_head(envelope.stream, actor, "")
        if read.head is not None:
            return refused(envelope.stream, "already_known", "This person is registered already.")
        now = desk.recorded_at(read)
        reader = Reader(actor, now, desk.entropy)
        fields = _read_card(reader, answers)
        if isinstance(fields, Refusal):
            return Outcome(False, envelope.stream, refusal=fields)
        desk.vault.make_key(person)
        event = {"event": "PersonRegistered", **to_plain(p.PersonRegistered(person, fields))}
        number = record(envelope, None, now, "person", {"kind": "RegisterPerson"}, [event], {"fields": event["fields"]})
        desk.vault.put(person, envelope.stream, number, reader.to_seal)
        desk.vault.remember(person, identifiers)
    return Outcome(True, envelope.stream, number, events=("PersonRegistered",))


def amend(desk: Desk, person: str, answers: Mapping[str, RawAnswer], actor: str, door: str) -> Outcome:
    """New values on the person's card; the old ones stay in the record behind their commitments."""
    envelope = Envelope(stream_of(person), Ask("AmendPerson", {}, answers), actor, door)
    with transaction.atomic():
        read = read_head(envelope.stream, actor, "")
        if read.head is None or desk.vault.find_key(person) is None:
            return refused(envelope.stream, "unknown_person", "There is nobody under this name to amend.")
        now = desk.recorded_at(read)
        reader = Reader(actor, now, desk.entropy)
        fields = _read_card(reader, answers)
        if isinstance(fields, Refusal):
            return Outcome(False, envelope.stream, refusal=fields)
        event = {"event": "PersonAmended", **to_plain(p.PersonAmended(fields))}
        state = json.loads(read.head.state)
        state["fields"] = {**state["fields"], **event["fields"]}
        number = record(envelope, read.head, now, "person", {"kind": "AmendPerson"}, [event], state)
        desk.vault.put(person, envelope.stream, number, reader.to_seal)
    return Outcome(True, envelope.stream, number, events=("PersonAmended",))


def _read_card(reader: Reader, answers: Mapping[str, RawAnswer]) -> dict[str, Answer] | Refusal:
    known = {field.id: field for field in p.CARD}
    fields: dict[str, Answer] = {}
    for id, raw in answers.items():
        if id not in known:
            return Refusal("unknown_field", f"A person's card has no field called {id}.")
        reading = read_answer(known[id], raw)
        if isinstance(reading, Problem):
            return Refusal("unreadable_answers", reading.says, (Missing(id, reading.says, "you"),))
        sealed = reader.seal(id, reading.to_seal) if reading.to_seal is not None else ""
        fields[id] = Answer(reading.how, reading.value, sealed, reader.by, reader.at, raw.unconfirmed, raw.source)
    return fields


def erase(
    desk: Desk, person: str, reason: str, actor: str, signed_by: str, door: str, about: Iterable[str] = ()
) -> Outcome:
    """Make everything sealed about one person unreadable for ever; the record keeps its chain, and says that it was done.

    ``about`` are messages of the inbox that a door has read and found to be about this person though nobody matched them.
    """
    values = {"reason": reason, "signed_by": signed_by}
    envelope = Envelope(stream_of(person), Ask("ErasePerson", values), actor, door)
    with transaction.atomic():
        read = read_head(envelope.stream, actor, "")
        if read.head is None:
            return refused(envelope.stream, "unknown_person", "There is nobody under this name to erase.")
        teams = _teams_of(person)
        refusal = p.refuse_erasure(actor, signed_by, reason, load_directory(read.directory), teams)
        if refusal is not None:
            return Outcome(False, envelope.stream, refusal=refusal)
        if CaseRow.objects.filter(subject=person, status="open").exists():
            # Its clocks would call people for ever to deeds whose words could not be written down, its closing among them.
            return refused(envelope.stream, "case_open", "A case of this person is still open: close it, then erase.")
        now = desk.recorded_at(read)
        event: dict[str, Any] = {"event": "PersonErased", **to_plain(p.PersonErased(reason, signed_by))}
        state = {**json.loads(read.head.state), "erased": True}
        number = record(envelope, read.head, now, "person", {"kind": "ErasePerson", **values}, [event], state)
        Message.objects.filter(id__in=list(about), person="").update(person=person)
        forget(desk, person, now)
    return Outcome(True, envelope.stream, number, events=("PersonErased",))


def _teams_of(person: str) -> list[str]:
    """The teams that have a part in any case of the person, open or not."""
    cases = CaseRow.objects.filter(subject=person).values("case")
    return sorted(set(Part.objects.filter(case__in=cases).values_list("concerned", flat=True)))


def forget(desk: Desk, person: str, at: Any) -> None:
    """What erasing does to the tables; applied again after a restore, from the list that travels with checkpoints."""
    desk.vault.erase(person, at)
    messages = Message.objects.filter(person=person).values_list("id", flat=True)
    PersonKey.objects.filter(person__in=[f"inbox:{id}" for id in messages]).delete()


def read_card(desk: Desk, person: str) -> dict[str, Any]:
    """The person's card as it stands: field id to text or rows; empty once erased."""
    head = Head.objects.filter(stream=stream_of(person)).only("state").first()
    if head is None:
        return {}
    fields = json.loads(head.state).get("fields", {})
    opened = desk.vault.read(person, stream_of(person))
    return {
        id: json.loads(opened[answer["sealed"]].plain)
        for id, answer in fields.items()
        if answer.get("sealed") in opened
    }
