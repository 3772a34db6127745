"""Editions need two persons: one proposes a file, another with authority approves or rejects it (HZ-88)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from holdfast.core.access import Viewer, may_publish
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.proposals import STREAM, Proposal, fold_editions, proposals_in, text_of
from holdfast.desk.streams import record
from holdfast.directory.snapshot import current_version
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.models import Head
from holdfast.ledger.store import Read, read_head
from holdfast.pathways.digest import canonical_bytes
from holdfast.pathways.editions import put_edition
from holdfast.pathways.expansion import expand
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.load import load_pathway
from holdfast.pathways.models import Edition
from holdfast.pathways.proving import NO_LIMIT, Limit, Proof, hold_to_proof

NO_AUTHORITY = "Only a governance lead or an administrator may decide on a proposed edition."
NOT_TO_PROPOSE = (
    "Only a governance lead or an administrator may propose an edition. Tell one of them what should change."
)
OWN = "Whoever proposed an edition cannot decide on it: a second person must have read it (HZ-88)."
TWO = "An edition needs two persons: one who proposes it and another who approves it."
STALE = "Another edition was published since this was proposed. Compare them, and propose it again."
#: A command on a pathway's stream, as its entry holds it, and its one event.
Deed = tuple[Mapping[str, Any], Mapping[str, Any]]


def propose_edition(desk: Desk, text: str, actor: str, door: str, limit: Limit = NO_LIMIT) -> Outcome:
    """Put a pathway file forward; ``number`` of the outcome names the proposal. Nothing is proved for who may not propose.

    Raises ``PathwayFaults`` for a file with faults, and for one of which a property is refuted or could not be decided; within a
    ``limit`` also ``ProofBusy``.

    The same file proposed again while it waits changes nothing. What is kept is the file with its blocks written out: a block that
    changes later changes no proposal.
    """
    if actor != SYSTEM and not may_publish(Viewer(actor), load_directory(current_version())):
        return refused("", "without_authority", NOT_TO_PROPOSE)
    text, pathway, proof = _held(text, limit)
    envelope = Envelope(STREAM + pathway.id, Ask("ProposeEdition", {"digest": pathway.digest}), actor, door)
    with transaction.atomic():
        read, state = _look(envelope)
        if actor != SYSTEM and not may_publish(Viewer(actor), load_directory(read.directory)):
            return refused(envelope.stream, "without_authority", NOT_TO_PROPOSE)
        if Edition.objects.filter(digest=pathway.digest).exists():
            return refused(envelope.stream, "already_published", "This edition is published already.")
        waiting = (p for p in proposals_in(pathway.id, state) if p.waits and p.digest == pathway.digest)
        if (same := next(waiting, None)) is not None:
            return Outcome(True, envelope.stream, same.number, again=True)
        now, number = desk.recorded_at(read), read.head.number + 1 if read.head else 1
        event = {
            "event": "EditionProposed",
            "proposal": number,
            "digest": pathway.digest,
            "pathway": pathway.id,
            "title": pathway.title,
            "base": state.get("latest", ""),
            "by": actor,
            "at": now.isoformat(),
            "proof": proof.record() if proof else {},
        }
        command = {"kind": "ProposeEdition", "digest": pathway.digest, "text": text}
        _put(envelope, read, now, (command, event))
    return Outcome(True, envelope.stream, number, events=("EditionProposed",))


def approve_edition(desk: Desk, pathway: str, proposal: int, actor: str, door: str) -> Outcome:
    """The second person agrees: from now on new cases start on this edition."""
    envelope = Envelope(STREAM + pathway, Ask("ApproveEdition", {"proposal": proposal}), actor, door)
    with transaction.atomic():
        read, state = _look(envelope)
        found = _decidable(pathway, proposal, actor, read, state)
        if isinstance(found, Refusal):
            return Outcome(False, envelope.stream, refusal=found)
        if found.base != state.get("latest", ""):
            return refused(envelope.stream, "stale_proposal", STALE)
        text = text_of(pathway, proposal)
        try:
            edition = load_pathway(text)
        except PathwayFaults as faults:
            return refused(envelope.stream, "faulty", f"The file can no longer be used: {faults}")
        if edition.digest != found.digest:
            return refused(
                envelope.stream, "stale_proposal", "It reads otherwise than when it was proposed: propose it again."
            )
        if Edition.objects.filter(digest=edition.digest).exists():
            return refused(envelope.stream, "already_published", "This edition is published already.")
        now = desk.recorded_at(read)
        event = {**_published(edition), "proposal": proposal, "by": actor, "proposed_by": found.by}
        number = _put(envelope, read, now, ({"kind": "ApproveEdition", "proposal": proposal}, event))
        put_edition(edition.digest, edition, canonical_bytes(text), now, actor)
    return Outcome(True, envelope.stream, number, events=("EditionPublished",))


def reject_edition(desk: Desk, pathway: str, proposal: int, actor: str, reason: str, door: str) -> Outcome:
    """It is not to be; it stays to be read, with the reason. Whoever proposed it may take it back the same way."""
    envelope = Envelope(STREAM + pathway, Ask("RejectEdition", {"proposal": proposal}), actor, door)
    if not reason.strip():
        return refused(
            envelope.stream, "reason_missing", "Say why, in a sentence.", Missing("reason", "A reason", "you")
        )
    with transaction.atomic():
        read, state = _look(envelope)
        found = _decidable(pathway, proposal, actor, read, state, own=True)
        if isinstance(found, Refusal):
            return Outcome(False, envelope.stream, refusal=found)
        event = {"event": "ProposalRejected", "proposal": proposal, "by": actor, "reason": reason.strip()}
        command = {"kind": "RejectEdition", "proposal": proposal}
        number = _put(envelope, read, desk.recorded_at(read), (command, event))
    return Outcome(True, envelope.stream, number, events=("ProposalRejected",))


def refusal_to_decide(pathway: str, proposal: int, actor: str) -> Refusal | None:
    """Why ``actor`` cannot approve it now, for a page to say before anybody tries. Nothing is written."""
    envelope = Envelope(STREAM + pathway, Ask("ApproveEdition", {"proposal": proposal}), actor, "")
    read, state = _look(envelope, lock=False)
    found = _decidable(pathway, proposal, actor, read, state)
    if isinstance(found, Refusal):
        return found
    return Refusal("stale_proposal", STALE) if found.base != state.get("latest", "") else None


def publish_edition(desk: Desk, text: str, actor: str, door: str, approver: str = "") -> Outcome:
    """Both persons at once: ``actor`` proposes and ``approver`` approves. Raises ``PathwayFaults``.

    The machine (``system``) may publish alone where no case was ever opened: that is how an installation is set up. The same edition
    twice changes nothing.
    """
    text, pathway, _proof = _held(text)
    stream = STREAM + pathway.id
    with transaction.atomic():
        if Edition.objects.filter(digest=pathway.digest).exists():
            return Outcome(True, stream, again=True)
        if actor == SYSTEM and not approver:
            return _set_up(desk, pathway, text, door)
        if not approver:
            return refused(stream, "needs_two", TWO)
        proposed = propose_edition(desk, text, actor, door)
        if proposed.refusal is not None:
            return proposed
        approved = approve_edition(desk, pathway.id, proposed.number, approver, door)
        if approved.refusal is not None:
            transaction.set_rollback(True)
        return approved


def _held(text: str, limit: Limit = NO_LIMIT) -> tuple[str, Pathway, Proof | None]:
    """The file with its blocks written out, and what it means; its faults are at the lines of the file and of its blocks."""
    file = expand(text)
    try:
        return file.text, *hold_to_proof(file.text, limit)
    except PathwayFaults as found:
        raise PathwayFaults(file.placed(found.faults)) from None


def _set_up(desk: Desk, pathway: Pathway, text: str, door: str) -> Outcome:
    envelope = Envelope(STREAM + pathway.id, Ask("PublishEdition", {"digest": pathway.digest}), SYSTEM, door)
    if Head.objects.filter(kind="case").exists():
        return refused(envelope.stream, "needs_two", TWO)
    read, _state = _look(envelope)
    now = desk.recorded_at(read)
    command = {"kind": "PublishEdition", "digest": pathway.digest}
    number = _put(envelope, read, now, (command, _published(pathway)))
    put_edition(pathway.digest, pathway, canonical_bytes(text), now, SYSTEM)
    return Outcome(True, envelope.stream, number, events=("EditionPublished",))


def _published(pathway: Pathway) -> dict[str, Any]:
    return {"event": "EditionPublished", "digest": pathway.digest, "pathway": pathway.id, "title": pathway.title}


def _look(envelope: Envelope, lock: bool = True) -> tuple[Read, dict[str, Any]]:
    """The stream's head, locked unless it is only looked at, and its state."""
    read = read_head(envelope.stream, envelope.actor, "", lock=lock)
    return read, json.loads(read.head.state) if read.head else {}


def _put(envelope: Envelope, read: Read, now: datetime, deed: Deed) -> int:
    state = json.loads(read.head.state) if read.head else {}
    command, event = deed
    return record(envelope, read.head, now, "pathway", command, [event], fold_editions([event], state))


def _decidable(
    pathway: str, number: int, actor: str, read: Read, state: Mapping[str, Any], own: bool = False
) -> Proposal | Refusal:
    """The proposal, if it waits and ``actor`` may decide on it."""
    found = next((one for one in proposals_in(pathway, state) if one.number == number), None)
    if found is None:
        return Refusal("unknown_proposal", f"There is no proposal {number} of {pathway}.")
    if not found.waits:
        return Refusal("decided_already", f"This proposal was {found.status} by {found.decided_by} already.")
    if found.by == actor and own:
        return found
    if not may_publish(Viewer(actor), load_directory(read.directory)):
        return Refusal("without_authority", NO_AUTHORITY)
    return Refusal("own_proposal", OWN) if found.by == actor else found
