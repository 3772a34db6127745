"""Draws a pathway as a Mermaid flow chart: which step marks which moment, and what that makes possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from holdfast.core.conditions import All, Any, Condition, Some, Test
from holdfast.core.pathway import Endpoint, Pathway, Step

_BREACH = "when it is late"


def diagram(pathway: Pathway) -> str:
    """A `flowchart`: steps are boxes, moments rounded, obligations that mark moments slanted, endpoints stadiums."""
    lines = ["flowchart LR", *_steps(pathway), *_obligations(pathway)]
    lines += (f"  {_node('end', one.id)}([{_label(one.title)}])" for one in pathway.endpoints)
    arrows = [*_arrows(pathway)]
    moments = dict.fromkeys(moment for one in arrows for moment in one if moment.startswith("moment_"))
    lines += (f"  {node}({_label(node.removeprefix('moment_').replace('_', ' '))})" for node in moments)
    lines += dict.fromkeys(f"  {start} {arrow} {end}" for start, arrow, end in arrows)
    return "\n".join(lines) + "\n"


def _steps(pathway: Pathway) -> Iterator[str]:
    for step in pathway.steps:
        yield f"  {_node('step', step.id)}[{_label(step.title)}]"


def _obligations(pathway: Pathway) -> Iterator[str]:
    for owed in pathway.obligations:
        if any(effects.emits for effects in (owed.when_opened, owed.when_met, owed.when_breached)):
            yield f"  {_node('owed', owed.id)}[/{_label(owed.owed)}/]"


def _arrows(pathway: Pathway) -> Iterator[tuple[str, str, str]]:
    for step in pathway.steps:
        here = _node("step", step.id)
        for moment in moments_asked(pathway, step):
            yield _node("moment", moment), "-->", here
        for one in step.emits:
            yield from ((here, "-->", _node("moment", moment)) for moment in (one.moment, one.otherwise) if moment)
    for owed in pathway.obligations:
        here = _node("owed", owed.id)
        for word, effects in (("", owed.when_opened), ("met", owed.when_met), (_BREACH, owed.when_breached)):
            for moment in effects.emits:
                yield from ((_node("moment", opening.moment), "-.->", here) for opening in owed.opens)
                yield here, f"-.->|{word}|" if word else "-.->", _node("moment", moment)
    for endpoint in pathway.endpoints:
        for moment in moments_asked(pathway, endpoint):
            yield _node("moment", moment), "-->", _node("end", endpoint.id)


def moments_asked(pathway: Pathway, deed: Step | Endpoint) -> Iterable[str]:
    """The moments that have to have happened before a step or an end is possible."""
    conditions = [pathway.get_gate(gate).when for gate in deed.needs]
    conditions += [deed.when] if isinstance(deed, Step) else []
    return dict.fromkeys(moment for condition in conditions for moment in _asked(condition))


def _asked(condition: Condition) -> Iterator[str]:
    match condition:
        case Test(fact, "known", _) if fact.startswith("moment."):
            yield fact.removeprefix("moment.")
        case All(items) | Any(items) | Some(_, items):
            for item in items:
                yield from _asked(item)


def _node(kind: str, id: str) -> str:
    return f"{kind}_{id.replace('-', '_').replace('.', '_')}"


def _label(text: str) -> str:
    """Quoted, so that brackets and colons in a title are only text."""
    return '"' + text.replace('"', "#quot;") + '"'
