"""Filling in the packet, and naming the people a transition needs besides the lead (PKT-01, PKT-06, OWN-05)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.commands import FillPacket, NameRole
from holdfast.core.promises import reown, retime
from holdfast.core.refusals import Refusal
from holdfast.core.stepping import check_answers, check_role
from holdfast.core.tiers import judge_tier
from holdfast.core.who import concerns
from holdfast.core.work import Refused, Work


def fill_packet(work: Work, command: FillPacket) -> None:
    """Save answers, complete or not; a saved draft is never lost. A blank takes an answer back. Clocks tied to a field follow it."""
    _open_to(work)
    fields = [work.pathway.find_field(id) for id in command.fields]
    known = [field for field in fields if field is not None]
    if len(known) != len(fields):
        stray = sorted(id for id in command.fields if work.pathway.find_field(id) is None)
        raise Refused(Refusal("unknown_field", f"The packet has no field called {', '.join(stray)}."))
    check_answers(work, (), {})
    for field in known:
        check_answers(work, [field], {field.id: command.fields[field.id]}) if command.fields[field.id].counts else None
    changed = {id: answer for id, answer in command.fields.items() if work.state.packet.get(id) != answer}
    if not changed:
        raise Refused(Refusal("nothing_changed", "Nothing in this draft differs from what is saved."))
    work.add(e.PacketFilled(changed))
    judge_tier(work)
    for promise in work.state.owed():
        spec = work.pathway.find_obligation(promise.kind)
        if spec is not None and spec.due.fact in changed:
            retime(work, promise, f"{spec.due.fact} was filled in", only_sooner=False)


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


def _open_to(work: Work) -> None:
    if work.state.status != "open":
        raise Refused(Refusal("closed", "This case is closed. Reopen it to go on.", instead=("reopen",)))
    if not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only the people of this case can fill in its packet."))
