"""Where each HL7 v2 message of a file begins and ends."""

from holdfast.core.arrivals import BYTES_AT_MOST, ReadError

MESSAGES_AT_MOST = 2_000
SEGMENTS_AT_MOST = 10_000

SEND_AGAIN = "Ask the sender to correct it and send it again."

_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff", b"\x00")
_LINE_ENDS = bytes.maketrans(b"\n\x0b\x1c", b"\r\r\r")  # the last two frame a message on an MLLP line


def messages_in(raw: bytes) -> list[list[bytes] | ReadError]:
    """The lines of each message, in the order of the file; a part that is no message stands as a ReadError.

    Takes one message or a batch (FHS, BHS, BTS, FTS) with any line ends and a byte order mark. Raises ReadError where
    the file as a whole cannot be taken: over 10 MB, over 2,000 messages, UTF-16, or no message at all. A batch that
    announces another number of messages than it holds gives a ReadError after its last one (EVT-04).
    """
    if len(raw) > BYTES_AT_MOST:
        raise ReadError("The file is larger than 10 MB. Ask the sender to divide it.")
    if raw.startswith(_NOT_UTF8):
        raise ReadError("The file is in UTF-16 or another wide encoding. Ask the sender to send it in UTF-8.")
    sorter = _Sorter()
    for piece in raw.translate(_LINE_ENDS).split(b"\r"):
        if line := piece.strip(b" \t").removeprefix(b"\xef\xbb\xbf").strip(b" \t"):
            sorter.take(line)
    if not sorter.found:
        raise ReadError(f"The file holds no HL7 message: no line begins with MSH. {SEND_AGAIN}")
    return sorter.found


class _Sorter:
    def __init__(self) -> None:
        self.found: list[list[bytes] | ReadError] = []
        self._message: list[bytes] | None = None
        self._stray = False
        self._count = 0
        self._in_batch = 0

    def take(self, line: bytes) -> None:
        name = line[:3]
        if name == b"MSH":
            self._begin(line)
        elif name in (b"FHS", b"BHS", b"BTS", b"FTS") and not line[3:4].isalnum():
            self._end_of_part(name, line)
        elif self._message is not None:
            self._message.append(line)
            if len(self._message) > SEGMENTS_AT_MOST:
                raise ReadError(f"A message has more than {SEGMENTS_AT_MOST} segments. {SEND_AGAIN}")
        elif not self._stray:
            self._stray = True
            self.found.append(
                ReadError(f"Lines stand before the first MSH of a message, so they have no head. {SEND_AGAIN}")
            )

    def _begin(self, line: bytes) -> None:
        self._count += 1
        self._in_batch += 1
        if self._count > MESSAGES_AT_MOST:
            raise ReadError(f"The file has more than {MESSAGES_AT_MOST} messages. Ask the sender to divide it.")
        self._message, self._stray = [line], False
        self.found.append(self._message)

    def _end_of_part(self, name: bytes, line: bytes) -> None:
        self._message, self._stray = None, False
        if name == b"BTS":
            said = line[4:].split(line[3:4] or b"|")[0].strip()
            if said.isdigit() and len(said) < 10 and int(said) != self._in_batch:
                self.found.append(
                    ReadError(
                        f"A batch says that it holds {int(said)} messages, and {self._in_batch} arrived. "
                        "Ask the sender which are missing."
                    )
                )
        self._in_batch = 0
