"""A pathway that is broken in one place is refused with one fault, at that line."""

import pytest

from tests.pathways.toy import TOY, changed, faults_of, line_of

# (what is in the toy, what is put there, a text on the line at fault, what is said, what to do)
BROKEN = [
    ("late-after: 24 h", "late-aftr: 24 h\nlate-after: 24 h", "late-aftr:", "'late-aftr' is not a key", "'late-after'?"),
    ("sign-off: gate-sign-off\n", "", "pathway: toy-parcel", "'sign-off' is missing", "Add 'sign-off"),
    ("window: 10 d", "window: 1 month", "window: 1 month", "months and years have no fixed length", ""),
    ("window: 10 d", "window: 3 working days", "window: 3", "depends on a calendar", "minutes, hours or days"),
    ("kind: transition", "kind: journey", "kind: journey", "'journey' is not allowed here", "'transition'"),
    ("accountable-at-opening: sender.holder", "accountable-at-opening: sender.boss", "sender.boss", "duty 'sender.boss'", ""),
    ("lowered-by: [insurer]", "lowered-by: [insuror]", "[insuror]", "'insuror'", "Did you mean 'insurer'?"),
    ("sign-off: gate-sign-off", "sign-off: nobody", "sign-off: nobody", "no obligation 'nobody'", ""),
    ("day-and-night: yes }", "day-and-night: perhaps }", "perhaps", "neither yes nor no", "Write yes or no"),
    ("  insurer: { ask: Who", "  holder: { ask: Who cares, role: watch }\n  insurer: { ask: Who",
     "holder: { ask", "means something else", ""),
    ("insurance, role: insurer", "insurance, role: insuror", "role: insuror", "no role 'insuror'", "'insurer'?"),
    ("holder: keeper, intake", "holder: keper, intake", "holder: keper", "no role 'keper'", "'keeper'?"),
    ("states: { under way: sent", "states: { under way: snt", "snt,", "no moment 'snt'", "'sent'?"),
    ("by: wanted.by }", "by: parcel.value }", "by: parcel.value", "is a number", "date or instant"),
    ("one-of: { delivered: Delivered, returned: Returned }", "one-of: { gone: Gone }", "success:", "no endpoint 'gone'", ""),
    ("ask: Is it made of glass }", "ask: Is it, one-of: { a: A } }", "ask: Is it,", "which has no one-of", ""),
    ("ask: Why, one-of: { full: No room, damaged: Damaged } }", "ask: Why not }", "Why not", "nothing to choose from", "one-of"),
    ("kind: number, ask: Value", "kind: money, ask: Value", "ask: Value", "'money' is not allowed", "'number'"),
    ("each-needs: [name]", "each-needs: [nam]", "[nam]", "no column 'nam'", "'name'?"),
    ("id: seal.note,", "id: seal.intact,", "What happened to the seal", "'seal.intact' is used twice", "Rename"),
    ("id: seal.note,", "id: answer.note,", "answer.note", "a fact that is worked out", "Rename"),
    ("ask: Who keeps it", "ask: Who keeps it, columns: { a: A }", "Who keeps it", "has no columns", ""),
    ("inspect.seal, kind: code, ask: The seal, one-of: seals", "inspect.seal, kind: code, ask: The seal, one-of: seels",
     "one-of: seels", "no list of choices 'seels'", "'seals'?"),
    ("seal.intact, is: no }", "seal.intact, is: broken }", "is: broken } }\n  journey", "'seal.intact' is never 'broken'", "no, yes"),
    ("seal.intact, is: no }", "seal.intakt, is: no }", "seal.intakt", "no fact 'seal.intakt'", "'seal.intact'?"),
    ("seal.intact, is: no }", "seal.intact, at-least: 1 }", "at-least: 1 }", "cannot be tested with 'at-least'", ""),
    ("seal.intact, is: no }", "seal.intact, is: no, known: yes }", "is: no, known", "tested in one way", ""),
    ("when: { fact: packet.complete, is: yes }", "when: { fct: packet.complete, is: yes }", "fct:", "is not a condition", ""),
    ("when: { fact: packet.complete, is: yes }", "when: { fact: parcel.contents, is: gold }", "is: gold", "never 'gold'", ""),
    ("moment.received, known: yes }\n    supplied-by: receiver", "moment.recieved, known: yes }\n    supplied-by: receiver",
     "recieved", "no moment 'recieved'", "'received'?"),
    ("open.alarm-answer", "open.alarm-anser", "open.alarm-anser", "no obligation 'alarm-anser'", "'alarm-answer'?"),
    ("fact: named.insurer, known", "fact: named.insuror, known", "named.insuror", "no name 'insuror'", ""),
    ("supplied-by: insurer", "supplied-by: anyone", "supplied-by: anyone", "role in this case 'anyone'", ""),
    ("opens: complete-papers", "opens: complete-paper", "opens: complete-paper\n", "no obligation 'complete-paper'", ""),
    ("override: clinical", "override: always", "override: always", "'always' is not allowed", "'never'"),
    ("[papers-complete, seal-intact, insured]", "[papers-complete, seal-intakt, insured]", "needs: [papers", "no gate 'seal-intakt'", ""),
    ("by: [holder, receiver.any]", "by: [holder, receiver.all]", "receiver.all", "role in this case 'receiver.all'", ""),
    ("shows: [parcel.glass, parcel.value]", "shows: [parcel.glass, parcel.size]", "parcel.size", "packet field 'parcel.size'", ""),
    ("receiver.holder: receive.keeper", "receiver.holder: receive.seal", "receiver.holder: receive.seal", "is a code", "staff"),
    ("receiver.holder: receive.keeper", "receiver.hlder: receive.keeper", "receiver.hlder", "no duty 'receiver.hlder'", ""),
    ("moves-responsibility-to: receiver.holder", "moves-responsibility-to: anyone", "responsibility-to: anyone", "'anyone'", ""),
    ("when: { defined: tampered }", "when: { defined: tamperd }", "defined: tamperd", "no definition 'tamperd'", "'tampered'?"),
    ("inspect.how, is: opened-vault }, apart: 2 h", "inspect.how, is: opened-vault }, apart: same day",
     "apart: same day", "depends on a calendar", ""),
    ("about: courier\n", "about: currier\n", "about: currier", "no obligation 'currier'", "'courier'?"),
    ("who: sender.holder, notice: declined", "who: owner, notice: declined", "who: owner", "role in this case 'owner'", ""),
    ("met-by: alarm-answered", "met-by: alarm-answerd", "met-by: alarm-answerd", "no moment 'alarm-answerd'", ""),
    ("met-by: [received, refused]", "met-by: [received, refusd]", "refusd", "no moment 'refusd'", "'refused'?"),
    ("climbs-on: delivery-failed", "climbs-on: delivery-fail", "climbs-on:", "no moment 'delivery-fail'", ""),
    ("opens-on: courier-booked", "opens-on: courier-boked", "courier-boked", "no moment 'courier-boked'", ""),
    ("while-open: inspection }", "while-open: inspecton }", "inspecton", "no obligation 'inspecton'", "'inspection'?"),
    ("time: 2,", "time: two,", "time: two", "not a whole number", ""),
    ("    met-by: courier-came\n", "", "  courier:\n", "Nothing can close 'courier'", "met-by"),
    ("ladder: bell\n", "ladder: bells\n", "ladder: bells", "no ladder 'bells'", "'bell'?"),
    ("waived-by: [insurer]", "waived-by: [nobody]", "waived-by:", "role in this case 'nobody'", ""),
    ("needs: [in-the-vault, no-alarm]", "needs: [in-vault, no-alarm]", "[in-vault,", "no gate 'in-vault'", "'in-the-vault'?"),
    ("is: [met, met-late, annulled]", "is: [met, finished]", "finished", "is never 'finished'", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "needle", "says", "remedy"), BROKEN)
