"""Names instead of ids: people, teams, promises, tiers and answers, in the words of the case's own edition."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.core.answers import Answer, instant_of
from holdfast.core.begun_events import Item
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.phrases import Phrases, spaced
from holdfast.core.scores import SCORE
from holdfast.core.work import SYSTEM
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.forms.fields import Option, answer_text
from holdfast.doors.web.templatetags.times import local_instant
from holdfast.pathways.editions import UnknownEdition, latest_edition
from holdfast.worklists.casefile import Casefile

#: What stands in place of a value whose sealed row was altered; `holdfast verify` and the alarms say where.
DAMAGED = gettext_lazy("This value is damaged and cannot be read. Tell whoever runs Holdfast.")


class Naming:
    """Words for one case, its instants in one reader's ``zone``."""

    def __init__(self, file: Casefile, directory: Directory, zone: str) -> None:
        self.file = file
        self.pathway: Pathway = file.pathway
        self.directory = directory
        self.zone = zone
        self.phrases = Phrases(file.pathway)

    def staff(self, id: str) -> str:
        """The person's name; the machine speaks as Holdfast."""
        if id == SYSTEM:
            return "Holdfast"
        person = self.directory.staff.get(id)
        return person.name if person else id

    def staff_at(self, id: str) -> str:
        """The name with the team of this case they belong to, or their first."""
        teams = [team for team in self.file.state.parties.values() if self.directory.in_team(id, team)]
        person = self.directory.staff.get(id)
        if not teams and person is not None:
            teams = sorted(place for place, _role in person.roles if place in self.directory.teams)
        return f"{self.staff(id)}, {self.team(teams[0])}" if teams else self.staff(id)

    def team(self, id: str) -> str:
        team = self.directory.teams.get(id)
        return team.name if team else id

    def someone(self, to: str) -> str:
        """The reader of a notice: ``team:x`` or ``staff:y``."""
        kind, _colon, id = to.partition(":")
        return self.team(id) if kind == "team" else self.staff_at(id)

    def notice(self, notice: str, about: str = "") -> str:
        """What a message is about in the pathway's words: what is owed, or the one step or end that sends such a message."""
        if about and about in self.file.state.promises:
            return self.promise(about)
        steps = [step.title for step in self.pathway.steps if any(tell.notice == notice for tell in step.tells)]
        ends = [one.title for one in self.pathway.endpoints if any(tell.notice == notice for tell in one.tells)]
        return (steps + ends)[0] if len(steps + ends) == 1 else ""

    def promise(self, id: str) -> str:
        """What is owed; of an item that was taken up, also what it is that is still owed elsewhere (PKT-13)."""
        owed, item = self.owed(id.partition("#")[0]), self.item(id)
        return f"{owed} - {item.owed}" if item else owed

    def item(self, promise: str) -> Item | None:
        """What the promise asks about, of those things that other cases still owed when this one opened."""
        found = self.file.state.promises.get(promise)
        return self.file.state.items.get(found.about) if found else None

    def owed(self, kind: str) -> str:
        spec = self.pathway.find_obligation(kind)
        return spec.owed if spec else spaced(kind)

    def other(self, pathway: str) -> str:
        """Another pathway by the title of its latest edition."""
        try:
            return latest_edition(pathway).title
        except UnknownEdition:
            return spaced(pathway)

    def tier(self, id: str) -> str:
        return next((tier.title for tier in self.pathway.tiers if tier.id == id), id)

    def moment(self, id: str) -> str:
        return spaced(id)

    def at(self, instant: datetime) -> str:
        return local_instant(instant, self.zone)

    def field(self, id: str) -> Field | None:
        return self.phrases.packet.get(id) or self.phrases.answers.get(id)

    def asked(self, id: str) -> str:
        field = self.field(id)
        return field.ask if field else spaced(id)

    def said(self, field: Field, answer: Answer | None) -> str:
        """An answer in words; an erased one says so, a blank one is told apart from "none known"."""
        options: tuple[Option, ...] = ()
        if answer is not None and field.kind in ("staff", "team"):
            name = self.staff if field.kind == "staff" else self.team
            options = (Option(str(answer.value), name(str(answer.value))),)
        if answer is not None and field.kind == "teams" and isinstance(answer.value, tuple):
            options = tuple(Option(team, self.team(team)) for team in answer.value)
        if self.file.damaged(answer):
            return DAMAGED
        if self.file.erased(answer):
            return _("Erased")
        if answer is not None and field.kind == "slot":
            at = instant_of(answer.value)
            options = (Option(str(answer.value), self.at(at) if at else str(answer.value)),)
        return answer_text(view_of(field, answer, self.file, self.zone, options))

    def text(self, answer: Answer | None) -> str:
        """A free text such as a reason; "" when there is none."""
        if answer is None:
            return ""
        if self.file.damaged(answer):
            return DAMAGED
        return _("erased") if self.file.erased(answer) else str(self.file.value(answer) or "")

    def fact(self, line: str) -> str:
        """A line of the record such as ``risk.violence is current`` in the words of its question."""
        fact, _space, rest = line.partition(" ")
        if fact.startswith(SCORE):
            score = self.pathway.find_score(fact.removeprefix(SCORE))
            return f"{score.title if score else fact} {rest}"
        field = self.field(fact.removeprefix("answer."))
        if field is None:
            return line
        labels = {option.code: option.label for option in field.options} | {"yes": _("Yes"), "no": _("No")}
        if rest.startswith("is ") and not rest.startswith(("is not", "is recorded")):
            return f"{field.ask}: {', '.join(labels.get(v, spaced(v)) for v in rest[3:].split(', '))}"
        return f"{field.ask} {rest}"
