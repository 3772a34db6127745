"""What people answer in the main job. An instant is a datetime; None says "none known"."""

from __future__ import annotations

from typing import Any

from tests.journeys.town import CLINICIAN, DECISION_MAKER, LEAD, local

Answers = dict[str, Any]


def packet() -> Answers:
    """Everything that the file does not give: suicidal thoughts with a plan, so the high tier."""
    return {
        "discharge.at": local(0, "12:00"),
        "transition.trigger": "planned",
        "success.endpoint": "engaged",
        "success.by": f"{local(30, '12:00'):%Y-%m-%d}",
        "medication.current": [{"name": "Sertraline", "dose": "100 mg in the morning", "since": "August"}],
        "medication.changes": None,
        "medication.interrupted": "no",
        "medication.supply-ends": f"{local(14, '12:00'):%Y-%m-%d}",
        "risk.suicidal-ideation": "plan",
        "risk.recent-attempt": "no",
        "risk.violence": "none",
        "risk.summary": "Thoughts with a plan in the first week; told us of it unasked. Worst in the evening.",
        "risk.triggers": "Arguments at home. First sign is an unanswered phone.",
        "risk.restrictions": "Tablets are kept by a relative, one week at a time.",
        "safeguarding.concern": "none",
        "housing.stable": "yes",
        "contact.channel": "phone",
        "contact.crisis": "Harbour Crisis Line, 202-555-0120",
        "consent.sharing": "given",
        "appointment.booked": None,
        "touchpoint.by": local(2, "12:00"),
        "fallback.action": "outreach",
    }


NAMED = {
    "decision-maker": DECISION_MAKER,
    "medication-continuity": CLINICIAN,
    "first-appointment-missed": CLINICIAN,
}


CALLED = {"delivery.instead": "called"}


def receipt() -> Answers:
    return {
        "receipt.reviewed": "reviewed",
        "receipt.lead": LEAD,
        "receipt.first-contact-at": local(1, "08:30"),
        "receipt.first-actions": "Call, check that the tablets are at home.",
        "receipt.escalation-signs": "No answer for a day.",
    }


NOBODY = {"contact.method": "phone", "contact.with": "nobody"}
QUIET = {
    "contact.with": "person",
    "check.done": "done",
    **{
        f"check.{name}": "none"
        for name in ("sleep", "agitation", "substance", "medication", "paranoia", "ideation", "conflict", "own-signs")
    },
}
VISIT, CALL = {"contact.method": "visit", **QUIET}, {"contact.method": "phone", **QUIET}
WORSE = {**CALL, "check.ideation": "active", "contact.note": "Worse since the weekend. Is not alone today."}
RESPONSE = {
    "response.action": "more-support",
    "response.detail": "Seen by me today at 16:00; a call every evening this week.",
}
CARD = {"card.how": "paper", "card.understood": "yes"}


def appointment() -> Answers:
    return {
        "appointment.at": local(10, "10:00"),
        "appointment.what": "first",
        "appointment.where": "North clinic, room 2; a cousin drives",
    }


KEPT = {"attendance.outcome": "kept"}
ONGOING = {"ongoing.coordinator": LEAD}
CLOSING = {"closing.next-steps": "Weekly visits, therapy on Thursdays. Worst hours are the evenings."}


REVIEW = {"review.decision": "Nothing is at risk. Next look in three days."}
#: A contact is no task of the tracker: it is recorded as a step.
CONTACT = "record-contact"


def in_between(first: int, last: int) -> list[tuple[int, str, str, str, Answers]]:
    """What a well-run case has between the first contact and the closing, on days ``first`` to ``last``: (day, time, who, what,
    evidence), in order. ``what`` is a task of the tracker or ``CONTACT``."""
    seen_by = f"{local(5, '10:00'):%Y-%m-%d}"
    once: list[tuple[int, str, str, str, Answers]] = [
        (2, "09:30", CLINICIAN, "reconciliation", {"reconciliation.result": "agrees", "reconciliation.detail": None}),
        (2, "11:00", LEAD, "coverage", {"coverage.result": "confirmed"}),
        (4, "11:00", LEAD, "primary-care", {"primary-care.booked": local(15, "09:00")}),
        (4, "11:10", LEAD, "therapy", {"therapy.booked": local(16, "14:00")}),
        (5, "10:00", CLINICIAN, "prescriber", {"prescriber.who": "Dr Abel Thorne", "prescriber.confirmed": seen_by}),
    ]
    reviews = [(day, "15:00", LEAD, "tracker-review", REVIEW) for day in range(3, 25, 3)]
    contacts = [
        (day, time, LEAD, CONTACT, CALL)
        for day, time in ((4, "10:30"), (7, "09:30"), (12, "10:00"), (15, "09:30"), (18, "09:00"), (21, "08:30"))
    ]
    late = (24, "08:00", LEAD, CONTACT, VISIT)
    found = [one for one in (*once, *reviews, *contacts, late) if first <= one[0] <= last]
    return sorted(found, key=lambda one: (one[0], one[1]))
