"""The tier of a case, the rule or the person that put it there, and what would change it (CON-03, MOD-06)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.events import TierSet
from holdfast.core.facts import scores_of
from holdfast.core.phrases import listed
from holdfast.doors.web.casepages.offers import refusal_words
from holdfast.doors.web.casepages.opened import Opened


def acuity(page: Opened) -> dict[str, Any]:
    """The tier, why, since when, and the deeds that raise or lower it."""
    say = page.naming
    tier = page.state.tier
    shown: dict[str, Any] = {"tier": say.tier(tier), "because": "", "since": None, "raise": [], "lower": []}
    shown["scores"] = scores_of(page.state, page.pathway, page.seen.directory)
    for one in page.record:
        for event in one.events:
            if isinstance(event, TierSet):
                shown |= {"because": _because(page, event), "since": one.recorded}
    for deed in page.deeds:
        url = page.deed_url(deed.command, deed.target)
        if deed.command == "RaiseTier":
            shown["raise"].append({"label": deed.title, "url": url})
        elif deed.command == "LowerTier":
            why = refusal_words(page, deed.refusal)["why"] if deed.refusal else ""
            shown["lower"].append({"label": deed.title, "url": url, "why": why})
    return shown


def _because(page: Opened, event: TierSet) -> str:
    say = page.naming
    if event.by != "rule":
        return _("set by %(who)s: %(why)s") % {"who": say.staff_at(event.by), "why": say.text(event.reason)}
    lines = [say.fact(line) for line in event.because]
    return _("because %(why)s") % {"why": listed(lines)} if lines else _("no rule for a more acute tier applies")
