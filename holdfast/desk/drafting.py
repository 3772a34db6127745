"""From a notice of a discharge to a draft: a new case with its packet begun, or the blanks of the one that is open."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.answers import BLANK, instant_of
from holdfast.core.arrivals import Arrival
from holdfast.core.state import State
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.matching import find_match, register_arrived
from holdfast.desk.prefilling import prefilled
from holdfast.desk.stowing import Fate, Parcel
from holdfast.directory.items import Route
from holdfast.ledger.refold import folded
from holdfast.ledger.store import read_head
from holdfast.pathways.editions import UnknownEdition, get_edition, latest_edition
from holdfast.worklists.models import CaseRow

DISCHARGED_AT = "discharge.at"


class Held(Exception):
    """The message must wait for a person: why, and the case, person and owner it concerns where they are known."""

    def __init__(self, says: str, case: str = "", person: str = "", owner: str = "") -> None:
        super().__init__(says)
        self.says = says
        self.case = case
        self.person = person
        self.owner = owner


def draft(desk: Desk, parcel: Parcel, arrival: Arrival, route: Route) -> Fate:
    """Open the case that ``route`` says, or add to the one that is open. Raises ``Held`` and ``Doubt``; the caller undoes."""
    person = find_match(desk, arrival.person)
    row = (
        person
        and CaseRow.objects.filter(subject=person, pathway=route.pathway, status="open").order_by("-opened_at").first()
    )
    if person and row:
        return _add(desk, parcel, arrival, person, row)
    return _open(desk, parcel, arrival, route, person)


def _open(desk: Desk, parcel: Parcel, arrival: Arrival, route: Route, known: str | None) -> Fate:
    try:
        pathway = latest_edition(route.pathway)
    except UnknownEdition as error:
        raise Held(f"The route names a pathway that is not published: {error}.") from error
    answers, unused = prefilled(arrival.prefill, pathway)
    person = known or register_arrived(desk, arrival.person, arrival.source, parcel.actor, parcel.door)
    case = "case:" + desk.entropy(16).hex()
    values = {
        "case": case,
        "pathway": route.pathway,
        "subject": person,
        "parties": {"sender": route.sender, "receiver": route.receiver},
        "holder": route.holder,
    }
    outcome = desk.handle_inside(_envelope(desk, case, Ask("OpenCase", values, answers), parcel, arrival))
    if outcome.refusal is not None:
        raise Held(outcome.refusal.says, person=known or "")
    says = "A draft was opened. Everything in it is unconfirmed: check each part with the person or the ward."
    return Fate("used", says, case, person, route.holder, (*arrival.unused, *unused), tuple(answers))


def _add(desk: Desk, parcel: Parcel, arrival: Arrival, person: str, row: CaseRow) -> Fate:
    """Only blanks are filled: what a person wrote, or an earlier message said, is never overwritten."""
    head = read_head(row.case, "", "").head
    if head is None:
        raise Held("The case it concerns cannot be found in the record.", "", person)
    state = folded(row.case, head)
    answers, unused = prefilled(arrival.prefill, get_edition(head.edition))
    about = (row.case, person, row.holder)
    if _another_discharge(state, arrival):
        raise Held("There is an open case, with another time of discharge. Check whether this is a new one.", *about)
    blank = {id: raw for id, raw in answers.items() if _is_blank(state, id)}
    if blank and state.packet_version:
        raise Held("There is an open case whose packet was sent already. Check whether this changes it.", *about)
    if blank:
        outcome = desk.handle_inside(_envelope(desk, row.case, Ask("FillPacket", {}, blank), parcel, arrival))
        if outcome.refusal is not None:
            raise Held(outcome.refusal.says, *about)
    says = (
        "There is an open case already: its blank fields were filled in, unconfirmed."
        if blank
        else "There is an open case already, and it holds all of this."
    )
    return Fate("used", says, row.case, person, row.holder, (*arrival.unused, *unused), tuple(blank))


def _is_blank(state: State, field: str) -> bool:
    answer = state.packet.get(field)
    return answer is None or answer.how == BLANK


def _another_discharge(state: State, arrival: Arrival) -> bool:
    recorded = state.packet.get(DISCHARGED_AT)
    at = instant_of(recorded.value) if recorded is not None else None
    return at is not None and arrival.event_at is not None and at != arrival.event_at.replace(microsecond=0)


def _envelope(desk: Desk, stream: str, ask: Ask, parcel: Parcel, arrival: Arrival) -> Envelope:
    occurred: datetime | None = arrival.event_at
    if occurred is not None and occurred > parcel.received_at:
        occurred = None  # A sender's clock or a planned discharge: nothing happened later than it was told.
    return Envelope(stream, ask, parcel.actor, parcel.door, "", None, occurred, parcel.received_at)
