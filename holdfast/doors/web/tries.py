"""How often a sign-in may fail: counted for an account from one address, for that address, and for the account."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

#: Seconds for which failures count.
WINDOW = 15 * 60
#: The pair is strict; the account alone is loose, so that a stranger far away cannot easily lock out a clinician.
LIMITS = {"pair": 5, "address": 50, "account": 50}


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind our own proxy, what that proxy wrote last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def too_many(username: str, address: str) -> bool:
    """Whether the next try must wait."""
    keys = _keys(username, address)
    counts = cache.get_many(keys.values())
    return any(counts.get(key, 0) >= LIMITS[kind] for kind, key in keys.items())


def note_failure(username: str, address: str) -> None:
    """Count one more; each process counts for itself unless the installation has a shared cache."""
    for key in _keys(username, address).values():
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:  # It ran out between the two: then it was the first again.
            cache.set(key, 1, WINDOW)


def note_success(username: str, address: str) -> None:
    """Forget the failures of this pair; those of the address and the account stand until they run out."""
    cache.delete(_keys(username, address)["pair"])


def _keys(username: str, address: str) -> dict[str, str]:
    account = username.strip().casefold()
    named = {"pair": f"{account}\n{address}", "address": address, "account": account}
    # Hashed: a cache may be shared, and what people mistype as a user name is sometimes their password.
    return {kind: f"tries-{kind}-{hashlib.sha256(text.encode()).hexdigest()}" for kind, text in named.items()}
