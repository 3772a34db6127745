"""The packet as it was sent, not as the sender drafts it now: what the reader must act on first, the rest folded away (PKT-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.answers import BLANK, Answer
from holdfast.core.events import PacketFilled, PacketSent
from holdfast.core.pathway import Field
from holdfast.doors.web.casepages.first_page import asked_of, risk_items, since_last
from holdfast.doors.web.casepages.naming import DAMAGED
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.packet_form import prefill_note
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.forms.fields import FieldView, Option


@dataclass(frozen=True, slots=True)
class SentPacket:
    """The last version sent; ``version`` 0 while none was. ``earlier`` are the answers of the versions before it, oldest first."""

    version: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    earlier: tuple[Mapping[str, Answer], ...] = ()


def sent_packet(page: Opened) -> SentPacket:
    """Told from the record, entry by entry."""
    drafted: dict[str, Answer] = {}
    sent = SentPacket()
    for entry in page.record:
        for event in entry.events:
            if isinstance(event, PacketFilled):
                drafted |= event.fields
            elif isinstance(event, PacketSent):
                earlier = (*sent.earlier, sent.answers) if sent.version else ()
                sent = SentPacket(event.version, dict(drafted), event.missing, earlier)
    return sent


def first_page(page: Opened, sent: SentPacket) -> dict[str, Any]:
    """What ``partner/first_page.html`` shows, nothing of it folded away: what is asked for, what is missing or new, every risk."""
    return {
        "sent": sent,
        "asked": asked_for(page, sent),
        "lacking": lacking(page, sent),
        "changes": changed(page, sent),
        "risks": risks(page, sent),
    }


def asked_for(page: Opened, sent: SentPacket) -> list[FieldView]:
    """What would count as success, and by when."""
    return [_view(page, sent, one) for id in page.pathway.success.values() if (one := page.pathway.find_field(id))]


def risks(page: Opened, sent: SentPacket) -> list[FieldView]:
    """Every risk item, one that is needed and nobody answered as well."""
    return [_view(page, sent, one) for one in asked_of(page, risk_items(page.pathway), sent.answers)]


def sections(page: Opened, sent: SentPacket) -> list[dict[str, Any]]:
    """Everything else that was answered, to be folded away."""
    on_top = {one.id for one in risk_items(page.pathway)}
    found = []
    for part in page.pathway.packet:
        answered = [one for one in part.fields if (a := sent.answers.get(one.id)) is not None and a.how != BLANK]
        fields = [_view(page, sent, one) for one in answered if one.id not in on_top]
        if fields:
            found.append({"title": part.title, "fields": fields})
    return found


def lacking(page: Opened, sent: SentPacket) -> list[str]:
    """What the packet went out without (PKT-06)."""
    return [page.naming.asked(id) for id in sent.missing]


def changed(page: Opened, sent: SentPacket) -> list[dict[str, Any]]:
    """What differs from the version before or, in the first, from the person's last handoff."""
    return since_last(page, [*sent.earlier, sent.answers]) if sent.version else []


def _view(page: Opened, sent: SentPacket, one: Field) -> FieldView:
    answer = sent.answers.get(one.id)
    if page.file.damaged(answer):
        return FieldView(one.id, "text", one.ask, value=str(DAMAGED))
    if page.file.erased(answer):
        return FieldView(one.id, "text", one.ask, value=_("Erased"))
    options: tuple[Option, ...] = ()
    if answer is not None and one.kind in ("staff", "team", "slot"):
        options = (Option(str(answer.value), page.naming.said(one, answer)),)
    view = view_of(one, answer, page.file, page.seen.zone, options)
    return replace(view, prefill_note=prefill_note(page, answer)) if answer is not None and answer.unconfirmed else view
