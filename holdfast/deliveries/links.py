"""Secure links that travel in messages: the token is in the mail and nowhere else, the table keeps only its hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from holdfast.deliveries.models import Link

TOKEN_BYTES = 32
#: Wrong codes or PINs before a link is locked.
MOST_ATTEMPTS = 5
#: How long a link opens. One that ran out is renewed on its own page, by a message to the agreed address.
LINK_LASTS = timedelta(days=14)
CODE_LASTS = timedelta(minutes=10)

Entropy = Callable[[int], bytes]


def make_link(
    stream: str, team: str, key: str, now: datetime, lasting: timedelta, entropy: Entropy = os.urandom
) -> str:
    """A link for one team to one case, made for the message ``key``: gives its token, which cannot be had again.

    Entropy that gives the same bytes for the same message gives the same link, so that a message sent twice holds one link.
    """
    token = base64.urlsafe_b64encode(entropy(TOKEN_BYTES)).rstrip(b"=").decode()
    Link.objects.get_or_create(
        token_hash=hash_of(token),
        defaults={"stream": stream, "team": team, "key": key, "made_at": now, "expires_at": now + lasting},
    )
    return token


def find_link(token: str, now: datetime) -> Link | None:
    """The link of this token, unless it expired or was revoked. A locked one is found: ask ``locked``."""
    link = Link.objects.filter(token_hash=hash_of(token)).first()
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        return None
    return link


def hash_of(token: str) -> str:
    """What is kept of a token: SHA-256, hex. A token has 256 random bits, so its hash needs no salt."""
    return hashlib.sha256(b"holdfast link\x00" + token.encode()).hexdigest()


def locked(link: Link) -> bool:
    """Whether too many wrong codes were given."""
    return link.attempts >= MOST_ATTEMPTS


def spend_attempt(link: Link) -> bool:
    """Count one try at a code or PIN before it is looked at; False when none is left, whoever else is trying (atomic)."""
    return bool(
        Link.objects.filter(token_hash=link.token_hash, attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1)
    )


def put_code(link: Link, now: datetime, entropy: Entropy = os.urandom) -> str:
    """A new one-time code of six digits for this link, in place of any earlier; sent to the team's second address."""
    code = f"{int.from_bytes(entropy(8), 'big') % 1_000_000:06d}"
    Link.objects.filter(token_hash=link.token_hash).update(
        code_hash=_code_hash(link, code), code_expires=now + CODE_LASTS
    )
    return code


def use_code(link: Link, code: str, now: datetime) -> bool:
    """Whether the code is right. Each try costs an attempt; a right code is used up and gives the attempts back."""
    if not spend_attempt(link):
        return False
    with transaction.atomic():
        row = Link.objects.select_for_update().get(token_hash=link.token_hash)
        good = (
            bool(row.code_hash)
            and row.code_expires is not None
            and now < row.code_expires
            and hmac.compare_digest(row.code_hash, _code_hash(link, code.strip()))
        )
        if good:
            note_opened(link, now)
    return good


def note_opened(link: Link, now: datetime) -> None:
    """Somebody proved that they belong to the team: the code is used up, wrong tries are forgotten, the first time is kept."""
    rows = Link.objects.filter(token_hash=link.token_hash)
    rows.update(attempts=0, code_hash="", code_expires=None)
    rows.filter(opened_at=None).update(opened_at=now)


def revoke(stream: str, now: datetime, team: str = "") -> int:
    """Make the links to a case worthless, of one team or of all. Gives how many were still good."""
    links = Link.objects.filter(stream=stream, revoked_at=None, expires_at__gt=now)
    return (links.filter(team=team) if team else links).update(revoked_at=now)


def run_out(team: str, now: datetime) -> int:
    """End the links of a team, of all its cases; a new one goes only to the address that is agreed with it. Gives how many."""
    return Link.objects.filter(team=team, revoked_at=None, expires_at__gt=now).update(expires_at=now)


def _code_hash(link: Link, code: str) -> str:
    # Bound to the link: the same six digits under another link are another hash.
    return hashlib.sha256(f"holdfast code\x00{link.token_hash}\x00{code}".encode()).hexdigest()
