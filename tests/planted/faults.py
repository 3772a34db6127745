"""Faults planted in copies of pathway files by somebody who had not read the checker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from holdfast.pathways.library import shipped

TOY = "toy-parcel"
DISCHARGE = "discharge-to-community"
SAFEGUARDING = "safeguarding-concern"
_TOYS = Path(__file__).parents[1] / "pathways"


@dataclass(frozen=True, slots=True)
class Planted:
    """``edits`` are (old, new), each old there at least once. ``at_load``: so plain that the file cannot even be loaded."""

    name: str
    file: str
    property: str
    edits: tuple[tuple[str, str], ...]
    at_load: bool = False

    def text(self) -> str:
        text = (_TOYS / f"{self.file}.yaml").read_text("utf-8") if self.file == TOY else shipped()[self.file]
        for old, new in self.edits:
            if old not in text:
                raise LookupError(f"{self.name}: {old!r} is no longer in {self.file}")
            text = text.replace(old, new, 1)
        return text


def _toy(name: str, property: str, *edits: tuple[str, str], at_load: bool = False) -> Planted:
    return Planted(name, TOY, property, edits, at_load)


def _real(name: str, property: str, *edits: tuple[str, str], at_load: bool = False) -> Planted:
    return Planted(name, DISCHARGE, property, edits, at_load)


_SENT_AND_NOT = "{ all: [ { fact: moment.sent, known: yes }, { fact: moment.sent, unknown: yes } ] }"
_NEVER_DISCHARGED = f"when: {_SENT_AND_NOT}\n"

FAULTS: tuple[Planted, ...] = (
    # P1: a holder at every state
    _toy(
        "responsibility moves to an insurer whom nobody named",
        "P1",
        ("moves-responsibility-to: receiver.holder", "moves-responsibility-to: insurer"),
        ("needs: [papers-complete, seal-intact, insured]", "needs: [papers-complete, seal-intact]"),
    ),
    _toy(
        "a missed inspection hands the parcel to an insurer whom nobody named",
        "P1",
        (
            "when-breached: { emits: [inspection-missed],",
            "when-breached: { moves-responsibility-to: insurer, emits: [inspection-missed],",
        ),
        ("needs: [papers-complete, seal-intact, insured]", "needs: [papers-complete, seal-intact]"),
    ),
    _real(
        "after three attempts the case goes to somebody whose name was never asked for",
        "P1",
        (
            "    when-opened:\n      moves-responsibility-to: sender.holder",
            "    when-opened:\n      moves-responsibility-to: first-appointment-missed",
        ),
        ("fallback-stated, decision-maker-reachable, continuity-named]", "fallback-stated, decision-maker-reachable]"),
    ),
    # P2: a running clock at every open state
    _toy(
        "nothing is owed once the parcel is in the vault",
        "P2",
        (
            "    owed-by: holder\n    opens-on: received\n    every:",
            "    owed-by: holder\n    opens-on: alarm\n    every:",
        ),
        ("    owed-by: insurer\n    opens-on: received\n", "    owed-by: insurer\n    opens-on: alarm\n"),
    ),
    _toy(
        "nobody owes a receipt",
        "P2",
        ("    opens-on: sent\n    due: { fragile: 2 h", "    opens-on: alarm\n    due: { fragile: 2 h"),
    ),
    _toy(
        "nothing is owed at the opening",
        "P2",
        (
            "    opens-on: opened\n    due: { at: journey.leaves, all: 24 h }",
            "    opens-on: sent\n    due: { at: journey.leaves, all: 24 h }",
        ),
        (
            "    opens-on: opened\n    due: { at: journey.leaves, before",
            "    opens-on: alarm\n    due: { at: journey.leaves, before",
        ),
    ),
    _toy(
        "a refused parcel is nobody's",
        "P2",
        ("    opens-on: refused\n    due: { all: 24 h }", "    opens-on: courier-came\n    due: { all: 24 h }"),
    ),
    _real(
        "a declined packet is owed by nobody",
        "P2",
        (
            "    owed-by: holder\n    opens-on: opened\n    due: { all: 30 d }",
            "    owed-by: holder\n    opens-on: accepted\n    due: { all: 30 d }",
        ),
        (
            "    owed-by: sender.holder\n    opens-on: declined-by-receiver",
            "    owed-by: sender.holder\n    opens-on: accepted",
        ),
    ),
    # P3: every ladder ends at a person and is never silent
    _toy(
        "the alarm answers itself when its time is over",
        "P3",
        (
            "    met-by: alarm-answered\n    many: yes",
            "    met-by: [alarm-answered, alarm-quiet]\n    many: yes\n    when-breached: { emits: [alarm-quiet] }",
        ),
    ),
    _toy(
        "the receipt writes itself when its time is over",
        "P5",
        (
            "    climbs-on: delivery-failed\n    ladder: chase",
            "    climbs-on: delivery-failed\n    when-breached: { emits: [received] }\n    ladder: chase",
        ),
    ),
    _real(
        "a missed touchpoint settles the touchpoint",
        "P3",
        (
            "    met-by: [contact-made, appointment-kept]",
            "    met-by: [contact-made, appointment-kept, touchpoint-missed]",
        ),
    ),
    _real(
        "a risk signal answers itself",
        "P3",
        (
            "    met-by: clinical-response\n",
            "    met-by: clinical-response\n    when-breached: { emits: [clinical-response] }\n",
        ),
    ),
    _toy(
        "the bell stops after two rungs", "P3", ("    - { then-every: 30 min, tell: last-resort }\n", ""), at_load=True
    ),
    _toy(
        "the chase ends at a supervisor",
        "P3",
        ("- { then-every: 12 h, tell: last-resort }", "- { then-every: 12 h, tell: receiver.supervisor }"),
        at_load=True,
    ),
    # P4: every end can be reached, and no state is a dead end
    _toy(
        "a parcel is sent only if it was sent and was not",
        "P4",
        ("    only-when: { fact: moment.received, unknown: yes }\n", f"    only-when: {_SENT_AND_NOT}\n"),
    ),
    _toy(
        "it is received only after the courier who comes after it",
        "P4",
        (
            "    only-when: { all: [ { fact: moment.sent, known: yes }, { fact: moment.received, unknown: yes } ] }\n    shows",
            "    only-when: { all: [ { fact: moment.courier-came, known: yes }, { fact: moment.received, unknown: yes } ] }\n    shows",
        ),
    ),
    _real(
        "engaged asks for an appointment that was kept and was not",
        "P4",
        (
            "    when: { fact: moment.appointment-kept, known: yes }",
            "    when: { all: [ { fact: moment.appointment-kept, known: yes }, { fact: moment.appointment-kept, unknown: yes } ] }",
        ),
    ),
    _toy(
        "no end is open to anybody",
        "P4",
        (
            "  no-alarm:\n    says: Every alarm has its answer\n    when: { fact: open.alarm-answer, at-most: 0 }",
            f"  no-alarm:\n    says: Every alarm has its answer\n    {_NEVER_DISCHARGED.rstrip()}",
        ),
        (
            "    title: Declared lost\n    by: [sender.supervisor]\n",
            "    title: Declared lost\n    by: [sender.supervisor]\n    needs: [no-alarm]\n",
        ),
    ),
    # P5: where the receiver must speak, nothing else will do
    _toy(
        "the sender may sign for the receiver",
        "P5",
        (
            "    title: Receive the parcel\n    by: [receiver.any]",
            "    title: Receive the parcel\n    by: [receiver.any, sender.holder]",
        ),
    ),
    _toy(
        "sending counts as having received",
        "P5",
        ("    packet: freeze\n    emits: [sent]", "    packet: freeze\n    emits: [sent, received]"),
    ),
    _toy(
        "only the sender signs",
        "P5",
        (
            "    title: Receive the parcel\n    by: [receiver.any]\n    link: yes",
            "    title: Receive the parcel\n    by: [sender.any]",
        ),
    ),
    _real(
        "the coordinator may confirm the receipt",
        "P5",
        (
            '    title: "Received, reviewed, assigned"\n    by: [receiver.any]',
            '    title: "Received, reviewed, assigned"\n    by: [receiver.any, sender.holder]',
        ),
    ),
    _real(
        "silence counts as acceptance",
        "P5",
        (
            "    climbs-on: delivery-failed\n    ladder: chase-receipt",
            "    climbs-on: delivery-failed\n    when-breached: { emits: [accepted] }\n    ladder: chase-receipt",
        ),
    ),
    _real(
        "responsibility moves on sending",
        "P5",
        (
            "    packet: freeze\n    emits: [sent]",
            "    packet: freeze\n    moves-responsibility-to: receiver.holder\n    emits: [sent]",
        ),
    ),
    _real(
        "a card that the sender gives to the person counts as the team's acceptance",
        "P5",
        (
            "    by: [holder, sender.any, receiver.any]\n    records:\n      - { id: card.how",
            "    by: [sender.any]\n    records:\n      - { id: card.how",
        ),
        ("otherwise: person-not-told } ]", "otherwise: person-not-told }, accepted ]"),
    ),
    # P6: every tier has every time
    _toy(
        "an ordinary receipt has no time",
        "P6",
        ("due: { fragile: 2 h, ordinary: 12 h }", "due: { fragile: 2 h }"),
        at_load=True,
    ),
    _toy(
        "an ordinary inspection has no cadence",
        "P6",
        ("every: { fragile: 24 h, ordinary: 72 h }", "every: { fragile: 24 h }"),
        at_load=True,
    ),
    _real(
        "first contact has no time for high risk",
        "P6",
        (
            "    due: { high: 24 h, standard: 72 h }\n    met-by: first-contact-made",
            "    due: { standard: 72 h }\n    met-by: first-contact-made",
        ),
        at_load=True,
    ),
    _real(
        "the prescriber has no time at standard risk",
        "P6",
        (
            "    due: { high: 7 d, standard: 14 d }\n    task: yes\n    done-when: The prescriber",
            "    due: { high: 7 d }\n    task: yes\n    done-when: The prescriber",
        ),
        at_load=True,
    ),
    # P7: emergency action in at most two steps, from everywhere
    _real("there is no emergency step", "P7", ('    urgent: yes\n    says: "Danger now', '    says: "Danger now')),
    _toy(
        "only the insurer may raise the alarm",
        "P7",
        ("    title: Raise the alarm\n    by: [anyone]", "    title: Raise the alarm\n    by: [insurer]"),
    ),
    _toy(
        "an alarm only once it is received",
        "P7",
        (
            "    urgent: yes\n    says: Ring",
            "    urgent: yes\n    only-when: { fact: moment.received, known: yes }\n    says: Ring",
        ),
        at_load=True,
    ),
    _real(
        "an emergency only once the packet is out",
        "P7",
        (
            '    urgent: yes\n    says: "Danger now',
            '    urgent: yes\n    only-when: { fact: moment.sent, known: yes }\n    says: "Danger now',
        ),
        at_load=True,
    ),
    _real(
        "an emergency only for the holder",
        "P7",
        (
            "    title: Record an emergency response and tell everybody\n    by: [anyone]",
            "    title: Record an emergency response and tell everybody\n    by: [receiver.holder]",
        ),
    ),
    # P8: whatever a gate or a condition reads can be filled in
    _toy(
        "a gate reads a question that nobody asks",
        "P8",
        (
            "    when: { fact: seal.intact, is: yes }\n    supplied-by",
            "    when: { fact: seal.whole, is: yes }\n    supplied-by",
        ),
        at_load=True,
    ),
    _toy(
        "what the sending waits for is asked at the receiving",
        "P8",
        (
            "    when: { fact: seal.intact, is: yes }\n    supplied-by: sender.holder\n    override: ordinary",
            "    when: { fact: answer.receive.seal, is: intact }\n    supplied-by: sender.holder\n    override: never",
        ),
    ),
    _toy(
        "what the end waits for is asked in a step that never comes",
        "P8",
        (
            "    when: { fact: moment.received, known: yes }\n    supplied-by: receiver.intake",
            "    when: { fact: answer.courier.at, known: yes }\n    supplied-by: receiver.intake",
        ),
        (
            "    title: Book the courier for the last mile\n    by: [holder]\n    only-when: { fact: moment.received, known: yes }",
            f"    title: Book the courier for the last mile\n    by: [holder]\n    only-when: {_SENT_AND_NOT}",
        ),
    ),
    _real(
        "the sending waits for the reason of a refusal that can come only afterwards",
        "P8",
        (
            "    when: { fact: transition.trigger, known: yes }\n    supplied-by: sender.holder\n"
            "    override: clinical\n    opens: complete-packet",
            "    when: { fact: answer.decline.reason, known: yes }\n    supplied-by: sender.holder\n    override: never",
        ),
    ),
    # P9: times within safe bounds
    _real(
        "a receipt in 96 hours for high risk",
        "P9",
        (
            "    due: { high: 4 h, standard: 24 h }\n    met-by: [receipt-confirmed, answered]\n    climbs-on",
            "    due: { high: 96 h, standard: 96 h }\n    met-by: [receipt-confirmed, answered]\n    climbs-on",
        ),
    ),
    _real(
        "240 hours typed for 24",
        "P9",
        (
            "    due: { high: 4 h, standard: 24 h }\n    met-by: [receipt-confirmed, answered]\n    climbs-on",
            "    due: { high: 4 h, standard: 240 h }\n    met-by: [receipt-confirmed, answered]\n    climbs-on",
        ),
    ),
    _real(
        "four days for an answer to a risk signal",
        "P9",
        (
            "    due: { high: 1 h, standard: same day }\n    met-by: clinical-response",
            "    due: { high: 100 h, standard: 100 h }\n    met-by: clinical-response",
        ),
    ),
    _real(
        "first contact slower for high risk than for standard",
        "P9",
        (
            "    due: { high: 24 h, standard: 72 h }\n    met-by: first-contact-made",
            "    due: { high: 72 h, standard: 24 h }\n    met-by: first-contact-made",
        ),
    ),
    _toy(
        "an alarm about glass may wait two days",
        "P9",
        ("    due: { fragile: 1 h, ordinary: same day }", "    due: { fragile: 48 h, ordinary: same day }"),
    ),
)
