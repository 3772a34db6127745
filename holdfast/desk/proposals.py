"""What a pathway's stream says of its editions: the latest, and every proposal with what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfast.ledger.models import Head
from holdfast.ledger.store import bodies
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway

STREAM = "pathway:"
WAITING, PUBLISHED, REJECTED = "waiting", "published", "rejected"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed edition. ``number`` is that of its entry; ``base`` the digest of the edition it was to follow ("" for none);
    ``decided_by`` and ``reason`` are empty while it waits. ``proof`` is the record of the proof it was held to, empty for a shipped
    file and for what was proposed before proofs were kept."""

    pathway: str
    number: int
    digest: str
    title: str
    base: str
    by: str
    at: datetime
    status: str = WAITING
    decided_by: str = ""
    reason: str = ""
    proof: Mapping[str, Any] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return self.status == WAITING


def fold_editions(events: Iterable[Mapping[str, Any]], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The state that the head of a pathway's stream keeps, as plain JSON: ``before`` moved on by the events."""
    state: dict[str, Any] = dict(before or {})
    for event in events:
        proposals = state.setdefault("proposals", {}) if "proposal" in event else {}
        number = str(event.get("proposal", ""))
        match event["event"]:
            case "EditionProposed":
                kept = ("digest", "title", "base", "by", "at")
                kept_too = {"proof": event["proof"]} if event.get("proof") else {}
                proposals[number] = {**{name: event[name] for name in kept}, **kept_too, "status": WAITING}
            case "ProposalRejected":
                decided = {"status": REJECTED, "decided_by": event["by"], "reason": event["reason"]}
                proposals[number] = {**proposals[number], **decided}
            case "MoveAsked":
                asked = ("to", "obligations", "ladders", "cases", "reason", "by", "at")
                state.setdefault("moves", {})[str(event["move"])] = {
                    name: event[name] for name in asked if name in event
                }
            case "EditionPublished":
                state["latest"] = event["digest"]
                if number:
                    decided = {"status": PUBLISHED, "decided_by": event["by"], "reason": ""}
                    proposals[number] = {**proposals[number], **decided}
    return state


def proposals_in(pathway: str, state: Mapping[str, Any]) -> list[Proposal]:
    """The proposals of a folded state, the newest first."""
    found = [
        Proposal(pathway, int(number), **{**kept, "at": datetime.fromisoformat(kept["at"])})
        for number, kept in state.get("proposals", {}).items()
    ]
    return sorted(found, key=lambda one: -one.number)


def list_proposals(pathway: str = "") -> list[Proposal]:
    """Every proposal of one pathway, or of all: those that wait first, then the newest."""
    heads = Head.objects.filter(kind="pathway")
    if pathway:
        heads = heads.filter(stream=STREAM + pathway)
    rows = heads.order_by("stream").values_list("stream", "state")
    found = [p for stream, state in rows for p in proposals_in(stream.removeprefix(STREAM), json.loads(state))]
    return sorted(found, key=lambda one: (not one.waits, -one.at.timestamp(), one.pathway))


def find_proposal(pathway: str, number: int) -> Proposal | None:
    return next((one for one in list_proposals(pathway) if one.number == number), None)


def text_of(pathway: str, number: int) -> str:
    """The file as it was proposed: it lies in the entry itself, under the chain."""
    for body in bodies(STREAM + pathway):
        entry = json.loads(body)
        if entry["number"] == number:
            return str(entry["command"]["text"])
    raise LookupError(f"no proposal {number} of {pathway}")


def published_text(pathway: str, digest: str) -> str | None:
    """The file of a published edition as somebody wrote it: as it was proposed, or as it was shipped. None where only its canonical
    form was kept."""
    proposed = [one.number for one in list_proposals(pathway) if one.digest == digest]
    if proposed:
        return text_of(pathway, proposed[0])
    written = shipped().get(pathway)
    return written if written is not None and load_pathway(written).digest == digest else None