def test_one_fault_at_its_line(old: str, new: str, needle: str, says: str, remedy: str) -> None:
    text = changed(old, new)
    [fault] = faults_of(text)
    assert says in fault.says
    assert remedy in fault.remedy
    assert fault.line == line_of(text, needle)


ADDED = [
    ("scores:\n  worth: { title: Worth, sum: [parcel.wrth] }", "no question 'parcel.wrth'", ""),
    ("scores:\n  worth: { title: Worth, sum: [parcel.value] }", "cannot be added up", "whole numbers"),
    ("scores:\n  worth: { title: Worth, sum: [receive.seal] }", "cannot be added up", "whole numbers"),
]


@pytest.mark.parametrize(("added", "says", "remedy"), ADDED)
def test_what_is_added_is_looked_at(added: str, says: str, remedy: str) -> None:
    [fault] = faults_of(f"{TOY}\n{added}\n")
    assert says in fault.says and remedy in fault.remedy


def test_the_toy_itself_has_no_fault() -> None:
    assert faults_of(TOY) == []


def test_all_faults_are_told_at_once_in_order() -> None:
    text = changed("late-after: 24 h", "late-after: 24 h\nlater: 1 h")
    text = text.replace("met-by: courier-came", "met-by: courier-went").replace("ladder: bell\n", "ladder: bells\n")
    faults = faults_of(text)
    assert [fault.line for fault in faults] == [
        line_of(text, "later:"), line_of(text, "courier-went"), line_of(text, "ladder: bells")
    ]  # fmt: skip


def test_a_circle_of_definitions_ends() -> None:
    text = changed("  tampered: {", "  worn: { defined: tampered }\n  tampered: { not: { defined: worn } }\n  old: {")
    [fault] = faults_of(text)
    assert "goes round in a circle: tampered > worn > tampered" in fault.says
    assert fault.line == line_of(text, "  worn: {")
