"""What stands on top of a packet's one page: every risk item, answered or not, and what changed since the last handoff (PKT-08, HZ-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holdfast.core.answers import BLANK, Answer
from holdfast.core.conditions import holds
from holdfast.core.events import PacketFilled
from holdfast.core.facts import facts_of
from holdfast.core.pathway import Field, Pathway
from holdfast.core.scores import facts_behind
from holdfast.desk.carrying import FROM_PACKET
from holdfast.doors.web.casepages.opened import Opened


def risk_items(pathway: Pathway) -> tuple[Field, ...]:
    """The packet's fields that set the tier and all others of the section that most of them are in, those that an acceptance is
    shown or is asked to say something back about, and what is asked because of any of these. Without those that say what would
    count as success; the section that weighs most in the tier first."""
    accepting = [step for step in pathway.steps if step.link and step.moves_to]
    read = {fact for tier in pathway.tiers for fact in facts_behind(tier.when, pathway)}
    heaviest = sorted(pathway.packet, key=lambda part: -sum(one.id in read for one in part.fields))
    read |= {one.id for part in heaviest[:1] for one in part.fields} | {id for step in accepting for id in step.shows}
    read |= {fact for step in accepting for record in step.records for fact in facts_behind(record.needed, pathway)}
    read |= {one.id for one in pathway.packet_fields() if read & set(facts_behind(one.needed, pathway))}
    asked_for = set(pathway.success.values())
    return tuple(one for part in heaviest for one in part.fields if one.id in read and one.id not in asked_for)


def asked_of(page: Opened, fields: Iterable[Field], answers: Mapping[str, Answer]) -> list[Field]:
    """Those that are answered, and those that are not and are needed with these answers: what nobody had to ask is no gap."""
    state = page.state.copy()
    state.packet = dict(answers)
    facts = facts_of(state, page.pathway, page.seen.directory)

    def answered(one: Field) -> bool:
        answer = answers.get(one.id)
        return answer is not None and answer.how != BLANK

    return [one for one in fields if answered(one) or holds(one.needed, facts)]


def brought_along(page: Opened) -> dict[str, Answer]:
    """What earlier handoffs of the person said when this case opened."""
    filled = [event.fields for one in page.record[:1] for event in one.events if isinstance(event, PacketFilled)]
    return {
        id: a for fields in filled for id, a in fields.items() if a.unconfirmed and a.source.startswith(FROM_PACKET)
    }


def changes(page: Opened, before: Mapping[str, Answer], after: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """Label, before and after of each field whose words differ; in the template's order."""
    found = []
    for one in page.pathway.packet_fields():
        was, now = page.naming.said(one, before.get(one.id)), page.naming.said(one, after.get(one.id))
        if was != now:
            found.append({"label": one.ask, "before": was, "after": now})
    return found


def since_last(page: Opened, versions: list[Mapping[str, Answer]]) -> list[dict[str, Any]]:
    """What the last of ``versions`` says otherwise than the one before it or, being the first, than the last handoff."""
    if len(versions) > 1:
        return changes(page, versions[-2], versions[-1])
    if not versions:
        return []
    before = brought_along(page)
    return changes(page, before, {id: answer for id, answer in versions[-1].items() if id in before})
