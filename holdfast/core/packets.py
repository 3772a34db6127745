"""Filling in the packet, and naming the people a transition needs besides the lead (PKT-01, PKT-06, OWN-05)."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.commands import FillPacket, NameRole
from holdfast.core.facts import missing_fields
from holdfast.core.forms import check_answer, check_role
from holdfast.core.gates import unmet_gates
from holdfast.core.moments import mark
from holdfast.core.promises import reown, retime
from holdfast.core.refusals import Refusal
from holdfast.core.tiers import judge_tier, tier_by_rule
from holdfast.core.who import concerns
from holdfast.core.work import SYSTEM, Refused, Work


def fill_packet(work: Work, command: FillPacket) -> None:
    """Save answers, complete or not; a saved draft is never lost. A blank takes an answer back. Clocks tied to a field follow it."""
    _open_to(work)
    check_fields(work, command.fields)
    changed = {id: answer for id, answer in command.fields.items() if work.state.packet.get(id) != answer}
    if not changed:
        raise Refused(Refusal("nothing_changed", "Nothing in this draft differs from what is saved."))
    ruled = tier_by_rule(work)
    work.add(e.PacketFilled(changed))
    judge_tier(work, ruled)
    for promise in work.state.owed():
        spec = work.pathway.find_obligation(promise.kind)
        if spec is not None and spec.due.fact in changed:
            retime(work, promise, f"{spec.due.fact} was filled in", only_sooner=False)


def check_fields(work: Work, fields: Mapping[str, Answer]) -> None:
    """Refuses what the packet does not ask or offer. What was carried forward is looked at when it is confirmed (PKT-09)."""
    stray = sorted(id for id in fields if work.pathway.find_field(id) is None)
    if stray:
        raise Refused(Refusal("unknown_field", f"The packet has no field called {', '.join(stray)}."))
    for id, answer in fields.items():
        field = work.pathway.find_field(id)
        if field is not None and answer.counts:
            check_answer(work, field, answer)


def name_role(work: Work, command: NameRole) -> None:
    _open_to(work)
    named = work.pathway.find_named(command.named)
    if named is None:
        raise Refused(Refusal("unknown_role", f"This pathway does not ask for {command.named}."))
    check_role(work, command.staff, named.role, named.ask)
    if work.state.named.get(command.named) == command.staff:
        raise Refused(Refusal("nothing_changed", "That person is named already."))
    work.add(e.RoleNamed(command.named, command.staff))
    reown(work, f"named as {command.named}")
    tell_complete(work)


def send_version(work: Work) -> None:
    """Fix a version of the packet; when the missing parts are in at last, say so (PKT-06, PKT-07)."""
    missing = tuple(field.id for field in missing_fields(work.state, work.pathway, work.directory))
    was_missing = bool(work.state.packet_missing)
    work.add(e.PacketSent(work.state.packet_version + 1, missing, work.state.packet_changed))
    tell_complete(work, was_missing)


def tell_complete(work: Work, parts_came: bool = False) -> None:
    """Mark ``packet-completed`` once a provisional packet is whole as sent, and the gates it was sent past hold as well."""
    if not work.state.packet_version or work.state.packet_missing or work.state.packet_changed:
        return
    kinds = {promise.kind for promise in work.state.owed()}
    waiting = {spec.id for spec in work.pathway.obligations if spec.id in kinds and "packet-completed" in spec.met_by}
    gates = [gate.id for gate in work.pathway.gates if gate.opens in waiting]
    if (waiting or parts_came) and not unmet_gates(work, gates):
        mark(work, "packet-completed", work.now)


def _open_to(work: Work) -> None:
    if work.state.status != "open":
        raise Refused(Refusal("closed", "This case is closed. Reopen it to go on.", instead=("reopen",)))
    # A message from outside fills blanks as ``system``, each answer unconfirmed: it counts for nothing until a person confirms it.
    if work.actor != SYSTEM and not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only the people of this case can fill in its packet."))
