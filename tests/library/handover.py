"""What both kinds of handover show: an owner until the person is reached, a checklist, open items, a live call at higher risk."""

from __future__ import annotations

from typing import Any

from tests.installation import Installation
from tests.library.driver import Run
from tests.library.four_parts import answers
from tests.library.setting import last_resort

SPOKEN = {"contact.method": "phone", "contact.with": "person", "check.done": "done"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}


def sent(house: Installation, pathway: str, **more: Any) -> Run:
    run = Run.open(house, pathway)
    run.fill(answers(run, **{"housing.stable": "yes", **more}))
    run.name_everybody()
    run.step("send")
    return run


def accepted(house: Installation, pathway: str, **more: Any) -> Run:
    run = sent(house, pathway, **more)
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    return run


def items(run: Run) -> list[str]:
    """The lines of the checklist."""
    spec = run.pathway.find_step("checklist")
    assert spec is not None
    return [field.id for field in spec.records if field.id != "list.why"]


def engage(run: Run) -> None:
    """From acceptance to the end, with nothing left open."""
    run.step("record-contact", SPOKEN)
    run.step("checklist")
    run.step("give-card", {"card.understood": "yes"})
    run.close("engaged")


def check_end_to_end(house: Installation, pathway: str) -> None:
    run = accepted(house, pathway)
    assert run.shown()["tier"] == "standard" and run.state.holder == run.who("receiver.holder")
    assert run.missing(run.close("engaged", status=409)) == {"first-contact-made", "checklist-done", "person-told"}
    engage(run)
    assert run.state.endpoint == "engaged"
    for validation in ("summary-sent", "accepted-with-a-date", "contact-in-time"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation
    assert run.verdict("spoken-at-higher-risk")["word"] == "not-applicable"
    assert run.notices("closure") == [run.who("sender.holder")]


def check_checklist(house: Installation, pathway: str) -> None:
    """One line left open keeps the case from closing; a line that does not apply says why."""
    run = accepted(house, pathway)
    run.step("record-contact", SPOKEN)
    for line in items(run):
        run.step("checklist", {line: "open"})
        assert "checklist-done" in run.shut("engaged"), line
    left = dict.fromkeys(items(run), "done") | {items(run)[0]: "not-applicable"}
    refused = run.of(run.who("sender.holder")).do(run.id, "TakeStep/checklist", 422, answers=left)
    assert run.missing(refused) == {"list.why"}
    run.step("checklist", left)
    assert "checklist-done" not in run.shut("engaged")


def check_live_call(house: Installation, pathway: str) -> None:
    """At higher risk the receiving side cannot accept before the two clinicians have spoken."""
    run = sent(house, pathway, **{"risk.suicidal-ideation": "active"})
    assert run.shown()["tier"] == "high" and run.owes("live-call")
    assert run.missing(run.step("accept", status=409)) == {"live-call-held"}
    bare = run.of(run.who("sender.holder")).do(run.id, "TakeStep/live-call", 422, answers={})
    assert {"call.took", "call.contact-at"} <= run.missing(bare)
    run.step("live-call", {"call.contact-at": run.soon(hours=20)})
    assert run.status("live-call") == "met"
    run.step("accept")
    assert run.verdict("spoken-at-higher-risk")["word"] == "passed"


def check_open_items(house: Installation, pathway: str) -> None:
    """Seven open items, one left out: it does not close; each gets one name."""
    run = accepted(house, pathway)
    for number in range(7):
        run.step("add-open-item", {"item.what": f"Item {number}"})
    run.step("record-contact", SPOKEN)
    run.step("checklist")
    run.step("give-card", {"card.understood": "yes"})
    ends = ["taken-over", "kept", "closed", "taken-over", "taken-over", "taken-over"]
    for end in ends:
        run.step("settle-item", {"item.becomes": end})
    assert run.missing(run.close("engaged", status=409)) == {"items-settled"}
    assert run.verdict("nothing-lost")["word"] == "awaited"
    run.past("open-item")
    assert run.verdict("nothing-lost")["word"] == "failed"
    run.step("settle-item", {"item.becomes": "taken-over"})
    run.close("engaged")
    assert run.verdict("nothing-lost")["word"] == "passed"


def check_reverts(house: Installation, pathway: str) -> None:
    """Three failed attempts: the old team answers again, until the new one has reached the person."""
    run = accepted(house, pathway)
    for _time in range(3):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    assert run.state.holder == run.who("sender.holder")
    told = run.notices("reverted")
    assert run.who("sender.holder") in told and run.who("receiver.holder") in told
    assert "attempts-signed-off" in run.missing(run.close("engaged", status=409))
    run.step("decide-after-attempts", {"decision.grounds": ["none"]})
    run.wait(hours=3)
    run.step("record-contact", SPOKEN, by=run.who("receiver.holder"))
    assert run.state.holder == run.who("receiver.holder")


def check_silence(house: Installation, pathway: str) -> None:
    """Nobody answers: chased to the last resort, and the validations fail with what they rest on."""
    run = sent(house, pathway)
    run.past("receipt")
    verdict = run.verdict("accepted-with-a-date")
    assert verdict["word"] == "failed" and verdict["facts"]
    run.wait(hours=9)
    climbed = [run.who("receiver.intake"), run.who("sender.supervisor"), run.who("receiver.supervisor")]
    assert run.told("receipt")[:3] == climbed and run.told("receipt")[-1] == run.who("last-resort")


def check_sender_contact(run: Run, needed: str, validation: str) -> None:
    """After the acceptance the old team stays in touch. That counts for what it is; the new team still owes its first contact."""
    old, new = run.who("sender.holder"), run.who("receiver.holder")
    refused = run.step("record-contact", SPOKEN, by=old, status=403)
    assert refused["code"] == "not_yours", "the new team's contact is written up by the new team"
    waits = run.owed("no-silence")["id"]
    run.wait(hours=1)
    run.step("keep-contact", {**SPOKEN, "check.ideation": "plan"}, by=old)
    assert run.owed("no-silence")["id"] != waits, "the person had word"
    assert run.owes("clinical-response"), "a risk that the old team saw is a risk seen"
    run.step("respond", by=run.who("decision-maker"))
    run.step("keep-contact", SPOKEN, by=old)
    for _time in range(3):
        run.wait(hours=3)
        run.step("keep-contact", NOBODY, by=old)
    assert run.state.holder == new and not run.owes("retry-contact"), "its tries are not those of the new team"
    assert not run.marked(needed) and run.status("first-contact") == "open"
    assert needed in run.shut("engaged")
    run.past("first-contact")
    run.wait(hours=20)
    assert run.status("first-contact") == "breached"
    climbed = [new, run.who("receiver.supervisor"), run.who("sender.supervisor")]
    climbed.append(last_resort(run.state.parties["receiver"]))
    assert run.told("first-contact")[:4] == climbed, "and on to the last resort of those who hold it"
    assert run.verdict(validation)["word"] == "failed"
    run.step("record-contact", SPOKEN, by=new)
    assert run.status("first-contact") == "met-late" and run.verdict(validation)["word"] == "passed"
    assert needed not in run.shut("engaged")


def check_reverted_contact(house: Installation, pathway: str) -> None:
    """Where the case has gone back, the old team holds it and stays in touch; only the new team's contact brings it over."""
    run = accepted(house, pathway)
    for _time in range(3):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    run.step("decide-after-attempts", {"decision.grounds": ["none"]})
    run.wait(hours=3)
    run.step("keep-contact", SPOKEN)
    assert run.state.holder == run.who("sender.holder") and run.owes("first-contact")
    assert "first-contact-made" in run.missing(run.close("engaged", status=409))
    run.step("record-contact", SPOKEN, by=run.who("receiver.holder"))
    assert run.state.holder == run.who("receiver.holder") and run.status("first-contact").startswith("met")
