"""Writes a pathway file out whole: what it takes from shared blocks in its place, so that an edition needs no block."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from holdfast.pathways.blocks import Blocks
from holdfast.pathways.fault import Fault, Path, PathwayFaults
from holdfast.pathways.writing import Line, Writing, lines_of, placed, read_writing

#: Keys that hold things by id: a file's and its blocks' are put together.
BY_ID = (
    "parties", "named", "states", "packet", "gates", "steps", "choices", "definitions", "obligations", "ladders", "endpoints",
    "card", "wording", "meant", "scores", "looks-back", "looks-ahead", "hears-of",
)  # fmt: skip
#: Keys that hold a list, and what names an item of it.
LISTED = {"tiers": "tier", "validations": "id"}
#: Keys of a block that are about the block.
_OF_BLOCK = ("block", "title", "questions")
_USES = re.compile(r"^uses\s*:", re.MULTILINE)
_FROM = re.compile(r"from ([a-z0-9]+(?:[.-][a-z0-9]+)*)")
_MARK = "# from the block "
#: An obligation begins with these keys, whoever wrote which, so that what is owed is read before how it ends.
_AS_READ = ("owed", "owed-by", "opens-on", "due", "every", "next-from", "met-by", "climbs-on", "waived-by")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A file written out whole; ``taken`` says what came from each block, as (key, id), or (key, "") for a whole key."""

    text: str
    lines: tuple[Line, ...] = ()
    taken: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def place(self, line: int) -> tuple[str, int]:
        """The block ("" is the file itself) and the line where a line of the text was written."""
        if not self.lines:
            return "", line
        found = self.lines[min(line, len(self.lines)) - 1]
        return found.block, found.number

    def placed(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults of the text at the place where each was written."""
        return placed(self.lines, faults) if self.lines else list(faults)


@lru_cache(maxsize=64)
def expand(text: str, beside: Blocks | None = None) -> Expanded:
    """The whole of a file, with the shipped blocks and those beside it; raises PathwayFaults.

    A file that uses no block is given back as it is.
    """
    if not _USES.search(text):
        return Expanded(text)
    file = read_writing(lines_of(_plain_lines(text).rstrip("\n")))
    if "uses" not in file.source.tree:  # the word stands in a sentence
        return Expanded(text)
    work = _Work(file, beside or Blocks())
    lines = work.questions(work.whole())
    if work.faults:
        raise PathwayFaults(work.faults)
    taken = {name: tuple(found) for name, found in work.taken.items()}
    titles = {name: str(block.source.tree.get("title", "")) for name, block in work.blocks.items()}
    return Expanded("\n".join(line.text for line in lines) + "\n", tuple(lines), taken, titles)


def _plain_lines(text: str) -> str:
    """The text with one kind of line end; raises PathwayFaults for characters that YAML takes for a line end and editors do not."""
    text = re.sub(r"\r\n?", "\n", text)
    if odd := re.search("[\x85\u2028\u2029]", text):
        line = text.count("\n", 0, odd.start()) + 1
        says = f"There is a hidden line end here (U+{ord(odd[0]):04X})."
        raise PathwayFaults([Fault(line, (), says, "Delete it and press Enter instead.")])
    return text


@lru_cache(maxsize=256)
def _block(name: str, text: str) -> Writing:
    """A block as it was read: many files take the same ones, and reading is what costs."""
    return read_writing(lines_of(text.rstrip("\n"), name))


class _Work:
    """One file being put together with its blocks; ``faults`` fill while it goes on."""

    def __init__(self, file: Writing, known: Blocks) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.blocks: dict[str, Writing] = {}
        written = file.source.tree["uses"]
        for place, name in enumerate(written if isinstance(written, list) else [written]):
            path: Path = ("uses", place) if isinstance(written, list) else ("uses",)
            if not isinstance(name, str):
                self.fault(file, path, "This is not the name of a block.", "Write uses: [one, two].")
            elif name in self.blocks:
                self.fault(file, path, f"The block '{name}' is named twice.", "Keep one.")
            elif (found := known.text(name)) is None:
                close = difflib.get_close_matches(name, known.names(), 1)
                remedy = f"Did you mean '{close[0]}'?" if close else f"There are: {', '.join(known.names())}."
                self.fault(file, path, f"There is no block '{name}'.", remedy)
            elif known.twice(name):
                says = f"The block '{name}' is beside the file, and another that is shipped has that name."
                self.fault(file, path, says, "Give yours another name.")
            else:
                self.blocks[name] = _block(name, found)
        self.taken: dict[str, list[tuple[str, str]]] = {name: [] for name in self.blocks}
        if self.faults:
            raise PathwayFaults(self.faults)

    def fault(self, where: Writing, path: Path, says: str, remedy: str) -> None:
        self.faults.append(where.fault(path, says, remedy))

    def whole(self) -> list[Line]:
        """The file, key by key, and after it the keys that only blocks have."""
        file = self.file
        lines: list[Line] = []
        keys = [str(key) for key in file.source.tree]
        first = min(file.source.lines[(key,)] for key in keys)
        spans = {key: file.span((key,)) or (file.source.lines[(key,)],) * 2 for key in keys}
        lines += file.lines[: min(first, *(start for start, _ in spans.values())) - 1]
        for key in keys:
            start, end = spans[key]
            own = list(file.lines[start - 1 : end])
            if key == "uses":
                note = f"# Written out whole; the shared blocks in it: {', '.join(self.blocks)}."
                lines += [file.made((key,), note), *([file.made((key,), "")] if not own[-1].text.strip() else [])]
            elif key in BY_ID or key in LISTED:
                lines += self.part(key, own)
            else:
                self.refuse_again(key)
                lines += own
        for key in dict.fromkeys(str(key) for block in self.blocks.values() for key in block.source.tree):
            if key not in keys and key not in _OF_BLOCK:
                lines += self.part(key, []) if key in BY_ID or key in LISTED else self.only(key)
        return lines

    def refuse_again(self, key: str) -> None:
        for name, block in self.blocks.items():
            if key in block.source.tree and key not in _OF_BLOCK:
                line = block.line((key,)).number
                says = f"'{key}' is also in the block {name} (line {line})."
                self.fault(self.file, (key,), says, f"Take it out here, or do not use {name}.")

    def only(self, key: str) -> list[Line]:
        """A key that is not a collection of things by id: one block may bring it."""
        having = [name for name, block in self.blocks.items() if key in block.source.tree]
        for other in having[1:]:
            self.clash(key, "", having[0], (key,), other, (key,))
        self.taken[having[0]].append((key, ""))
        block = self.blocks[having[0]]
        return [block.made((key,), _MARK + having[0]), *block.segment((key,), 0), block.made((key,), "")]

    def clash(self, key: str, id: str, first: str, at: Path, second: str, again: Path) -> None:
        here, there = self.blocks[second].line(again), self.blocks[first].line(at).number
        what = f"'{id}' under {key}" if id else f"'{key}'"
        says = f"{what} is also in the block {first} (line {there}), and the file uses both."
        self.faults.append(Fault(here.number, again, says, f"Use {first} or {second}, not both.", block=second))

    def part(self, key: str, own: list[Line]) -> list[Line]:
        """What a file and its blocks have under one key: as the file places it, then the rest in the order of the blocks."""
        file = self.file
        pieces: dict[str, tuple[str, Path]] = {}
        for name, block in self.blocks.items():
            for id, path in block.ids(key, LISTED.get(key, "id")).items():
                if id in pieces:
                    self.clash(key, id, pieces[id][0], pieces[id][1], name, path)
                else:
                    pieces[id] = (name, path)
        held = file.source.tree.get(key, {})
        if not pieces and not _asks(held):
            return own
        if not isinstance(held, dict | list):
            return own
        paths: list[Path] = (
            [(key, id) for id in held] if isinstance(held, dict) else [(key, n) for n in range(len(held))]
        )
        named = {id for path in paths for id in self.named(path, key)}
        made: list[Line] = []
        for path in paths:
            made += self.entry(path, key, pieces, named)
        for id, (name, _) in pieces.items():
            if id not in named and (not isinstance(held, dict) or id not in held):
                made += self.piece(key, id, pieces, 2)
                self.taken[name].append((key, id))
        head = self.head(key, own, paths)
        return [*head, *made, Line("", head[-1].block, head[-1].number)]

    def head(self, key: str, own: list[Line], paths: list[Path]) -> list[Line]:
        """The line of the key, and the notes between it and the first thing under it."""
        if not own:
            return [next(block.made((key,), f"{key}:") for block in self.blocks.values() if key in block.source.tree)]
        start = next(n for n, line in enumerate(own) if line.text.startswith(f"{key}:"))
        bare = re.fullmatch(rf"{key}:\s*(#.*)?", own[start].text)
        if not bare or not paths:
            return [*own[:start], self.file.made((key,), f"{key}:")]
        span = self.file.span(paths[0])
        until = self.file.source.lines[paths[0]] if span is None else span[0]
        return own[: until - own[0].number]

    def named(self, path: Path, key: str) -> Iterator[str]:
        """The ids of blocks' things that a place of the file names one by one."""
        value, id = self.file.value(path), path[-1]
        if isinstance(id, str) and _FROM.fullmatch(id):
            yield from _ids(value)
        elif isinstance(value, dict) and "from" in value:
            yield id if isinstance(id, str) else str(value.get(LISTED.get(key, "id"), ""))
        elif isinstance(id, int) and isinstance(value, dict):
            for other, ids in value.items():
                yield from _ids(ids) if _FROM.fullmatch(other) else ()

    def entry(self, path: Path, key: str, pieces: dict[str, tuple[str, Path]], named: set[str]) -> list[Line]:
        """One place of a part: things of a block, one of them varied, or the file's own."""
        file, value, id = self.file, self.file.value(path), path[-1]
        lists = [(id, value)] if isinstance(id, str) else list(value.items()) if isinstance(value, dict) else []
        if lists and (found := _FROM.fullmatch(str(lists[0][0]))):
            rest = [one for one, (name, _) in pieces.items() if name == found[1] and one not in named]
            made: list[Line] = []
            for one in rest if lists[0][1] == "all" else _ids(lists[0][1]):
                made += self.taking(path, key, found[1], one, pieces)
            named.update(rest if lists[0][1] == "all" else ())
            return made
        own = (
            id if isinstance(id, str) else str(value.get(LISTED.get(key, "id"), "")) if isinstance(value, dict) else ""
        )
        if isinstance(value, dict) and isinstance(value.get("from"), str):
            return self.taking(path, key, str(value["from"]), own, pieces, path)
        if own in pieces:
            name, there = pieces[own]
            says = f"'{own}' under {key} is also in the block {name} (line {self.blocks[name].line(there).number})."
            remedy = (
                f"Take it out here, give yours another name, or say what is otherwise: {own}: {{ from: {name}, ... }}."
            )
            self.fault(file, path, says, remedy)
        return file.segment(path, 2)

    def taking(
        self, path: Path, key: str, name: str, id: str, pieces: dict[str, tuple[str, Path]], varied: Path | None = None
    ) -> list[Line]:
        if name not in self.blocks:
            self.fault(self.file, path, f"The block '{name}' is not among the blocks used.", f"Add {name} to uses.")
        elif pieces.get(id, ("", ()))[0] != name:
            there = [one for one, (block, _) in pieces.items() if block == name]
            has = f"It has {', '.join(there)}." if there else "It has nothing there."
            self.fault(self.file, path, f"The block {name} has no '{id}' under {key}.", has)
        elif (key, id) in self.taken[name]:
            self.fault(self.file, path, f"'{id}' is taken from the block {name} twice.", "Keep one.")
        else:
            self.taken[name].append((key, id))
            return self.piece(key, id, pieces, 2, varied)
        return []

    def piece(
        self, key: str, id: str, pieces: dict[str, tuple[str, Path]], indent: int, varied: Path | None = None
    ) -> list[Line]:
        name, path = pieces[id]
        return varying(self.blocks[name], path, name, indent, self, self.file, varied)

    def questions(self, lines: list[Line]) -> list[Line]:
        """The same document with the questions it takes from blocks written out."""
        if self.faults or not any("from" in line.text for line in lines if not line.block):
            return lines
        document = read_writing(lines)
        for path in sorted(_asked(document.source.tree, ()), key=lambda p: document.source.lines[p], reverse=True):
            span, value = document.span(path), document.value(path)
            if span is None or not isinstance(value, dict):
                self.fault(document, path, "A question of a block needs a line of its own.", "Begin a line with '-'.")
                continue
            indent = len(text := lines[document.source.lines[path] - 1].text) - len(text.lstrip())
            made: list[Line] = []
            key, ids = next(iter(value.items()))
            if found := _FROM.fullmatch(key):
                for id in _ids(ids) if ids != "all" else self.pool(found[1]):
                    made += self.question(document, path, found[1], id, indent, None)
            else:
                made += self.question(document, path, str(value["from"]), str(value.get("id")), indent, path)
            lines[span[0] - 1 : span[1]] = made
        return lines

    def pool(self, name: str) -> dict[str, Path]:
        return self.blocks[name].ids("questions", "id") if name in self.blocks else {}

    def question(
        self, document: Writing, path: Path, name: str, id: str, indent: int, varied: Path | None
    ) -> list[Line]:
        pool = self.pool(name)
        if name not in self.blocks:
            self.fault(document, path, f"The block '{name}' is not among the blocks used.", f"Add {name} to uses.")
        elif id not in pool:
            has = f"It has {', '.join(pool)}." if pool else "It has none."
            self.fault(document, path, f"The block {name} has no question '{id}'.", has)
        else:
            if ("questions", id) not in self.taken[name]:
                self.taken[name].append(("questions", id))
            return varying(self.blocks[name], pool[id], name, indent, self, document, varied)
        return []


def varying(
    block: Writing, path: Path, name: str, indent: int, work: _Work, file: Writing, varied: Path | None
) -> list[Line]:
    """A thing of a block, with the keys that the file writes for it in the place of the block's."""
    mark = block.made(path, f"{' ' * indent}{_MARK}{name}")
    theirs, own = block.value(path), file.value(varied) if varied else {}
    keys = [key for key in own if key not in ("from", "id", "tier")] if isinstance(own, dict) else []
    if not keys or varied is None:
        return [mark, *block.segment(path, indent)]
    if not isinstance(theirs, dict):
        work.fault(file, (*varied, keys[0]), "Only a mapping of a block can be varied.", "Write it out in the file.")
        return []
    made = [mark, *([] if isinstance(path[-1], int) else [block.made(path, f"{' ' * indent}{path[-1]}:")])]
    order = [*theirs, *(key for key in keys if key not in theirs)]
    if path[0] == "obligations":
        order.sort(key=lambda key: _AS_READ.index(key) if key in _AS_READ else len(_AS_READ))
    for place, key in enumerate(order):
        lines = file.segment((*varied, key), indent + 2) if key in keys else block.segment((*path, key), indent + 2)
        if isinstance(path[-1], int) and not place:
            first = lines[0]
            lines[0] = Line(f"{' ' * indent}- {first.text.lstrip()}", first.block, first.number)
        made += lines
    return made


def _ids(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value == "all" else [str(value)]


def _asks(held: object) -> bool:
    """Whether something under a key names a block."""
    if isinstance(held, dict):
        return any(_FROM.fullmatch(key) or (isinstance(one, dict) and "from" in one) for key, one in held.items())
    return isinstance(held, list) and any(isinstance(one, dict) and _asks_item(one) for one in held)


def _asks_item(item: dict[str, object]) -> bool:
    return "from" in item or any(_FROM.fullmatch(key) for key in item)


def _asked(tree: object, path: Path) -> Iterator[Path]:
    """Each item of a list of questions that names a block."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in ("records", "fields") and isinstance(value, list):
                yield from ((*path, key, n) for n, one in enumerate(value) if isinstance(one, dict) and _asks_item(one))
            yield from _asked(value, (*path, key))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from _asked(value, (*path, place))
