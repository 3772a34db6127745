"""A team's answer: who gives it, the step's own questions, and how it is put to the desk once and on what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from holdfast.core.answers import BLANK, Answer
from holdfast.core.conditions import ALWAYS, holds
from holdfast.core.facts import facts_of
from holdfast.core.pathway import Field, Step
from holdfast.core.refusals import Refusal
from holdfast.desk import office
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.doors.partner.models import Visit
from holdfast.doors.partner.room import Room, open_room
from holdfast.doors.partner.sent_packet import sent_packet
from holdfast.doors.partner.visits import CHANNEL
from holdfast.doors.web.casepages.asking import unsettled
from holdfast.doors.web.casepages.choices import options_for
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.casepages.sending import STALE, new_key
from holdfast.doors.web.casepages.typed import Typed, filled, place_errors, read_form, summary
from holdfast.doors.web.forms.fields import FieldView, Option

WHO = "who"
#: How often an answer is put again when something else was written to the case at the same moment.
TRIES = 5


@dataclass
class Answering:
    """The form of one step for one team: empty, or with what was typed and why it was not taken.

    ``who_asked`` is how the one who reads the form is asked who answers; "" where they answer themselves."""

    room: Room
    step: Step
    who: str = ""
    typed: Typed = field(default_factory=Typed)
    refusal: Refusal | None = None
    who_asked: str = ""

    @property
    def questions(self) -> tuple[Field, ...]:
        return (Field(WHO, "staff", self.who_asked or _("Who are you")), *self.step.records)

    def options(self) -> Mapping[str, tuple[Option, ...]]:
        people = tuple(Option(one.id, one.name) for one in self.room.people())
        named = [one for one in self.step.records if one.kind in ("staff", "team", "teams", "slot")]
        return {WHO: people, **{one.id: options_for(self.room.page, one, self.step) for one in named}}

    def views(self) -> list[FieldView]:
        page, options = self.room.page, self.options()
        # What an earlier step was told under the same name is no answer to this one.
        blank = {one.id: Answer(BLANK) for one in self.step.records}
        facts = facts_of(page.state, page.pathway, self.room.directory, blank)
        shown = [
            view_of(one, None, page.file, page.seen.zone, options.get(one.id, ()), holds(one.needed, facts))
            for one in (self.questions[0], *unsettled(page, self.step.records))
        ]
        return [self._with_who(filled(view, self.typed)) for view in shown]

    def errors(self) -> list[dict[str, str]]:
        return summary(self.typed.errors, {one.id: one for one in self.questions}, self.refusal)

    def shows(self) -> list[FieldView]:
        """What must be read before the questions, as it was sent."""
        page, answers = self.room.page, sent_packet(self.room.page).answers
        fields = [one for id in self.step.shows if (one := page.naming.field(id))]
        return [view_of(one, answers.get(one.id), page.file, page.seen.zone) for one in fields]

    def key(self) -> str:
        """A key for the form: sent twice, it is done once."""
        return new_key()

    def _with_who(self, view: FieldView) -> FieldView:
        return replace(view, value=self.who, answer="given") if view.id == WHO and not view.value and self.who else view


def read_answer(room: Room, step: Step, sent: QueryDict) -> Answering:
    """The form as it was posted."""
    form = Answering(room, step)
    form.typed = read_form(form.questions, sent, room.page.seen.zone, form.options())
    who = form.typed.posted[WHO]
    if who.kind != "given":
        form.typed.errors = {WHO: _("Choose your name."), **form.typed.errors}
    elif not room.directory.in_team(str(who.value), room.team.id):
        form.typed.errors = {WHO: _("Choose one of the people of your team."), **form.typed.errors}
    else:
        form.who = str(who.value)
    if WHO in form.typed.errors:
        # The desk is not asked yet: what else is blank is said at once, so that nobody has to come back twice.
        blank = [one.id for one in step.records if one.needed == ALWAYS and form.typed.posted[one.id].kind == "blank"]
        form.typed.errors |= {id: _("This is needed.") for id in blank}
    return form


def put_answer(form: Answering, visit: Visit, sent: QueryDict, now: datetime) -> Outcome | None:
    """Put it to the desk as the person who said who they are; None when the case is no longer this team's business.

    Refused when the packet changed after it was read: nobody accepts what they have not seen.
    """
    answers = {one.id: form.typed.answers[one.id] for one in form.step.records}
    asked = {"team": form.room.team.id} if form.room.page.state.open_offers() else {}
    ask = Ask("TakeStep", {"step": form.step.id, **asked}, answers)
    key = sent.get("key", "")[:100] or new_key()
    room: Room | None = form.room
    outcome: Outcome | None = None
    for _again in range(TRIES):
        if room is None:
            return None
        page = room.page
        if sent.get("read", "") != str(sent_packet(page).version):
            return Outcome(False, page.stream, page.file.number, Refusal("changed", _changed()))
        envelope = Envelope(page.stream, ask, form.who, CHANNEL, key, page.file.number)
        outcome = office.the_desk().handle(envelope)
        if outcome.refusal is None or outcome.refusal.code != STALE:
            break
        room = open_room(visit, now)
    return outcome


def explain(form: Answering, refusal: Refusal) -> None:
    """Put the refusal beside the questions it names."""
    form.refusal = refusal
    form.typed.errors |= place_errors(refusal, {one.id: one for one in form.questions})


def _changed() -> str:
    return _("The packet was changed after you opened it. Read it again, then answer. Nothing was recorded.")
