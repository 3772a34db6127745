"""FHIR Bundles that arrive: what is read, what is listed as unused, and what is refused in words."""

import hashlib
import json
import time
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.core.arrivals import Arrival, Prefill, ReadError
from holdfast.doors.fhir.bundle import UNFORESEEN, read_bundle
from holdfast.doors.reading import read

INPUTS = Path(__file__).parents[2].parent / "shared" / "inputs"

Json = dict[str, object]
ME = "urn:uuid:00000000-0000-4000-8000-000000000001"
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"system": "urn:oid:1.2", "value": "77"},
        {"use": "old", "system": "urn:oid:1.2", "value": "76"},
        {"type": {"coding": [{"code": "MR"}]}, "value": "5"},
    ],
    "name": [{"use": "maiden", "family": "Old"}, {"use": "official", "family": "Ng", "given": ["Ada", "May"]}],
    "birthDate": "1983-08-24",
    "gender": "female",
    "telecom": [{"system": "email", "value": "a@b.example"}, {"system": "phone", "value": "tel:+441134960001"}],
    "address": [{"line": ["1 Low St"], "city": "Leeds", "postalCode": "LS1"}],
    "communication": [{"language": {"coding": [{"code": "fr"}]}}, {"preferred": True, "language": {"text": "Polish"}}],
}


def about_me(kind: str, **rest: object) -> Json:
    return {"resourceType": kind, "subject": {"reference": ME}, **rest}


def stay(end: str | None, kind: str = "IMP", status: str = "finished", start: str = "2024-04-20T09:00:00Z") -> Json:
    period = {"start": start} | ({"end": end} if end else {})
    place = {"display": "General"}
    return about_me("Encounter", status=status, **{"class": {"code": kind}}, period=period, serviceProvider=place)


def medicine(name: str, **rest: object) -> Json:
    return about_me(
        "MedicationRequest",
        **{"status": "active", "intent": "order", "medicationCodeableConcept": {"text": name}} | rest,
    )


def condition(name: str, status: str = "active", **rest: object) -> Json:
    return about_me("Condition", clinicalStatus={"coding": [{"code": status}]}, code={"text": name}, **rest)


