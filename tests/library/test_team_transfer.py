"""Transfer between teams: one page, one list, one call where the risk is higher, and nobody lost in between; through both doors."""

from __future__ import annotations

import pytest

from tests.installation import Installation
from tests.library import handover
from tests.library.driver import Run
from tests.library.four_parts import check_parts

FILE = "team-transfer"


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("GAT-05", "GAT-08", "PKT-04", "AUD-02", "CLS-02")
def test_from_the_summary_to_the_person_reached(house: Installation) -> None:
    handover.check_end_to_end(house, FILE)


@pytest.mark.requirement("GAT-06", "GAT-01", "OWN-05", "PER-03", "PKT-04")
def test_it_is_not_sent_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    check_parts(run)
    for part in ("goals.agreed", "plan.crisis", "medication.current"):
        run.fill_only({part: None})
        refused = run.step("send", status=409)
        assert {"packet-complete", part} <= run.missing(refused), part
        run.fill()


@pytest.mark.requirement("PKT-12")
def test_a_line_of_the_checklist_left_open_keeps_it_from_closing(house: Installation) -> None:
    handover.check_checklist(house, FILE)


@pytest.mark.requirement("MOD-04")
def test_at_higher_risk_it_is_not_accepted_before_the_live_call(house: Installation) -> None:
    handover.check_live_call(house, FILE)


@pytest.mark.requirement("PKT-13")
@pytest.mark.hazard("HZ-93")
def test_each_open_item_is_settled_by_name_before_it_closes(house: Installation) -> None:
    handover.check_open_items(house, FILE)


@pytest.mark.requirement("OWN-03", "CON-04")
@pytest.mark.hazard("HZ-17")
def test_it_goes_back_until_the_person_is_reached(house: Installation) -> None:
    handover.check_reverts(house, FILE)


@pytest.mark.requirement("REC-03", "ESC-01", "AUD-02")
def test_nobody_answering_is_chased_to_the_last_resort(house: Installation) -> None:
    handover.check_silence(house, FILE)


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("CON-01", "OWN-03", "REC-10")
def test_a_contact_by_the_old_team_is_not_the_first_contact_of_the_new_one(house: Installation) -> None:
    handover.check_sender_contact(handover.accepted(house, FILE), "first-contact-made", "contact-in-time")


@pytest.mark.requirement("OWN-03", "CON-04")
def test_where_it_went_back_the_old_team_stays_in_touch_until_the_new_one_has_reached_them(house: Installation) -> None:
    handover.check_reverted_contact(house, FILE)
