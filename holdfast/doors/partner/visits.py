"""Visits: a browser that proved itself for one link, for half an hour, known by a cookie of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from holdfast.deliveries.models import Link
from holdfast.deliveries.outbox import note_attempt
from holdfast.desk import office
from holdfast.doors.partner.models import Visit

#: Under which channel the openings of a link stand among the attempts.
CHANNEL = "link"
LASTS = timedelta(minutes=30)
_COOKIE, _WHO = "holdfast_visit", "holdfast_visitor"
_PATH = "/link/"
_KEPT = timedelta(days=1)


def now() -> datetime:
    """The desk's own time: the database's side of the house in earnest, a told clock in a rehearsal."""
    clock = office.the_desk().clock
    return clock() if clock is not None else timezone.now()


def begin(link: Link, at: datetime, response: HttpResponse) -> Visit:
    """A new visit, logged as an opening; its secret goes into the browser and nowhere else."""
    secret = secrets.token_urlsafe(32)
    Visit.objects.filter(ends_at__lt=at - _KEPT).delete()
    visit = Visit.objects.create(
        id=_hash(secret),
        token_hash=link.token_hash,
        stream=link.stream,
        team=link.team,
        began_at=at,
        ends_at=at + LASTS,
    )
    note_attempt(link.key, at, CHANNEL, "opened")
    _put(response, _COOKIE, secret)
    return visit


def find(request: HttpRequest, at: datetime) -> Visit | None:
    """The visit of this browser, unless it is over or its link is: taken back or run out."""
    secret = request.COOKIES.get(_COOKIE, "")
    visit = Visit.objects.filter(id=_hash(secret), ends_at__gt=at).first() if secret else None
    if (
        visit is None
        or not Link.objects.filter(token_hash=visit.token_hash, revoked_at=None, expires_at__gt=at).exists()
    ):
        return None
    return visit


def end(visit: Visit, response: HttpResponse) -> None:
    """Over, here and in the browser."""
    visit.delete()
    for name in (_COOKIE, _WHO):
        response.delete_cookie(name, path=_PATH, samesite="Strict")


def remember_who(response: HttpResponse, visit: Visit, staff: str) -> None:
    """Who answered, so that the next form of this visit need not ask from nothing."""
    response.set_signed_cookie(_WHO, staff, salt=visit.id, path=_PATH, **_safe())


def who_was(request: HttpRequest, visit: Visit) -> str:
    return str(request.get_signed_cookie(_WHO, default="", salt=visit.id) or "")


def _put(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, path=_PATH, **_safe())


def _safe() -> dict[str, Any]:
    secure = bool(settings.SESSION_COOKIE_SECURE)
    return {"max_age": int(LASTS.total_seconds()), "httponly": True, "samesite": "Strict", "secure": secure}


def _hash(secret: str) -> str:
    # The secret has 256 random bits, so its hash needs no salt.
    return hashlib.sha256(b"holdfast visit\x00" + secret.encode()).hexdigest()
