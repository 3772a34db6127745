"""What a backup says of itself: when, of which record, up to which entry, and the digest of each of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

KIND = "holdfast backup 1"
NAME = "manifest.json"
CHECKPOINTS = "checkpoints.log"
DATABASES = {"sqlite": "holdfast.sqlite3", "postgresql": "holdfast.dump"}
NO_KEYS = (
    "The keys are not in this backup: the master key opens what is sealed here, and the signing key vouches for it."
    " Back both up apart, where whoever holds this folder does not come."
)


class BadBackup(Exception):
    """The folder is not a whole backup; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``entries`` counts the record's entries and ``logged`` those in the log; ``files`` maps each name to its sha256 (hex)."""

    made: datetime
    engine: str
    version: str
    entries: int
    logged: int
    files: Mapping[str, str]
    keys: str = NO_KEYS


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Last of all: a folder without a manifest is not a backup."""
    plain = {"kind": KIND, **asdict(manifest), "made": manifest.made.isoformat()}
    path = folder / NAME
    path.touch(mode=0o600)
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose files are all there and as they were made. Raises BadBackup."""
    try:
        plain = json.loads((folder / NAME).read_text("utf-8"))
        if plain.pop("kind") != KIND:
            raise BadBackup(f"{folder} holds a backup of another kind")
        manifest = Manifest(**{**plain, "made": datetime.fromisoformat(plain["made"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBackup(f"{folder} is not a backup, or not a whole one: its {NAME} cannot be read") from error
    for name, digest in manifest.files.items():
        if Path(name).name != name or not (folder / name).is_file():
            raise BadBackup(f"{folder} is not whole: {name} is missing")
        if digest_of(folder / name) != digest:
            raise BadBackup(f"{folder} was damaged or changed: {name} does not have its digest")
    if DATABASES.get(manifest.engine) not in manifest.files:
        raise BadBackup(f"{folder} holds no database")
    return manifest


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
