"""How often what goes wrong in a year of the invented network: one row each, so that a trial can turn one up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True, slots=True)
class Troubles:
    """Probabilities for each occasion; spans in hours.

    ``tired``: somebody looks at a case and does nothing. ``bounces``: a message comes back. ``loses_answer``: the answer to a request
    is lost, and it is asked again with the same key. ``crashes``: whoever works at a request dies in the middle of it, and it is asked
    again. ``outages``: times a month that no clock fires, for up to ``outage`` hours. ``away``, ``leaves``: a member of staff is away, or
    leaves for good, on any day; ``covered``: somebody covers. ``returns``: a case is opened for somebody who was there before."""

    tired: float = 0.15
    bounces: float = 0.03
    loses_answer: float = 0.02
    crashes: float = 0.02
    outages: float = 1.0
    outage: float = 72.0
    away: float = 0.004
    covered: float = 0.6
    leaves: float = 0.0002
    returns: float = 0.25


def swarm(chance: Random) -> Troubles:
    """Troubles of one seed: each may be missing, usual or frequent, so that no run is an average of all others."""
    usual = Troubles()
    names = usual.__dataclass_fields__
    factors = {name: chance.choice((0.0, 1.0, 1.0, 3.0)) for name in names}
    drawn = {
        name: min(getattr(usual, name) * factors[name], 0.9) for name in names if name not in ("outages", "outage")
    }
    return replace(usual, **drawn, outages=usual.outages * factors["outages"])
