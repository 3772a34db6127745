"""The shared blocks that pathway files take parts from: those that are shipped, and those kept beside a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("library") / "blocks"


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks that a file may use: the shipped ones and ``own``, pairs of name and text."""

    own: tuple[tuple[str, str], ...] = ()

    def names(self) -> list[str]:
        return sorted({*shipped_blocks(), *dict(self.own)})

    def text(self, name: str) -> str | None:
        return dict(self.own).get(name, shipped_blocks().get(name))

    def twice(self, name: str) -> bool:
        """Whether a block beside the file has the name of a shipped one and says something else."""
        return name in dict(self.own) and shipped_blocks().get(name, self.text(name)) != self.text(name)


@cache
def shipped_blocks() -> dict[str, str]:
    """The text of each shipped block by its name, which is the name of the file."""
    return {path.stem: path.read_text("utf-8") for path in sorted(_FOLDER.glob("*.yaml"))}


def blocks_in_words() -> list[str]:
    """A line for each shipped block: its name, what it gives, and the parties it speaks of."""
    width = max(map(len, shipped_blocks()), default=0)
    return [f"{name:{width}}  {_purpose(text)}" for name, text in shipped_blocks().items()]


def _purpose(text: str) -> str:
    """The line at its head, and the duties of parties that a file must have under these names to use it."""
    body = "\n".join(line.partition(" #")[0] for line in text.splitlines() if not line.startswith("#"))
    wanted = sorted(set(re.findall(r"\b(?:sender|receiver)\.[a-z][a-z-]*(?=[],} \n:]|$)", body)))
    says = text.partition("\n")[0].removeprefix("#").strip()
    return says + (f" Needs: {', '.join(wanted)}." if wanted else "")


def blocks_beside(file: Path) -> Blocks:
    """The blocks in the folder ``blocks`` beside a file. Raises ``OSError`` or ``UnicodeDecodeError``."""
    found = sorted((file.parent / "blocks").glob("*.yaml"))
    return Blocks(tuple((path.stem, path.read_text("utf-8")) for path in found))
