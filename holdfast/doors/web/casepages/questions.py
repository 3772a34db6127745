"""Questions on a page: a field of the pathway with its answer as a control, and what was typed as an answer for the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from holdfast.core.answers import Answer, RawAnswer
from holdfast.core.pathway import Field
from holdfast.doors.web.forms import posted
from holdfast.doors.web.forms.fields import Answer as Stands
from holdfast.doors.web.forms.fields import Column, FieldView, Kind, Option
from holdfast.worklists.casefile import Casefile

_KINDS = {"staff": "code", "team": "code", "teams": "codes", "slot": "code", "identity": "text"}


def view_of(
    field: Field,
    answer: Answer | None,
    file: Casefile | None,
    zone: str,
    options: Sequence[Option] = (),
    required: bool = False,
) -> FieldView:
    """The field as a page shows it, with ``answer`` in it; ``options`` are the people or teams to choose from."""
    how = "" if answer is None or answer.how == "blank" else answer.how
    value = None if answer is None or file is None else file.value(answer)
    return FieldView(
        id=field.id,
        kind=cast(Kind, _KINDS.get(field.kind, field.kind)),
        label=field.ask,
        hint=field.hint,
        options=tuple(options) or tuple(Option(o.code, o.label) for o in field.options),
        columns=tuple(Column(c.id, c.label) for c in field.columns),
        value=shown(field, value, zone),
        answer=cast(Stands, how),
        required=required,
        none_known_allowed=field.none_known,
        not_disclosed_allowed=field.not_disclosed,
        zone=zone,
    )


def shown(field: Field, value: Any, zone: str) -> Any:
    """A value of the record in the shape a control shows."""
    if value is None:
        return None
    if field.kind == "flag":
        return value == "yes"
    if field.kind == "instant":
        return datetime.fromisoformat(str(value)).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    if field.kind in ("codes", "teams"):
        return tuple(value)
    if field.kind == "list":
        return tuple(value)
    return str(value)


def same(field: Field, how: str, value: Any, view: FieldView) -> bool:
    """Whether what was typed is what the page showed."""
    if how != (view.answer or "blank"):
        return False
    if how != "given":
        return True
    return bool(comparable(field, value) == comparable(field, view.value))


def comparable(field: Field, value: Any) -> Any:
    if field.kind in ("codes", "teams"):
        return sorted(value or ())
    if field.kind == "list":
        return [{column.id: row.get(column.id) or "" for column in field.columns} for row in value or ()]
    return value


def to_answer(field: Field, typed: posted.RawAnswer, zone: str) -> RawAnswer | str:
    """What was typed as an answer for the desk, or what is wrong with it in a sentence."""
    if typed.contradiction:
        said = _("None known") if typed.kind == "none-known" else _("Asked, not disclosed")
        return _("You chose “%(said)s” and also wrote an answer. Keep one of the two.") % {"said": said}
    if typed.kind != "given" or field.kind != "instant":
        return RawAnswer(typed.kind, typed.value)
    instant = read_instant(str(typed.value), zone)
    return instant if isinstance(instant, str) else RawAnswer("given", instant.isoformat())


def read_instant(text: str, zone: str) -> datetime | str:
    """A local ``YYYY-MM-DDTHH:MM`` of ``zone`` as an aware instant, or what is wrong with it."""
    date, _t, time = text.partition("T")
    if not date or not time:
        return _("Give both the date and the time.")
    try:
        local = datetime.fromisoformat(f"{date}T{time}")
        local = local.replace(tzinfo=ZoneInfo(zone))
        offset = local.utcoffset() or timedelta(0)
        again = (local.replace(tzinfo=None) - offset).replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError):
        return _("Give a date and a time such as 29 March 2026, 14:05.")
    if again.replace(tzinfo=None) != local.replace(tzinfo=None):
        return _("The clocks go forward at that hour, so this time does not exist. Give another.")
    return local
