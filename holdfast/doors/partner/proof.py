"""Proving that one belongs to the team: a one-time code to its second agreed address, or the team's PIN."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from holdfast.core.parties import Directory, Team
from holdfast.deliveries.channels.channel import Notice, Sent
from holdfast.deliveries.channels.email.identity import is_address
from holdfast.deliveries.links import CODE_LASTS, locked, note_opened, put_code, spend_attempt, use_code
from holdfast.deliveries.models import Attempt, Link, Mute
from holdfast.deliveries.outbox import note_attempt
from holdfast.deliveries.postroom import the_channels
from holdfast.doors.partner.lockout import tell_locked
from holdfast.doors.partner.visits import CHANNEL

#: No second code within this time, and no more than so many in an hour: a link must not become a way to flood a mailbox.
APART, MOST_CODES = timedelta(seconds=60), 5
CODE, PIN = "code", "pin"
_SENT = "code-sent"


@dataclass(frozen=True, slots=True)
class Ways:
    """By what a team can prove itself; without either, the link stays shut."""

    code: bool
    pin: bool


def ways_of(link: Link, directory: Directory) -> Ways:
    team = directory.teams.get(link.team)
    return Ways(bool(team and is_address(team.second_address)), bool(team and team.pin_hash))


def code_sent(link: Link, now: datetime) -> datetime | None:
    """When the code that can be entered now was sent."""
    if not link.code_hash or link.code_expires is None or link.code_expires <= now:
        return None
    return _codes(link, link.code_expires - CODE_LASTS).values_list("at", flat=True).order_by("at").last()


def send_code(link: Link, team: Team, now: datetime) -> str:
    """Send a new code to the second address. Gives "" when it left, else why not, in a sentence.

    Straight through the channel and not by the outbox: somebody stands there and waits, and the code is written nowhere.
    """
    if _codes(link, now - APART).exists():
        return _("A code was sent moments ago. Wait a minute before you ask for another.")
    if _codes(link, now - timedelta(hours=1)).count() >= MOST_CODES:
        return _("Too many codes were asked for. Use one that has come, or wait an hour.")
    if Mute.objects.exists():
        return _("Messages are held back just now, so no code can be sent. Call the people who wrote to you.")
    code = put_code(link, now)
    key = f"code.{link.token_hash[:16]}.{int(now.timestamp() * 1000)}"
    notice = Notice(key, team.second_address, "sign-in-code", "", {"code": code}, secrets.token_hex(16))
    attempt = the_channels()["email"].send(notice, now)
    if isinstance(attempt, Sent):
        note_attempt(link.key, now, CHANNEL, _SENT, provider=attempt.provider_id or "")
        return ""
    note_attempt(link.key, now, CHANNEL, "code-refused", getattr(attempt, "code", ""))
    return _("The code could not be sent. Call the people who wrote to you.")


def prove(link: Link, team: Team, how: str, given: str, now: datetime) -> bool:
    """Whether ``given`` is the code or the PIN. A wrong one costs one of the link's tries; the last of them locks it."""
    good = _right_pin(link, team, given, now) if how == PIN else use_code(link, given, now)
    if not good:
        note_attempt(link.key, now, CHANNEL, f"wrong-{how}")
        link.refresh_from_db()
        if locked(link):
            tell_locked(link, now)
    return good


def _right_pin(link: Link, team: Team, given: str, now: datetime) -> bool:
    if not team.pin_hash or not spend_attempt(link) or not check_password(given, team.pin_hash):
        return False
    note_opened(link, now)
    return True


def _codes(link: Link, since: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(key=link.key, channel=CHANNEL, outcome=_SENT, at__gte=since)
