"""The tracker: high-impact tasks, each with an owner, a due time and what counts as done, those at risk first (TRK-02)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.state import Promise
from holdfast.doors.web.casepages.clocks import clock_of, owed_clocks
from holdfast.doors.web.casepages.opened import Opened


def tasks(page: Opened) -> dict[str, Any]:
    """Open tasks by due time, and those that are settled with how."""
    settled = [p for p in page.state.promises.values() if not p.owed and _is_task(page, p)]
    return {
        "open": owed_clocks(page, tasks=True),
        "settled": [
            {"what": page.naming.owed(p.kind), "how": _how(p), "clock": clock_of(page, p), "at": p.ended}
            for p in sorted(settled, key=lambda p: p.started)
        ],
    }


def _is_task(page: Opened, promise: Promise) -> bool:
    spec = page.pathway.find_obligation(promise.kind)
    return spec is not None and spec.task


def _how(promise: Promise) -> str:
    return {
        "met": _("met in time"),
        "met-late": _("met late"),
        "annulled": _("met in time, written up later"),
        "not-applicable": _("does not apply"),
        "waived": _("signed off"),
    }.get(promise.status, _("no longer owed"))
