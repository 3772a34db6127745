"""I12 of a year can fail: what leaves for another team is held against the record, whatever the engine says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from holdfast.core import events as e
from holdfast.core import fold, offers
from holdfast.core.answers import BLANK, Answer
from holdfast.core.conditions import ALWAYS, Not
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.desk import sharing
from holdfast.pathways.load import load_pathway
from holdfast.rehearsal.year import memory
from holdfast.rehearsal.year.basis import Basis
from holdfast.rehearsal.year.memory import Memory
from holdfast.rehearsal.year.premises import Premises
from holdfast.rehearsal.year.promises import Seen, owner_is_there, shared_lawfully
from holdfast.rehearsal.year.year import BrokenYear, Report
from tests.core.network import COMMUNITY, DAY, HARBOUR, KIT, START, WARD, away, network
from tests.rehearsal.years import at_the_desk, in_memory, library

Entry = tuple[e.Event, ...]

OPENED = e.CaseOpened(
    "case:1", "toy", "1", "transition", "p1", {"sender": WARD, "receiver": COMMUNITY}, START, START + timedelta(30)
)
LEAVES = e.NoticeSent("n1", "email", START)
ASKED = e.OffersMade("receiver", (COMMUNITY, HARBOUR))


def says(how: str, value: str | None = None, unconfirmed: bool = False) -> Entry:
    return (e.PacketFilled({"consent.sharing": Answer(how, value, unconfirmed=unconfirmed)}),)


AGREED, REFUSED = says("given", "given"), says("given", "refused")
TAKEN_BACK: Entry = (e.StepTaken("withdraw", {}, START), e.MomentMarked("consent-ended", START))
AGREED_AGAIN: Entry = (e.MomentsForgotten(("consent-ended",)),)


def shared_anyway(how: str) -> Entry:
    answers = {"anyway.why": Answer(how, sealed="s")}
    return (e.StepTaken("share-anyway", answers, START), e.MomentMarked("shared-anyway", START))


@cache
def referral() -> Pathway:
    """It asks for consent, and can ask several teams at once; no shipped pathway does the second."""
    return load_pathway(Path("tests/pathways/toy-screening.yaml").read_text())


def seen(
    entry: Entry, before: tuple[Entry, ...] = (), pathway: Pathway | None = None, directory: Directory | None = None
) -> Seen:
    basis = Basis()
    for each in ((OPENED,), *before):
        basis.note(each)
    state = fold.fold(None, OPENED)
    where = directory or network()
    return Seen(state, state, entry, "", KIT, START, pathway or referral(), where, basis=basis)


def found(*entry: e.Event, before: tuple[Entry, ...] = (), pathway: Pathway | None = None) -> list[str]:
    """What the promise finds in an entry, in a case whose entries since the opening are ``before``."""
    return list(shared_lawfully(seen(entry, before, pathway)))


def link(team: str = COMMUNITY, notice: str = "packet-link") -> Entry:
    return (e.NoticeIssued("n1", f"team:{team}", notice),)


SAID = "reached community, and nothing on record allows it"


@pytest.mark.parametrize(
    "record",
    [
        (),
        (REFUSED,),
        (says(BLANK),),
        (says("given", "given", unconfirmed=True),),
        (AGREED, REFUSED),
        (AGREED, TAKEN_BACK),
        (AGREED, TAKEN_BACK, AGREED_AGAIN, TAKEN_BACK),
        (shared_anyway(BLANK),),
        (REFUSED, (e.StepTaken("share-anyway", {}, START), e.MomentMarked("shared-anyway", START))),
    ],
)
def test_a_message_or_a_question_that_nothing_on_record_allows_is_found(record: tuple[Entry, ...]) -> None:
    assert found(LEAVES, before=(*record, link())) == [f"NoticeSent {SAID}"]
    assert found(ASKED, before=record) == [f"OffersMade {SAID}", f"OffersMade {SAID.replace(COMMUNITY, HARBOUR)}"]


@pytest.mark.parametrize(
    "record", [(AGREED,), (REFUSED, AGREED), (AGREED, TAKEN_BACK, AGREED_AGAIN), (REFUSED, shared_anyway("given"))]
)
def test_what_the_record_allows_may_leave(record: tuple[Entry, ...]) -> None:
    assert found(LEAVES, before=(*record, link())) == []
    assert found(ASKED, before=record) == []


def test_what_shows_another_team_nothing_needs_no_consent() -> None:
    assert found(LEAVES, before=(REFUSED, link(WARD))) == [], "who wrote it has it already"
    assert found(LEAVES, before=(REFUSED, link(notice="withdrawn"))) == [], "without a link it says nothing of the case"
    assert found(LEAVES, before=(REFUSED, (e.NoticeIssued("n1", f"staff:{KIT}", "rung"),))) == []
    assert found(*link(), *REFUSED) == [], "it has not left yet"
    assert found(LEAVES, before=(REFUSED, link()), pathway=replace(referral(), sharing=ALWAYS)) == []


def test_the_order_within_an_entry_counts() -> None:
    assert found(*AGREED, ASKED) == []
    assert found(ASKED, *AGREED)
    assert found(*TAKEN_BACK, ASKED, before=(AGREED,))
    assert found(*shared_anyway("given"), ASKED) == []
    assert found(*shared_anyway(BLANK), ASKED)


def test_where_an_emergency_may_come_before_the_question_a_refusal_still_ends_it() -> None:
    """The one shipped pathway that asks for consent in another form."""
    ours = next(pathway for pathway in library() if pathway.id == "discharge-to-community")
    assert found(LEAVES, before=(link(),), pathway=ours) == []
    assert found(LEAVES, before=(REFUSED, link()), pathway=ours)
    assert found(LEAVES, before=(TAKEN_BACK, link()), pathway=ours)


def test_a_condition_that_is_not_read_from_the_events_is_told_and_not_taken_as_met() -> None:
    unread = replace(referral(), sharing=Not(Not(referral().sharing)))
    assert ["nobody reads" in one for one in found(LEAVES, before=(AGREED, link()), pathway=unread)] == [True]


def test_who_is_away_is_read_from_the_absences_themselves() -> None:
    """I14, with the directory's own look-up of absences gone wrong."""
    opened = e.ObligationOpened(
        "o#1", "o", "sender.holder", KIT, "", START, START, "", "", "", START, "c", START, "standard"
    )
    gone = away(network(), KIT, START, START + DAY)
    assert list(owner_is_there(seen((opened,)))) == []
    assert list(owner_is_there(seen((opened,), directory=replace(gone, absent={})))) == [
        f"o#1 opened for {KIT}, who is away"
    ]


