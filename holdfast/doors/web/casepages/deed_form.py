"""The form of one deed: its questions, and how they are put to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.conditions import ALWAYS
from holdfast.core.deeds import Deed
from holdfast.core.pathway import Field, Pathway, Step
from holdfast.core.refusals import Refusal
from holdfast.doors.web.casepages.choices import doers, holders, options_for, people
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.forms.fields import FieldView, Option

#: Deeds that happened at a time of their own, which may be earlier than now.
TIMED = frozenset({"TakeStep", "Meet", "CloseCase"})
REASONED = frozenset({"Waive", "RaiseTier", "LowerTier", "MoveHolder", "MoveOwner", "ReopenCase", "AskOverride"})
#: The name under which a command takes its target.
TARGETS: Mapping[str, str] = {
    "TakeStep": "step",
    "Meet": "promise",
    "Waive": "promise",
    "Acknowledge": "promise",
    "MoveOwner": "promise",
    "CloseCase": "endpoint",
    "NameRole": "named",
    "RaiseTier": "tier",
    "LowerTier": "tier",
    "AskOverride": "step",
}
REASON, OVERRIDE, LATE, WHEN, TO, STAFF = "reason", "override", "late_reason", "occurred", "to", "staff"


@dataclass(frozen=True)
class DeedForm:
    """``fields`` are answers of the pathway's form, ``values`` clear arguments of the command, ``texts`` its reasons."""

    deed: Deed
    values: Mapping[str, str]
    fields: tuple[Field, ...] = ()
    inputs: tuple[Field, ...] = ()
    texts: tuple[Field, ...] = ()
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    shows: tuple[FieldView, ...] = ()
    says: str = ""

    @property
    def timed(self) -> bool:
        return self.deed.command in TIMED

    @property
    def open(self) -> bool:
        """Whether there is anything to send: a deed that is refused has a form only where a gate can be passed at once."""
        return self.deed.allowed or bool(self.texts)

    def questions(self) -> tuple[Field, ...]:
        return (*self.inputs, *self.fields, *self.texts)


def find_form(page: Opened, command: str, target: str, about: str) -> DeedForm | None:
    """The form for this deed of the case, if it has such a deed."""
    if command == "AskOverride":
        return _ask_override(page, target)
    wanted = [deed for deed in page.deeds if deed.command == command and deed.target == target]
    deed = next((deed for deed in wanted if about in ("", deed.about)), None)
    if deed is None or command not in {*TARGETS, "MoveHolder", "ReopenCase"}:
        return None
    step = page.pathway.find_step(target) if command == "TakeStep" else None
    values = {TARGETS[command]: target} if command in TARGETS else {}
    if step is not None and deed.about:
        values["about"] = deed.about
    fields = (
        () if command in ("NameRole", "Waive", "RaiseTier", "LowerTier", "Acknowledge", "MoveOwner") else deed.fields
    )
    inputs, options = _inputs(page, command, target)
    options |= {f.id: options_for(page, f, step) for f in fields if f.kind in ("staff", "team", "teams", "slot")}
    shows = tuple(_shown(page, id) for id in deed.shows)
    return DeedForm(
        deed, values, fields, inputs, _texts(command, deed.refusal), options, shows, _says(page, deed, step)
    )


def _inputs(page: Opened, command: str, target: str) -> tuple[tuple[Field, ...], dict[str, tuple[Option, ...]]]:
    if command == "MoveHolder":
        return (Field(TO, "staff", _("Who is accountable from now on")),), {TO: holders(page)}
    if command == "MoveOwner":
        return (Field(TO, "staff", _("Who does it from now on")),), {TO: doers(page, target)}
    named = page.pathway.find_named(target) if command == "NameRole" else None
    if named is not None:
        return (Field(STAFF, "staff", named.ask),), {STAFF: people(page, {named.role})}
    return (), {}


def _texts(command: str, refusal: Refusal | None) -> tuple[Field, ...]:
    if command in REASONED:
        return (Field(REASON, "text", _("Why")),)
    if refusal is not None and "override" in refusal.instead:
        hint = _("It is done at once, recorded as an exception, and a supervisor must sign it off.")
        return (Field(OVERRIDE, "text", _("Why it cannot wait for what is missing"), hint),)
    return ()


def _ask_override(page: Opened, target: str) -> DeedForm | None:
    """The request for a supervisor's sign-off; only for a deed that waits at gates which a sign-off can open."""
    about = next((d for d in page.deeds if d.target == target and d.command in ("TakeStep", "CloseCase")), None)
    if about is None or about.refusal is None or "ask-override" not in about.refusal.instead:
        return None
    title = _("Ask a supervisor to sign off: %(what)s") % {"what": about.title}
    missing = "; ".join(m.says for m in about.refusal.missing)
    says = _("Missing: %(what)s. Nothing is passed until the supervisor agrees.") % {"what": missing}
    return DeedForm(
        Deed("AskOverride", target, title), {"step": target}, (), (), _texts("AskOverride", None), {}, (), says
    )


def _shown(page: Opened, id: str) -> FieldView:
    found = page.naming.field(id) or Field(id, "text", id)
    answer = page.state.packet.get(id) or page.state.step_answers.get(id)
    return view_of(found, answer, page.file, page.seen.zone)


def _says(page: Opened, deed: Deed, step: Step | None) -> str:
    if step is not None and step.packet:
        team = next((page.naming.team(page.state.parties.get(t.who.partition(".")[0], "")) for t in step.tells), "")
        holder = page.naming.staff(page.state.holder)
        words = {"team": team or _("the receiving team"), "holder": holder}
        return _("This sends a message to %(team)s. Until they accept, %(holder)s stays accountable.") % words
    item = page.naming.item(deed.about)
    if item is not None:
        words = {"what": item.owed, "who": page.naming.staff_at(item.owner), "at": page.naming.at(item.due)}
        about = _("It is about: %(what)s. %(who)s owes it, due %(at)s.") % words
        return f"{about} {deed.says}".strip()
    return deed.says


def groups(pathway: Pathway, fields: tuple[Field, ...], says: Any) -> list[dict[str, Any]]:
    """The questions in order, those with the same condition together under the words of that condition."""
    found: list[dict[str, Any]] = []
    for one in fields:
        if not found or found[-1]["needed"] != one.needed:
            when = "" if one.needed == ALWAYS else says(one.needed)
            found.append({"needed": one.needed, "when": when, "fields": []})
        found[-1]["fields"].append(one)
    return found
