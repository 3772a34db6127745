"""The shared blocks that pathway files take parts from: those that are shipped, and those kept beside a file."""

from __future__ import annotations

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


def blocks_beside(file: Path) -> Blocks:
    """The blocks in the folder ``blocks`` beside a file. Raises ``OSError`` or ``UnicodeDecodeError``."""
    found = sorted((file.parent / "blocks").glob("*.yaml"))
    return Blocks(tuple((path.stem, path.read_text("utf-8")) for path in found))
