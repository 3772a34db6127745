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
)
