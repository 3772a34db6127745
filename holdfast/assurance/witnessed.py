"""The outside checkpoints as they lie: every whole line, the genuine ones with their keys, and whether the end is torn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfast.ledger.checkpoint import Checkpoint, ForgedCheckpoint, key_id, load_or_make_signing_key, verify
from holdfast.ledger.places import signing_key_file, witness_file


@dataclass(frozen=True, slots=True)
class Witnessed:
    """One line that holds, what it says, and the key that signed it."""

    line: str
    checkpoint: Checkpoint
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Witness:
    """``lines`` are all whole lines, oldest first, genuine or not; ``torn`` says that a dying machine left half a line."""

    lines: tuple[str, ...]
    genuine: tuple[Witnessed, ...]
    torn: bool

    @property
    def last(self) -> Checkpoint | None:
        return self.genuine[-1].checkpoint if self.genuine else None

    @property
    def erasures(self) -> tuple[str, ...]:
        """Everybody erased, by every genuine line."""
        return tuple(sorted({person for one in self.genuine for person in one.checkpoint.erasures}))


def read_witness(keys: Sequence[Ed25519PublicKey], path: Path | None = None) -> Witness:
    """Read the file of checkpoints (the installation's own, unless ``path`` names another), believing only these keys."""
    file = path or witness_file()
    whole, _, rest = (file.read_bytes() if file.is_file() else b"").rpartition(b"\n")
    lines = [line.decode("utf-8", "replace") for line in whole.split(b"\n")] if whole else []
    genuine = [found for line in lines if (found := _read(line, keys)) is not None]
    # A last line without its end counts when it is whole: only its end was lost.
    end = _read(rest.decode("utf-8", "replace"), keys) if rest else None
    if end is not None:
        lines.append(end.line)
        genuine.append(end)
    return Witness(tuple(lines), tuple(genuine), bool(rest) and end is None)


def known_keys() -> list[Ed25519PublicKey]:
    """The public half of this installation's signing key; none where there is no key yet. Makes none."""
    path = signing_key_file()
    return [load_or_make_signing_key(path).public_key()] if path.is_file() else []


def _read(line: str, keys: Sequence[Ed25519PublicKey]) -> Witnessed | None:
    try:
        checkpoint = verify(line, keys)
    except ForgedCheckpoint:
        return None
    return Witnessed(line, checkpoint, next(key for key in keys if key_id(key) == checkpoint.key_id))
