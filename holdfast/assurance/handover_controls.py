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
