"""From what a door asks to a command of the core: answers read against their form, text and identity turned into commitments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, get_args

from holdfast.core import commands as c
from holdfast.core.answers import GIVEN, Answer, Problem, RawAnswer, read_answer
from holdfast.core.pathway import Field, Pathway
from holdfast.core.plain import Unreadable, from_plain
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.state import State
from holdfast.desk.envelope import Ask
from holdfast.ledger.commitment import commit
from holdfast.people.vault import SALT_BYTES, ToSeal

_JSON = json.JSONEncoder(ensure_ascii=False)
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(c.Command)}


@dataclass(slots=True)
class Reader:
    """Reads one request. ``to_seal`` fills with what must go to the vault when the request is accepted."""

    by: str
    at: datetime
    entropy: Callable[[int], bytes]
    to_seal: list[ToSeal] = field(default_factory=list)

    def read(self, ask: Ask, pathway: Pathway, state: State | None) -> c.Command | Refusal:
        """The command, or a refusal that lists every answer that cannot be taken."""
        kind = _KINDS.get(ask.kind)
        if kind is None:
            return Refusal("unknown_command", f"There is no command called {ask.kind}.")
        fields = {f.id: f for f in form_of(ask, pathway, state)}
        stray = sorted(set(ask.answers) - set(fields))
        if stray:
            return Refusal("unknown_field", f"This form has no field called {', '.join(stray)}.")
        answers: dict[str, Answer] = {}
        problems: list[Problem] = []
        for id, raw in ask.answers.items():
            read = self._answer(fields[id], raw)
            if isinstance(read, Problem):
                problems.append(read)
            else:
                answers[id] = read
        if problems:
            missing = tuple(Missing(p.field, p.says, "you") for p in problems)
            return Refusal("unreadable_answers", " ".join(p.says for p in problems), missing)
        empty = [name for name in ("reason", "override") if name in ask.texts and not ask.texts[name].strip()]
        if empty or ("reason" in kind.__dataclass_fields__ and "reason" not in ask.texts):
            return Refusal("reason_missing", "Say why, in a sentence.", (Missing("reason", "A reason", "you"),))
        given: dict[str, Any] = {name: self.text(name, text) for name, text in ask.texts.items() if text.strip()}
        if fields:
            given["fields" if ask.kind in ("FillPacket", "OpenCase") else "answers"] = answers
        try:
            command: c.Command = replace(from_plain(kind, {**_stand_ins(kind), **ask.values}), **given)
        except (Unreadable, TypeError) as error:
            return Refusal("unreadable", f"This request cannot be read: {error}.")
        return command

    def _answer(self, field_: Field, raw: RawAnswer) -> Answer | Problem:
        reading = read_answer(field_, raw)
        if isinstance(reading, Problem):
            return reading
        sealed = self.seal(field_.id, reading.to_seal) if reading.to_seal is not None else ""
        true_at = raw.true_at or self.at
        return Answer(reading.how, reading.value, sealed, self.by, true_at, raw.unconfirmed, raw.source)

    def text(self, name: str, text: str) -> Answer:
        """A free text, such as a reason, as an answer with a commitment."""
        return Answer(GIVEN, None, self.seal(name, _JSON.encode(text.strip()).encode()), self.by, self.at)

    def seal(self, path: str, plain: bytes) -> str:
        salt = self.entropy(SALT_BYTES)
        commitment = commit(plain, salt)
        self.to_seal.append(ToSeal(path, commitment, salt, plain))
        return commitment


def _stand_ins(kind: type[Any]) -> dict[str, Any]:
    """For what a command cannot be made without and is filled in from the form and the texts."""
    stand_ins: dict[str, Any] = {}
    if kind is c.FillPacket:
        stand_ins["fields"] = {}
    if "reason" in kind.__dataclass_fields__:
        stand_ins["reason"] = {"how": "blank"}
    return stand_ins


def form_of(ask: Ask, pathway: Pathway, state: State | None) -> Iterable[Field]:
    """The fields that this kind of request may answer."""
    values: Mapping[str, Any] = ask.values
    if ask.kind in ("FillPacket", "OpenCase"):
        return pathway.packet_fields()
    if ask.kind == "TakeStep":
        step = pathway.find_step(str(values.get("step", "")))
        return step.records if step else ()
    if ask.kind == "CloseCase":
        endpoint = pathway.find_endpoint(str(values.get("endpoint", "")))
        return endpoint.records if endpoint else ()
    if ask.kind == "Meet" and state is not None:
        promise = state.promises.get(str(values.get("promise", "")))
        spec = pathway.find_obligation(promise.kind) if promise else None
        return spec.records if spec else ()
    return ()
