"""Whose messages somebody may see and settle: their own, those they stand in for, their team's and their organisation's."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from holdfast.core.access import INBOX, Viewer, concerned_places, navigation_for
from holdfast.core.parties import Directory
from holdfast.inbox.models import Message

WAITING = ("unmatched", "unreadable")


def owners_for(viewer: Viewer, directory: Directory, at: datetime) -> frozenset[str]:
    """The staff ids whose inbox is the viewer's business; nobody's for those who are not offered an inbox."""
    if INBOX not in navigation_for(viewer, directory):
        return frozenset()
    places = concerned_places(viewer, directory, at)
    colleagues = {s.id for s in directory.staff.values() if any(place in places for place, _ in s.roles)}
    resorts = {
        directory.organisations[directory.teams[place].organisation].last_resort
        for place in places
        if place in directory.teams
    }
    return frozenset({viewer.staff} | (places & directory.staff.keys()) | colleagues | resorts)


def messages_for(viewer: Viewer, directory: Directory, at: datetime) -> QuerySet[Message]:
    """The messages that the viewer may see: those that wait first by due time, then the latest. The sealed bytes stay where they are."""
    owners = owners_for(viewer, directory, at)
    return Message.objects.filter(owner__in=owners).defer("sealed").order_by("due_at", "-received_at", "id")


def may_see_message(viewer: Viewer, directory: Directory, message: Message, at: datetime) -> bool:
    return message.owner in owners_for(viewer, directory, at)


def overdue(now: datetime) -> QuerySet[Message]:
    """The messages that nobody has settled in time, longest overdue first (EVT-04)."""
    return Message.objects.filter(status__in=WAITING, due_at__lt=now).defer("sealed").order_by("due_at", "id")
