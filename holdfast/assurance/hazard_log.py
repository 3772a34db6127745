"""The hazard log as a page: each hazard with its control's place in the code, its scenario and the twin without the control."""

from __future__ import annotations

import re
from pathlib import Path

from holdfast.assurance.controls import CONTROLS, Control
from holdfast.assurance.hazards import CAUSE_AND_HARM

PAGE = "docs/safety/hazard-log.md"
ROOT = Path(__file__).resolve().parents[2]
_TEST = re.compile(r"^def (test_hz_(\d+)_\w+)\(", re.MULTILINE)
_TWIN = "_without_its_control"

_INTRO = """# Hazard log (draft)

Made by `script/generated` from `holdfast/assurance/controls.py`, the files it gathers, and the tests; do not edit it by hand.

What can go wrong for a person, as far as the shipped protocols and the software itself can cause it, and what stands against
it. Every control is one place, in the code (`module:name`) or in the shipped pathways (`library/file:kind.id`; `*` is every file
that has it). Every hazard has a scenario that drives the
control through the desk on both databases, and a twin: the same scenario with the control taken out, which must fail at the
assertion that names the hazard. `tests/house/test_markers.py` fails when a hazard lacks either.

**This is a draft.** Severity, likelihood and whether what is left of a risk can be accepted are not scored here: that needs a
registered clinician with the role of clinical safety officer (DCB0129, DCB0160) at the place that uses it. "Stands against" means
that the scenario shows the control at work; it does not mean that the harm cannot happen. A control in software ends at the
person who is called: whether they act is seen, and climbs, and is never assumed.

Refused always means: unless the emergency override, which is recorded and signed off, is used.

| Id | Hazard | Cause | Harm | Control | Place in the code | Evidence kept | Scenario | Twin |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def pages() -> dict[str, str]:
    """The path from the root of the repository, and the text. Raises LookupError for a control without scenario or twin."""
    tests = _tests()
    ordered = sorted(CONTROLS.values(), key=lambda control: int(control.hazard.removeprefix("HZ-")))
    return {PAGE: _INTRO + "".join(_row(control, tests) for control in ordered)}


def _tests() -> dict[tuple[str, bool], str]:
    """The tests of each hazard by the convention of their names: (hazard, whether it is the twin) to file and name."""
    found: dict[tuple[str, bool], str] = {}
    for path in sorted((ROOT / "tests" / "hazards").glob("test_*.py")):
        for name, number in _TEST.findall(path.read_text("utf-8")):
            found[f"HZ-{number}", name.endswith(_TWIN)] = f"`{path.stem}::{name}`"
    return found


def _row(control: Control, tests: dict[tuple[str, bool], str]) -> str:
    id = control.hazard
    for twin in (False, True):
        if (id, twin) not in tests:
            raise LookupError(f"{id} has no {'twin' if twin else 'scenario'} in tests/hazards")
    cause, harm = CAUSE_AND_HARM[id]
    cells = (id, control.title, cause, harm, control.keeps, f"`{control.place}`", control.evidence)
    return f"| {' | '.join(cells)} | {tests[id, False]} | {tests[id, True]} |\n"
