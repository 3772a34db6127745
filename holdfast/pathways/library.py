"""The pathways that are shipped with Holdfast, one file each; the blocks that they share are in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from holdfast.pathways.expansion import Expanded, expand

_FOLDER = Path(__file__).with_name("library")


class _Shipped(Mapping[str, str]):
    """Each file is written out only when it is asked for: that takes a part of a second."""

    def __init__(self) -> None:
        self.ids = sorted(path.stem for path in _FOLDER.glob("*.yaml"))

    def __getitem__(self, id: str) -> str:
        if id not in self.ids:
            raise KeyError(id)
        return whole(id).text

    def __contains__(self, id: object) -> bool:
        return id in self.ids

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def shipped() -> Mapping[str, str]:
    """The text of each shipped pathway by its id, which is the name of the file; its blocks are written out."""
    return _Shipped()


def whole(id: str) -> Expanded:
    """A shipped pathway written out, with the place of each of its lines."""
    return expand((_FOLDER / f"{id}.yaml").read_text("utf-8"))
