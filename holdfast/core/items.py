"""Items: what is still owed elsewhere when a case opens is asked about here, one by one: taken over, kept or closed (PKT-13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.asks import Asked
from holdfast.core.begun_events import Item
from holdfast.core.commands import SettleItem
from holdfast.core.firing import by_machine
from holdfast.core.moments import mark
from holdfast.core.pathway import Step
from holdfast.core.refusals import Refusal
from holdfast.core.state import Promise
from holdfast.core.work import Refused, Work

TAKEN_OVER, KEPT, CLOSED = "taken-over", "kept", "closed"
#: What can become of an item.
DISPOSITIONS = frozenset({TAKEN_OVER, KEPT, CLOSED})


def take_up(work: Work, items: Iterable[Item]) -> None:
    """One promise for each, about it: what becomes of this."""
    spec = work.pathway.takes_up
    for item in items if spec is not None else ():
        mark(work, "taken-up", work.now, item.place)
        asked = work.state.latest(spec.opens) if spec is not None else None
        if asked is not None and asked.about == item.place:
            work.add(e.ItemTakenUp(asked.id, item))


def settle_there(work: Work, step: Step, answers: Mapping[str, Answer], about: Promise | None) -> None:
    """Taken over and closed are settled on the case they came from, in the same transaction; kept stays there as it is."""
    answer = answers.get(step.settles)
    item = work.state.items.get(about.about) if about is not None else None
    if item is not None and answer is not None and answer.value in (TAKEN_OVER, CLOSED):
        command = SettleItem(item.promise, str(answer.value), work.state.case, work.actor)
        work.asks.append(Asked(item.case, command))


def settle_item(work: Work, command: SettleItem) -> None:
    """The other end of it. What was done meanwhile cannot be taken over: it would be done twice (HZ-93)."""
    by_machine(work)
    promise = work.state.promises.get(command.promise)
    if work.state.status == "ended":
        raise Refused(Refusal("ended", "That case and its window are over."))
    if promise is None:
        raise Refused(Refusal("unknown_promise", "There is no such promise on that case."))
    if not promise.owed and command.how == CLOSED:
        raise Refused(Refusal("settled_before", f"This was settled there already: {promise.status}."))
    if not promise.owed:
        says = f"This was settled there meanwhile: {promise.status}. It cannot be taken over; close it."
        raise Refused(Refusal("already_settled", says))
    work.add(e.ObligationSettled(promise.id, command.how, command.case, command.by))
