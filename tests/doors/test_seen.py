"""Who has seen a case: every reading and every message is a row that stays, for those whose business it is to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from holdfast.desk.rebuild import compare
from holdfast.ledger.models import Shown
from holdfast.workers.deliveries import Deliveries
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, plain
from tests.doors.test_partner_link import MARK, Partner, arrange
from tests.installation import DECISION_MAKER, GOVERNANCE, LEAD, OUTSIDER, RECEIVER, SENDER, SENDER_SUPERVISOR

pytestmark = pytest.mark.django_db
#: Under what another team was shown it: the consent as it stood.
CONSENT = "consent.sharing is given; moment.consent-ended is not recorded; moment.consent-lapsed is not recorded"


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    return arrange(monkeypatch, tmp_path)


def rows(partner: Partner) -> list[tuple[str, str, str]]:
    found = Shown.objects.filter(stream=partner.case.id).order_by("id")
    return [(row.to, row.what, row.door) for row in found]


@pytest.mark.requirement("INF-03", "AUD-04")
def test_every_way_of_reading_is_a_row(partner: Partner) -> None:
    stage, case = Stage(partner.house), partner.case
    bare = case.id.removeprefix("case:")
    partner.enter()
    Deliveries(partner.house.desk, {"email": partner.mail}, "https://h.example.org").step(partner.house.now)
    for page in ("", "packet", "packet/summary", "card", "evidence", "evidence.pdf"):
        stage.client(SENDER).get(stage.url(case, page))
    ina = Caller.of(RECEIVER)
    for path in ("", "/packet", "/timeline", "/evidence"):
        ina.get(f"cases/{bare}{path}")
    assert rows(partner) == [
        ("team:north", "packet", "link"),
        ("team:north", "message", "mailbox"),
        *[
            (f"staff:{SENDER}", what, "web")
            for what in ("case", "packet", "packet", "card", "evidence", "evidence-file")
        ],
        *[(f"staff:{RECEIVER}", what, "api") for what in ("case", "packet", "timeline", "evidence")],
    ]
    under = dict(Shown.objects.filter(stream=case.id).values_list("to", "under"))
    assert under == {
        f"staff:{SENDER}": "",
        f"staff:{RECEIVER}": CONSENT,
        "team:north": CONSENT,
    }


def test_one_who_may_not_see_leaves_no_row_and_a_check_while_typing_no_second_one(partner: Partner) -> None:
    stage, case = Stage(partner.house), partner.case
    stage.get(case, OUTSIDER, status=404)
    Caller.of(OUTSIDER).get(f"cases/{case.id.removeprefix('case:')}", 404)
    assert rows(partner) == []
    stage.client(SENDER).post(stage.url(case, "packet/completeness"), {})
    assert rows(partner) == []


@pytest.mark.requirement("AUD-04")
def test_the_page_is_for_the_accountable_supervisors_and_governance(partner: Partner) -> None:
    stage, case = Stage(partner.house), partner.case
    bare = case.id.removeprefix("case:")
    partner.enter()
    for staff in (SENDER, SENDER_SUPERVISOR, GOVERNANCE):
        text = plain(stage.get(case, staff, "seen"))
        assert "Community North" in text and "by the secure link" in text and MARK not in text
        assert "Who has seen this" in plain(stage.get(case, staff))
        assert "team:north" in [row["to"] for row in Caller.of(staff).get(f"cases/{bare}/seen")]
    for staff in (LEAD, RECEIVER, DECISION_MAKER):
        stage.get(case, staff, "seen", status=403)
        assert "Who has seen this" not in plain(stage.get(case, staff))
        assert Caller.of(staff).get(f"cases/{bare}/seen", 403)["code"] == "without_authority"
    stage.get(case, OUTSIDER, "seen", status=404)


@pytest.mark.requirement("INF-03", "AUD-03")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger_shown SET \"to\" = 'staff:nobody'",
        "DELETE FROM ledger_shown",
        "INSERT INTO ledger_shown SELECT * FROM ledger_shown",
    ],
)
def test_raw_sql_neither_changes_nor_removes_a_row(partner: Partner, attack: str) -> None:
    Stage(partner.house).get(partner.case, SENDER)
    before = rows(partner)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert rows(partner) == before


def test_a_rebuild_has_nothing_to_say_about_it(partner: Partner) -> None:
    Stage(partner.house).get(partner.case, SENDER)
    assert compare(partner.house.desk.vault) == []
    assert rows(partner) == [(f"staff:{SENDER}", "case", "web")]
