"""Checkpoints: the log's size and root, signed, to be kept outside the database where its owner cannot alter them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from holdfast.ledger.canonical import NotCanonical, canonical, read
from holdfast.people.keyring import read_private_file, write_private_file

KIND = "holdfast checkpoint 1"
NO_PREVIOUS = "0" * 64
_TAG = b"holdfast checkpoint\x00"
_FIELDS = {"kind", "origin", "size", "root", "at", "key", "previous", "erasures", "signature"}
_HEX64 = re.compile(r"[0-9a-f]{64}")


class ForgedCheckpoint(Exception):
    """The line is not a checkpoint signed by one of the keys."""


class UnusableSigningKey(Exception):
    """The signing key's file does not hold an Ed25519 private key."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log was at one instant.

    `origin` names the installation; `size` counts leaves; `root`, `previous` (digest of the checkpoint before, 64
    zeros for the first) are 64 hex; `at` is aware; `erasures` are the pseudonymous ids of every person erased so far,
    not only since the last one: whoever keeps a single checkpoint can then restore without bringing anyone back.
    """

    origin: str
    size: int
    root: str
    at: datetime
    key_id: str
    previous: str = NO_PREVIOUS
    erasures: tuple[str, ...] = ()


def sign(checkpoint: Checkpoint, private_key: Ed25519PrivateKey) -> str:
    """Give the checkpoint as one signed line of canonical JSON, without a line end.

    Raises ValueError when the checkpoint names another key, a naive time, or a size or hash of the wrong shape.
    """
    if checkpoint.key_id != key_id(private_key.public_key()):
        raise ValueError("the checkpoint names another key than the one that signs it")
    fields = _fields_of(checkpoint)
    _checkpoint_of(fields)  # nothing is signed that would not verify
    signature = private_key.sign(_TAG + canonical(fields))
    return canonical({**fields, "signature": base64.b64encode(signature).decode()}).decode()


def verify(line: str, public_keys: Iterable[Ed25519PublicKey]) -> Checkpoint:
    """Read a signed line, believing only these keys. Raises ForgedCheckpoint."""
    checkpoint, fields, signature = _read(line)
    for key in public_keys:
        if key_id(key) == checkpoint.key_id:
            try:
                key.verify(signature, _TAG + canonical(fields))
                return checkpoint
            except InvalidSignature as error:
                raise ForgedCheckpoint("the checkpoint's signature does not hold") from error
    raise ForgedCheckpoint(f"the checkpoint names the key {checkpoint.key_id}, which is not one of yours")


def digest_of(checkpoint: Checkpoint) -> str:
    """Give the digest (sha256, hex) by which the next checkpoint names this one as `previous`."""
    return hashlib.sha256(_TAG + canonical(_fields_of(checkpoint))).hexdigest()


def load_or_make_signing_key(path: Path, entropy: Callable[[int], bytes] = os.urandom) -> Ed25519PrivateKey:
    """Load the Ed25519 key from a PEM file of mode 0600, making it first where there is none.

    Raises UnsafeKeyFile when others can read the file, UnusableSigningKey when it holds something else.
    """
    if not path.exists():
        made = Ed25519PrivateKey.from_private_bytes(entropy(32))
        write_private_file(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        key = load_pem_private_key(read_private_file(path), password=None)
    except (ValueError, TypeError) as error:
        raise UnusableSigningKey(f"{path} does not hold a private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableSigningKey(f"{path} does not hold an Ed25519 key")
    return key


def public_text(key: Ed25519PublicKey) -> str:
    """Give a public key as text: base64 of its 32 bytes."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def read_public_key(text: str) -> Ed25519PublicKey:
    """Read what `public_text` wrote. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))


def key_id(key: Ed25519PublicKey) -> str:
    """Give a public key's id: the first 16 hex digits of its sha256. It helps to find a key, never to trust one."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _fields_of(checkpoint: Checkpoint) -> dict[str, object]:
    if checkpoint.at.tzinfo is None:
        raise ValueError("a checkpoint's time is aware")
    return {
        "kind": KIND,
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root,
        "at": checkpoint.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "key": checkpoint.key_id,
        "previous": checkpoint.previous,
        "erasures": sorted(set(checkpoint.erasures)),
    }


def _read(line: str) -> tuple[Checkpoint, dict[str, object], bytes]:
    try:
        fields = read(line.strip().encode())
        if set(fields) != _FIELDS or fields["kind"] != KIND:
            raise ValueError("not a checkpoint")
        signature = fields.pop("signature")
        if not isinstance(signature, str):
            raise ValueError("no signature")
        return _checkpoint_of(fields), fields, base64.b64decode(signature, validate=True)
    except (NotCanonical, ValueError, binascii.Error) as error:  # UnicodeError is a ValueError
        raise ForgedCheckpoint("the line is not a checkpoint") from error


def _checkpoint_of(fields: dict[str, object]) -> Checkpoint:
    size, erasures = fields["size"], fields["erasures"]
    if type(size) is not int or size < 0 or not isinstance(erasures, list):
        raise ValueError("a checkpoint's size is a count, and its erasures a list")
    texts = {name: _text(fields[name]) for name in ("origin", "root", "at", "key", "previous")}
    if not (_HEX64.fullmatch(texts["root"]) and _HEX64.fullmatch(texts["previous"])):
        raise ValueError("a checkpoint's root and previous are 64 hex digits")
    at = datetime.fromisoformat(texts["at"])
    if at.tzinfo is None:
        raise ValueError("a checkpoint's time is aware")
    persons = tuple(_text(person) for person in erasures)
    return Checkpoint(texts["origin"], size, texts["root"], at, texts["key"], texts["previous"], persons)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a checkpoint's fields are texts")
    return value
