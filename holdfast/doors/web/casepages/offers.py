"""What can be done now, what cannot and why: the deeds of the core as buttons and as plain refusals (GAT-01)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.deeds import Deed
from holdfast.core.refusals import Missing, Refusal
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.packet_form import completeness

#: Commands that stand elsewhere on the page, beside what they change.
ELSEWHERE = frozenset(
    {"FillPacket", "NameRole", "RaiseTier", "LowerTier", "MoveHolder", "MoveOwner", "Meet", "Waive", "Acknowledge"}
)
SHUT = "gate_shut"


def offer(page: Opened, deed: Deed, quiet: bool = False) -> dict[str, Any]:
    """The deed component's context: a link to its form, or why it cannot be done, what is missing and who can supply it."""
    url = page.deed_url(deed.command, deed.target, deed.about)
    shown: dict[str, Any] = {"label": deed.title, "url": url, "method": "get", "allowed": deed.allowed, "quiet": quiet}
    if deed.about and deed.command == "TakeStep":
        shown["note"] = page.naming.promise(deed.about)
    if deed.refusal is not None:
        shown |= refusal_words(page, deed.refusal)
        shown["instead"] = _instead(page, deed)
    return shown


def refusal_words(page: Opened, refusal: Refusal) -> dict[str, Any]:
    """A refusal for reading: the sentence, the missing facts, and the people who can supply them."""
    who = dict.fromkeys(_supplier(page, m) for m in refusal.missing if m.supplied_by)
    missing = [m.says for m in refusal.missing if m.says]
    says = _("Something that it needs is missing.") if refusal.code == SHUT and missing else refusal.says
    fields = {one.id for one in page.pathway.packet_fields()}
    packet = any(m.what in fields for m in refusal.missing)
    return {"why": says, "missing": missing, "packet": packet, "who": "; ".join(filter(None, who)) if missing else ""}


def _supplier(page: Opened, missing: Missing) -> str:
    """Who can supply it: the person by name and their part in the case."""
    gate = next((gate for gate in page.pathway.gates if gate.id == missing.what), None)
    if gate is None:
        return "" if " (" in missing.supplied_by else page.naming.phrases.who(missing.supplied_by)
    part = page.naming.phrases.who(gate.supplied_by)
    name = missing.supplied_by.partition(" (")[0]
    return part if name == gate.supplied_by else f"{name}, {part}"


def _instead(page: Opened, deed: Deed) -> list[dict[str, str]]:
    refusal = deed.refusal
    if refusal is None:
        return []
    ways = [{"label": _("Fill in the packet"), "url": page.url("packet")}] if deed_sends(page, deed) else []
    if "override" in refusal.instead:
        url = page.deed_url(deed.command, deed.target, deed.about)
        return [
            *ways,
            {"label": _("In an emergency: do it now, with a reason. A supervisor signs afterwards"), "url": url},
        ]
    if "ask-override" in refusal.instead:
        if deed.target in page.state.asked:
            return [*ways, {"label": _("A supervisor has been asked to sign this off"), "url": ""}]
        url = page.deed_url("AskOverride", deed.target)
        return [*ways, {"label": _("Ask a supervisor to sign it off"), "url": url}]
    return ways


def deed_sends(page: Opened, deed: Deed) -> bool:
    """Whether the deed sends the packet."""
    step = page.pathway.find_step(deed.target) if deed.command == "TakeStep" else None
    return step is not None and bool(step.packet)


def _answers_mine(page: Opened, deed: Deed) -> bool:
    """Whether the deed would meet something that the viewer owes: such a deed stands first."""
    step = page.pathway.find_step(deed.target)
    marked = {emission.moment for emission in step.emits} if step else set()
    mine = [promise for promise in page.state.owed() if promise.owner == page.actor]
    return any(
        promise.id == deed.about or ((spec := page.pathway.find_obligation(promise.kind)) and marked & set(spec.met_by))
        for promise in mine
    )


def urgent(page: Opened) -> list[Deed]:
    """Deeds that stand on top of every page of the case and wait for nothing (EWS-04)."""
    return [deed for deed in page.deeds if deed.urgent and deed.allowed]


def _filling(page: Opened, steps: list[Deed]) -> list[dict[str, Any]]:
    """First on a new case, for those who will send it: the packet, with how far it is."""
    sends = any(deed_sends(page, d) and (d.refusal is None or d.refusal.code == SHUT) for d in steps)
    if page.state.packet_version or page.state.status != "open" or not sends:
        return []
    stands = completeness(page, page.state)
    if not stands["missing"]:
        return []
    label = _("Fill in the packet (%(done)d of %(total)d answered)") % stands
    return [{"label": label, "url": page.url("packet"), "method": "get", "allowed": True, "quiet": False}]


def _again(shown: dict[str, Any], again: bool) -> dict[str, Any]:
    return {**shown, "label": _("%(deed)s again") % {"deed": shown["label"]}} if again else shown


def offers(page: Opened) -> dict[str, list[dict[str, Any]]]:
    """The steps and endings: those possible now, those that wait for something, those for others or for later."""
    plain = [d for d in page.deeds if d.command not in ELSEWHERE and not d.urgent]
    ends = [d for d in plain if d.command == "CloseCase"]
    steps = [d for d in plain if d.command != "CloseCase"]
    mine = {id(d) for d in steps if d.allowed and _answers_mine(page, d)}
    again = {id(d) for d in steps if d.allowed and page.state.packet_version and deed_sends(page, d)} - mine
    possible = sorted((d for d in steps if d.allowed), key=lambda d: (id(d) in again, id(d) not in mine))
    waiting = [d for d in steps if d.refusal is not None and d.refusal.code == SHUT]
    return {
        "possible": [
            *_filling(page, steps),
            *(_again(offer(page, d, quiet=id(d) not in mine), id(d) in again) for d in possible),
        ],
        "waiting": [offer(page, d) for d in waiting],
        "others": [offer(page, d) for d in steps if not d.allowed and d not in waiting],
        "endings": [offer(page, d, quiet=True) for d in ends],
    }
