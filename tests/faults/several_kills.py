"""The trials of deeds that write several streams: killed at a point, all of it is there or nothing, and done again it is there once."""

from __future__ import annotations

from holdfast.desk.rebuild import compare_streams
from holdfast.ledger.models import Head
from holdfast.worklists.models import CaseRow
from tests.faults.crash import SEVERAL, in_child
from tests.faults.kills import Tally, count
from tests.faults.several import DEEDS, Deed
from tests.faults.wholeness import faults_of
from tests.installation import Case, Installation, given

#: Where the toys end without further ado.
ENDS = {
    "toy-moved": "lost",
    "toy-relay": "lost",
    "toy-fire": "lost",
    "toy-search": "lost",
    "toy-berth": "in-port",
    "toy-change": "changed",
}


def run_several(house: Installation, trials: int) -> Tally:
    """``trials`` kills: each deed in turn, every time at another point; a point that it passes several times, at one of them."""
    tally = Tally()
    for turn in range(trials):
        make, point = DEEDS[turn % len(DEEDS)], SEVERAL[(turn + turn // len(DEEDS)) % len(SEVERAL)]
        name = make.__name__.replace("_", " ")
        deed = make(house)
        again = point == "decided" or not deed.whole
        several_trial(house, deed, name, point, house.chance.choice((1, 2)) if again else 1, tally)
        _tidy(house)
    return tally


def several_trial(house: Installation, deed: Deed, name: str, point: str, on_time: int, tally: Tally) -> None:
    before = _heads()
    ended = in_child(deed.do, point, on_time)
    count(tally, ended.killed, ended.acknowledged, point, ended.fault)
    there = _heads()
    answer = deed.do()
    after = _heads()
    faults = []
    if deed.whole and there not in (before, after):
        faults.append("some of it was there and some was not")
    if ended.acknowledged and there != after:
        faults.append("it was acknowledged and not all of it was there")
    if not answer:
        faults.append("done again it was refused")
    if deed.keyed and ended.acknowledged and ended.answer != str(answer):
        faults.append(f"done again it was answered {answer}, at first {ended.answer}")
    if deed.keyed and deed.do() != answer:
        faults.append("done a third time it was answered otherwise")
    if _heads() != after:
        faults.append("done a third time it was written again")
    written = {stream for stream, digest in after.items() if before.get(stream) != digest}
    if len(written) < deed.streams:
        faults.append(f"it wrote only {len(written)} streams: this trial shows nothing")
    faults += [str(difference) for difference in compare_streams(house.desk.vault, written)]
    for case in deed.cases:
        faults += faults_of(case.id)
        if case.state.status == "open" and case.state.next_ring() is None:
            faults.append("an open case has no clock")
    faults += [f"not so: {wrong}" for wrong in deed.right()]
    tally.faults += [f"{name}, {point}: {fault}" for fault in faults]


def _heads() -> dict[str, str]:
    """Every stream there is, and the digest of its last entry."""
    return dict(Head.objects.values_list("stream", "digest"))


def _tidy(house: Installation) -> None:
    """What a trial leaves open ends, so that the next finds neither its clocks nor its cases to move."""
    for row in CaseRow.objects.filter(status="open", pathway__in=ENDS):
        case = Case(house, row.case, row.subject)
        if row.pathway == "toy-change":
            for promise in [p for p in case.state.owed() if p.kind == "open-item"]:
                case.step("settle-item", "sue", {"item.fate": given("kept")}, about=promise.id)
        case.does("CloseCase", "ina" if row.pathway == "toy-change" else case.state.holder, endpoint=ENDS[row.pathway])
