"""Whatever file arrives: which standard it is in, and what it says."""

from holdfast.core.arrivals import Arrival, ReadError
from holdfast.doors.fhir.bundle import read_bundle
from holdfast.doors.hl7v2.adt import read_messages

_MARKS = (b"\xef\xbb\xbf", b"\x0b")  # byte order mark, start of an MLLP frame
_HEADS = (b"MSH", b"FHS", b"BHS")


def read(raw: bytes, *, zone: str = "UTC") -> list[Arrival | ReadError]:
    """Translate a FHIR R4 Bundle (JSON) or a file of HL7 v2 messages; nothing is raised for what cannot be read.

    Gives one result for a Bundle, one for each message of a batch, and always at least one: what could not be read
    stands in its place as a ReadError, to be kept and shown to somebody (EVT-04). `zone` places times without a zone.
    """
    try:
        start = _start(raw)
        if start.startswith(b"{") or (start[:1] == b"[" and start[1:].lstrip()[:1] in (b"{", b"[", b"]")):
            return [read_bundle(raw, zone=zone)]
        if start.startswith(_HEADS):
            return read_messages(raw, zone=zone)
        raise ReadError(_not_known(start))
    except ReadError as error:
        return [error]


def _start(raw: bytes) -> bytes:
    start = raw.lstrip()
    for mark in _MARKS:
        start = start.removeprefix(mark).lstrip()
    return start


def _not_known(start: bytes) -> str:
    if not start:
        return "The file is empty. Ask the sender to send it again."
    if start.startswith(b"<"):
        return "The file is XML, which is not read. Ask the sender for FHIR as JSON, or for HL7 v2 with bars."
    return (
        "The file is neither a FHIR Bundle (JSON) nor an HL7 v2 message (it does not begin with MSH). Ask what it is."
    )
