"""The packet as it was sent, not as the sender drafts it now: what the reader must act on first, the rest folded away (PKT-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.answers import BLANK, Answer
from holdfast.core.events import PacketFilled, PacketSent
from holdfast.core.pathway import Field, Section
from holdfast.core.scores import facts_behind
from holdfast.doors.web.casepages.naming import DAMAGED
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.packet_form import prefill_note
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.forms.fields import FieldView, Option


@dataclass(frozen=True, slots=True)
class SentPacket:
    """The last version sent; ``version`` 0 while none was. ``changed`` are the fields that differ from the one before."""

    version: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def sent_packet(page: Opened) -> SentPacket:
    """Told from the record, entry by entry."""
    drafted: dict[str, Answer] = {}
    sent = SentPacket()
    for entry in page.record:
        for event in entry.events:
            if isinstance(event, PacketFilled):
                drafted |= event.fields
            elif isinstance(event, PacketSent):
                changed = event.changed if event.version > 1 else ()
                sent = SentPacket(event.version, dict(drafted), event.missing, changed)
    return sent


def asked_for(page: Opened, sent: SentPacket) -> list[FieldView]:
    """What would count as success, and by when."""
    return [_view(page, sent, one) for id in page.pathway.success.values() if (one := page.pathway.find_field(id))]


def sections(page: Opened, sent: SentPacket) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those whose answers decide the tier, the weightiest first; and all others."""
    deciding = {fact for tier in page.pathway.tiers for fact in facts_behind(tier.when, page.pathway)}
    weights = {part.id: sum(one.id in deciding for one in part.fields) for part in page.pathway.packet}
    heavy = sorted((part for part in page.pathway.packet if weights[part.id]), key=lambda part: -weights[part.id])
    light = [part for part in page.pathway.packet if not weights[part.id]]
    return [_section(page, sent, part) for part in heavy], [_section(page, sent, part) for part in light]


def lacking(page: Opened, sent: SentPacket) -> list[str]:
    """What the packet went out without (PKT-06)."""
    return [page.naming.asked(id) for id in sent.missing]


def changes(page: Opened, sent: SentPacket) -> list[str]:
    return [page.naming.asked(id) for id in sent.changed]


def _section(page: Opened, sent: SentPacket, part: Section) -> dict[str, Any]:
    answered = [one for one in part.fields if (a := sent.answers.get(one.id)) is not None and a.how != BLANK]
    return {"title": part.title, "fields": [_view(page, sent, one) for one in answered]}


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
