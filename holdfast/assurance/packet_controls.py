"""The controls of hazards of the packet: what travels, how soon, and whether it is seen. Data only, rows as in ``controls``."""

from __future__ import annotations

PACKETS = (
    (
        "HZ-05",
        "Delayed summary",
        "library/post-crisis-follow-up:obligations.summary",
        "the summary's clock runs from the crisis, not from when somebody reads of it",
        "crisis.ended-at, sent, how late",
    ),
    (
        "HZ-06",
        "Endless documents",
        "holdfast.doors.web.casepages.first_page:risk_items",
        "every risk item stands on top of the one page, and each is said back before the acceptance counts",
        "StepTaken accept: what was said back of each risk",
    ),
    (
        "HZ-07",
        "Crisis detail lost, story repeated",
        "holdfast.desk.carrying:carried",
        "what a person told once begins the next packet, marked with where it is from, and counts once it is confirmed",
        "each answer's author, time and source; what is missing",
    ),
    (
        "HZ-08",
        "Safety plan lost or its conditional part lost",
        "library/*:gates.safety-plan-reviewed",
        "no good end before the plan, with its conditions, was gone through with the person",
        "safety-plan-reviewed, and which version of the packet each reader saw",
    ),
)
