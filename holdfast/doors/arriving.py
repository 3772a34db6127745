"""A file that arrives, parted into its messages: each with bytes of its own and what it says, ready for the desk."""

from __future__ import annotations

from holdfast.core.arrivals import Arrival, ReadError
from holdfast.doors.hl7v2.framing import messages_in
from holdfast.doors.reading import read

_MARKS = b"\xef\xbb\xbf\x0b \t\r\n"
_HEADS = (b"MSH", b"FHS", b"BHS")


def read_parts(raw: bytes, *, zone: str = "UTC") -> tuple[list[bytes], list[Arrival | ReadError]]:
    """The messages of a file and what each says, in order; never raises for what cannot be read.

    A message of HL7 v2 has the same bytes alone and in a batch, so that its repeat is known. Whatever stands between
    messages comes last, as one part that holds the whole file: nothing that arrived is dropped (EVT-04).
    """
    readings = read(raw, zone=zone)
    pieces = _pieces(raw)
    if pieces is None or len(pieces) != len(readings):
        return [raw], [_one(readings)]
    parts: list[bytes] = []
    said: list[Arrival | ReadError] = []
    stray: list[str] = []
    for piece, reading in zip(pieces, readings, strict=True):
        if isinstance(piece, ReadError):
            stray.append(piece.says)
        else:
            parts.append(piece)
            said.append(reading)
    if stray:
        parts.append(raw)
        said.append(ReadError(" ".join(dict.fromkeys(stray))))
    return parts, said


def read_part(raw: bytes, *, zone: str = "UTC") -> Arrival | ReadError:
    """What one message says that was kept by itself."""
    return _one(read(raw, zone=zone))


def _pieces(raw: bytes) -> list[bytes | ReadError] | None:
    if not raw.lstrip(_MARKS).startswith(_HEADS):
        return None
    try:
        return [piece if isinstance(piece, ReadError) else b"\r".join(piece) + b"\r" for piece in messages_in(raw)]
    except ReadError:
        return None


def _one(readings: list[Arrival | ReadError]) -> Arrival | ReadError:
    if len(readings) == 1:
        return readings[0]
    return ReadError("The file holds several messages that cannot be told apart. Ask the sender to divide it.")
