"""Promises as clocks that explain themselves: what started them, the rule, due when for the reader, paused or not (BEY-24)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.deeds import Deed
from holdfast.core.state import Promise
from holdfast.doors.web.casepages.opened import Opened

#: A clock that goes within this time is marked as soon due.
SOON = timedelta(hours=4)
#: Deeds about a promise that do not stand in the way of doing it.
RARE = frozenset({"MoveOwner", "Waive"})


def clock_of(page: Opened, promise: Promise) -> dict[str, Any]:
    """The clock component's context for one promise."""
    say, now = page.naming, page.seen.now
    words = {"what": say.promise(promise.id), "who": say.staff_at(promise.owner)}
    clock: dict[str, Any] = {
        "what": _("%(what)s: %(who)s") % words,
        "due": promise.due,
        "now": now,
        "zone": page.seen.zone,
        "started": f"{say.moment(promise.started_by)}, {say.at(promise.started)}",
        "rule": say.phrases.rule(promise),
        "state": _stands(promise, now),
    }
    if promise.ended is not None:
        clock["met_at"] = promise.ended
    return clock


def _stands(promise: Promise, now: Any) -> str:
    if promise.status in ("met", "annulled"):
        return "met"
    if promise.status == "met-late":
        return "met-late"
    if not promise.owed:
        return "waived"
    return "soon" if promise.due - now <= SOON else "running"


def owed_clocks(page: Opened, tasks: bool) -> list[dict[str, Any]]:
    """What is owed now, soonest due first, each with its clock and the deeds that are about it."""
    found = []
    for promise in sorted(page.state.owed(), key=lambda p: (p.due, p.id)):
        spec = page.pathway.find_obligation(promise.kind)
        if bool(spec and spec.task) == tasks:
            found.append(
                {
                    "promise": promise,
                    "clock": clock_of(page, promise),
                    "mine": promise.owner == page.actor,
                    "done_when": spec.done_when if spec else "",
                    "called": _called(page, promise),
                    "deeds": [_short(page, d) for d in page.deeds if _about(d, promise) and d.command not in RARE],
                    "rare": [_short(page, d) for d in page.deeds if _about(d, promise) and d.command in RARE],
                }
            )
    return found


def _about(deed: Deed, promise: Promise) -> bool:
    return deed.about == promise.id and deed.allowed


def _short(page: Opened, deed: Deed) -> dict[str, Any]:
    url = page.deed_url(deed.command, deed.target, deed.about)
    labels = {
        "Meet": _("Give the evidence"),
        "Acknowledge": _("I am on it"),
        "MoveOwner": _("Another person does it"),
        "Waive": _("It does not apply") if _for_a_task(page, deed) else _("Sign it off without being done"),
    }
    return {"label": labels.get(deed.command, deed.title), "url": url, "quiet": deed.command != "Meet"}


def _for_a_task(page: Opened, deed: Deed) -> bool:
    promise = page.state.promises[deed.about]
    spec = page.pathway.find_obligation(promise.kind)
    return spec is not None and spec.not_applicable


def _called(page: Opened, promise: Promise) -> str:
    if promise.held_by:
        words = {"who": page.naming.staff(promise.held_by), "at": page.naming.at(promise.climbs)}
        return _("%(who)s is on it. Without a deed it climbs on at %(at)s.") % words
    if promise.turn:
        return _("Calls made about it: %(n)d. The next at %(at)s.") % {
            "n": promise.turn,
            "at": page.naming.at(promise.climbs),
        }
    return ""
