"""From a line of a script to what is asked of the desk: names become people, days become instants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, NOT_DISCLOSED, RawAnswer
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State
from holdfast.desk.envelope import Ask
from holdfast.desk.reading import form_of
from holdfast.rehearsal.fault import StoryFault
from holdfast.rehearsal.reckoning import Reckoning
from holdfast.rehearsal.story import Deed, Story

_HOWS = {"none known": NONE_KNOWN, "not disclosed": NOT_DISCLOSED, "blank": BLANK}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a deed happens: the story, its times, the people it may name, and the case as it stands (None before it opened)."""

    story: Story
    case: str
    person: str
    reckoning: Reckoning
    pathway: Pathway
    directory: Directory
    state: State | None

    def staff(self, name: str) -> str:
        """The id of a member of staff given by id or by name. Raises StoryFault."""
        if name in self.directory.staff:
            return name
        found = [one.id for one in self.directory.staff.values() if one.name == name]
        if len(found) != 1:
            raise StoryFault(f"{self.story.id}: there is nobody in the network called {name}.")
        return found[0]

    def team(self, name: str) -> str:
        """The id of a team given by id or by name. Raises StoryFault."""
        found = [one.id for one in self.directory.teams.values() if name in (one.id, one.name)]
        if len(found) != 1:
            raise StoryFault(f"{self.story.id}: there is no team in the network called {name}.")
        return found[0]

    def owed(self, kind: str) -> str:
        """The id of the promise of this kind that is still owed. Raises StoryFault."""
        promise = None if self.state is None else self.state.find_owed(kind)
        if promise is None:
            raise StoryFault(f"{self.story.id}: {kind} is not owed at this point of the story.")
        return promise.id


def asks_of(deed: Deed, scene: Scene) -> list[Ask]:
    """What the deed asks of the desk: one request, or one for each person it names. Raises StoryFault."""
    verb, _, about = deed.does.partition(" ")
    act = _ACTS.get(verb)
    if act is not None:
        asks = list(act(deed, about, scene))
    elif scene.pathway.find_step(verb) is not None and not about:
        asks = [Ask("TakeStep", {"step": verb, "about": ""})]
    else:
        raise StoryFault(f"{scene.story.id}: nobody can do '{deed.does}' on this pathway.")
    texts = {"reason": deed.because, "override": deed.override, "late_reason": deed.late_because}
    said = {name: text for name, text in texts.items() if text}
    return [Ask(ask.kind, ask.values, _answers(ask, deed, scene), said) for ask in asks]


def _open(deed: Deed, about: str, scene: Scene) -> Iterable[Ask]:
    teams = [team for team in (scene.story.sender, scene.story.receiver) if team]
    yield Ask(
        "OpenCase",
        {
            "case": scene.case,
            "pathway": scene.story.pathway,
            "subject": scene.person,
            "parties": {party.id: scene.team(team) for party, team in zip(scene.pathway.parties, teams, strict=False)},
            "holder": scene.staff(deed.by),
        },
    )


def _name(deed: Deed, about: str, scene: Scene) -> Iterable[Ask]:
    for named, who in deed.names.items():
        yield Ask("NameRole", {"named": named, "staff": scene.staff(who)})


def _hand_over(deed: Deed, about: str, scene: Scene) -> Iterable[Ask]:
    yield Ask("MoveHolder", {"to": scene.staff(deed.to)})


def _about_promise(kind: str) -> Callable[[Deed, str, Scene], Iterable[Ask]]:
    return lambda deed, about, scene: [Ask(kind, {"promise": scene.owed(about)})]


def _plain(kind: str, value: str = "") -> Callable[[Deed, str, Scene], Iterable[Ask]]:
    return lambda deed, about, scene: [Ask(kind, {value: about} if value else {})]


_ACTS: Mapping[str, Callable[[Deed, str, Scene], Iterable[Ask]]] = {
    "open": _open,
    "fill-packet": _plain("FillPacket"),
    "name": _name,
    "meet": _about_promise("Meet"),
    "sign-off": _about_promise("Waive"),
    "acknowledge": _about_promise("Acknowledge"),
    "close": _plain("CloseCase", "endpoint"),
    "raise-tier": _plain("RaiseTier", "tier"),
    "lower-tier": _plain("LowerTier", "tier"),
    "ask-override": _plain("AskOverride", "step"),
    "hand-over": _hand_over,
    "reopen": _plain("ReopenCase"),
}


def _answers(ask: Ask, deed: Deed, scene: Scene) -> dict[str, RawAnswer]:
    fields = {field.id: field for field in form_of(ask, scene.pathway, scene.state)}
    return {id: _answer(fields.get(id), value, scene) for id, value in deed.answers.items()}


def _answer(field: Field | None, value: Any, scene: Scene) -> RawAnswer:
    if isinstance(value, str) and value in _HOWS:
        return RawAnswer(_HOWS[value])
    return RawAnswer(GIVEN, _value(field.kind if field else "text", value, scene))


def _value(kind: str, value: Any, scene: Scene) -> Any:
    if isinstance(value, list):
        return [
            {key: _cell(cell, scene) for key, cell in row.items()} if isinstance(row, dict) else row for row in value
        ]
    if scene.reckoning.reads(value):
        at = scene.reckoning.instant(value)
        return scene.reckoning.day(value).isoformat() if kind == "date" else at.isoformat()
    if kind == "staff":
        return scene.staff(str(value))
    return scene.team(str(value)) if kind == "team" else value


def _cell(cell: Any, scene: Scene) -> str:
    if not scene.reckoning.reads(cell):
        return str(cell)
    return f"{scene.reckoning.local(scene.reckoning.instant(cell)):{'%Y-%m-%d %H:%M' if ':' in cell else '%Y-%m-%d'}}"
