"""HL7 v2 messages that arrive: what is read, what is listed as unused, and what is refused in words."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.core.arrivals import Arrival, ReadError
from holdfast.doors.hl7v2.adt import UNFORESEEN, read_message, read_messages
from holdfast.doors.reading import read

INPUTS = Path(__file__).parents[2].parent / "shared" / "inputs"

A03 = (
    r"MSH|^~\&|WARD|GENERAL^1.2.3^ISO|US|HERE|20240502101500+0100||ADT^A03^ADT_A03|M1|P|2.5"
    "\r"
    "EVN||20240502100000+0100||||20240502093000+0100\r"
    "PID|1||77^^^GENERAL&1.2.3&ISO^MR~943^^^&2.16.5&ISO^NH~5^^^GENERAL^VN||Ng^Ada^May||19830824|F|||"
    "1 Low St^^Leeds^^LS1^GB||0113 496 0001^PRN^PH~x@y.example^NET^Internet|^^^^44^113^4960002\r"
    "PV1|1|I|||||||||||||||||||||||||||||||||||||||||||20240502094500+0100\r"
    "ZZZ|secret"
)


def why(arrival: Arrival, what: str) -> list[str]:
    return [unused.why for unused in arrival.unused if unused.what == what]


def test_a_discharge_is_read_with_its_own_time_not_the_time_of_the_message() -> None:
    arrival = read_message(A03.encode())
    assert arrival.kind == "discharge"
    assert arrival.source == "GENERAL/WARD"
    assert arrival.message_id == "M1"
    assert arrival.event_at == datetime(2024, 5, 2, 8, 45, tzinfo=UTC)
    assert arrival.recorded_at == datetime(2024, 5, 2, 9, 0, tzinfo=UTC)
    person = arrival.person
    assert person.identifiers == (("GENERAL", "77"), ("urn:oid:2.16.5#NH", "943"))
    assert (person.family, person.given, person.born, person.sex) == ("Ng", "Ada May", date(1983, 8, 24), "female")
    assert person.phones == ("0113 496 0001", "+44 113 4960002")
    assert person.address == "1 Low St, Leeds, LS1, GB"
    assert {p.field: p.value for p in arrival.prefill} == {
        "discharge.at": "2024-05-02T08:45:00Z",
        "contact.phone": "0113 496 0001",
    }
    assert why(arrival, "ZZZ") == ["this segment is not read"]
    assert why(arrival, "PID-3") == ["is the number of a visit or an account, not of the person"]
    assert "secret" not in repr(arrival.unused)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(("head", "tail"), [("", ""), ("\ufeff", "\n"), ("\x0b", "\x1c\r")])
def test_line_ends_marks_and_frames_make_no_difference(end: str, head: str, tail: str) -> None:
    raw = (head + A03.replace("\r", end) + tail).encode()
    assert read(raw) == [read_message(A03.encode())]


@pytest.mark.parametrize(
    ("trigger", "kind"), [("A01", "admit"), ("A13", "cancel-discharge"), ("A08", "other"), ("A04", "other")]
)
def test_the_event_of_msh_9_decides(trigger: str, kind: str) -> None:
    assert read_message(A03.replace("ADT^A03^ADT_A03", f"ADT^{trigger}").encode()).kind == kind


def test_msh_9_wins_over_evn_1_and_the_contradiction_is_listed() -> None:
    arrival = read_message(A03.replace("EVN||", "EVN|A01|").encode())
    assert arrival.kind == "discharge"
    assert why(arrival, "EVN-1")


def test_another_type_is_named_as_unused() -> None:
    arrival = read_message(A03.replace("ADT^A03^ADT_A03", "ORU^R01").encode())
    assert arrival.kind == "other"
    assert why(arrival, "ORU^R01")


@pytest.mark.parametrize(
    ("pv1_45", "evn_6", "evn_2", "hour"),
    [("x", "202405020930+0100", "", 8), ("", "", "202405021000+0100", 9), ("", "2024", "2024", 9)],
)
def test_without_a_discharge_time_the_next_best_is_taken_and_said(
    pv1_45: str, evn_6: str, evn_2: str, hour: int
) -> None:
    text = A03.replace("20240502094500+0100", pv1_45).replace("20240502093000+0100", evn_6)
    arrival = read_message(text.replace("20240502100000+0100", evn_2).encode())
    assert arrival.event_at is not None
    assert arrival.event_at.hour == hour
    assert any("was taken" in reason for reason in why(arrival, "PV1-45"))


def test_a_time_without_a_zone_is_read_in_the_given_zone_and_marked() -> None:
    raw = A03.replace("20240502094500+0100", "202405020945").encode()
    arrival = read_message(raw, zone="America/New_York")
    assert arrival.event_at == datetime(2024, 5, 2, 13, 45, tzinfo=UTC)
    assert why(arrival, "PV1-45") == ["gives no time zone: read as America/New_York"]
    assert "no time zone" in arrival.prefill[0].source


def test_a_day_alone_begins_at_midnight_and_is_marked() -> None:
    arrival = read_message(A03.replace("20240502094500+0100", "20240502").encode(), zone="Europe/London")
    assert arrival.event_at == datetime(2024, 5, 1, 23, 0, tzinfo=UTC)
    assert "gives a day without a time: read as the beginning of that day" in why(arrival, "PV1-45")


def test_own_delimiters_escapes_and_nulls() -> None:
    text = A03.replace("Ng^Ada^May", r'O\T\Neil\X41\^C:\x\y^""').replace("0113 496 0001^PRN^PH", '""')
    person = read_message(text.encode()).person
    assert (person.family, person.given) == ("O&NeilA", r"C:\x\y")
    assert person.phones == ("+44 113 4960002",)
    other = A03.replace("|", "#").replace("^", "!").replace("~", "@")
    assert read_message(other.encode()).person == read_message(A03.encode()).person


def test_huge_escapes_cost_nothing() -> None:
    text = A03.replace("Ng^Ada^May", r"N\.sp999999999\g").encode()
    assert read_message(text).person.family == "N g"
    assert read_message(A03.replace("Ada", "\\" * 3_000).encode()).kind == "discharge"


@pytest.mark.parametrize("sign", ["~", "^", "&", "\\", "|"])
def test_a_flood_of_separators_is_refused_before_it_costs_time(sign: str) -> None:
    flood = A03.replace("Ada", sign * 3_000)
    begun = time.thread_time()
    with pytest.raises(ReadError, match="separators"):
        read_message(A03.replace("Ada", sign * 60_000).encode())
    results = read_messages("\r".join([flood] * 1_000).encode())
    assert time.thread_time() - begun < 5
    assert len(results) == 1_000
    assert isinstance(results[-1], ReadError)
    assert "divide" in results[-1].says


@pytest.mark.parametrize(("named", "codec"), [("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("", "utf-8")])
def test_the_character_set_of_msh_18_is_used(named: str, codec: str) -> None:
    text = A03.replace("|P|2.5", f"|P|2.5||||||{named}").replace("Ng^Ada", "Müller^José")
    assert read_message(text.encode(codec)).person.family == "Müller"


def test_letters_outside_the_character_set_are_refused_not_guessed() -> None:
    with pytest.raises(ReadError, match="character set"):
        read_message(A03.replace("Ng", "Müller").encode("latin-1"))


def test_doubts_about_the_person_are_said() -> None:
    arrival = read_message(A03.replace("19830824|F", "198308|Q").encode())
    assert (arrival.person.born, arrival.person.sex) == (None, None)
    assert why(arrival, "PID-7")
    assert why(arrival, "PID-8")


def test_a_death_and_a_training_message_are_said() -> None:
    dead = A03.replace("^^^^44^113^4960002", "|" * 16 + "Y").replace("|P|2.5", "|T|2.5")
    arrival = read_message(dead.encode())
    assert why(arrival, "PID-30")
    assert why(arrival, "MSH-11")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "PID|1",
        "MSH",
        r"MSH|^~\&|",
        "MSH||x" + "|" * 20,
        "MSH|^~^~" + "|" * 20,
        "MSH|AB" + "|" * 20,
        A03.replace("PID|1", "PDI|1"),
        A03 + "\rPID|1||88",
        A03.replace("Leeds", "Lee\rds"),
        A03.replace("ADT^A03^ADT_A03", ""),
        A03.replace("Ada", "A" * 70_000),
        A03 + "\r" + A03,
    ],
)
def test_what_cannot_be_read_is_a_sentence_without_values(text: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_message(text.encode())
    assert caught.value.says != UNFORESEEN
    assert caught.value.says.endswith(".")
    assert "Ada" not in caught.value.says


def test_too_large_and_wide_files_are_refused() -> None:
    for raw in (b"MSH" + b"|" * (10 * 1024 * 1024), A03.encode("utf-16"), A03.encode("utf-16-be")):
        (result,) = read(raw)
        assert isinstance(result, ReadError)


def test_a_batch_gives_one_result_for_each_message_and_drops_none() -> None:
    batch = "\r".join(
        (r"FHS|^~\&|A", r"BHS|^~\&|A", A03, A03.replace("PID|", "PIX|"), "BTS|3", "FTS|1", "PID|1||stray")
    )
    good, bad, short, stray = read(batch.encode())
    assert isinstance(good, Arrival)
    assert good.kind == "discharge"
    assert isinstance(bad, ReadError)
    assert isinstance(short, ReadError)
    assert "3 messages, and 2 arrived" in short.says
    assert isinstance(stray, ReadError)


def test_a_batch_that_is_too_long_is_refused_as_a_whole() -> None:
    with pytest.raises(ReadError, match="2000"):
        read_messages("\r".join(["MSH|a"] * 2_001).encode())


def _files() -> list[Path]:
    return sorted(path for folder in INPUTS.glob("hl7v2*") for path in folder.rglob("*") if path.is_file())


@pytest.mark.inputs
def test_every_public_message_is_read_or_refused_in_words() -> None:
    if not INPUTS.is_dir():
        pytest.skip("the shared inputs are not beside this repository")
    files = _files()
    assert files
    discharges = 0
    for path in files:
        begun = time.thread_time()
        results = read(path.read_bytes())
        assert time.thread_time() - begun < 5, path.name
        assert results, path.name
        for result in results:
            assert isinstance(result, Arrival | ReadError), path.name
            if isinstance(result, ReadError):
                assert result.says != UNFORESEEN, path.name
            elif result.kind == "discharge":
                discharges += 1
                assert result.event_at is not None, path.name
                assert result.person.identifiers, path.name
    assert discharges


@settings(max_examples=400, deadline=2_000, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_message_gives_an_arrival_or_a_read_error(data: st.DataObject) -> None:
    raw = bytearray(A03.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(raw) - 1, 0)))
        length = data.draw(st.integers(0, 40))
        match data.draw(st.sampled_from(["flip", "cut", "again", "mark", "end"])):
            case "flip":
                raw[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case "cut":
                del raw[at : at + length]
            case "again":
                raw[at:at] = raw[at : at + length]
            case "mark":
                raw[at:at] = data.draw(
                    st.sampled_from([b"|", b"^", b"~", b"&", b"\\", b"\r", b"MSH|", b"\\X", b"BTS|9"])
                )
            case "end":
                del raw[at:]
    for result in read(bytes(raw)):
        assert isinstance(result, Arrival | ReadError)
        assert not isinstance(result, ReadError) or result.says != UNFORESEEN


@settings(max_examples=300, deadline=2_000)
@given(st.binary(max_size=300).map(lambda tail: b"MSH|^~\\&|A|B|||||ADT^A03|1|P|2.5\rPID|" + tail))
def test_any_bytes_after_a_good_head_give_an_arrival_or_a_read_error(raw: bytes) -> None:
    for result in read(raw):
        assert not isinstance(result, ReadError) or result.says != UNFORESEEN
