"""What somebody typed into a form: as answers for the desk, as the form shows it again, with what is wrong beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from holdfast.core.answers import RawAnswer
from holdfast.core.pathway import Field
from holdfast.core.refusals import Refusal
from holdfast.doors.web.casepages.questions import to_answer, view_of
from holdfast.doors.web.forms import posted
from holdfast.doors.web.forms.fields import FieldView, Option


@dataclass
class Typed:
    """One reading of a form: by field id, what was posted, the answers that can be read, and the errors."""

    posted: dict[str, posted.RawAnswer] = field(default_factory=dict)
    answers: dict[str, RawAnswer] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_form(
    fields: Iterable[Field], sent: QueryDict, zone: str, options: Mapping[str, Sequence[Option]] | None = None
) -> Typed:
    """Everything posted for ``fields``; a blank is an answer too, because it may take one back."""
    typed = Typed()
    for one in fields:
        raw = posted.read_posted(view_of(one, None, None, zone, (options or {}).get(one.id, ())), sent)
        typed.posted[one.id] = raw
        answer = to_answer(one, raw, zone)
        if isinstance(answer, str):
            typed.errors[one.id] = answer
        else:
            typed.answers[one.id] = answer
    return typed


def filled(view: FieldView, typed: Typed) -> FieldView:
    """The field with what was typed in it, and what is wrong with that: nothing that was typed is lost."""
    raw = typed.posted.get(view.id)
    if raw is None:
        return view
    how = "" if raw.kind == "blank" else raw.kind
    error = typed.errors.get(view.id, "")
    return replace(view, value=raw.value, answer=how, error=error, confirmed=raw.confirmed)


def place_errors(refusal: Refusal, fields: Mapping[str, Field]) -> dict[str, str]:
    """Field id to what is wrong, for the parts of a refusal that name a field of the form."""
    errors = {}
    for missing in refusal.missing:
        one = fields.get(missing.what)
        if one is not None:
            says = missing.says.removeprefix(f"{one.ask}: ")
            if says in (one.ask, ""):
                says = _("This is needed.") if refusal.code == "incomplete" else refusal.says
            errors[one.id] = says[:1].upper() + says[1:]
    return errors


def summary(
    errors: Mapping[str, str], fields: Mapping[str, Field], refusal: Refusal | None = None
) -> list[dict[str, str]]:
    """The lines of the error summary, each a link to its field; the refusal's own sentence where it names none."""
    lines = [{"id": id, "message": f"{fields[id].ask}: {says}"} for id, says in errors.items() if id in fields]
    if refusal is not None and not lines:
        lines.append({"id": "", "message": refusal.says})
    return lines
