"""What becomes of messages from outside: drafts, additions, and what waits for a named person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from holdfast.core.access import Viewer
from holdfast.core.arrivals import Arrival, ArrivedPerson, Prefill, ReadError, Unused
from holdfast.core.parties import Staff
from holdfast.desk.intake import Received, open_message, overdue, receive, settle
from holdfast.desk.persons import erase, read_card
from holdfast.desk.stowing import opened
from holdfast.directory.items import Route
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.arriving import read_part, read_parts
from holdfast.inbox.models import Message
from holdfast.inbox.viewing import messages_for
from holdfast.ledger.models import Entry, Head
from holdfast.people.models import PersonKey
from holdfast.worklists.casefile import Casefile, read_casefile
from holdfast.worklists.models import CaseRow
from tests.installation import (
    GOVERNANCE,
    LEAD,
    OUTSIDER,
    RECEIVER,
    SECOND_GOVERNANCE,
    SENDER,
    SENDER_LAST_RESORT,
    SENDER_SUPERVISOR,
    START,
    Case,
    Installation,
)

DISCHARGED = START - timedelta(hours=2)
NUMBERS = (("urn:mrn", "0001"), ("urn:ssn", "9-9"))
ROUTES = (
    Route("*", "discharge-to-community", "ward", "north", SENDER),
    Route("south-line", "discharge-to-community", "ward", "south", SENDER),
)


@pytest.fixture
def routed(house: Installation) -> Installation:
    house.change_directory(*ROUTES)
    return house


def someone(**changes: object) -> ArrivedPerson:
    person = {
        "identifiers": NUMBERS,
        "family": "Vale",
        "given": "Robin",
        "born": date(1980, 4, 2),
        "sex": "female",
        "phones": ("555-0142",),
        "address": "1 Quay",
        "language": "en",
    }
    return ArrivedPerson(**{**person, **changes})  # type: ignore[arg-type]


MEDICINES = [{"name": "Sertraline", "dose": "50 mg", "since": None}, {"name": "Lithium", "dose": None, "since": None}]


def discharge(id: str = "m1", at: datetime = DISCHARGED, kind: str = "discharge", **changes: object) -> Arrival:
    arrival = {
        "kind": kind,
        "source": "ward-system",
        "message_id": id,
        "event_at": at,
        "recorded_at": at,
        "person": someone(),
        "prefill": (
            Prefill("discharge.at", at.isoformat(), at, "test"),
            Prefill("contact.phone", "555-0142", None, "test"),
            Prefill("medication.current", MEDICINES, at - timedelta(days=400), "test"),
            Prefill("not.asked", "x", None, "test"),
            Prefill("success.by", "soon", None, "test"),
        ),
        "unused": (Unused("OBX", "this segment is not read", 2),),
    }
    return Arrival(**{**arrival, **changes})  # type: ignore[arg-type]


def take(house: Installation, reading: Arrival | ReadError, raw: bytes = b"", actor: str = "system") -> Received:
    raw = raw or repr(reading).encode()
    (received,) = receive(house.desk, raw, [reading], "test", actor, house.now)
    return received


def casefile(house: Installation, case: str) -> Casefile:
    found = read_casefile(case, house.desk.vault)
    assert found is not None
    return found


@pytest.mark.requirement("EVT-01", "PKT-09")
def test_a_discharge_opens_a_draft_with_each_value_unconfirmed_and_its_age(routed: Installation) -> None:
    received = take(routed, discharge())
    assert (received.status, received.waits, received.owner) == ("used", False, SENDER)
    file = casefile(routed, received.case)
    assert file.state.holder == SENDER and file.state.parties == {"sender": "ward", "receiver": "north"}
    phone, medicines = file.state.packet["contact.phone"], file.state.packet["medication.current"]
    assert file.value(phone) == "555-0142"
    assert medicines.unconfirmed and not medicines.counts and medicines.source == "test"
    assert medicines.true_at == DISCHARGED - timedelta(days=400)
    assert set(received.used) == {"discharge.at", "contact.phone", "medication.current"}
    card = read_card(routed.desk, file.state.subject)
    assert card["person.name"] == "Robin Vale" and card["person.born"] == "1980-04-02"
    assert card["person.identifiers"] == [{"system": s, "value": v} for s, v in NUMBERS]


def test_a_medicine_without_a_dose_stays_on_the_list_and_what_cannot_be_used_is_listed(routed: Installation) -> None:
    received = take(routed, discharge())
    rows = casefile(routed, received.case)
    listed = rows.value(rows.state.packet["medication.current"])
    assert [row["dose"] for row in listed] == ["50 mg", "not stated in the message"]
    whats = {u.what: u.why for u in received.unused}
    assert whats["not.asked"] == "the packet of this pathway does not ask for it"
    assert whats["success.by"] == "is not an answer that the packet can take"
    assert whats["medication.current: Dose and times"] == "is not stated in the message"
    assert whats["OBX"] == "this segment is not read"
    assert Message.objects.get().unused == [{"what": u.what, "why": u.why, "count": u.count} for u in received.unused]


@pytest.mark.requirement("EVT-04")
def test_the_same_message_twice_changes_nothing(routed: Installation) -> None:
    first = take(routed, discharge())
    before = [Entry.objects.count(), CaseRow.objects.count(), Message.objects.count(), PersonKey.objects.count()]
    routed.wait(hours=1)
    again = take(routed, discharge())
    assert (again.status, again.case, again.message_id) == ("repeat", first.case, first.message_id)
    assert "2026-03-02 at 09:00 UTC" in again.says and not again.waits
    after = [Entry.objects.count(), CaseRow.objects.count(), Message.objects.count(), PersonKey.objects.count()]
    assert after == before


def test_the_route_of_the_source_is_taken_before_the_rest(routed: Installation) -> None:
    received = take(routed, discharge(source="south-line"))
    assert casefile(routed, received.case).state.parties["receiver"] == "south"


def test_another_message_about_the_same_discharge_fills_only_blanks(routed: Installation) -> None:
    short = discharge(prefill=(Prefill("discharge.at", DISCHARGED.isoformat(), DISCHARGED, "test"),))
    first = take(routed, short)
    more = discharge(
        "m2",
        prefill=(
            Prefill("discharge.at", DISCHARGED.isoformat(), DISCHARGED, "other"),
            Prefill("contact.phone", "555-0177", None, "other"),
        ),
        person=someone(identifiers=NUMBERS[:1]),
    )
    second = take(routed, more)
    assert (second.status, second.case, second.used) == ("used", first.case, ("contact.phone",))
    file = casefile(routed, first.case)
    assert file.state.packet["discharge.at"].source == "test"
    assert (
        file.value(file.state.packet["contact.phone"]) == "555-0177" and file.state.packet["contact.phone"].unconfirmed
    )
    third = take(routed, discharge("m3", prefill=more.prefill, person=more.person))
    assert (third.status, third.used) == ("used", ()) and CaseRow.objects.count() == 1


def test_another_time_of_discharge_waits_for_the_holder_of_the_open_case(routed: Installation) -> None:
    first = take(routed, discharge())
    later = take(routed, discharge("m2", at=DISCHARGED + timedelta(hours=1)))
    assert (later.status, later.waits, later.case, later.owner) == ("unmatched", True, first.case, SENDER)
    assert "another time of discharge" in later.says and CaseRow.objects.count() == 1


@pytest.mark.requirement("EVT-04")
def test_what_cannot_be_read_is_kept_sealed_with_an_owner_and_a_clock(routed: Installation) -> None:
    received = take(routed, ReadError("The file is empty."), b"\x00broken Vale")
    assert (received.status, received.waits, received.owner) == ("unreadable", True, SENDER)
    message = Message.objects.get()
    assert message.due_at == START + timedelta(hours=4)
    assert b"Vale" not in bytes(message.sealed)
    assert opened(routed.desk, message) == b"\x00broken Vale"
    assert not overdue(START + timedelta(hours=3)).exists()
    assert [m.id for m in overdue(START + timedelta(hours=5))] == [message.id]


def test_without_a_route_it_waits_with_a_last_resort(house: Installation) -> None:
    received = take(house, discharge())
    assert (received.status, received.owner) == ("unmatched", "nia")
    assert not CaseRow.objects.exists() and not Head.objects.filter(kind="person").exists()


@pytest.mark.requirement("EVT-04")
def test_numbers_of_different_people_join_nobody(routed: Installation) -> None:
    take(routed, discharge("m1", person=someone(identifiers=NUMBERS[:1])))
    take(routed, discharge("m2", person=someone(identifiers=NUMBERS[1:], family="Ward", born=date(1990, 1, 1))))
    received = take(routed, discharge("m3"))
    assert (received.status, received.case) == ("unmatched", "") and "different people" in received.says
    assert CaseRow.objects.count() == 2


OTHERS = (
    {"born": date(1999, 9, 9)},
    {"family": "Marsh"},
    {"born": None, "family": None},
    # A part of a name bears nothing out: whoever has a number could otherwise open a case, and the card, of a stranger.
    {"born": None, "family": "a"},
    {"born": None, "family": "-"},
)


@pytest.mark.parametrize("other", OTHERS)
def test_one_number_alone_does_not_say_who_it_is(routed: Installation, other: dict[str, object]) -> None:
    first = take(routed, discharge("m1"))
    received = take(routed, discharge("m2", person=someone(**other)))
    assert received.status == "unmatched" and "bear it out" in received.says
    assert len(list(CaseRow.objects.all())) == 1 and first.case != received.case


@pytest.mark.parametrize("lacking", [{"identifiers": ()}, {"family": None, "given": None}])
def test_nobody_is_registered_without_a_number_and_a_name(routed: Installation, lacking: dict[str, object]) -> None:
    assert take(routed, discharge(person=someone(**lacking))).status == "unmatched"
    assert not Head.objects.filter(kind="person").exists()


@pytest.mark.parametrize("kind", ["admit", "cancel-discharge", "other"])
def test_other_notices_come_to_whoever_is_accountable(routed: Installation, kind: str) -> None:
    case = take(routed, discharge()).case
    received = take(routed, discharge("m2", kind=kind))
    assert (received.status, received.case, received.owner, received.waits) == ("unmatched", case, SENDER, True)
    assert take(routed, discharge("m3", kind=kind, person=ArrivedPerson())).owner == SENDER


GRAVE = [
    Unused("PID-30", "says that the person has died: check before anything is sent", 1),
    Unused("MSH-11", "says that this is a message for training or tests", 1),
    Unused("Patient", "carries a modifier that is not understood: check who this is", 1),
    Unused("Patient.active", "says that this record of the person is no longer used", 1),
]


@pytest.mark.parametrize("doubt", GRAVE, ids=lambda doubt: doubt.what)
def test_a_grave_doubt_opens_nothing_until_somebody_has_looked(routed: Installation, doubt: Unused) -> None:
    arrival = discharge(unused=(doubt,))
    received = take(routed, arrival)
    assert (received.status, received.waits) == ("unmatched", True) and doubt.why in received.says
    assert not CaseRow.objects.exists()
    refused = open_message(routed.desk, received.message_id, lambda raw: arrival, OUTSIDER, "It is wrong")
    assert refused.refusal is not None and refused.refusal.code == "not_visible"
    assert not open_message(routed.desk, received.message_id, lambda raw: arrival, SENDER, " ").accepted
    outcome = open_message(routed.desk, received.message_id, lambda raw: arrival, SENDER, "Seen this morning")
    assert outcome.accepted and casefile(routed, outcome.stream).state.holder == SENDER
    message = Message.objects.get()
    assert (message.status, message.settled_by, message.due_at) == ("used", SENDER, None)
    assert b"this morning" not in b"".join(bytes(e.body) for e in Entry.objects.all())


def test_settling_needs_a_way_a_reason_and_the_right_to_see_it(routed: Installation) -> None:
    id = take(routed, discharge(kind="admit")).message_id
    codes = [
        settle(routed.desk, id, SENDER, "forgotten", "why").refusal,
        settle(routed.desk, id, SENDER, "by-hand", "  ").refusal,
        settle(routed.desk, id, OUTSIDER, "by-hand", "why").refusal,
        settle(routed.desk, "nothing", SENDER, "by-hand", "why").refusal,
    ]
    assert [c and c.code for c in codes] == ["not_offered", "reason_missing", "not_visible", "not_visible"]
    assert settle(routed.desk, id, SENDER_SUPERVISOR, "no-handoff", "Back on the ward").accepted
    message = Message.objects.get()
    assert (message.status, message.settled_by, message.settled_at) == ("settled", SENDER_SUPERVISOR, START)
    again = settle(routed.desk, id, SENDER, "by-hand", "why").refusal
    assert again is not None and again.code == "already_settled"
    kinds = [json.loads(bytes(e.body))["events"][0]["event"] for e in Entry.objects.filter(stream=f"inbox:{id}")]
    assert kinds == ["MessageArrived", "MessageSettled"]


def test_an_inbox_is_seen_by_the_team_its_overseers_and_nobody_else(routed: Installation) -> None:
    take(routed, ReadError("Broken."), b"x")
    directory = load(current_version())

    def sees(staff: str) -> bool:
        return messages_for(Viewer(staff), directory, routed.now).exists()

    assert sees(SENDER) and sees(SENDER_SUPERVISOR) and sees(SENDER_LAST_RESORT)
    assert not any(sees(staff) for staff in (OUTSIDER, RECEIVER, LEAD))


def test_a_case_that_cannot_be_opened_leaves_nobody_registered(routed: Installation) -> None:
    left = Staff(SENDER, "Cora", "hospital", frozenset({("ward", "clinician")}), email="cora@example.org")
    routed.change_directory(left)
    received = take(routed, discharge())
    assert received.status == "unmatched" and "does not hold the role" in received.says
    assert not Head.objects.filter(kind="person").exists()


def test_erasing_the_person_shuts_the_message_as_well(routed: Installation) -> None:
    case = take(routed, discharge(), b"Robin Vale left today").case
    person = casefile(routed, case).state.subject
    Case(routed, case, person).close()
    assert erase(routed.desk, person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    assert opened(routed.desk, Message.objects.get()) is None


def test_a_packet_that_was_sent_is_not_filled_in_behind_its_holders_back(routed: Installation) -> None:
    case = routed.sent()
    routed.desk.vault.remember(case.person, NUMBERS)
    received = take(
        routed, discharge(prefill=(Prefill("conditions.known", [{"name": "Asthma"}], None, "test"),), event_at=None)
    )
    assert (received.status, received.case) == ("unmatched", case.id) and "sent already" in received.says
    assert "conditions.known" not in case.state.packet


def test_each_message_of_a_file_is_kept_by_itself(routed: Installation) -> None:
    one, two = discharge("m1"), discharge("m2", person=someone(identifiers=(("urn:mrn", "7"),)))
    with pytest.raises(ValueError, match="bytes of its own"):
        receive(routed.desk, b"both", [one, two], "test", "system", START)
    found = receive(routed.desk, b"both", [one, two], "test", "system", START, parts=[b"1", b"2"])
    assert [r.status for r in found] == ["used", "used"] and found[0].case != found[1].case


A03 = (
    "MSH|^~\\&|App|Fac|||20260302080000+0000||ADT^A03|{0}|P|2.5\rEVN|A03|20260302080000+0000\r"
    "PID|1||{0}^^^W^MR||Vale^Robin||19800402\rPV1|1|I\r"
)


def test_parts_of_a_file_alone_and_in_a_batch_are_the_same() -> None:
    alone, _ = read_parts(A03.format("1").replace("\r", "\r\n").encode())
    batch = "BHS|^~\\&\r" + A03.format("1") + A03.format("2") + "BTS|2\rstray\r"
    parts, readings = read_parts(batch.encode())
    assert parts == [alone[0], A03.format("2").encode(), batch.encode()]
    assert [type(r) for r in readings] == [Arrival, Arrival, ReadError]
    assert read_parts(b"")[0] == [b""] and read_parts(b"{}")[0] == [b"{}"]
    assert isinstance(read_part(alone[0]), Arrival)


def _inputs(folder: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in folder.glob(pattern))


def _takes(house: Installation) -> Callable[[Path], list[Received]]:
    def take_file(path: Path) -> list[Received]:
        parts, readings = read_parts(path.read_bytes())
        return receive(house.desk, path.read_bytes(), readings, "test", "system", house.now, parts=parts)

    return take_file


@pytest.mark.inputs
@pytest.mark.requirement("EVT-01", "EVT-04")
def test_real_files_open_a_draft_or_wait_with_the_reason_and_twice_is_once(
    routed: Installation, shared_inputs: Path
) -> None:
    take_file = _takes(routed)
    synthea = _inputs(shared_inputs / "synthea-smart-r4", "*.json")
    notices = _inputs(shared_inputs / "hl7v2-microsoft-fhir-converter", "ADT-A03*.hl7")
    assert len(synthea) == 3 and notices
    drafts = 0
    for path in [*synthea, *notices]:
        for received in take_file(path):
            drafts += received.status == "used"
            assert received.says and (received.case or received.owner)
            assert received.waits == (received.status != "used")
        before = Entry.objects.count(), Message.objects.count()
        assert [r.status for r in take_file(path)] == ["repeat"]
        assert (Entry.objects.count(), Message.objects.count()) == before
    assert drafts >= 2 and CaseRow.objects.count() == drafts
    for row in CaseRow.objects.all():
        packet = casefile(routed, row.case).state.packet
        assert "discharge.at" in packet and all(answer.unconfirmed and answer.source for answer in packet.values())


@pytest.mark.inputs
def test_a_notice_of_a_death_becomes_a_discharge_once_somebody_has_looked(
    routed: Installation, shared_inputs: Path
) -> None:
    (path,) = _inputs(shared_inputs / "hl7v2-microsoft-fhir-converter", "ADT-A03-01.hl7")
    (received,) = _takes(routed)(path)
    assert received.status == "unmatched" and "has died" in received.says
    outcome = open_message(routed.desk, received.message_id, read_part, SENDER, "The ward says it is a mistake.")
    assert outcome.accepted and "contact.phone" in casefile(routed, outcome.stream).state.packet
