"""The packet: what is asked, what counts as answered, what a draft keeps, and the clock to be sent by."""

from datetime import datetime, timedelta

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, NOT_DISCLOSED, Answer
from holdfast.core.facts import missing_fields
from tests.core.cases import REASON, Case, given, shipped
from tests.core.network import COMMUNITY, DARA, DAY, GWEN, HOUR, IVY, KIT, OZ, START, UNA, WARD, away, network, without


def missing(case: Case) -> set[str]:
    return {field.id for field in missing_fields(case.state, case.pathway, case.directory)}


def test_a_case_opens_with_a_person_a_tier_a_clock_and_a_window() -> None:
    case = shipped().opened()
    assert case.state.holder == KIT
    assert case.state.tier == "standard"
    assert {p.kind for p in case.state.owed()} == {"packet", "resolution"}
    assert case.state.window_rings == START + 30 * DAY


@pytest.mark.parametrize(
    ("holder", "parties", "code"),
    [
        ("nobody", {}, "not_a_person"),
        (WARD, {}, "not_a_person"),
        (UNA, {}, "without_authority"),
        (OZ, {}, "without_authority"),
        (KIT, {"receiver": "nowhere"}, "unknown_team"),
        (KIT, {"third": COMMUNITY}, "parties_missing"),
    ],
)
def test_nothing_opens_without_one_person_who_may_hold_it(holder: str, parties: dict[str, str], code: str) -> None:
    places = {"sender": WARD, "receiver": COMMUNITY, **parties}
    case = shipped()
    assert case.refused(c.OpenCase("case-1", case.pathway.id, "p-1", places, holder), KIT).code == code


def test_an_outsider_opens_no_case_for_others() -> None:
    case = shipped()
    command = c.OpenCase("case-1", case.pathway.id, "p-1", {"sender": WARD, "receiver": COMMUNITY}, KIT)
    assert case.refused(command, OZ).code == "not_yours"


def test_a_holder_who_is_away_at_opening_is_stood_in_for_and_it_shows() -> None:
    directory = away(network(), KIT, START, START + DAY, "kay")
    case = shipped(directory=directory).opened()
    assert case.state.holder == "kay"
    assert "away" in case.seen(e.HolderMoved)[0].why


def test_a_closed_account_holds_nothing() -> None:
    case = shipped(directory=without(network(), KIT))
    command = c.OpenCase("case-1", case.pathway.id, "p-1", {"sender": WARD, "receiver": COMMUNITY}, KIT)
    assert case.refused(command, "kay").code == "not_a_person"


@pytest.mark.requirement("PKT-06")
@pytest.mark.parametrize("how", [NONE_KNOWN, NOT_DISCLOSED])
def test_none_known_and_not_disclosed_are_answers_and_a_blank_is_not(how: str) -> None:
    case = shipped().opened()
    assert "risk.triggers" in missing(case)
    case.do(c.FillPacket({"risk.triggers": Answer(how)}), KIT)
    assert "risk.triggers" not in missing(case)
    case.do(c.FillPacket({"risk.triggers": Answer(BLANK)}), KIT)
    assert "risk.triggers" in missing(case)


@pytest.mark.parametrize("answer", [Answer(NONE_KNOWN), given("maybe"), Answer("guessed"), Answer(GIVEN)])
def test_an_answer_that_is_not_offered_is_refused(answer: Answer) -> None:
    case = shipped().opened()
    assert case.refused(c.FillPacket({"consent.sharing": answer}), KIT).code == "not_offered"


def test_what_was_carried_forward_counts_once_it_is_confirmed() -> None:
    case = shipped().opened()
    case.do(c.FillPacket({"housing.stable": Answer(GIVEN, "yes", unconfirmed=True)}), KIT)
    assert "housing.stable" in missing(case)
    case.do(c.FillPacket({"housing.stable": given("yes")}), KIT)
    assert "housing.stable" not in missing(case)


def test_a_summary_is_needed_only_where_there_is_risk_to_describe() -> None:
    case = shipped().opened()
    quiet = {"risk.suicidal-ideation": "none", "risk.recent-attempt": "no", "risk.violence": "none"}
    case.do(c.FillPacket({id: given(value) for id, value in quiet.items()}), KIT)
    assert "risk.summary" not in missing(case)
    case.do(c.FillPacket({"risk.violence": given("past")}), KIT)
    assert "risk.summary" in missing(case)


def test_a_draft_that_changes_nothing_is_said_to_change_nothing() -> None:
    case = shipped().opened()
    case.do(c.FillPacket({"housing.stable": given("yes")}), KIT)
    assert case.refused(c.FillPacket({"housing.stable": given("yes")}), KIT).code == "nothing_changed"


