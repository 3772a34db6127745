"""The letters of one message: its delimiters, its character set, its escapes."""

from collections import deque
from dataclasses import dataclass

from holdfast.core.arrivals import ReadError
from holdfast.doors.hl7v2.framing import SEND_AGAIN

# HL7 table 0211, and what is met instead of it, without case, spaces and signs.
_CHARSETS = {
    "": "utf-8",
    "ascii": "utf-8",  # many senders say ASCII and write UTF-8; text that is neither fails below
    "unicodeutf8": "utf-8",
    "unicode": "utf-8",
    "utf8": "utf-8",
    "88591": "iso8859-1",
    "iso88591": "iso8859-1",
    "iso885915": "iso8859-15",
    "windows1252": "cp1252",
    "gb180302000": "gb18030",
    "big5": "big5",
    "ksx1001": "euc_kr",
    **{f"8859{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 15)},
}
_CHARSET_FIELD = 17  # MSH-18 after splitting, because MSH-1 is the separator itself
_USUAL = "^~\\&"


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Field separator, then component, repetition, escape and subcomponent mark, and the Python name of the charset."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    charset: str

    @property
    def encoding_characters(self) -> str:
        return self.component + self.repetition + self.escape + self.subcomponent

    def decode(self, line: bytes) -> str:
        """Turn a line into text; raises ReadError where the bytes are not in the charset."""
        if b"\x1b" in line:  # ISO 2022 changes the alphabet in the middle of a text
            raise ReadError("The message changes its character set on the way. Ask the sender to send it in UTF-8.")
        try:
            return line.decode(self.charset)
        except UnicodeDecodeError:
            raise ReadError(
                "The message has letters that do not fit the character set named in MSH-18 (UTF-8 if none is named). "
                f"{SEND_AGAIN}"
            ) from None

    def unescape(self, text: str) -> str:
        """Put the meant characters in place of escapes; what is no known escape stays as it was written."""
        rest = deque(text.split(self.escape))
        said = [rest.popleft()]
        while rest:
            code = rest.popleft()
            meant = self._meant(code) if rest else None
            said += [self.escape, code] if meant is None else [meant, rest.popleft()]
        return "".join(said)

    def _meant(self, code: str) -> str | None:
        signs = {"F": self.field, "S": self.component, "T": self.subcomponent, "R": self.repetition, "E": self.escape}
        if code in signs:
            return signs[code]
        if code in ("H", "N"):  # bold on, bold off
            return ""
        if code[:3] in (".br", ".sp", ".ce", ".sk", ".ti", ".in", ".fi", ".nf"):
            return " "
        if code[:1] != "X":
            return None
        try:
            return bytes.fromhex(code[1:]).decode(self.charset)
        except ValueError:
            return None


def alphabet_of(head: bytes) -> Alphabet:
    """Read MSH-1, MSH-2 and MSH-18 from the first line of a message; raises ReadError where they make no sense."""
    separator = head[3:4]
    fields = head.split(separator) if separator else []
    if len(fields) < 9:
        raise ReadError(f"The first line (MSH) is cut short: it does not say what kind of message it is. {SEND_AGAIN}")
    signs = "".join(dict.fromkeys(fields[1].decode("ascii", "replace")))  # a doubled escape sign is met in real files
    marks = [*signs, *_USUAL[len(signs) :]][:4]
    wrong = [mark for mark in (separator.decode("ascii", "replace"), *marks) if not _is_mark(mark)]
    if wrong or not signs or len(signs) > 5 or len({separator.decode("ascii", "replace"), *marks}) != 5:
        raise ReadError(f"The separators at the head of the message (MSH-1, MSH-2) are not usable. {SEND_AGAIN}")
    named = fields[_CHARSET_FIELD] if len(fields) > _CHARSET_FIELD else b""
    return Alphabet(separator.decode("ascii"), marks[0], marks[1], marks[2], marks[3], _charset(named, marks[1]))


def _is_mark(mark: str) -> bool:
    return mark.isascii() and mark.isprintable() and not mark.isalnum() and not mark.isspace()


def _charset(named: bytes, repetition: str) -> str:
    first = named.decode("ascii", "replace").split(repetition)[0]
    key = "".join(sign for sign in first.lower() if sign.isalnum())
    return _CHARSETS.get(key, "ascii")  # of a set that is not known here, what it shares with all others can be read
