"""Stories as they are written: who does what when, what the post does, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from holdfast.rehearsal.fault import StoryFault

_STORY = {"story", "title", "began", "person", "pathway", "from", "to", "post", "script", "ends", "expect"}
_DEED = {"at", "by", "does", "with", "answers", "names", "to", "because", "override", "late-because", "happened"} | {
    *("every", "until", "refused"),
}
_RULE = {"to", "notice", "does", "after", "times"}
_RETURNS = {"bounces", "refused"}


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a script. ``does`` is a verb and, after a space, what it is about: "close engaged", "meet coverage"."""

    at: str
    by: str
    does: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    to: str = ""
    because: str = ""
    override: str = ""
    late_because: str = ""
    happened: str = ""
    every: str = ""
    until: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class PostRule:
    """What happens to messages of one kind to one team or person: it ``bounces`` after a while, or is ``refused`` at once."""

    to: str
    notice: str
    does: str
    after: str = "0 min"
    times: int = 1


@dataclass(frozen=True, slots=True)
class Story:
    """``sender`` and ``receiver`` are team ids, the second "" where one team holds the plan.

    ``person`` is a card by field without its ``person.``; ``began`` such as 9 d."""

    id: str
    title: str
    pathway: str
    person: Mapping[str, str]
    sender: str
    receiver: str
    script: tuple[Deed, ...]
    ends: str
    began: str = ""
    post: tuple[PostRule, ...] = ()
    expect: tuple[Mapping[str, Any], ...] = ()


def shipped_stories() -> dict[str, str]:
    """The stories that come with the package for rehearsing: id and text."""
    return _folder("stories")


def demo_stories() -> dict[str, str]:
    """The stories that fill a demonstration: each is told from now, and left as it stands."""
    return _folder("demo")


def _folder(name: str) -> dict[str, str]:
    found = sorted((files("holdfast.rehearsal") / name).iterdir(), key=lambda path: path.name)
    return {path.name[:-5]: path.read_text(encoding="utf-8") for path in found if path.name.endswith(".yaml")}


def shipped_pieces() -> dict[str, Mapping[str, Any]]:
    """Answers that stories share, by name: a whole packet, a quiet contact."""
    text = (files("holdfast.rehearsal") / "pieces.yaml").read_text(encoding="utf-8")
    return _tree(text, "the shared answers")


def read_story(text: str, pieces: Mapping[str, Mapping[str, Any]] | None = None) -> Story:
    """A story from its YAML. Raises StoryFault, which names the line of the script by its number."""
    tree = _tree(text, "the story")
    known = shipped_pieces() if pieces is None else pieces
    _only(tree, _STORY, "the story")
    missing = sorted({"story", "person", "from", "script", "ends"} - tree.keys())
    if missing:
        raise StoryFault(f"The story lacks: {', '.join(missing)}.")
    name = str(tree["story"])
    return Story(
        id=name,
        title=str(tree.get("title", name)),
        pathway=str(tree.get("pathway", "discharge-to-community")),
        person={key: str(value) for key, value in tree["person"].items()},
        sender=str(tree["from"]),
        receiver=str(tree.get("to", "")),
        script=tuple(_deed(line, f"{name}, line {n} of the script", known) for n, line in enumerate(tree["script"], 1)),
        ends=str(tree["ends"]),
        began=str(tree.get("began", "")),
        post=tuple(_rule(line, f"{name}, rule {n} of the post") for n, line in enumerate(tree.get("post", ()), 1)),
        expect=tuple(dict(line) for line in tree.get("expect", ())),
    )


def _tree(text: str, what: str) -> dict[str, Any]:
    try:
        tree = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise StoryFault(f"{what[0].upper()}{what[1:]} is not YAML: {error}") from error
    if not isinstance(tree, dict):
        raise StoryFault(f"{what[0].upper()}{what[1:]} is empty.")
    return tree


def _only(tree: Any, known: set[str], where: str) -> None:
    if not isinstance(tree, dict):
        raise StoryFault(f"{where}: this is not a line of names and values.")
    strange = sorted(str(key) for key in tree.keys() - known)
    if strange:
        raise StoryFault(f"{where}: there is no place for {', '.join(strange)}.")


def _deed(line: Any, where: str, pieces: Mapping[str, Mapping[str, Any]]) -> Deed:
    _only(line, _DEED, where)
    missing = sorted({"at", "by", "does"} - line.keys())
    if missing:
        raise StoryFault(f"{where} lacks: {', '.join(missing)}.")
    if ("every" in line) != ("until" in line):
        raise StoryFault(f"{where}: 'every' and 'until' go together.")
    answers: dict[str, Any] = {}
    shared = line.get("with", [])
    for piece in [shared] if isinstance(shared, str) else shared:
        if piece not in pieces:
            raise StoryFault(f"{where}: there are no shared answers called {piece}.")
        answers |= pieces[piece]
    answers |= line.get("answers", {})
    told = {key.replace("-", "_"): str(value) for key, value in line.items() if key not in ("with", "answers", "names")}
    return Deed(**told, answers=answers, names=dict(line.get("names", {})))


def _rule(line: Any, where: str) -> PostRule:
    _only(line, _RULE, where)
    rule = PostRule(**line)
    if rule.does not in _RETURNS:
        raise StoryFault(f"{where}: the post either bounces a message or has it refused.")
    return rule
