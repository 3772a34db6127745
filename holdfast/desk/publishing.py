"""Publishing: an edition of a pathway, or a change of the directory, each an entry with the person who answers for it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from holdfast.core.access import Viewer, refuse_admin
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome, refused
from holdfast.desk.streams import record
from holdfast.directory.checks import check_changes
from holdfast.directory.snapshot import load as load_directory
from holdfast.directory.writing import all_items, put_items
from holdfast.ledger.store import read_head
from holdfast.pathways.digest import canonical_bytes
from holdfast.pathways.editions import put_edition
from holdfast.pathways.load import load_pathway
from holdfast.pathways.models import Edition

DIRECTORY = "directory"


def publish_edition(desk: Desk, text: str, actor: str, door: str) -> Outcome:
    """Publish a pathway file as an edition. Raises ``PathwayFaults`` for a file with faults; the same edition twice changes nothing."""
    pathway = load_pathway(text)
    envelope = Envelope(f"pathway:{pathway.id}", Ask("PublishEdition", {"digest": pathway.digest}), actor, door)
    with transaction.atomic():
        read = read_head(envelope.stream, actor, "")
        if Edition.objects.filter(digest=pathway.digest).exists():
            return Outcome(True, envelope.stream, read.head.number if read.head else 0, again=True)
        now = desk.recorded_at(read)
        event = {"event": "EditionPublished", "digest": pathway.digest, "pathway": pathway.id, "title": pathway.title}
        state = {"latest": pathway.digest}
        command = {"kind": "PublishEdition", "digest": pathway.digest}
        number = record(envelope, read.head, now, "pathway", command, [event], state)
        put_edition(pathway.digest, pathway, canonical_bytes(text), now, actor)
    return Outcome(True, envelope.stream, number, events=("EditionPublished",))


def put_directory(desk: Desk, items: list[tuple[str, str, dict[str, Any] | None]], actor: str, door: str) -> Outcome:
    """Change the directory: ``items`` are (kind, ref, body), a body of None removes. Checked whole before it is recorded."""
    envelope = Envelope(DIRECTORY, Ask("PutDirectory"), actor, door)
    with transaction.atomic():
        read = read_head(DIRECTORY, actor, "")
        refusal = None if actor == SYSTEM else refuse_admin(Viewer(actor), load_directory(read.directory))
        if refusal is not None:
            return Outcome(False, DIRECTORY, refusal=refusal)
        now = desk.recorded_at(read)
        faults = check_changes(all_items(), items, now)
        if faults:
            return refused(DIRECTORY, "directory_faulty", " ".join(faults))
        event = {"event": "DirectoryChanged", "items": [[kind, ref, body] for kind, ref, body in items]}
        number = record(envelope, read.head, now, "directory", {"kind": "PutDirectory"}, [event], {})
        put_items(items, number)
    return Outcome(True, DIRECTORY, number, events=("DirectoryChanged",))
