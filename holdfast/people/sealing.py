"""Values sealed with a person's own key, each bound to its place, so that none can be read, altered or moved."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
_FORM = b"\x01"  # the form of what follows: AES-256-GCM, 12-byte nonce, 16-byte tag
_TAG = b"holdfast sealed value\x00"


class Unreadable(Exception):
    """The sealed bytes do not open with this key at this place."""


def seal(key: bytes, plaintext: bytes, place: str, nonce: bytes) -> bytes:
    """Seal plaintext with a 32-byte key at a place (table, column and row, as text).

    The nonce is 12 random bytes, never used twice with one key. Gives form (1), nonce (12), ciphertext and tag (16).
    Raises ValueError when the key, the nonce or the place has the wrong shape.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    return _FORM + nonce + _cipher(key).encrypt(nonce, plaintext, _bound_to(place))


def open_sealed(key: bytes, sealed: bytes, place: str) -> bytes:
    """Give the plaintext of what was sealed with this key at this place.

    Raises Unreadable for another key, another place or altered bytes; ValueError for a key or place of wrong shape.
    """
    cipher = _cipher(key)
    if sealed[:1] != _FORM or len(sealed) < 1 + NONCE_BYTES + 16:
        raise Unreadable("not a sealed value")
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _bound_to(place))
    except InvalidTag as error:
        raise Unreadable("the sealed value does not open with this key at this place") from error


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return AESGCM(key)


def _bound_to(place: str) -> bytes:
    if not place:
        raise ValueError("a sealed value needs a place")
    return _FORM + _TAG + place.encode()
