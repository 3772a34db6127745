"""Instants and spans of time in words, in the reader's own zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

# What a clock is, as an icon and as words: colour alone never carries it.
CLOCK_ICONS: Mapping[str, str] = {
    "running": "schedule",
    "soon": "hourglass_empty",
    "overdue": "error",
    "met": "check_circle",
    "met-late": "check_circle",
    "waived": "cancel",
    "paused": "timer",
}


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant on a page needs a time zone")
    return at


def _local(at: datetime, zone: str | tzinfo | None) -> datetime:
    if not zone:
        return _aware(at)
    return _aware(at).astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


@register.filter
def local_instant(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """`Tue 24 Nov 2026, 14:05 GMT`: an aware instant in the zone named (its own when none is); empty for None."""
    if at is None:
        return ""
    local = _local(at, zone)
    name = local.tzname() or ""
    if name[:1] in "+-":  # many zones have no letters of their own
        name = f"UTC{name}"
    return f"{dateformat.format(local, 'D j M Y, H:i')} {name}".strip()


@register.filter
def local_day(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """`Tue 24 Nov 2026`: the day of an aware instant in the zone named; empty for None."""
    return "" if at is None else dateformat.format(_local(at, zone), "D j M Y")


@register.filter
def plain_day(day: date | str | None) -> str:
    """`3 May 1984`, never 5/3: a day as a date or as ISO text; text that is no ISO day is shown as it is."""
    try:
        return dateformat.format(date.fromisoformat(day) if isinstance(day, str) else day, "j M Y") if day else ""
    except ValueError:
        return str(day)


@register.filter
def span_words(span: timedelta) -> str:
    """`2 days 4 hours`: the two largest units of a span, rounded down to whole minutes; the sign is dropped."""
    minutes = int(abs(span).total_seconds()) // 60
    if minutes == 0:
        return _("less than a minute")
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def due_words(due: datetime, now: datetime) -> str:
    """`Due in 3 hours` or `Overdue by 2 days 4 hours`; an instant that is now is overdue."""
    left = _aware(due) - _aware(now)
    words = span_words(left)
    return _("Due in %(span)s") % {"span": words} if left > timedelta(0) else _("Overdue by %(span)s") % {"span": words}


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


@register.filter
def clock_state(clock: Any) -> str:
    """The state a clock shows: the one given, else `overdue` or `running` by its `due` and `now`."""
    given = _get(clock, "state")
    # A running clock whose time has passed is overdue, whatever a presenter worked out earlier.
    if given in ("", None, "running", "soon") and _get(clock, "due") <= _get(clock, "now"):
        return "overdue"
    return given or "running"


@register.filter
def clock_icon(state: str) -> str:
    """The icon of a clock's state."""
    return CLOCK_ICONS[state]


@register.filter
def clock_words(clock: Any) -> str:
    """The first line of a clock: `Overdue by 2 hours`, `Due in 3 hours`, `Done late`, `Paused`, `Waived`."""
    fixed = {"met": _("Done"), "met-late": _("Done late"), "waived": _("Waived"), "paused": _("Paused")}
    return fixed.get(clock_state(clock)) or due_words(_get(clock, "due"), _get(clock, "now"))
