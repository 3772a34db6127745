"""Cases of shipped protocols on their way, through the API, for the hazards that lie there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.doors.api_client import WHATEVER
from tests.hazards.control import shipped_or_skip
from tests.installation import Installation
from tests.library.contacts import CALM
from tests.library.driver import Given, Run

#: What comes before the sending, and the step by which the other side accepts.
_BEFORE = {"post-crisis-follow-up": ("confirm-details", "book-touchpoint")}
_ACCEPT = {"discharge-to-community": "confirm-receipt"}


def opened(house: Installation, pathway: str, packet: Given | None = None, person: str = "") -> Run:
    """A case with its packet complete, ready to be sent; skipped where the file is not shipped."""
    shipped_or_skip(pathway)
    run = Run.open(house, pathway, person=person or None, even_so=bool(person))
    times = {"touchpoint.by": run.soon(hours=40), "crisis.ended-at": now(house), "call.at": now(house)}
    times |= {"discharge.at": run.soon(hours=6), "appointment.first-at": run.soon(hours=72)}
    known = {field.id for field in run.pathway.packet_fields()}
    calm = {id: value for id, value in {**CALM, **times, "consent.sharing": "given"}.items() if id in known}
    run.fill({**calm, **(packet or {})})
    run.name_everybody()
    return run


def sent(house: Installation, pathway: str, packet: Given | None = None, person: str = "") -> Run:
    run = opened(house, pathway, packet, person)
    for step in _BEFORE.get(pathway, ()):
        run.step(step)
    run.step("send")
    return run


def accepted(house: Installation, pathway: str, packet: Given | None = None, person: str = "") -> Run:
    run = sent(house, pathway, packet, person)
    run.step(_ACCEPT.get(pathway, "accept"), by=run.who("receiver.intake"))
    return run


def now(house: Installation) -> str:
    return house.now.isoformat()


def at(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def asked(run: Run, step: str, given: Given | None = None, by: str = "", **body: Any) -> Any:
    """Take a step whatever comes of it: the refusal of the API, or None where it was done."""
    return _refusal(run.step(step, given, by, WHATEVER, **body))


def asked_to_close(run: Run, endpoint: str, given: Given | None = None, by: str = "") -> Any:
    """Close the case whatever comes of it: the refusal of the API, or None where it was done."""
    return _refusal(run.close(endpoint, given, by, WHATEVER))


def asked_to_meet(run: Run, kind: str, given: Given | None = None, by: str = "") -> Any:
    """Give evidence whatever comes of it: the refusal of the API, or None where it was taken."""
    return _refusal(run.meet(kind, given, by, WHATEVER))


def _refusal(body: Any) -> Any:
    return body if "code" in body else None
