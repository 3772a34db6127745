"""The controls of hazards of handing over: who takes on, what moves along, what comes next. Data only."""

from __future__ import annotations

HANDOVER = (
    (
        "HZ-15",
        "Assigned worker unavailable",
        "library/crisis-to-case-management:gates.backup-ran",
        "a voicemail closes nothing: the backup route names contact, bridge, deadline and who is called",
        "worker-tried, backup-route-taken, acceptance",
    ),
    (
        "HZ-19",
        "Passive referral",
        "library/*:gates.not-passive",
        "above low acuity a referral needs a direct contact or a booked slot",
        "met-person, spoken-with-service, appointment booked",
    ),
    (
        "HZ-49",
        "Handoff evaporation",
        "library/*:gates.endpoint-asked",
        "a crisis referral says what must be done before it ends; nobody can pass over that",
        "handoff.endpoint, what was reached",
    ),
    (
        "HZ-51",
        "Fast dispatch, weak connection",
        "library/crisis-line-to-mobile-crisis:gates.handed-on",
        "a dispatch closes only into an onward handoff",
        "handed-on, onward-contact",
    ),
    (
        "HZ-52",
        "Repeat crisis, unknown to service",
        "holdfast.desk.surroundings:Surroundings._history",
        "a crisis counts those before it: the tier rises, the third is looked into, whoever follows up hears",
        "history, repeated-crisis, crisis-again",
    ),
    (
        "HZ-53",
        "Strength not matched to risk",
        "library/stabilization-discharge:gates.strength-matches",
        "a handoff weaker than the risk asks keeps the discharge shut; passing it is signed first",
        "handoff.method, GateOverridden",
    ),
    (
        "HZ-91",
        "Accepted, not understood",
        "library/mobile-crisis-to-outpatient:steps.accept",
        "acceptance says back each time-critical risk and takes on its duties",
        "StepTaken accept with what was said back",
    ),
    (
        "HZ-95",
        "Still open at the clinic assumed",
        "library/mobile-crisis-to-outpatient:gates.enrolment-confirmed",
        "the crisis episode stays open until the clinic says the person is open there, or was referred anew",
        "provider.enrolled: who said it, when; newly-referred",
    ),
)
