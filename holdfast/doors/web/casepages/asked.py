"""The teams a case was offered to: how each stands, since when, and what it said (BEY-15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core import events as e
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import Written


def asked(page: Opened) -> list[dict[str, Any]]:
    """In the order in which they were asked; nothing where nobody was asked several at once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in page.record:
        for event in one.events:
            match event:
                case e.OffersMade(party=party, teams=teams):
                    found |= {(party, team): _row(page, party, team, one) for team in teams}
                case e.OfferTaken(party=party, team=team) | e.OfferDeclined(party=party, team=team):
                    found[party, team] |= {
                        "at": one.recorded,
                        "who": page.naming.staff(one.actor),
                        "said": _said(page, one),
                    }
                case e.OfferWithdrawn(party=party, team=team):
                    found[party, team] |= {"at": one.recorded}
    return list(found.values())


def _row(page: Opened, party: str, team: str, one: Written) -> dict[str, Any]:
    how = page.state.offered.get(party, {}).get(team, "")
    title = page.pathway.get_party(party).title
    return {
        "party": title,
        "team": page.naming.team(team),
        "how": _HOW()[how],
        "at": one.recorded,
        "who": "",
        "said": [],
    }


def _said(page: Opened, one: Written) -> list[str]:
    taken = next((event for event in one.events if isinstance(event, e.StepTaken)), None)
    step = page.pathway.find_step(taken.step) if taken is not None else None
    if taken is None or step is None:
        return []
    given = ((field, taken.answers.get(field.id)) for field in step.records)
    return [
        f"{field.ask}: {page.naming.said(field, answer)}" for field, answer in given if answer and answer.how != "blank"
    ]


def _HOW() -> Mapping[str, str]:
    return {
        "open": _("has not answered yet"),
        "taken": _("accepted"),
        "declined": _("said no"),
        "withdrawn": _("asked no more: another team was quicker"),
    }
