"""The files of the repository as the house tests see them: those that git tracks."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Every tracked file that is still there, as a path from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """Tracked Python files, of these top folders or of all, without migrations: Django writes those."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and "migrations" not in path.parts and (not folders or path.parts[0] in folders)
    ]


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Tracked text files with what they say; of these suffixes or all. What is not UTF-8 is no text."""
    for path in tracked():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def tree(path: Path) -> ast.Module:
    """The syntax tree of one Python file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))
