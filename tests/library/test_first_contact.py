"""Whose first contact it is: in no shipped protocol does the team that hands over keep the promise of the team that takes over."""

from __future__ import annotations

import pytest

from holdfast.core.pathway import Pathway
from holdfast.pathways.expansion import expand
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway

OF_THE_NEW_TEAM = {"contact-made", "first-contact-made", "raised-contact-made", "attempt-failed"}
OF_THE_OLD_TEAM = {"sender-contact-made", "sender-contact-tried"}


def marks(pathway: Pathway) -> set[str]:
    return {one for step in pathway.steps for e in step.emits for one in (e.moment, e.otherwise)}


LOADED = {name: load_pathway(expand(text).text) for name, text in shipped().items()}
WITH_FIRST_CONTACT = sorted(name for name, pathway in LOADED.items() if "first-contact-made" in marks(pathway))


def test_every_transition_with_a_first_contact_is_looked_at() -> None:
    transitions = {name for name, one in LOADED.items() if {"sender", "receiver"} <= {p.id for p in one.parties}}
    assert transitions - set(WITH_FIRST_CONTACT) == {"safeguarding-concern"}, "there the sender keeps the person"


@pytest.mark.parametrize("name", WITH_FIRST_CONTACT)
def test_only_the_team_that_takes_over_marks_its_contacts(name: str) -> None:
    for step in LOADED[name].steps:
        marked = {one for e in step.emits for one in (e.moment, e.otherwise)}
        if marked & OF_THE_NEW_TEAM:
            assert all(who.startswith("receiver.") for who in step.by), f"{step.id} by {step.by}"
        if marked & OF_THE_OLD_TEAM:
            assert all(who.startswith("sender.") for who in step.by), f"{step.id} by {step.by}"
    assert marks(LOADED[name]) >= OF_THE_OLD_TEAM, "the old team can still write up its contacts"


@pytest.mark.parametrize("name", WITH_FIRST_CONTACT)
def test_a_contact_of_the_old_team_meets_nothing_that_the_new_team_owes(name: str) -> None:
    for obligation in LOADED[name].obligations:
        if OF_THE_OLD_TEAM & set(obligation.met_by):
            assert not obligation.owed_by.startswith("receiver."), obligation.id
