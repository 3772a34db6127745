"""Salted commitments: an entry can hold what binds a value without holding the value, so the value can be erased."""

from __future__ import annotations

import hashlib
import hmac

SHORTEST_SALT = 16
_TAG = b"\x03holdfast value\x00"


def commit(value: bytes, salt: bytes) -> str:
    """Give the commitment to a value: sha256, hex, over a domain tag, the salt with its length, and the value.

    The salt (16 bytes or more, random, one for each value) keeps a short value from being guessed.
    Raises ValueError for a shorter salt.
    """
    if len(salt) < SHORTEST_SALT:
        raise ValueError(f"a salt has {SHORTEST_SALT} bytes or more")
    return hashlib.sha256(_TAG + len(salt).to_bytes(4, "big") + salt + value).hexdigest()


def opens(commitment: str, value: bytes, salt: bytes) -> bool:
    """Say whether this value and salt are the ones committed to."""
    if len(salt) < SHORTEST_SALT:
        return False
    return hmac.compare_digest(commitment.encode(), commit(value, salt).encode())
