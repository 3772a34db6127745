"""A pathway's packet and forms as one FHIR R4 Questionnaire: what is asked, of what kind, and when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from holdfast.core.conditions import ALWAYS, NEVER
from holdfast.core.pathway import Field, Pathway
from holdfast.core.phrases import Phrases
from holdfast.pathways.fhir.canonical import header, url_of
from holdfast.pathways.fhir.enabling import NO_ANSWERS, Enabling, Question, enabling_of

Item = dict[str, Any]
_TYPES = {
    "code": "choice",
    "codes": "choice",
    "flag": "boolean",
    "date": "date",
    "instant": "dateTime",
    "number": "integer",
    "staff": "reference",
    "team": "reference",
    "teams": "reference",
    "slot": "reference",
    "text": "text",
    "identity": "string",
    "phone": "string",
    "list": "group",
}
_SEVERAL = frozenset({"codes", "teams", "list"})
_NO_ANSWER = "urn:holdfast:no-answer"


def questionnaire(pathway: Pathway) -> dict[str, Any]:
    """The R4 resource as JSON values. What R4 cannot say of a condition stands as a display item under the question it is about."""
    forms = Forms(pathway)
    return {**header(pathway, "Questionnaire", "questionnaire"), "item": list(forms.groups())}


class Forms:
    """The groups of one questionnaire: the packet's sections, then each form."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.say = Phrases(pathway)
        self.packet = {one.id: self._question(one, one.id) for one in pathway.packet_fields()}

    def groups(self) -> Iterator[Item]:
        for section in self.pathway.packet:
            questions = {one.id: self.packet[one.id] for one in section.fields}
            yield self._group(f"packet/{section.id}", section.title, questions, {})
        for kind, id, title, fields in self._forms():
            if fields:
                form = {one.id: self._question(one, f"{kind}/{id}/{one.id}") for one in fields}
                yield self._group(f"{kind}/{id}", title, form, form)

    def _forms(self) -> Iterator[tuple[str, str, str, tuple[Field, ...]]]:
        yield from (("step", one.id, one.title, one.records) for one in self.pathway.steps)
        yield from (("obligation", one.id, one.owed, one.records) for one in self.pathway.obligations)
        yield from (("endpoint", one.id, one.title, one.records) for one in self.pathway.endpoints)

    def _question(self, field: Field, link: str) -> Question:
        apart = (field.none_known or field.not_disclosed) and field.kind not in ("code", "codes", "flag")
        system = f"{url_of(self.pathway, 'answers')}:{field.id}"
        return Question(field, link, system, f"{link}/no-answer" if apart else "")

    def _group(self, link: str, title: str, questions: dict[str, Question], form: dict[str, Question]) -> Item:
        items = [item for question in questions.values() for item in self._items(question, form)]
        return {"linkId": link, "type": "group", "text": title, "item": items}

    def _items(self, question: Question, form: dict[str, Question]) -> Iterator[Item]:
        field = question.field
        enabling = None
        if field.needed not in (ALWAYS, NEVER):
            enabling = enabling_of(field.needed, lambda fact: self._asked(fact, form))
        must = field.needed == ALWAYS or enabling is not None
        item = self._item(question)
        if must:
            item["required"] = not question.beside
        if enabling is not None:
            item |= enabling.shape()
        notes = [field.hint] if field.hint else []
        if field.needed not in (ALWAYS, NEVER) and enabling is None:
            notes.append(f"Needed when {self.say.condition(field.needed)}.")
        item["item"] = [*item.get("item", []), *_displayed(question.link, notes)]
        yield {key: value for key, value in item.items() if value != []}
        if question.beside:
            yield self._no_answer(question, must, enabling)

    def _asked(self, fact: str, form: dict[str, Question]) -> Question | None:
        if fact.startswith("answer."):
            return form.get(fact.removeprefix("answer."))
        return self.packet.get(fact)

    def _item(self, question: Question) -> Item:
        field = question.field
        kind = "choice" if question.chosen else _TYPES[field.kind]
        item: Item = {"linkId": question.link, "type": kind, "text": field.ask}
        if field.kind in _SEVERAL:
            item["repeats"] = True
        if question.chosen:
            codings = ({"system": question.system, "code": code, "display": label} for code, label in question.codes())
            item["answerOption"] = [{"valueCoding": coding} for coding in codings]
        if field.kind == "list":
            columns = ((f"{question.link}/{column.id}", column) for column in field.columns)
            item["item"] = [
                {"linkId": link, "type": "string", "text": column.label, "required": column.needed}
                for link, column in columns
            ]
        return item

    def _no_answer(self, question: Question, must: bool, enabling: Enabling | None) -> Item:
        """Why there is none. It is asked where the question itself was left open; a list's own rows cannot be asked about."""
        ways = question.open_ways
        item: Item = {
            "linkId": question.beside,
            "type": "choice",
            "text": f"{question.field.ask}: if there is no answer",
        }
        item["answerOption"] = [
            {"valueCoding": {"system": _NO_ANSWER, "code": way, "display": NO_ANSWERS[way]}} for way in ways
        ]
        before = enabling.comparisons if enabling is not None else ()
        if question.field.kind == "list" or (enabling is not None and enabling.behaviour == "any" and len(before) > 1):
            return item
        left = {"question": question.link, "operator": "exists", "answerBoolean": False}
        return {**item, "required": must, **Enabling("all", (*before, left)).shape()}


def _displayed(link: str, notes: list[str]) -> list[Item]:
    return [
        {"linkId": f"{link}/note-{number}", "type": "display", "text": note} for number, note in enumerate(notes, 1)
    ]
