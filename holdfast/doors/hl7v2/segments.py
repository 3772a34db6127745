"""The segments of one message that are read, and a count of the others."""

import re
from collections.abc import Sequence

import hl7

from holdfast.core.arrivals import ReadError, Tally
from holdfast.doors.hl7v2.alphabet import Alphabet, alphabet_of
from holdfast.doors.hl7v2.framing import SEND_AGAIN

READ = ("MSH", "EVN", "PID", "PV1")
SEGMENT_AT_MOST = 64 * 1024  # bytes of a segment that is read; the others may carry documents
REPETITIONS_AT_MOST = 50
SIGNS_AT_MOST = 4_000  # signs (not letters or digits) in what is read of one message; a real one has a few hundred

_LETTERS = bytes(byte for byte in range(256) if bytes([byte]).isalnum() or byte > 127 or byte == 32)
_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}")


def signs_in(lines: Sequence[bytes]) -> int:
    """How many signs the segments that are read hold: what the time to read a message grows with."""
    return sum(len(line.translate(None, _LETTERS)) for line in lines if line[:3].decode("latin-1") in READ)


class Repetition:
    """One repetition of a field; `at` gives the text of a component, counted from 1, empty where there is none."""

    def __init__(self, node: object, alphabet: Alphabet) -> None:
        self._components = _inside(node)
        self._alphabet = alphabet

    def at(self, component: int, sub: int = 1) -> str:
        """The text at a component and subcomponent, without escapes; HL7's null ("") is an empty text."""
        if component > len(self._components):
            return ""
        pieces = _inside(self._components[component - 1])
        text = str(pieces[sub - 1]).strip() if sub <= len(pieces) else ""
        return "" if text == '""' else self._alphabet.unescape(text)


class Segments:
    """The segments MSH, EVN, PID and PV1 of one message.

    Raises ReadError where the head makes no sense, a segment that is read is broken over lines, too long or not in its
    character set, or the parser cannot take it.
    """

    def __init__(self, lines: Sequence[bytes], tally: Tally) -> None:
        if signs_in(lines) > SIGNS_AT_MOST:
            raise ReadError(f"The message has more separators than any real one. {SEND_AGAIN}")
        self.alphabet = alphabet_of(lines[0])
        self._tally = tally
        self._cut: dict[tuple[str, int], list[Repetition]] = {}
        kept = _keep(lines, self.alphabet, tally)
        self._parsed: dict[str, list[Sequence[object]]] = {name: [] for name in READ}
        try:
            for segment in hl7.parse("\r".join(kept)):
                self._parsed[str(segment[0])].append(segment)
        except Exception:  # the parser raises many kinds (AssertionError among them), with the text in them
            raise ReadError(f"The message does not keep to the form of HL7 v2. {SEND_AGAIN}") from None

    def count(self, name: str) -> int:
        """How many segments of this name there are."""
        return len(self._parsed[name])

    def repetitions(self, name: str, field: int) -> list[Repetition]:
        """The repetitions of a field of the first segment of this name, up to 50; the rest is counted as unused."""
        if (name, field) not in self._cut:
            segment = self._parsed[name][0] if self._parsed[name] else ()
            nodes = _inside(segment[field]) if field < len(segment) else []
            self._tally.add(f"{name}-{field}", "has more than 50 repetitions", len(nodes) - REPETITIONS_AT_MOST)
            self._cut[name, field] = [Repetition(node, self.alphabet) for node in nodes[:REPETITIONS_AT_MOST]]
        return self._cut[name, field]

    def text(self, name: str, field: int, component: int = 1, sub: int = 1) -> str:
        """The text of a field in its first repetition, empty where there is none."""
        found = self.repetitions(name, field)
        return found[0].at(component, sub) if found else ""


def _inside(node: object) -> list[object]:
    """What a node of the parser's tree holds; a text stands for a node with itself alone."""
    return list(node) if isinstance(node, list) else [node]


def _keep(lines: Sequence[bytes], alphabet: Alphabet, tally: Tally) -> list[str]:
    marks = alphabet.encoding_characters
    rest = lines[0][4:].split(alphabet.field.encode(), 1)[1]
    kept = [f"MSH{alphabet.field}{marks}{alphabet.field}{_line(rest, 'MSH', alphabet)}"]
    current = "MSH"
    for line in lines[1:]:
        if not _NAME.fullmatch(line[:3]) or line[3:4] not in (alphabet.field.encode(), b""):
            if current in READ:
                raise ReadError(f"The segment {current} is followed by a line that is no segment. {SEND_AGAIN}")
            tally.add("line", "is no segment; it may belong to a text in the segment before")
            continue
        current = line[:3].decode()
        if current in READ:
            kept.append(_line(line, current, alphabet))
        else:
            tally.add(current, "this segment is not read")
    return kept


def _line(line: bytes, name: str, alphabet: Alphabet) -> str:
    if len(line) > SEGMENT_AT_MOST:
        raise ReadError(f"The segment {name} is longer than 64 KB, which no real one is. {SEND_AGAIN}")
    return alphabet.decode(line)
