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
)
