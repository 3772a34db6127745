"""Reads a pathway's YAML 1.2 into plain texts, lists and mappings, and remembers the line of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from holdfast.pathways.fault import Fault, Path, PathwayFaults

BYTES_AT_MOST = 512 * 1024
DEPTH_AT_MOST = 30

#: All values are texts; the shape makes numbers of them. So `no` stays a word and 1.10 is never 1.1.
Tree = str | list["Tree"] | dict[str, "Tree"]

_BOOLEANS = {"true", "True", "TRUE", "false", "False", "FALSE"}
_NOTHING = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file as plain values; `lines` gives the line (from 1) of the key or item at each path."""

    tree: dict[str, Tree]
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of the nearest part above it that is in the file, or of its first key."""
        for length in range(len(path), 0, -1):
            if (line := self.lines.get(path[:length])) is not None:
                return line
        return min(self.lines.values(), default=1)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not closed yet; `key` is the one whose value is awaited, `braced` whether it is on one line."""

    path: Path
    value: list[Tree] | dict[str, Tree]
    key: str | None = None
    braced: bool = False


@dataclass(slots=True)
class _Reading:
    root: Tree | None = None
    open: list[_Open] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    documents: int = 0

    def take(self, event: Event) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(line, "A second document begins here.", "Keep one pathway in one file.")
        if isinstance(event, NodeEvent):
            self._refuse_marks(event, line)
        if isinstance(event, ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._begin({} if isinstance(event, MappingStartEvent) else [], line, bool(event.flow_style))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.open.pop()

    def _refuse_marks(self, event: NodeEvent, line: int) -> None:
        if isinstance(event, AliasEvent):
            self._stop(line, f"'*{event.anchor}' is an alias.", "Write it out, or use definitions or choices.")
        if event.anchor:
            self._stop(line, f"'&{event.anchor}' is an anchor.", "Take it out; use definitions or choices instead.")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            self._stop(line, f"'{tag}' is a tag.", "Take it out: every value is plain text.")

    def _scalar(self, event: ScalarEvent, line: int) -> None:
        text: str = event.value
        here = self.open[-1] if self.open else None
        if here is not None and isinstance(here.value, dict) and here.key is None:
            if text in here.value:
                first = self.lines[(*here.path, text)]
                self._fault(
                    line, (*here.path, text), f"'{text}' is written twice; it is also on line {first}.", "Keep one."
                )
            else:
                self.lines[(*here.path, text)] = line
            here.key = text
            return
        path = self._place(line)
        line = self.lines.get(path, line)  # an empty value is noticed only where the next key begins
        plain = event.style in (None, "")
        if plain and text in _BOOLEANS:
            self._fault(line, path, f"'{text}' is not a word of a pathway.", "Write yes or no.")
        elif plain and text in _NOTHING:
            self._fault(line, path, "There is no value here.", self._remedy_of_nothing(here))
        self._put(text)

    def _remedy_of_nothing(self, here: _Open | None) -> str:
        """Between braces a comma ends a text, and what comes after it is read as a key; keys are seldom several words."""
        if here is not None and here.braced and " " in (here.key or ""):
            return f"If '{here.key}' goes on a text before a comma, put the whole text in quotation marks."
        return "Write the value, or take the key out."

    def _begin(self, value: list[Tree] | dict[str, Tree], line: int, braced: bool) -> None:
        here = self.open[-1] if self.open else None
        if here is not None and isinstance(here.value, dict) and here.key is None:
            self._stop(line, "A key here is a list or a mapping.", "Write the key as one word.")
        if len(self.open) >= DEPTH_AT_MOST:
            self._stop(line, f"This is more than {DEPTH_AT_MOST} levels deep.", "Use definitions to make it flatter.")
        path = self._place(line)
        self._put(value)
        self.open.append(_Open(path, value, braced=braced))

    def _place(self, line: int) -> Path:
        """Where the next value goes; items of lists get their line here, keys of mappings have theirs already."""
        if not self.open:
            return ()
        here = self.open[-1]
        if isinstance(here.value, list):
            path: Path = (*here.path, len(here.value))
            self.lines[path] = line
            return path
        return (*here.path, here.key or "")

    def _put(self, value: Tree) -> None:
        if not self.open:
            self.root = value
            return
        here = self.open[-1]
        if isinstance(here.value, list):
            here.value.append(value)
        else:
            here.value.setdefault(here.key or "", value)
            here.key = None

    def _fault(self, line: int, path: Path, says: str, remedy: str) -> None:
        self.faults.append(Fault(line, path, says, remedy))

    def _stop(self, line: int, says: str, remedy: str) -> None:
        path = self.open[-1].path if self.open else ()
        raise PathwayFaults([*self.faults, Fault(line, path, says, remedy)])


_LOOK = "Look at the spaces, colons, quotes and brackets here."
#: What people mostly did where the reader of YAML says this; ``began`` is the line on which the thing was opened.
_REMEDIES = (
    ("\\t", "There is a tab here. Put spaces in its place: as many as the lines beside it have."),
    (
        "mapping values are not allowed",
        "Begin the line as far to the left as its neighbours, or put a text that has a colon in it into double quotes.",
    ),
    (
        "expected ',' or",
        "What is opened on line {began} is not closed before this. Close it, put a comma, or put a text with a colon "
        "or a comma in it into double quotes.",
    ),
    (
        "expected <block end>",
        "Begin the line as far to the left as its neighbours (those of its kind begin on line {began}), and look for a "
        "quote that is not closed above.",
    ),
    ("unexpected end of stream", "A quote that is opened on line {began} is never closed. Close it."),
)


def read_source(text: str) -> Source:
    """Read a pathway file; raises PathwayFaults for what is not plain YAML 1.2, and for duplicate keys."""
    if len(text.encode("utf-8", "replace")) > BYTES_AT_MOST:
        raise PathwayFaults([Fault(1, (), f"The file is larger than {BYTES_AT_MOST // 1024} KB.", "Make it smaller.")])
    reading = _Reading()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            reading.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem, line = str(error.problem or error.context), mark.line + 1 if mark else 1
        began = error.context_mark.line + 1 if error.context_mark else line
        remedy = next((says for sign, says in _REMEDIES if sign in problem), _LOOK).format(began=began)
        raise PathwayFaults([*reading.faults, Fault(line, (), f"This is not YAML: {problem}.", remedy)]) from error
    except (YAMLError, ValueError) as error:
        if isinstance(error, PathwayFaults):
            raise
        fault = Fault(1, (), "The file has a character that YAML does not allow.", "Save it as UTF-8 text.")
        raise PathwayFaults([*reading.faults, fault]) from error
    if not isinstance(reading.root, dict):
        reading._fault(1, (), "This is not a pathway: it has no keys.", "Begin with 'pathway:' and a name.")
    if reading.faults or not isinstance(reading.root, dict):
        raise PathwayFaults(reading.faults)
    return Source(reading.root, reading.lines)
