"""The controls of hazards of reaching the person, arrival and access. Data only, rows as in ``controls``."""

from __future__ import annotations

CONTACT = (
    (
        "HZ-25",
        "Wrong details, unknown number",
        "library/*:obligations.correct-details",
        "details that do not reach the person are owed to be right, by the sender, with a clock",
        "details-wrong, correct-details",
    ),
    (
        "HZ-26",
        "Alternate contact without permission",
        "library/*:gates.alternate-permitted",
        "nobody else is called without the person's permission on record",
        "contact.alternate-permission, GateOverridden, override-sign-off",
    ),
    (
        "HZ-27",
        "Welfare check not considered",
        "library/*:steps.decide-after-attempts",
        "the decision after failed attempts weighs the written criteria and says why",
        "welfare.criteria, decision.action, decision.reason",
    ),
    (
        "HZ-33",
        "Silence, lost trust, disengagement",
        "library/*:obligations.word-to-person",
        "the longest time without word to the person has a clock",
        "contact-made, word-to-person",
    ),
    (
        "HZ-64",
        "Failed attempts without sign-off",
        "library/*:gates.attempts-signed-off",
        "after three failed attempts a case ends or goes elsewhere only once the supervisor has decided",
        "decide-after-three, StepTaken decide-after-attempts",
    ),
    (
        "HZ-98",
        "Own relapse indicators not known at contact",
        "library/*:steps.record-contact",
        "the person's own signs stand on the contact form and must be answered",
        "StepTaken record-contact: check.own-signs",
    ),
    (
        "HZ-30",
        "Barriers found too late",
        "library/*:obligations.access-arranged",
        "what makes care hard to reach has an owner and a clock before the visit",
        "access.needs, access.arranged, handoff.transport",
    ),
    (
        "HZ-31",
        "Coverage or eligibility block",
        "library/discharge-to-community:obligations.coverage",
        "a refusal opens the task again, with its owner and clock",
        "coverage-refused, coverage, eligibility",
    ),
    (
        "HZ-32",
        "Person does not know who, when, what if",
        "library/*:gates.person-told",
        "no end but an escalation until the person can say who calls, when, and what to do",
        "StepTaken give-card: how, understood",
    ),
    (
        "HZ-35",
        "Person not in the handoff",
        "library/stabilization-discharge:gates.strength-matches",
        "at high risk the person and both clinicians speak live, or a supervisor signs the reason",
        "handoff.method, handoff.present, handoff.at",
    ),
    (
        "HZ-38",
        "Access not secured, interruption",
        "library/stabilization-discharge:obligations.next-prescription",
        "five days before the supply runs out the next prescription is due",
        "handoff.medication, handoff.supply-until, prescription.by",
    ),
    (
        "HZ-65",
        "Breaks across settings",
        "holdfast.doors.partner.telephone:_prove",
        "a partner with only a telephone answers as any other, and only with their own PIN",
        "StepTaken with its actor and door, and who wrote it down",
    ),
)