def bundle(*resources: Json, **rest: object) -> Json:
    entries: list[Json] = [{"fullUrl": ME, "resource": deepcopy(PATIENT)}]
    entries += [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | rest


def reading(*resources: Json, **rest: object) -> Arrival:
    return read_bundle(json.dumps(bundle(*resources, **rest)).encode())


def value(arrival: Arrival, field: str) -> object:
    return next((prefill.value for prefill in arrival.prefill if prefill.field == field), None)


def why(arrival: Arrival, what: str) -> list[str]:
    return [unused.why for unused in arrival.unused if unused.what == what]


def test_the_person_is_read_and_nothing_is_guessed() -> None:
    arrival = reading()
    person = arrival.person
    assert person.identifiers == (("urn:oid:1.2", "77"), ("MR", "5"))
    assert (person.family, person.given, person.born, person.sex) == ("Ng", "Ada May", date(1983, 8, 24), "female")
    assert person.phones == ("+441134960001",)
    assert (person.address, person.language) == ("1 Low St, Leeds, LS1", "Polish")
    assert arrival.kind == "other"
    assert (arrival.event_at, arrival.recorded_at) == (None, None)
    assert why(arrival, "Patient.identifier") == ["is marked as old"]


def test_the_latest_ended_stay_is_the_discharge() -> None:
    arrival = reading(
        stay("2023-01-05T10:00:00Z"), stay("2024-05-02T09:45:00+01:00"), stay("2024-06-01T10:00:00Z", kind="AMB")
    )
    assert arrival.kind == "discharge"
    assert arrival.event_at == datetime(2024, 5, 2, 8, 45, tzinfo=UTC)
    assert value(arrival, "discharge.at") == "2024-05-02T08:45:00Z"
    assert arrival.source == "General"


def test_somebody_who_is_in_hospital_again_is_an_admission() -> None:
    again = stay(None, status="in-progress", start="2024-06-01T10:00:00Z")
    arrival = reading(stay("2024-05-02T09:45:00Z"), again)
    assert arrival.kind == "admit"
    assert arrival.event_at == datetime(2024, 6, 1, 10, 0, tzinfo=UTC)
    assert value(arrival, "discharge.at") is None


def test_a_stay_that_did_not_take_place_is_no_discharge() -> None:
    arrival = reading(stay("2024-05-02T09:45:00Z", status="entered-in-error"), stay("2024-06-02", status="planned"))
    assert arrival.kind == "other"
    assert why(arrival, "Encounter") == ["did not take place, or is not known to have"]


def test_a_day_without_a_time_begins_in_the_given_zone_and_is_marked() -> None:
    raw = json.dumps(bundle(stay("2024-05-02"))).encode()
    arrival = read_bundle(raw, zone="Europe/London")
    assert arrival.event_at == datetime(2024, 5, 1, 23, 0, tzinfo=UTC)
    assert why(arrival, "Encounter.period")
    assert read(raw, zone="Europe/London") == [arrival]


@pytest.mark.parametrize(
    ("event", "kind"), [("notification-discharge", "discharge"), ("notification-admit", "admit"), ("x", "other")]
)
def test_a_message_says_itself_what_happened(event: str, kind: str) -> None:
    header: Json = {
        "resourceType": "MessageHeader",
        "id": "h1",
        "eventCoding": {"code": event},
        "source": {"endpoint": "urn:a:sender"},
        "focus": [{"reference": "urn:uuid:1"}],
    }
    arrival = reading(header, stay("2024-05-02T09:45:00Z"), stay("2024-05-09T09:45:00Z"), type="message")
    hours = {"discharge": datetime(2024, 5, 2, 9, 45, tzinfo=UTC), "admit": datetime(2024, 4, 20, 9, tzinfo=UTC)}
    assert (arrival.kind, arrival.event_at) == (kind, hours.get(kind))
    assert (arrival.source, arrival.message_id) == ("urn:a:sender", "h1")


def test_the_message_id_is_the_senders_or_the_digest() -> None:
    assert reading(identifier={"system": "urn:s", "value": "9"}).message_id == "urn:s|9"
    raw = json.dumps(bundle()).encode()
    assert read_bundle(raw).message_id == "sha256:" + hashlib.sha256(raw).hexdigest()


def test_active_medicines_become_rows_with_their_age() -> None:
    quantity = {"value": 2.5, "unit": "mg"}
    dosage = {
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": quantity}],
        "asNeededBoolean": True,
    }
    arrival = reading(
        medicine("A", authoredOn="2019-04", dosageInstruction=[{"text": "one at night"}]),
        medicine("B", authoredOn="2020-01-02T03:04:05Z", dosageInstruction=[dosage]),
        medicine("C", dosageInstruction=[dosage | {"maxDosePerPeriod": {"numerator": quantity}}]),
        medicine("D", doNotPerform=True),
        medicine("E", status="stopped"),
        medicine("F", intent="proposal"),
        medicine("A", authoredOn="2018", dosageInstruction=[{"text": "one at night"}]),
        about_me("MedicationStatement", status="active", medicationCodeableConcept={"text": "G"}),
    )
    field = next(prefill for prefill in arrival.prefill if prefill.field == "medication.current")
    assert field.value == [
        {"name": "B", "dose": "2.5 mg, 2 times every day, as needed", "since": "2020-01-02T03:04:05Z"},
        {"name": "A", "dose": "one at night", "since": "2018"},
        {"name": "C", "dose": None, "since": None},
        {"name": "G", "dose": None, "since": None},
    ]
    assert field.as_of == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert sorted(why(arrival, "MedicationRequest")) == [
        "has a dose that cannot be put into words, so it is left blank",
        "is a proposal or a plan, not an order",
        "is not active",
        "says that a medicine is not to be given: read it in the record itself",
        "says the same as another, so one row stands for both",
    ]


@pytest.mark.parametrize("reference", ["#m", "urn:uuid:1", "Medication/m"])
def test_a_medicine_may_be_named_elsewhere(reference: str) -> None:
    named: Json = {"resourceType": "Medication", "id": "m", "code": {"coding": [{"display": "A"}]}}
    order = medicine("x", medicationReference={"reference": reference}) | {"contained": [named]}
    del order["medicationCodeableConcept"]
    assert value(reading(order, named), "medication.current") == [{"name": "A", "dose": None, "since": None}]


def test_conditions_that_are_active_and_not_ruled_out() -> None:
    none_known = {"coding": [{"system": "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "code": "x"}]}
    arrival = reading(
        condition("A", onsetDateTime="2001-02-03"),
        condition("B", "relapse", verificationStatus={"coding": [{"code": "provisional"}]}),
        condition("C", "resolved"),
        condition("D", verificationStatus={"coding": [{"code": "refuted"}]}),
        condition("E", abatementString="gone"),
        about_me("Condition", code={"text": "F"}),
        condition("G") | {"code": none_known},
    )
    assert value(arrival, "conditions.known") == [
        {"name": "A", "since": "2001-02-03"},
        {"name": "B (provisional)", "since": None},
    ]
    assert len(why(arrival, "Condition")) == 5


def test_recent_encounters_are_the_ten_newest_of_twelve_months() -> None:
    days = [stay(f"2024-05-{day:02}T10:00:00Z", "AMB", start=f"2024-05-{day:02}T09:00:00Z") for day in range(1, 13)]
    arrival = reading(*days, stay("2023-01-01T10:00:00Z", "AMB"))
    rows = value(arrival, "encounters.recent")
    assert isinstance(rows, list)
    assert len(rows) == 10
    assert rows[0] == {"what": "AMB", "when": "2024-05-12T09:00:00Z", "where": "General"}
    assert sorted((unused.why, unused.count) for unused in arrival.unused if unused.what == "Encounter") == [
        ("is beyond the 10 most recent", 2),
        ("is older than twelve months", 1),
    ]


def test_what_is_about_another_person_or_nobody_is_never_taken() -> None:
    other = medicine("A", subject={"reference": "Patient/p2"})
    nobody = medicine("B")
    del nobody["subject"]
    turned = medicine("C", modifierExtension=[{"url": "urn:not", "valueBoolean": True}])
    arrival = reading(other, nobody, turned, medicine("D", subject={"reference": "Patient/p1/_history/2"}))
    assert value(arrival, "medication.current") == [{"name": "D", "dose": None, "since": None}]
    assert len(why(arrival, "MedicationRequest")) == 3


def test_one_bad_resource_does_not_cost_the_rest_and_no_value_is_told() -> None:
    arrival = reading(medicine("A", authoredOn="secret"), medicine("B"), {"resourceType": "Claim", "x": "secret"})
    assert value(arrival, "medication.current") == [{"name": "B", "dose": None, "since": None}]
    assert why(arrival, "MedicationRequest") == ["is not valid FHIR R4"]
    assert why(arrival, "Claim") == ["this type of resource is not read"]
    assert "secret" not in repr(arrival)


def test_a_death_is_said() -> None:
    content = bundle()
    content["entry"][0]["resource"]["deceasedBoolean"] = True  # type: ignore[index]
    assert why(read_bundle(json.dumps(content).encode()), "Patient.deceased")


def test_a_byte_order_mark_is_accepted() -> None:
    raw = json.dumps(bundle(identifier={"value": "1"})).encode()
    assert read(b"\xef\xbb\xbf" + raw) == read(raw)


GOOD = json.dumps(bundle()).encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"[]", "not one object"),
        (b'{"resourceType":"Patient"}', "one Patient, not a Bundle"),
        (b"{}", "no FHIR resource"),
        (GOOD.replace(b'"collection"', b'"batch-response"'), "of a type that is not read"),
        (b'{"resourceType":"Bundle","type":"collection"}', "no Patient"),
        (GOOD.replace(b'"entry": [', b'"entry": [{"resource":{"resourceType":"Patient"}},'), "2 Patients"),
        (GOOD.replace(b'"id": "p1"', b'"id": "p1", "id": "p2"'), "same property twice"),
        (GOOD.replace(b'"p1"', b"NaN"), "NaN"),
        (GOOD.replace(b'"p1"', b"-Infinity"), "NaN"),
        (GOOD.replace(b'"p1"', b'"\\ud800"'), "surrogate"),
        (GOOD.replace(b'"p1"', b"9" * 5_000), "not well-formed"),
        (GOOD.replace(b'"p1"', b"[" * 70 + b"]" * 70), "nested"),
        (b'{"a":' * 200_000, "nested"),
        (b"{" + b"[" * 200_000, "not well-formed"),
        (GOOD.replace(b"Low St", b"Low \xff"), "not in UTF-8"),
        (GOOD[:-3], "not well-formed"),
        (b"<Bundle/>", "XML"),
        (b"", "empty"),
        (b'{"a":[' + b"{}," * 600_000 + b"{}]}", "more parts"),
        (GOOD.decode().encode("utf-16"), "neither"),
        (b'{"a":"' + b"x" * (10 * 1024 * 1024) + b'"}', "larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(raw: bytes, says: str) -> None:
    begun = time.thread_time()
    (result,) = read(raw)
    assert time.thread_time() - begun < 5
    assert isinstance(result, ReadError)
    assert says in result.says


def test_a_large_file_is_read_within_bounds() -> None:
    begun = time.thread_time()
    arrival = reading(*[medicine(f"A{number}", authoredOn="2020") for number in range(15_000)])
    assert time.thread_time() - begun < 5
    rows = value(arrival, "medication.current")
    assert isinstance(rows, list)
    assert len(rows) == 200
    assert sum(unused.count for unused in arrival.unused if unused.what == "MedicationRequest") == 14_800


def _needed() -> None:
    if not INPUTS.is_dir():
        pytest.skip("the shared inputs are not beside this repository")


@pytest.mark.inputs
def test_every_public_bundle_is_read_or_refused_in_words() -> None:
    _needed()
    files = sorted(p for kind in ("fhir*", "synthea*") for f in INPUTS.glob(kind) for p in f.rglob("*") if p.is_file())
    assert files
    for path in files:
        begun = time.thread_time()
        results = read(path.read_bytes())
        assert time.thread_time() - begun < 5, path.name
        for result in results:
            assert isinstance(result, Arrival | ReadError), path.name
            assert not isinstance(result, ReadError) or result.says != UNFORESEEN, path.name


@pytest.mark.inputs
def test_every_synthea_record_with_a_stay_becomes_a_discharge_with_its_fields() -> None:
    _needed()
    for path in sorted((INPUTS / "synthea-smart-r4").glob("*.json")):
        (arrival,) = read(path.read_bytes())
        assert isinstance(arrival, Arrival), path.name
        assert arrival.kind == "discharge", path.name
        assert arrival.event_at is not None
        assert arrival.person.born is not None
        assert len(arrival.person.identifiers) > 1
        fields = {prefill.field: prefill for prefill in arrival.prefill}
        assert {"conditions.known", "encounters.recent", "discharge.at", "contact.phone"} <= set(fields), path.name
        assert all(_ready_for_json(prefill) for prefill in arrival.prefill)
        assert arrival.unused


def _ready_for_json(prefill: Prefill) -> bool:
    return json.loads(json.dumps(prefill.value)) == prefill.value


SAMPLE = bundle(
    stay("2024-05-02T09:45:00Z"),
    medicine("A", authoredOn="2019-04", dosageInstruction=[{"text": "one"}]),
    condition("B", onsetDateTime="2001"),
    {"resourceType": "MessageHeader", "id": "h", "eventCoding": {"code": "notification-discharge"}},
    timestamp="2024-05-03T00:00:00Z",
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, child in inner for found in _places(child, (*path, key)))]


@settings(max_examples=400, deadline=2_000, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_shape_in_any_place_gives_an_arrival_or_a_read_error(data: st.DataObject) -> None:
    content = deepcopy(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(_places(content)[1:]))
        target: object = content
        for key in way:
            target = target[key]  # type: ignore[index]
        target[last] = data.draw(JUNK)  # type: ignore[index]
    (result,) = read(json.dumps(content).encode())
    assert not isinstance(result, ReadError) or result.says != UNFORESEEN


@settings(max_examples=200, deadline=2_000)
@given(at=st.integers(0, 5_000), byte=st.binary(min_size=1, max_size=3), cut=st.integers(0, 30))
def test_damaged_bytes_give_an_arrival_or_a_read_error(at: int, byte: bytes, cut: int) -> None:
    raw = bytearray(json.dumps(SAMPLE).encode())
    raw[at : at + cut] = byte
    for result in read(bytes(raw)):
        assert not isinstance(result, ReadError) or result.says != UNFORESEEN
