"""What the checker found: nine properties, each proved, refuted, questioned or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PROVED, QUESTIONED, UNKNOWN, REFUTED = "proved", "questioned", "unknown", "refuted"
#: From the best to the worst: a property is what the worst finding about it is.
_WORSE = (PROVED, QUESTIONED, UNKNOWN, REFUTED)
PROPERTIES = {
    "P1": "A holder at every state",
    "P2": "A running clock at every open state",
    "P3": "Every ladder ends at a person and is never silent",
    "P4": "Every end can be reached, and no state is a dead end",
    "P5": "Where the receiver must speak, nothing else will do",
    "P6": "Every tier has every time",
    "P7": "Emergency action in at most two steps, from everywhere",
    "P8": "Whatever a gate or a condition reads can be filled in",
    "P9": "Times within safe bounds",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a property. ``place`` is where in the file, ``trace`` the shortest way there in plain words."""

    property: str
    word: str
    says: str
    remedy: str = ""
    place: tuple[str | int, ...] = ()
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``states`` says how many states were explored for each property."""

    findings: tuple[Finding, ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)

    def word(self, property: str) -> str:
        words = [finding.word for finding in self.findings if finding.property == property]
        return max(words, key=_WORSE.index, default=PROVED)

    @property
    def stands(self) -> bool:
        """Whether it may be published: nothing refuted, nothing unknown. Questions are for people."""
        return all(finding.word == QUESTIONED for finding in self.findings)

    @property
    def decided(self) -> bool:
        """Whether an answer was come to on everything."""
        return all(finding.word != UNKNOWN for finding in self.findings)

    @property
    def explored(self) -> int:
        return sum(self.states.values())
