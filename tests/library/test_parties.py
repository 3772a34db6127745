"""Everybody in an episode is listed with what each does, one of them accountable: on the case, in the API and for the partner."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.case_stage import Stage, plain
from tests.doors.test_partner_link import Partner, arrange
from tests.hazards.control import shipped_or_skip
from tests.hazards.journeys import sent
from tests.installation import LEAD, RECEIVER, SENDER, Installation

CRISIS = "mobile-crisis-to-outpatient"
TEAM = [
    {"who": "Dr Alder", "does": "Prescribes, and is asked about the dose"},
    {"who": "Peer group at the quay", "does": "Goes along to the first appointment"},
]


@pytest.mark.requirement("OWN-10")
def test_all_parties_of_an_episode_are_listed_with_what_each_does_and_one_is_accountable(house: Installation) -> None:
    shipped_or_skip(CRISIS)
    run = sent(house, CRISIS, {"team.duties": TEAM})
    listed = run.shown()["everybody"]
    does = {one["does"]: one["who"] for one in listed}
    assert [one["who"] for one in listed if one["accountable"]] == [listed[0]["who"]]
    assert listed[0]["who"].startswith(run.directory.staff[run.state.holder].name)
    assert {party.title for party in run.pathway.parties} <= set(does)
    assert {named.ask for named in run.pathway.named} <= set(does)
    assert {(one["does"], one["who"]) for one in TEAM} <= set(does.items())
    page = plain(Stage(house).get(run.case, run.state.holder))
    people = page.partition("People and teams")[2]
    for one in listed[1:]:
        assert f"{one['does']} {one['who'].partition(',')[0]}" in people, one
    run.step("accept", by=run.who("receiver.intake"))
    after = run.shown()["everybody"]
    assert [one["who"].partition(",")[0] for one in after if one["accountable"]] == [
        run.directory.staff[run.who("receiver.holder")].name
    ]


@pytest.mark.django_db
@pytest.mark.requirement("OWN-10")
def test_the_partner_sees_who_does_what_and_who_is_accountable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    partner: Partner = arrange(monkeypatch, tmp_path)
    page = plain(partner.enter().content.decode())
    part = page.partition("Everybody else in this, and what each does")[2]
    for party in partner.case.state.parties.values():
        assert {"ward": "Larch Ward", "north": "Community North"}[party] in part
    assert part.count("Dan") >= 3, "each of the three names with its duty"
    assert page.count("Accountable now") == 1 and f"Accountable now {SENDER.title()}" in page
    partner.answer("confirm-receipt", **partner.acceptance())
    after = plain(partner.client.get("/link/visit/").content.decode())
    assert f"Accountable now {LEAD.title()}" in after and RECEIVER.title() in after
