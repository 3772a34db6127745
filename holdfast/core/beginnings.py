"""Beginnings: a deed here opens another case for the same person, which tells this one how it goes on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.asks import Asked
from holdfast.core.commands import OpenCase
from holdfast.core.conditions import holds
from holdfast.core.pathway import Begin
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.work import SYSTEM, Refused, Work

#: The ids of cases that begin from others are worked out under this name, so that a decision needs no chance.
_NAMESPACE = uuid.UUID("6f1d9b9c-7e0a-5b7e-9d55-2b1f4f0e7a31")


def begin(work: Work, begins: Iterable[Begin], answers: Mapping[str, Answer] | None = None) -> None:
    """Ask for each case that is to begin. A team that is not known refuses the deed; a clock goes on without it, and says so."""
    for spec in begins:
        if not holds(spec.when, work.facts(answers)):
            continue
        parties = {there: _team(work, source, answers) for there, source in spec.parties.items()}
        lacking = [there for there, team in parties.items() if not team]
        if lacking and work.actor == SYSTEM:
            work.add(e.AskDropped(spec.pathway, "parties_missing"))
            continue
        if lacking:
            missing = tuple(Missing(spec.parties[there], f"A team as {there}", "you") for there in lacking)
            raise Refused(Refusal("parties_missing", "Name the team that is to take over from here.", missing))
        case = begun_id(work.state.case, len(work.state.begun) + 1)
        holder = work.resolve(spec.holder).staff if spec.holder else ""
        work.add(e.CaseBegun(case, spec.pathway))
        command = OpenCase(
            case, spec.pathway, work.state.subject, parties, holder, origin=work.state.case, hears=spec.hears
        )
        work.asks.append(Asked(case, command))


def begun_id(origin: str, count: int) -> str:
    """The id of the ``count``-th case that begins from ``origin``."""
    return f"case:{uuid.uuid5(_NAMESPACE, f'{origin}/{count}').hex}"


def _team(work: Work, source: str, answers: Mapping[str, Answer] | None) -> str:
    if source.startswith("answer."):
        team = work.facts(answers)(source)
        return team if isinstance(team, str) and team in work.directory.teams else ""
    return work.state.parties.get(source, "")
