"""The toy relay driven through the desk: stages of one traveller's journey that begin, hear of and carry over from each other."""

from __future__ import annotations

import uuid
from pathlib import Path

from holdfast.worklists.models import CaseRow
from tests.installation import LEAD, RECEIVER, SENDER, Case, Installation, given

RELAY = (Path(__file__).parents[1] / "pathways" / "toy-relay.yaml").read_text("utf-8")


def publish(house: Installation, *names: str) -> None:
    """The relay under its own name and under others, as if they were other protocols."""
    for name in ("toy-relay", *names):
        text = RELAY.replace("pathway: toy-relay\ntitle", f"pathway: {name}\ntitle")
        house.publish(text)


def stage(
    house: Installation, person: str = "", pathway: str = "toy-relay", receiver: str = "north", **answers
) -> Case:
    """A case opened by the ward for a person, who is new if none is given."""
    case = new_case(house, person)
    values = {"case": case.id, "pathway": pathway, "subject": case.person, "holder": SENDER}
    case.does("OpenCase", SENDER, answers, parties={"sender": "ward", "receiver": receiver}, **values)
    return case


def new_case(house: Installation, person: str = "") -> Case:
    return Case(house, "case:" + uuid.UUID(int=house.chance.getrandbits(128)).hex, person or house.person())


def begun(case: Case, count: int = 0) -> Case:
    """The case that was begun from this one, the ``count``-th from 0."""
    return Case(case.at, list(case.state.begun)[count], case.person)


def sent_on(case: Case, to: str = "south") -> Case:
    case.step("send-on", case.state.holder, {"next.inn": given(to)})
    return begun(case, len(case.state.begun) - 1)


def arrive(case: Case, actor: str = RECEIVER, lead: str = LEAD) -> None:
    case.step("arrive", actor, {"arrive.lead": given(lead)})


def rows_of(person: str) -> set[str]:
    return set(CaseRow.objects.filter(subject=person).values_list("case", flat=True))
