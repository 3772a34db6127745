"""Deeds that write several streams in one transaction, each ready to be done on cases of its own: steps that begin cases, word
that comes back, items taken over, slots, offers, moves to another edition, and a clock that opens a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast.capacity.models import SlotRow
from holdfast.core.answers import RawAnswer
from holdfast.core.capacity import HoldSlots, TurnOver
from holdfast.core.work import SYSTEM
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.moves import Plan, ask_move, do_move, list_moves
from holdfast.desk.pools import handle_pool
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.models import Edition
from holdfast.workers.clocks import Clocks
from holdfast.worklists.models import CaseRow
from tests.capacity.harbour import BERTHS, TOY, berth, berths, hold, hours_on, ship
from tests.desk.relay import RELAY, new_case, publish, sent_on, stage
from tests.desk.test_items import CHANGE
from tests.installation import GOVERNANCE, LEAD, RECEIVER, RECEIVER_LAST_RESORT, SENDER, Case, Installation, given
from tests.screening import TESS, referral, screening_house


@dataclass(frozen=True)
class Deed:
    """``do`` gives the answer, whose truth says that it was accepted; the cases are those it concerns; ``right`` gives what is wrong
    once it is done. ``streams`` is how many it must write; ``whole`` that all of them are written in one transaction; ``keyed``
    that a repeat gives the first answer."""

    do: Callable[[], object]
    cases: tuple[Case, ...]
    right: Callable[[], list[str]]
    streams: int = 2
    whole: bool = True
    keyed: bool = True


def inns() -> Installation:
    """Every toy that has to do with others, and teams to work with them."""
    house = screening_house()
    publish(house, "toy-fire", "toy-search")
    moved = RELAY.replace("pathway: toy-relay\ntitle: A", "pathway: toy-moved\ntitle: The")
    for text in (CHANGE, TOY, moved, moved.replace("title: The traveller", "title: This traveller")):
        house.publish(text)
    return house


def says(**facts: bool) -> list[str]:
    """The facts that do not hold."""
    return [name.replace("_", " ") for name, holds in facts.items() if not holds]


def asks(
    on: Case, actor: str, kind: str, answers: Mapping[str, RawAnswer] | None = None, **values: object
) -> Callable[[], object]:
    """One command with a key of its own, which is the same each time it is done."""
    envelope = Envelope(on.id, Ask(kind, values, answers or {}), actor, "fault", on.at.new_key())

    def do() -> object:
        outcome = on.at.desk.handle(envelope)
        return (outcome.number, outcome.events) if outcome.accepted else None

    return do


def a_step_begins_a_case(house: Installation) -> Deed:
    case = stage(house)

    def right() -> list[str]:
        return says(
            one_case_was_begun=CaseRow.objects.filter(subject=case.person).count() == 2 == 1 + len(case.state.begun)
        )

    return Deed(asks(case, SENDER, "TakeStep", {"next.inn": given("south")}, step="send-on"), (case,), right)


def word_comes_back(house: Installation) -> Deed:
    case = stage(house)
    onward = sent_on(case)
    answers = {"arrive.lead": given(LEAD)}

    def right() -> list[str]:
        heard = case.state.moments.get("onward-arrived")
        return says(
            heard_once=heard is not None and heard.count == 1, met=case.promise("onward-answer").status == "met"
        )

    return Deed(asks(onward, RECEIVER_LAST_RESORT, "TakeStep", answers, step="arrive"), (case, onward), right)


def others_hear_of_an_opening(house: Installation) -> Deed:
    first = stage(house)
    second, new = stage(house, first.person), new_case(house, first.person)
    values = {"case": new.id, "pathway": "toy-fire", "subject": first.person, "holder": SENDER}
    parties = {"sender": "ward", "receiver": "north"}

    def right() -> list[str]:
        counts = [case.state.moments["fire-broke-out"].count for case in (first, second)]
        return says(heard_once_each=counts == [1, 1], open=new.state.status == "open")

    return Deed(asks(new, SENDER, "OpenCase", parties=parties, **values), (first, second), right, streams=3)


def the_first_case_names_the_lead(house: Installation) -> Deed:
    case = new_case(house)
    values = {"case": case.id, "pathway": "toy-relay", "subject": case.person, "holder": SENDER}
    parties = {"sender": "ward", "receiver": "north"}

    def right() -> list[str]:
        from holdfast.desk.leads import find_lead

        lead = find_lead(case.person)
        return says(leads=lead is not None and lead.staff == SENDER and lead.since is not None)

    return Deed(asks(case, SENDER, "OpenCase", parties=parties, **values), (), right)


def what_is_owed_is_taken_over(house: Installation) -> Deed:
    first = stage(house)
    first.step("raise-alarm", SENDER)
    moved = stage(house, first.person, "toy-change")
    item = next(id for id, p in moved.state.promises.items() if p.about.endswith("alarm-answer#1"))

    def right() -> list[str]:
        taken = [p for p in moved.state.owed() if p.kind == "taken-item"]
        return says(
            taken_over=first.state.promises["alarm-answer#1"].status == "taken-over",
            owed_here_once=len(taken) == 1,
            settled_once=len(first.events("ObligationSettled")) == 1,
        )

    step = asks(moved, RECEIVER, "TakeStep", {"item.fate": given("taken-over")}, step="settle-item", about=item)
    return Deed(step, (first, moved), right)


def _free(house: Installation, places: int) -> None:
    """A day on, so that nothing is left from the trial before, and these berths free."""
    house.wait(days=2)
    handle_pool(house.desk, BERTHS, TurnOver(), SYSTEM, "fault")
    assert hold(house, places=places).accepted


def _booked(*cases: Case) -> list[str]:
    """Each case has exactly one berth, in the pool and in the rows."""
    rows = {case.id: SlotRow.objects.filter(case=case.id, status="booked").count() for case in cases}
    return says(
        booked_once=all(len(berths().of(case.id)) == 1 == rows[case.id] for case in cases),
        kept_by_the_case=all(set(case.state.slots) == {"berth.at"} for case in cases),
    )


def a_slot_is_booked(house: Installation) -> Deed:
    _free(house, 1)
    case = ship(house)
    return Deed(
        asks(case, SENDER, "TakeStep", {"berth.at": given(berth(house))}, step="book-berth"),
        (case,),
        lambda: _booked(case),
    )


def a_slot_is_changed_for_another(house: Installation) -> Deed:
    _free(house, 2)
    case = ship(house)
    case.step("book-berth", SENDER, {"berth.at": given(berth(house))})
    other = berth(house, place=2)

    def right() -> list[str]:
        return _booked(case) + says(
            the_other=[s.id for s in berths().of(case.id)] == [other],
            the_first_is_free=[s.id for s in berths().free()] == [berth(house)],
        )

    return Deed(asks(case, SENDER, "TakeStep", {"berth.at": given(other)}, step="book-berth"), (case,), right)


def an_end_gives_its_slot_back(house: Installation) -> Deed:
    _free(house, 1)
    case = ship(house)
    case.step("book-berth", SENDER, {"berth.at": given(berth(house))})

    def right() -> list[str]:
        return says(given_back=berths().of(case.id) == [], free=[s.id for s in berths().free()] == [berth(house)])

    return Deed(asks(case, SENDER, "CloseCase", endpoint="in-port"), (), right)


def what_came_free_is_offered(house: Installation) -> Deed:
    _free(house, 1)
    case, waits = ship(house), ship(house)
    case.step("book-berth", SENDER, {"berth.at": given(berth(house))})
    waits.step("wait-for-berth", SENDER)
    case.does("CloseCase", SENDER, endpoint="in-port")

    def do() -> object:
        return handle_pool(house.desk, BERTHS, TurnOver(), SYSTEM, "fault").accepted

    def right() -> list[str]:
        told = waits.state.moments.get("slot-offered")
        wrong = says(
            offered_once=told is not None and told.count == 1 and waits.state.proposed == {BERTHS: berth(house)}
        )
        waits.does("CloseCase", SENDER, endpoint="in-port")  # It must not stand in line before the next trial's.
        return wrong

    return Deed(do, (waits,), right, keyed=False)


def slots_are_held_and_offered(house: Installation) -> Deed:
    house.wait(days=2)
    handle_pool(house.desk, BERTHS, TurnOver(), SYSTEM, "fault")
    waits = ship(house)
    waits.step("wait-for-berth", SENDER)
    command, key = HoldSlots((hours_on(house, 24),), 1), house.new_key()

    def do() -> object:
        outcome = handle_pool(house.desk, BERTHS, command, RECEIVER, "fault", key)
        return (outcome.number, outcome.events) if outcome.accepted else None

    def right() -> list[str]:
        told = waits.state.moments.get("slot-offered")
        wrong = says(held_once=len(berths().slots) == 1, offered_once=told is not None and told.count == 1)
        waits.does("CloseCase", SENDER, endpoint="in-port")
        return wrong

    return Deed(do, (waits,), right, whole=False)


def an_offer_is_taken(house: Installation) -> Deed:
    case = referral(house, receiver="", sent=False)
    case.step("offer", SENDER, {"offer.teams": given(["north", "south"])})
    answers = {"take-on.lead": given(RECEIVER_LAST_RESORT), "take-on.first": given("Call tonight.")}

    def right() -> list[str]:
        return says(
            taken_once=case.state.offered == {"receiver": {"north": "withdrawn", "south": "taken"}},
            told_once=len([e for e in case.events("NoticeIssued") if e["notice"] == "withdrawn"]) == 1,
        )

    lead = {"take-on.lead": given(LEAD)}
    return Deed(asks(case, TESS, "TakeStep", answers | lead, step="take-on"), (case,), right, streams=1)


def a_clock_begins_a_case(house: Installation) -> Deed:
    case = stage(house)
    sent_on(case)
    house.now = max(house.now, case.promise("onward-answer").due)

    def do() -> object:
        while Clocks(house.desk).step(house.now):
            pass
        return True

    def right() -> list[str]:
        breached = [e for e in case.events("ObligationBreached") if e["id"] == "onward-answer#1"]
        begun = list(case.state.begun.values())
        return says(breached_once=len(breached) == 1, begun_once=begun == ["toy-relay", "toy-search"])

    return Deed(do, (case,), right, whole=False, keyed=False)


def cases_move_to_another_edition(house: Installation) -> Deed:
    """Each case by a transaction of its own: done again, it goes on with what is left."""
    held = [stage(house, pathway="toy-moved") for _ in range(3)]
    editions = Edition.objects.filter(pathway="toy-moved").values_list("digest", flat=True)
    plan = Plan("toy-moved", next(one for one in editions if one != latest_edition("toy-moved").digest))
    assert ask_move(house.desk, plan, "Back to the first.", GOVERNANCE, "fault").accepted
    move = list_moves("toy-moved")[0]

    def do() -> object:
        return all(outcome.accepted for _, outcome in do_move(house.desk, move, GOVERNANCE, "fault"))

    def right() -> list[str]:
        moved = [case.events("EditionMoved") for case in held]
        return says(moved_once=[len(events) for events in moved] == [1, 1, 1])

    return Deed(do, tuple(held), right, streams=3, whole=False, keyed=False)


DEEDS: tuple[Callable[[Installation], Deed], ...] = (
    a_step_begins_a_case,
    word_comes_back,
    others_hear_of_an_opening,
    the_first_case_names_the_lead,
    what_is_owed_is_taken_over,
    a_slot_is_booked,
    a_slot_is_changed_for_another,
    an_end_gives_its_slot_back,
    what_came_free_is_offered,
    slots_are_held_and_offered,
    an_offer_is_taken,
    a_clock_begins_a_case,
    cases_move_to_another_edition,
)
