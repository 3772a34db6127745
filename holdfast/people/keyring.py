"""The keys: a master key kept apart from the database, the persons' own keys wrapped under it, and look-up tags."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ENV_NAME = "HOLDFAST_MASTER_KEY"
KEY_BYTES = 32
_ID_CHARS = 8
_WRAP_TAG = b"holdfast person key\x00"


class KeyringError(Exception):
    """The keys cannot be used; the message never holds one."""


class NoMasterKey(KeyringError):
    """There is no master key, or what is there is not one."""


class UnsafeKeyFile(KeyringError):
    """A key file that others than its owner can read."""


class WrongKey(KeyringError):
    """The master key at hand is not the one that wrapped this."""


def key_id(key: bytes) -> str:
    """Give a master key's id: the first 8 hex digits of its sha256."""
    return hashlib.sha256(key).hexdigest()[:_ID_CHARS]


class Keyring:
    """The master keys by id, one of them current; wraps, unwraps and re-wraps the persons' own keys."""

    def __init__(self, master_keys: Mapping[str, bytes], current: str) -> None:
        """Take 32-byte keys by their ids. Raises NoMasterKey for another shape, WrongKey for an id not the key's."""
        if current not in master_keys:
            raise NoMasterKey("the current master key is not on the ring")
        for name, key in master_keys.items():
            if len(key) != KEY_BYTES:
                raise NoMasterKey(f"a master key has {KEY_BYTES} bytes")
            if key_id(key) != name:
                raise WrongKey(f"the master key filed as {name} is another")
        self.current = current
        self._keys = dict(master_keys)

    def __repr__(self) -> str:
        return f"Keyring(ids={sorted(self._keys)}, current={self.current!r})"  # never the keys

    def wrap(self, person_key: bytes, person: str) -> bytes:
        """Wrap a person's 32-byte key for that person under the current master key.

        AES-SIV (RFC 5297) is made for wrapping keys and needs no nonce. Gives key id (8 ASCII bytes), then the wrap.
        """
        if len(person_key) != KEY_BYTES:
            raise ValueError(f"a person's key has {KEY_BYTES} bytes")
        sealed = _wrapper(self._keys[self.current]).encrypt(person_key, [_WRAP_TAG, person.encode()])
        return self.current.encode() + sealed

    def unwrap(self, wrapped: bytes, person: str) -> bytes:
        """Give the person's key back.

        Raises WrongKey when the master key is not on the ring, or the wrap is altered or another person's.
        """
        try:
            return _wrapper(self._key_for(wrapped)).decrypt(wrapped[_ID_CHARS:], [_WRAP_TAG, person.encode()])
        except (InvalidTag, ValueError) as error:
            raise WrongKey("the wrapped key does not open for this person") from error

    def rewrap(self, wrapped: bytes, person: str) -> bytes:
        """Wrap the same person's key again, under the current master key. Raises WrongKey."""
        return self.wrap(self.unwrap(wrapped, person), person)

    def require(self, wrapped: Iterable[bytes]) -> None:
        """Refuse to start with the wrong key: raise WrongKey unless each wrap's master key is on the ring."""
        for one in wrapped:
            self._key_for(one)

    def tags(self, kind: str, value: str) -> list[str]:
        """Give the look-up tags of a value under each master key, the current one first, to search during rotation."""
        order = [self.current, *sorted(set(self._keys) - {self.current})]
        return [lookup_tag(self._keys[name], kind, value) for name in order]

    def secret(self, purpose: str) -> bytes:
        """Give a 32-byte secret for one purpose, derived from the current master key."""
        return _derived(self._keys[self.current], purpose.encode(), 32)

    def _key_for(self, wrapped: bytes) -> bytes:
        name = wrapped[:_ID_CHARS].decode("ascii", "replace")
        if name not in self._keys:
            raise WrongKey(f"wrapped under a master key that is not here; here are {', '.join(sorted(self._keys))}")
        return self._keys[name]


def lookup_tag(master: bytes, kind: str, value: str) -> str:
    """Give a keyed HMAC-SHA256 (hex) of an identifier, to find it exactly without storing it.

    `kind` (such as the identifier's system) keeps equal values of two kinds apart. Normalise the value first: the
    tag is over its exact characters. It changes with the master key, so a rotation computes tags again.
    """
    named = kind.encode()
    message = len(named).to_bytes(4, "big") + named + value.encode()
    return hmac.new(_derived(master, b"look-up", 32), message, hashlib.sha256).hexdigest()


def load_keyring(
    env: Mapping[str, str],
    path: Path,
    make: bool,
    database_folder: Path | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> tuple[Keyring, str]:
    """Load the master keys from the environment, else from a file only its owner can read; with `make`, make the file.

    Both hold base64 keys of 32 bytes, the current one first: separated by commas in the environment, one a line in
    the file. Gives the keyring and a warning for the operator ("" for none): a key was made, or lies beside the data.
    Raises NoMasterKey and UnsafeKeyFile.
    """
    if env.get(ENV_NAME, "").strip():
        return _ring_of(env[ENV_NAME].split(","), ENV_NAME), ""
    warnings = []
    if make and not path.exists() and write_private_file(path, base64.b64encode(entropy(KEY_BYTES)) + b"\n"):
        warnings.append(f"A master key was made in {path}. Back it up apart from the data; without it nothing opens.")
    try:
        keyring = _ring_of(read_private_file(path).decode("ascii", "replace").splitlines(), str(path))
    except FileNotFoundError as error:
        raise NoMasterKey(f"no master key: set {ENV_NAME}, or put one in {path}") from error
    if database_folder is not None and path.resolve().is_relative_to(database_folder.resolve()):
        warnings.append(f"The master key {path} lies in the database's folder: whoever copies one has both. Move it.")
    return keyring, " ".join(warnings)


def read_private_file(path: Path) -> bytes:
    """Read a file that only its owner can read. Raises UnsafeKeyFile, FileNotFoundError."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777  # of the open file, so that it cannot be changed in between
        if mode & 0o077:
            raise UnsafeKeyFile(f"{path} can be read by others (mode {mode:03o}): run chmod 600 on it")
        return file.read()


def write_private_file(path: Path, content: bytes) -> bool:
    """Make a 0600 file, whole or not at all; False, changing nothing, when there is one already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename, a link never takes the place of a file that is there
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def _ring_of(texts: Iterable[str], source: str) -> Keyring:
    keys = []
    for text in texts:
        if text.strip():
            try:
                keys.append(base64.b64decode(text.strip(), validate=True))
            except binascii.Error as error:
                raise NoMasterKey(f"{source} does not hold a base64 key") from error
    if not keys:
        raise NoMasterKey(f"{source} holds no key")
    return Keyring({key_id(key): key for key in keys}, key_id(keys[0]))


def _wrapper(master: bytes) -> AESSIV:
    return AESSIV(_derived(master, b"wrap", 64))


def _derived(master: bytes, purpose: bytes, length: int) -> bytes:
    """Derive a key for one purpose, so that no master key is used in two ways."""
    return HKDF(SHA256(), length, salt=None, info=b"holdfast " + purpose).derive(master)
