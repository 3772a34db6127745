"""Cases of changing intensity and of ongoing care on their way, through the API, for the hazards that lie there."""

from __future__ import annotations

from typing import Any

from tests.hazards.control import shipped_or_skip
from tests.installation import Installation
from tests.library.driver import Given, Run
from tests.library.four_parts import answers

STEP_UP, STEP_DOWN, CARE = "step-up", "step-down", "care-coordination"
TOLD = {"prepare.what": "yes", "prepare.way-back": "yes"}
SEEN = {"contact.method": "visit", "contact.with": "person", "check.done": "done"}
QUIET = {
    "signs.missed": 0,
    "signs.function": "no",
    "signs.risk": "no",
    "signs.medication-days": 0,
    "signs.housing-lost": "no",
}
WORSE = {**QUIET, "signs.missed": 2, "signs.function": "yes"}


def ready(house: Installation, pathway: str, person: Any = None, **more: Any) -> Run:
    """A case with its packet whole and everybody named, nothing done yet; skipped where the file is not shipped."""
    shipped_or_skip(pathway)
    run = Run.open(house, pathway, person=person)
    known = {field.id for field in run.pathway.packet_fields()}
    calm = {"housing.stable": "yes", "count.crises": 0} | more
    run.fill(answers(run, **{id: value for id, value in calm.items() if id in known}))
    run.name_everybody()
    return run


def agreed(house: Installation, **more: Any) -> Run:
    """A step-up over its threshold that a clinician has decided for."""
    run = ready(house, STEP_UP, **more)
    run.step("count-signs", WORSE)
    run.step("decide", {"step-up.decision": "agreed"}, by=run.who("decision-maker"))
    return run


def whole_huddle(run: Run) -> Given:
    times = {"huddle.first-at": run.soon(hours=30), "huddle.second-at": run.soon(hours=100)}
    return {"huddle.present": ["clinician", "supervisor", "coordination"], **times}


def to_be_told(house: Installation, pathway: str) -> Run:
    """A change of intensity with everything there but the talk with the person."""
    if pathway == STEP_UP:
        run = agreed(house)
        run.step("hold-huddle", whole_huddle(run))
        return run
    return ready(house, pathway)


def stepping_down(house: Installation, person: Any = None) -> Run:
    """A step-down that the team of the lower intensity has accepted; no step of the taper is taken yet."""
    run = ready(house, STEP_DOWN, person)
    run.step("prepare-person", TOLD)
    run.step("send")
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    run.step("record-contact", SEEN)
    return run


def tapering(house: Installation, person: Any = None) -> Run:
    """A step-down in its first, weekly step."""
    run = stepping_down(house, person)
    run.step("look-before-step")
    run.step("take-taper-step", {"taper.frequency": "weekly"})
    return run


def coordinated(house: Installation, **more: Any) -> Run:
    """Ongoing care, begun."""
    run = ready(house, CARE, **more)
    run.step("confirm-roles")
    run.step("begin")
    return run
