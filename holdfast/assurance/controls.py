"""The registry of controls: for each hazard the place in the code that keeps it, and what it keeps. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """``place`` is ``module:name`` (a function, ``Class.method``, or an entry ``TABLE.Name`` of a table); ``keeps`` says what it does."""

    hazard: str
    title: str
    place: str
    keeps: str
    evidence: str


_ROWS = (
    (
        "HZ-01",
        "Sent but not received",
        "holdfast.core.moments:open_promise",
        "the receipt clock starts with the sending",
        "sent, received, accepted: who, when",
    ),
    (
        "HZ-02",
        "Paperwork taken as response",
        "holdfast.core.decide:_DEEDS.NoteSent",
        "a delivery is recorded and meets nothing",
        "NoticeSent apart from receipt",
    ),
    (
        "HZ-03",
        "Receipt ladder stalls",
        "holdfast.core.ladders:_next_climb",
        "every rung arms the next; the last repeats for ever",
        "RungFired with its target",
    ),
    (
        "HZ-04",
        "Incomplete packet",
        "holdfast.core.facts:missing_fields",
        "each needed field is asked; blank is no answer",
        "missing fields of each version",
    ),
    (
        "HZ-09",
        "Everyone is responsible",
        "holdfast.core.holding:_check_person",
        "only one active person can hold a case",
        "HolderMoved",
    ),
    (
        "HZ-10",
        "Ownership gap between day 0 and day 30",
        "holdfast.worklists.writing:_move_holding",
        "an interval ends where the next begins",
        "worklist_holding",
    ),
    (
        "HZ-13",
        "False continuity",
        "holdfast.worklists.rows:stage_of",
        "a state is shown only on its own evidence",
        "dated states",
    ),
    (
        "HZ-14",
        "No one can show who held responsibility",
        "holdfast.worklists.casefile:who_held",
        "one query gives the holder of any instant",
        "holdings, evidence file",
    ),
    (
        "HZ-16",
        "No decision-maker, no night route",
        "holdfast.core.gates:unmet_gates",
        "sending waits for a decision-maker reachable day and night",
        "GateOverridden",
    ),
    (
        "HZ-17",
        "Receiver cannot reach the person",
        "holdfast.core.moments:move_holder",
        "after three failed attempts responsibility reverts, both are told",
        "HolderMoved, notices",
    ),
    (
        "HZ-18",
        "Successful referral, failed arrival",
        "holdfast.core.gates:unmet_gates",
        "engaged needs the kept appointment",
        "CaseClosed with its evidence",
    ),
    (
        "HZ-21",
        "Lost after acceptance",
        "holdfast.core.moments:open_promise",
        "acceptance starts the first-contact clock",
        "ObligationOpened",
    ),
    (
        "HZ-24",
        "We tried to reach them",
        "holdfast.core.moments:_which",
        "attempts count by method and spacing",
        "attempt-not-counted",
    ),
    (
        "HZ-28",
        "Missed appointment found late",
        "holdfast.core.moments:open_promise",
        "each appointment has an outcome clock",
        "appointment-outcome",
    ),
    (
        "HZ-29",
        "No appointment in time",
        "holdfast.core.firing:carry_out",
        "the breach opens another way in",
        "alternate-appointment",
    ),
    (
        "HZ-36",
        "Changes not reconciled",
        "holdfast.core.answers:_READERS.list",
        "a change needs its rationale",
        "medication.changes, reconciliation",
    ),
    (
        "HZ-37",
        "Prescriber unowned",
        "holdfast.core.moments:open_promise",
        "acceptance opens the prescriber task",
        "prescriber",
    ),
    (
        "HZ-43",
        "Warning signs not monitored",
        "holdfast.core.moments:open_promise",
        "a skipped check is owed",
        "check-owed",
    ),
)

CONTROLS = {row[0]: Control(*row) for row in _ROWS}
