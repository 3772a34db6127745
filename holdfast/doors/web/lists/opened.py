"""Opening a case by hand: the person found or registered and the case opened, both or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from holdfast.core.answers import GIVEN, RawAnswer
from holdfast.core.arrivals import ArrivedPerson
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.matching import find_match
from holdfast.desk.persons import register
from holdfast.doors.web.cards import names_of
from holdfast.doors.web.links import STREAM
from holdfast.doors.web.lists.draft import Draft
from holdfast.doors.web.lists.listed import Line, lines
from holdfast.doors.web.viewer import Seen
from holdfast.worklists.viewing import cases_for

DOOR = "web"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is on record already, with those of their open cases that the viewer may see."""

    person: str
    name: str
    open_cases: tuple[Line, ...]


def find_known(desk: Desk, draft: Draft, look: Seen) -> Known | None:
    """Whoever has the number and is borne out by name and birthday. Raises ``Doubt`` where they contradict it."""
    with transaction.atomic():
        person = _match(desk, draft)
    if person is None:
        return None
    rows = cases_for(look.viewer, look.directory).filter(subject=person, status="open").order_by("-opened_at")
    return Known(person, names_of([person])[person], tuple(lines(list(rows[:5]), look)))


def _match(desk: Desk, draft: Draft) -> str | None:
    if draft.number is None:
        return None
    given, _space, family = draft.name.rpartition(" ")
    born = date.fromisoformat(draft.born)
    return find_match(desk, ArrivedPerson((draft.number.pair,), family or draft.name, given or None, born))


def open_by_hand(desk: Desk, draft: Draft, pathway: Pathway, look: Seen) -> str | Refusal:
    """The stream of the case, or why it was not opened; sent again, the same case. Raises ``Doubt``."""
    case = STREAM + draft.key
    with transaction.atomic():
        # Asked again under its lock: somebody else may have registered this number since the form was shown.
        known = _match(desk, draft)
        person = known or _person_of(draft.key)
        if known is None:
            numbers = [draft.number.pair] if draft.number else []
            done = register(desk, person, _card(draft), numbers, look.viewer.staff, DOOR)
            if done.refusal is not None and done.refusal.code != "already_known":
                transaction.set_rollback(True)
                return done.refusal
        values: dict[str, Any] = {
            "case": case,
            "pathway": pathway.id,
            "subject": person,
            "parties": {party: team for party, team in draft.parties.items() if team},
            "holder": draft.holder,
        }
        envelope = Envelope(case, Ask("OpenCase", values), look.viewer.staff, DOOR, draft.key)
        outcome = desk.handle_inside(envelope)
        if outcome.refusal is not None:
            transaction.set_rollback(True)
            return outcome.refusal
    return case


def _person_of(key: str) -> str:
    """The pseudonym of a person who is registered with a form: the same when the form is sent twice."""
    return f"p{uuid5(UUID(key), 'person').hex}"


def _card(draft: Draft) -> dict[str, RawAnswer]:
    texts = {"person.name": draft.name, "person.born": draft.born, "person.phone": draft.phone}
    card = {id: RawAnswer(GIVEN, text) for id, text in texts.items() if text}
    if draft.number is not None:
        rows = [{"system": draft.number.system, "value": draft.number.value}]
        card["person.identifiers"] = RawAnswer(GIVEN, rows)
    return card
