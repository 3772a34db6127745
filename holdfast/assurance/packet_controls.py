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
)
