"""Offers: several teams are asked to take a part in a case, the first to accept has it, and the others are told (BEY-15)."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.moments import mark
from holdfast.core.parties import Directory
from holdfast.core.pathway import Step
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.sharing import may_share
from holdfast.core.state import State
from holdfast.core.work import Refused, Work

#: Which wording tells a team that nothing more is asked of it.
WITHDRAWN = "withdrawn"
#: The moment when the last team that was asked has said no.
NOBODY_LEFT = "offers-declined"


def refuse_sharing(work: Work, step: Step) -> None:
    """Raises where an offer may not go out now (INF-01)."""
    if step.offers and not may_share(work.state, work.pathway, work.directory):
        says = f"{step.title}: this may not be shared now. The case says under which condition it may."
        raise Refused(Refusal("may_not_be_shared", says))


def refuse_taken(work: Work, step: Step) -> None:
    """Raises when another team was quicker than the one that answers, and says which."""
    for party in filter(None, (step.takes_offer, step.declines_offer)):
        told = work.state.offered.get(party, {})
        mine = {how for team, how in told.items() if work.directory.in_team(work.actor, team)}
        if mine and mine.isdisjoint({"open", "taken"}) and party in work.state.parties:
            taker = work.directory.teams[work.state.parties[party]].name
            says = f"{step.title}: {taker} was quicker. Nothing more is asked of your team."
            raise Refused(Refusal("taken_already", says))


def check_offered(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
    """The teams an offer names exist and have no other part in the case."""
    for party, field in step.offers.items():
        answer = answers.get(field)
        teams = answer.value if answer is not None and isinstance(answer.value, tuple) else ()
        ask = next(one.ask for one in step.records if one.id == field)
        if unknown := [team for team in teams if team not in work.directory.teams]:
            raise Refused(Refusal("unknown_team", f"{ask}: not in the directory: {', '.join(sorted(unknown))}."))
        others = {team for other, team in work.state.parties.items() if other != party}
        if others & set(teams):
            raise Refused(Refusal("same_team", f"{ask}: choose teams that have no other part in this case."))


def answering_team(state: State, directory: Directory, party: str, actor: str, team: str = "") -> str:
    """The offered team for which ``actor`` answers: ``team`` if a door says so, else the first by id they belong to; "" if none."""
    if not party:
        return ""
    mine = [one for one in sorted(state.open_offers(party)) if directory.in_team(actor, one)]
    if team:
        return team if team in mine else ""
    return mine[0] if mine else ""


def check_taking(work: Work, step: Step, answers: Mapping[str, Answer], team: str) -> str:
    """The team that takes the offer, where one is open; the people it names must hold their duties in it (OWN-09)."""
    party = step.takes_offer
    if not party or not work.state.open_offers(party):
        return ""
    named = {duty: answers[field].value for duty, field in step.assigns.items() if field in answers}
    duties = work.pathway.get_party(party).duties
    wanted = [(str(staff), duties.get(duty.partition(".")[2], "")) for duty, staff in named.items() if staff]
    mine = [one for one in sorted(work.state.open_offers(party)) if work.directory.in_team(work.actor, one)]
    mine = [one for one in mine if team in ("", one)]
    able = [one for one in mine if all(work.directory.has_role(staff, role, (one,)) for staff, role in wanted)]
    if not able:
        missing = tuple(Missing(field, "A person of the team that accepts", "you") for field in step.assigns.values())
        raise Refused(Refusal("without_authority", f"{step.title}: name people of the team that accepts.", missing))
    return able[0]


def make_offers(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
    """Whoever had the part before loses it: from now on the first of those asked to accept has it."""
    for party, field in step.offers.items():
        answer = answers.get(field)
        if answer is not None and isinstance(answer.value, tuple) and answer.value:
            was = work.state.parties.get(party, "")
            work.add(e.OffersMade(party, answer.value))
            if was and was not in answer.value:
                _tell(work, was)


def take_offer(work: Work, party: str, team: str) -> None:
    """The team has the part; the other offers are withdrawn, and those teams told, though not by whom."""
    others = sorted(set(work.state.open_offers(party)) - {team})
    work.add(e.OfferTaken(party, team))
    for other in others:
        work.add(e.OfferWithdrawn(party, other))
        _tell(work, other)


def decline_offer(work: Work, party: str, team: str) -> None:
    """This team said no and sees no further; the others are still asked. When none is left, that is a moment of its own."""
    work.add(e.OfferDeclined(party, team))
    if not work.state.open_offers(party):
        mark(work, NOBODY_LEFT, work.now)


def _tell(work: Work, team: str) -> None:
    work.add(e.NoticeIssued(f"{work.state.case}.n{work.state.issued + 1}", f"team:{team}", WITHDRAWN))
