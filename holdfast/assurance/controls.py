"""The registry of controls: for each hazard the place in the code or the pathways that keeps it, and what it keeps. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.assurance.contact_controls import CONTACT
from holdfast.assurance.handover_controls import HANDOVER
from holdfast.assurance.intensity_controls import INTENSITY
from holdfast.assurance.packet_controls import PACKETS


@dataclass(frozen=True, slots=True)
class Control:
    """``place`` is ``module:name`` (a function, ``Class.method``, or an entry ``TABLE.Name`` of a table), or a part of the shipped
    pathways, ``library/<file>:<kind>.<id>`` (``*`` for every file that has it); ``keeps`` says what it does."""

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
    (
        "HZ-39",
        "Delayed escalation",
        "holdfast.core.ladders:_target",
        "a rung out of hours goes to the one on duty",
        "RungFired: told, role, due and noticed",
    ),
    (
        "HZ-40",
        "Inconsistent thresholds",
        "holdfast.desk.sitting:edition_for",
        "a case is decided by the edition it was opened on, whoever is on shift",
        "the edition of every entry",
    ),
    (
        "HZ-41",
        "Warning recorded, not acted on",
        "holdfast.core.moments:open_promise",
        "a signal over threshold opens its escalation in the same entry",
        "ObligationOpened beside its StepTaken",
    ),
    (
        "HZ-42",
        "Escalation without response",
        "holdfast.core.decide:_DEEDS.NoteSent",
        "only a clinical response with content and author ends an escalation",
        "StepTaken respond, ObligationMet",
    ),
    (
        "HZ-44",
        "Treated as routine, one clock for all",
        "holdfast.core.promises:retime",
        "a raised tier brings running clocks forward, never back",
        "TierSet with its author and reason, ObligationRetimed",
    ),
    (
        "HZ-48",
        "Emergency threshold unclear",
        "holdfast.pathways.checks.references:_check_urgent",
        "an urgent step waits for nothing; a pathway where it does is not published",
        "StepTaken emergency, notices",
    ),
    (
        "HZ-50",
        "No closure message to the originator",
        "holdfast.workers.deliveries:put_back",
        "a message that cannot be delivered now is tried until it is",
        "deliveries and attempts, closure-read",
    ),
    (
        "HZ-61",
        "Partial work becomes normal",
        "holdfast.core.moments:open_next",
        "what is done opens what comes next, with its owner and clock",
        "ObligationOpened",
    ),
    (
        "HZ-62",
        "Unknown outcome, done once sent",
        "holdfast.core.pathway:Pathway.find_endpoint",
        "a case ends only at an endpoint of its pathway",
        "CaseClosed with its evidence",
    ),
    (
        "HZ-68",
        "The referral was made is not defensible",
        "holdfast.core.forms:check_occurred",
        "when it happened and when it was written down are both kept; late needs its reason",
        "entries: occurred, recorded, late",
    ),
    (
        "HZ-76",
        "Clock wrong",
        "holdfast.desk.desk:Desk.not_before",
        "recorded time never goes back, whatever the clocks say",
        "entries: recorded",
    ),
    (
        "HZ-77",
        "Clock fires twice or never",
        "holdfast.core.fold:_FOLDS.RungFired",
        "firing arms another clock in the entry that records it",
        "RungFired with its clock",
    ),
    (
        "HZ-78",
        "Ladder goes to a dead channel",
        "holdfast.core.decide:_DEEDS.NoteFailed",
        "what cannot be delivered makes the ladder climb at once",
        "NoticeFailed, RungFired",
    ),
    (
        "HZ-81",
        "Hard stop blocks urgent care",
        "holdfast.core.gates:pass_gates",
        "every clinical gate can be passed at once with a reason",
        "GateOverridden, complete-packet, override-sign-off",
    ),
    (
        "HZ-83",
        "Acknowledged work lost",
        "holdfast.desk.answered:remember",
        "the answer is kept with the work, so a retry neither loses nor repeats it",
        "entries and their keys",
    ),
    (
        "HZ-84",
        "Partial state",
        "holdfast.desk.desk:transaction",
        "an entry and all that follows from it are one transaction",
        "rebuild finds no difference",
    ),
    (
        "HZ-85",
        "Record altered or backdated",
        "holdfast.ledger.proof:_last_borne_out",
        "the log is held against checkpoints kept outside the database",
        "signed checkpoints",
    ),
    (
        "HZ-92",
        "Success undefined",
        "holdfast.core.closing:check_answers",
        "an end other than the one asked for says why, and the sender is told",
        "CaseClosed: as asked or not, closure message",
    ),
)

CONTROLS = {row[0]: Control(*row) for row in (*_ROWS, *PACKETS, *HANDOVER, *CONTACT, *INTENSITY)}
