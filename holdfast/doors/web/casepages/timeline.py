"""The case's entries as a timeline: who did what and when, with both times where it was written up later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.events import StepTaken
from holdfast.doors.web.casepages.naming import Naming
from holdfast.doors.web.casepages.record import Written
from holdfast.doors.web.casepages.sentences import sentence
from holdfast.doors.web.templatetags.times import span_words

#: How many entries a page shows before it offers the whole record.
SHOWN = 30
#: Written down this soon after it happened is written at once.
AT_ONCE = timedelta(minutes=5)


def timeline_of(record: Iterable[Written], say: Naming) -> list[dict[str, Any]]:
    """Events for the timeline component, newest first."""
    return [_event(one, say) for one in sorted(record, key=lambda one: one.number, reverse=True)]


def _event(one: Written, say: Naming) -> dict[str, Any]:
    said = [words for event in one.events if (words := sentence(event, say))]
    after = one.recorded - one.at
    late = any(isinstance(event, StepTaken) and event.late for event in one.events)
    event: dict[str, Any] = {
        "number": one.number,
        "at": one.at,
        "who": say.staff_at(one.actor),
        "what": said[0] if said else _("Recorded"),
        "details": said[1:],
    }
    if one.scribe:
        event["scribe"] = _("By telephone, written down by %(who)s") % {"who": say.staff_at(one.scribe)}
    if after > AT_ONCE:
        event["recorded_at"] = one.recorded
    if late:
        event["late"] = _("Written up %(span)s later") % {"span": span_words(after)}
    return event
