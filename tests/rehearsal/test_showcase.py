"""The demonstration has something on every page for everybody, at whatever hour it is set up."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.core.access import ADMINISTRATOR, CASES, Viewer, navigation_for
from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings, list_messages
from holdfast.deliveries.links import find_link
from holdfast.deliveries.models import Delivery
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from holdfast.inbox.models import Message
from holdfast.ledger.models import Head
from holdfast.rehearsal.fault import NotARehearsal
from holdfast.rehearsal.premises import introduce
from holdfast.rehearsal.shelf import MailShelf
from holdfast.rehearsal.showcase import put_up
from holdfast.rehearsal.stage import is_rehearsal
from holdfast.worklists.models import CaseRow, Exceptional, Promised
from holdfast.worklists.viewing import cases_for, exceptions_for, my_work
from tests.installation import keyring

NOON = datetime(2026, 11, 18, 17, 0, 20, tzinfo=UTC)
OWED = ("open", "breached")


def owed(case: str) -> dict[str, str]:
    return dict(Promised.objects.filter(case=case, status__in=OWED).values_list("kind", "status"))


@pytest.mark.requirement("CAP-04")
def test_every_state_is_there_and_a_second_time_changes_nothing(clean_database, tmp_path):
    identity = MailIdentity("holdfast@example.org", "returns@example.org")
    channel = MailboxChannel(MailboxSettings(tmp_path / "mailbox", tmp_path / "returns", identity))
    shelf = MailShelf(channel, "http://127.0.0.1:8000", NOON - timedelta(days=3), random.Random(1).randbytes)
    shown = put_up(NOON, 1, keyring(), shelf)
    case = shown.cases

    status = dict(CaseRow.objects.values_list("case", "status"))
    stage = dict(CaseRow.objects.values_list("case", "stage"))
    assert status[case["ended"]] == "ended"
    assert {status[case[name]] for name in ("closed", "not-wanted", "redirected", "escalated")} == {"closed"}
    assert set(CaseRow.objects.values_list("endpoint", flat=True)) >= {"engaged", "declined", "redirected", "escalated"}
    assert {stage[case[name]] for name in ("draft", "crisis-draft")} == {"drafted"}
    assert owed(case["draft-late"])["packet"] == "breached"
    assert (stage[case["awaiting"]], owed(case["awaiting"])["receipt"]) == ("transmitted", "open")
    late = Promised.objects.get(case=case["receipt-late"], kind="receipt")
    assert (late.status, late.rung >= 3) == ("breached", True)
    assert (stage[case["accepted"]], owed(case["accepted"])["first-contact"]) == ("assigned", "open")
    assert "try-alternate" in owed(case["attempts"])
    assert "decide-after-three" in owed(case["returned"])
    assert CaseRow.objects.get(case=case["returned"]).holder == "maren-holt"
    assert Promised.objects.get(case=case["signal"], kind="clinical-response").rung >= 2
    assert {"rebook", "missed-appointment"} <= owed(case["missed"]).keys()
    assert {"override-sign-off", "complete-packet"} <= owed(case["override"]).keys()
    assert "another-receiver" in owed(case["declined"])
    assert "answer-question" in owed(case["question"])
    assert "read-amendment" in owed(case["amended"])
    # Seven other protocols have somebody on them, each in a state that shows what it is for.
    assert Promised.objects.get(case=case["line-mobile"], kind="receipt").rung >= 2
    assert {"retry-contact", "first-contact"} <= owed(case["line-next-day"]).keys()
    assert (stage[case["stabilization"]], "discharge" in owed(case["stabilization"])) == ("assigned", True)
    assert "huddle" in owed(case["step-up"])
    assert {"same-day-try", "two-more-tries"} <= owed(case["episode"]).keys()
    assert "action" in owed(case["concern"])
    assert owed(case["screened"])
    assert len(set(CaseRow.objects.filter(status="open").values_list("pathway", flat=True))) >= 8
    assert set(Exceptional.objects.values_list("kind", flat=True)) >= {
        "breach",
        "override",
        "not-delivered",
        "late-record",
    }
    assert set(Message.objects.values_list("status", flat=True)) == {"used", "unmatched", "unreadable"}
    assert Delivery.objects.filter(stream=case["receipt-late"], notice="packet-link", status="failed").exists()

    # What left lately lies in the mailbox, and a link in it opens.
    letters = list_messages(tmp_path / "mailbox")
    links = [word for letter in letters for word in letter.text.split() if "/link/" in word]
    assert len(letters) > 10
    assert links
    assert all(find_link(link.rpartition("/")[2], NOON) is not None for link in links)

    # Everybody who signs in sees something; those who keep the directory see no case.
    directory = load(current_version())
    empty = [a.staff for a in shown.accounts if not cases_for(Viewer(a.staff), directory, NOON).exists()]
    seen = {a.staff: CASES in navigation_for(Viewer(a.staff), directory) for a in shown.accounts}
    assert [staff for staff in empty if seen[staff]] == []
    assert empty == [staff for staff, sees in seen.items() if not sees]
    assert all(directory.has_role(staff, ADMINISTRATOR) for staff in empty)
    for staff in (
        "maren-holt",
        "oona-brandt",
        "rosa-penhale",
        "tomas-reeve",
        "sabine-orrell",
        "hana-breck",
        "noor-castell",
    ):
        assert my_work(Viewer(staff), directory, NOON).count(), staff
    assert exceptions_for(Viewer("alma-quist"), directory).exists()
    assert {person.role for person in introduce(shown.accounts, directory) if not person.role} == set()

    # The record says what it is, nothing in it is later than now, and it is not filled twice.
    assert is_rehearsal()
    assert not Head.objects.filter(recorded_at__gt=NOON).exists()
    before = (Head.objects.count(), Account.objects.count())
    with pytest.raises(NotARehearsal):
        put_up(NOON, 1, keyring())
    assert (Head.objects.count(), Account.objects.count()) == before


@pytest.mark.parametrize("now", ["2026-11-22T03:10", "2027-03-14T08:30", "2026-11-01T06:30", "2026-12-26T12:00"])
def test_it_can_be_set_up_at_any_hour(clean_database, now):
    """On a Sunday night, in the hours when clocks change, on a day when every office is closed."""
    shown = put_up(datetime.fromisoformat(now).replace(tzinfo=UTC), 1, keyring())
    assert set(CaseRow.objects.filter(case__in=shown.cases.values()).values_list("status", flat=True)) == {
        "open",
        "closed",
        "ended",
    }