# The engine gone wrong, in a year that is played

#: Years of which one at least has somebody who takes their consent back while a message waits; without a fault all keep every promise.
SEEDS, SHIPPED = range(3, 13), {"cases": 40, "days": 120}
OUT = r"I12: NoticeSent reached team-.., and nothing on record allows it"


def of_referrals() -> Report:
    """A short year in which several teams are asked at once."""
    return in_memory(2, cases=20, days=60, pathways=[referral()])[0].run()


def test_a_year_holds_messages_back_and_asks_several_teams_and_leaks_nothing() -> None:
    report = of_referrals()
    assert report.counts["held back"] and report.counts["asked at once"] and report.moments["consent-ended"]


def test_a_question_to_several_teams_without_consent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "may_share", lambda *_: True)
    with pytest.raises(BrokenYear, match=r"I12: OffersMade reached team-"):
        of_referrals()


def deaf_to_withdrawals(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the engine agrees with itself: the state, its replay and what it says of sharing. Only the record says otherwise."""
    marked = fold._FOLDS[e.MomentMarked]

    def deaf(state: State, event: e.MomentMarked) -> None:
        if event.moment not in ("consent-ended", "consent-withdrawn"):
            marked(state, event)

    monkeypatch.setitem(fold._FOLDS, e.MomentMarked, deaf)


def ground_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Memory, "shows", lambda *_: True)
    monkeypatch.setattr(Premises, "shows", lambda *_: True)


def engine_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "may_share", lambda *_: True)
    monkeypatch.setattr(sharing, "may_share", lambda *_: True)


FAULTS = [ground_says_yes, engine_says_yes, deaf_to_withdrawals]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_message_that_leaves_after_consent_was_taken_back_is_found(
    fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    with pytest.raises(BrokenYear, match=OUT):
        for seed in SEEDS:
            in_memory(seed, **SHIPPED)[0].run()


def test_it_is_found_through_the_desk(clean_database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_says_yes(monkeypatch)
    with pytest.raises(BrokenYear, match=OUT):
        at_the_desk(SEEDS[0], **SHIPPED).run()
