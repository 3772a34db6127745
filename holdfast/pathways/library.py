"""The pathways that are shipped with Holdfast, one file each."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("library")


def shipped() -> dict[str, str]:
    """The text of each shipped pathway file by its id, which is the name of the file."""
    return {path.stem: path.read_text("utf-8") for path in sorted(_FOLDER.glob("*.yaml"))}