def test_the_packet_has_no_room_for_what_it_does_not_ask() -> None:
    case = shipped().opened()
    assert case.refused(c.FillPacket({"shoe.size": given("9")}), KIT).code == "unknown_field"
    places = {"sender": WARD, "receiver": COMMUNITY}
    command = c.OpenCase("c", case.pathway.id, "p", places, KIT, {"consent.sharing": given("maybe")})
    assert shipped().refused(command, KIT).code == "not_offered"


@pytest.mark.parametrize("actor", [OZ, GWEN, "nobody"])
def test_only_the_people_of_the_case_fill_in_its_packet(actor: str) -> None:
    case = shipped().opened()
    assert case.refused(c.FillPacket({"housing.stable": given("yes")}), actor).code == "not_yours"


@pytest.mark.requirement("PKT-11")
def test_the_packet_is_due_by_the_moment_of_discharge_and_follows_it() -> None:
    case = shipped().opened()
    assert case.owed("packet").due == START + DAY
    case.do(c.FillPacket({"discharge.at": given(START + 5 * HOUR)}), KIT)
    assert case.owed("packet").due == START + 5 * HOUR
    case.do(c.FillPacket({"discharge.at": given(START + 50 * HOUR)}), KIT)
    assert case.owed("packet").due == case.owed("packet").rings == START + 50 * HOUR


@pytest.mark.parametrize(
    "year", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "2126-03-02T09:00:00+00:00"]
)
def test_a_date_nobody_can_mean_makes_no_clock(year: str) -> None:
    case = shipped().opened()
    assert case.refused(c.FillPacket({"discharge.at": given(year)}), KIT).code == "not_an_instant"
    assert case.owed("packet").due == START + DAY


@pytest.mark.requirement("PKT-11")
def test_a_late_packet_climbs_on_the_senders_side() -> None:
    case = shipped().opened().wait(DAY + 14 * HOUR + timedelta(minutes=1))
    assert [(r.told, r.due - START) for r in case.rungs("packet")] == [
        (KIT, DAY),
        (UNA, DAY + 2 * HOUR),
        ("rex", DAY + 14 * HOUR),
    ]


@pytest.mark.requirement("OWN-09")
@pytest.mark.parametrize(
    ("staff", "code"), [(KIT, "without_authority"), ("ward", "not_a_person"), ("", "not_a_person")]
)
def test_a_decision_maker_holds_the_role_that_the_duty_needs(staff: str, code: str) -> None:
    case = shipped().opened()
    assert case.refused(c.NameRole("decision-maker", staff), KIT).code == code


def test_naming_twice_or_a_role_nobody_asked_for_changes_nothing() -> None:
    case = shipped().opened()
    case.do(c.NameRole("decision-maker", DARA), KIT)
    assert case.refused(c.NameRole("decision-maker", DARA), KIT).code == "nothing_changed"
    assert case.refused(c.NameRole("chaplain", DARA), KIT).code == "unknown_role"


@pytest.mark.requirement("PKT-07")
def test_an_amended_packet_is_a_new_version_that_the_receiver_reads() -> None:
    case = shipped().accepted()
    assert case.refused(c.TakeStep("amend-packet"), KIT).code == "not_possible_now"
    case.do(c.FillPacket({"housing.stable": given("yes")}), KIT)
    assert case.state.packet_version == 1
    case.take("amend-packet", KIT)
    assert case.seen(e.PacketSent)[-1] == e.PacketSent(2, (), ("housing.stable",))
    assert case.owed("read-amendment").owner == "lea"
    case.take("read-amendment", IVY)
    assert case.latest("read-amendment").status == "met"


def test_a_blank_is_no_reason() -> None:
    case = shipped().opened()
    assert case.refused(c.RaiseTier("high", Answer(BLANK)), KIT).code == "reason_missing"
    assert case.refused(c.Waive("packet#1", Answer(NONE_KNOWN)), UNA).code == "reason_missing"
    assert case.refused(c.MoveHolder("kay", Answer(BLANK)), KIT).code == "reason_missing"
    assert case.refused(c.AskOverride("send", Answer(BLANK)), KIT).code == "reason_missing"
    assert case.refused(c.MoveOwner("packet#1", "kay", Answer(BLANK)), KIT).code == "reason_missing"
    assert case.do(c.MoveOwner("packet#1", "kay", REASON), KIT)


def test_a_case_is_opened_once() -> None:
    case = shipped().opened()
    places = {"sender": WARD, "receiver": COMMUNITY}
    assert case.refused(c.OpenCase("case-1", case.pathway.id, "p-1", places, KIT), KIT).code == "already_open"
    assert shipped().refused(c.ReopenCase(REASON), KIT).code == "unknown_case"


def test_an_instant_is_kept_in_the_zone_it_was_given_and_read_as_one() -> None:
    case = shipped().opened()
    case.do(c.FillPacket({"discharge.at": given("2026-03-02T20:00:00-05:00")}), KIT)
    assert case.owed("packet").due == datetime.fromisoformat("2026-03-03T01:00:00+00:00")
