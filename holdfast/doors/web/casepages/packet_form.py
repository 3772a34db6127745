"""The packet as a form: its sections with what is saved, what was typed, how complete it is, and what two people changed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.core.answers import BLANK, GIVEN, Answer, Problem, RawAnswer, read_answer
from holdfast.core.conditions import holds
from holdfast.core.facts import facts_of, missing_fields
from holdfast.core.pathway import Field
from holdfast.core.phrases import spaced
from holdfast.core.state import State
from holdfast.doors.web.casepages.asking import is_idle
from holdfast.doors.web.casepages.choices import options_for, people
from holdfast.doors.web.casepages.naming import DAMAGED
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.questions import same, view_of
from holdfast.doors.web.casepages.typed import Typed, filled, read_form
from holdfast.doors.web.casepages.versions import NAMED, named_fields, standing
from holdfast.doors.web.forms.fields import FieldView, Option, dom_id


@dataclass
class Draft:
    """One reading of the posted form. ``mine`` are the fields that its writer changed from what they were shown."""

    typed: Typed = field(default_factory=Typed)
    mine: set[str] = field(default_factory=set)
    theirs: set[str] = field(default_factory=set)

    @property
    def fields(self) -> dict[str, RawAnswer]:
        """What is to be saved of the packet."""
        return {id: answer for id, answer in self._changed().items() if not id.startswith(NAMED)}

    @property
    def named(self) -> dict[str, str]:
        """Named role to staff id, for those that were changed."""
        found = {id: answer for id, answer in self._changed().items() if id.startswith(NAMED)}
        return {id.removeprefix(NAMED): str(answer.value) for id, answer in found.items() if answer.how == GIVEN}

    def _changed(self) -> dict[str, RawAnswer]:
        """What was changed and can be read."""
        return {id: self.typed.answers[id] for id in sorted(self.mine) if id in self.typed.answers}


def questions(page: Opened) -> tuple[Field, ...]:
    return (*page.pathway.packet_fields(), *named_fields(page))


def options(page: Opened) -> dict[str, tuple[Option, ...]]:
    """The people and teams that each field offers."""
    found = {
        one.id: options_for(page, one) for one in page.pathway.packet_fields() if one.kind in ("staff", "team", "teams")
    }
    return found | {one.id: people(page, {one.role}) for one in named_fields(page)}


def read_draft(page: Opened, sent: QueryDict, seen: int) -> Draft:
    """Set what was typed beside what its writer was shown (entry ``seen``) and beside what is saved now."""
    draft = Draft(read_form(questions(page), sent, page.seen.zone, options(page)))
    base, now = standing(page, seen), standing(page)
    for one in questions(page):
        raw = draft.typed.posted[one.id]
        shown, saved = _view(page, one, base.get(one.id)), _view(page, one, now.get(one.id))
        if same(one, raw.kind, raw.value, shown) and not raw.contradiction:
            draft.typed.errors.pop(one.id, None)
            answer = base.get(one.id)
            if raw.confirmed and answer is not None and answer.unconfirmed and now.get(one.id) == answer:
                draft.mine.add(one.id)
                draft.typed.answers[one.id] = replace(draft.typed.answers[one.id], source=answer.source)
            continue
        if same(one, raw.kind, raw.value, saved) and not raw.contradiction:
            continue
        draft.mine.add(one.id)
        if now.get(one.id) != base.get(one.id):
            draft.theirs.add(one.id)
            words = {"theirs": page.naming.said(one, now.get(one.id))}
            draft.typed.errors[one.id] = (
                _("Somebody saved “%(theirs)s” while you were writing. Yours is kept here: save again to use it.")
                % words
            )
    return draft


def sections(page: Opened, draft: Draft | None = None) -> list[dict[str, Any]]:
    """The form: what is saved, and over it what was typed and differs."""
    now = standing(page)
    facts = facts_of(page.state, page.pathway, page.seen.directory)
    offered = options(page)

    def view(one: Field, required: bool) -> FieldView:
        answer = now.get(one.id)
        shown = _view(page, one, answer, offered.get(one.id, ()), required)
        shown = replace(shown, prefill_note=prefill_note(page, answer))
        if draft is None or (one.id not in draft.mine and one.id not in draft.typed.errors):
            return shown
        return filled(shown, draft.typed)

    found = [
        {"id": s.id, "title": s.title, "fields": [view(one, holds(one.needed, facts)) for one in s.fields]}
        for s in page.pathway.packet
    ]
    if page.pathway.named:
        fields = [view(one, True) for one in named_fields(page)]
        found.append({"id": "named", "title": _("Who answers for what"), "fields": fields})
    return found


def _view(
    page: Opened, one: Field, answer: Answer | None, offered: tuple[Option, ...] = (), required: bool = False
) -> FieldView:
    view = view_of(one, answer, page.file, page.seen.zone, offered, required)
    if page.file.damaged(answer):
        return replace(view, hint=str(DAMAGED))
    return replace(view, hint=_("What was here was erased.")) if page.file.erased(answer) else view


def prefill_note(page: Opened, answer: Answer | None) -> str:
    """Where a carried-forward answer is from and how old it is; "" once it was confirmed (PKT-09)."""
    if answer is None or not answer.unconfirmed:
        return ""
    source = spaced(answer.source) or _("an earlier record")
    if answer.true_at is None:
        return _("From %(source)s, age not known. Not yet confirmed.") % {"source": source}
    days = max(0, (page.seen.now - answer.true_at).days)
    age = ngettext("%(n)d day old", "%(n)d days old", days) % {"n": days}
    return _("From %(source)s, %(age)s. Not yet confirmed.") % {"source": source, "age": age}


def as_typed(page: Opened, draft: Draft, now: datetime) -> State:
    """The case as it would stand if the draft were saved; nothing is saved by it."""
    state = page.state.copy()
    for id in sorted(draft.mine):
        one = page.pathway.find_field(id)
        if one is None:
            continue
        raw = draft.fields.get(id)
        reading = read_answer(one, raw) if raw is not None else None
        if reading is None or isinstance(reading, Problem):
            state.packet[id] = Answer(BLANK)
        else:
            sealed = "typed" if reading.to_seal else ""
            state.packet[id] = Answer(reading.how, reading.value, sealed, page.actor, now)
    state.named.update(draft.named)
    return state


def completeness(page: Opened, state: State) -> dict[str, Any]:
    """How many needed answers are there, which are not, which questions these do not call for, and the tier they give (PKT-06)."""
    facts = facts_of(state, page.pathway, page.seen.directory)
    needed = [one for one in page.pathway.packet_fields() if holds(one.needed, facts)]
    missing = missing_fields(state, page.pathway, page.seen.directory)
    unnamed = [one for one in named_fields(page) if one.id.removeprefix(NAMED) not in state.named]
    total = len(needed) + len(page.pathway.named)
    lacking = [*missing, *unnamed]
    tier = next((t for t in page.pathway.tiers if holds(t.when, facts)), page.pathway.tiers[-1])
    return {
        "done": total - len(lacking),
        "total": total,
        "missing": [{"id": one.id, "label": one.ask} for one in lacking],
        "idle": [dom_id(one.id) for one in page.pathway.packet_fields() if is_idle(one.needed, facts)],
        "tier": tier.title,
    }


def fields_by_id(page: Opened) -> Mapping[str, Field]:
    return {one.id: one for one in questions(page)}
