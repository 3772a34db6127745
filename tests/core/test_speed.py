"""How long one decision takes on a case with a long history: printed, for the reader of the report; nothing depends on it."""

from statistics import median
from time import perf_counter

from holdfast.core import commands as c
from holdfast.core.decide import Accepted, decide
from tests.core.cases import CALM, Case, shipped
from tests.core.network import DAY, HOUR, LEA


def long_lived() -> Case:
    """A case of more than 200 entries, with contacts, appointments and a ladder that nobody answers."""
    case = shipped().accepted()
    entries = 10
    while entries < 220:
        case.after(2 * HOUR).take("record-contact", LEA, CALM)
        case.take("book-appointment", LEA, {"appointment.at": case.now})
        case.take("record-attendance", LEA, {"attendance.outcome": "kept"})
        entries += 3
    case.take("book-appointment", LEA, {"appointment.at": case.now + DAY})
    return case.wait(5 * DAY)


def test_a_decision_on_a_long_case_is_timed() -> None:
    case = long_lived()
    commands: dict[str, tuple[c.Command, str]] = {
        "record a contact": (case.step("record-contact", CALM), LEA),
        "book an appointment": (case.step("book-appointment"), LEA),
        "record attendance": (case.step("record-attendance"), LEA),
    }
    print(f"\n{case.state.number} events, {len(case.state.promises)} promises, {len(case.state.owed())} owed")
    for name, (command, actor) in commands.items():
        took = []
        for _ in range(30):
            began = perf_counter()
            decision = decide(case.state, command, case.pathway, case.directory, actor, case.now)
            took.append(perf_counter() - began)
            assert isinstance(decision, Accepted)
        print(f"{name}: {median(took) * 1000:.2f} ms, {len(decision.events)} events")
    case.after(DAY)
    began = perf_counter()
    case.do(c.FireClocks("down"), "system")
    print(f"fire all that is due: {(perf_counter() - began) * 1000:.2f} ms")
