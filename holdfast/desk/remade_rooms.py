"""The directory, the persons' look-up and the log's edge made again from the record, and rows that belong to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from holdfast.capacity.models import SlotRow, WaitingRow
from holdfast.capacity.rows import forget_pool
from holdfast.desk.difference import Difference, Rows, differences
from holdfast.desk.remade_case import forget_rows
from holdfast.desk.shelf import DERIVED, Shelf
from holdfast.directory.models import Version
from holdfast.directory.writing import all_items, put_items, remove_all_items
from holdfast.inbox.models import Message
from holdfast.ledger.log import Frontier, entry_leaf
from holdfast.ledger.models import Frontier as FrontierRow
from holdfast.ledger.models import Head, Leaf
from holdfast.people.models import Erasure, Identifier, PersonKey, Sealed
from holdfast.people.vault import Vault, opened_with


def remake_directory(bodies: list[bytes], write: bool) -> list[Difference]:
    """Every entry of the directory as its changes leave it, and the number of the last change."""
    items: dict[tuple[str, str], Any] = {}
    for body in bodies:
        for event in json.loads(body)["events"]:
            for kind, ref, held in event["items"]:
                items.pop((kind, ref), None)
                if held is not None:
                    items[(kind, ref)] = held
    number = json.loads(bodies[-1])["number"]
    live: Rows = {f"{kind} {ref}": {"body": held} for kind, ref, held in all_items()}
    right: Rows = {f"{kind} {ref}": {"body": held} for (kind, ref), held in items.items()}
    found = list(differences("directory_item", "", live, right))
    if Version.objects.filter(id=1).values_list("number", flat=True).first() != number:
        found.append(Difference("directory_version", "", "the record gives another number"))
    if write and found:
        remove_all_items()
        put_items([(kind, ref, held) for (kind, ref), held in items.items()], number)
    return found


def remake_person(person: str, shelf: Shelf, write: bool) -> list[Difference]:
    """The look-up tags of a person's numbers, as far as they can be read; and nothing at all of somebody who was erased.

    Tags whose numbers are not on the card cannot be judged: what they were made from is not kept.
    """
    stream, vault = f"person:{person}", shelf.vault
    events = [event for body in shelf.bodies[stream] for event in json.loads(body)["events"]]
    if any(event["event"] == "PersonErased" for event in events):
        return _still_there(person, vault, write)
    sealed = ""
    for event in events:
        sealed = event.get("fields", {}).get("person.identifiers", {}).get("sealed", sealed)
    key = shelf.find_key(person) if sealed else None
    rows = [row for row in shelf.sealed_rows(stream) if row.commitment == sealed]
    opened = opened_with(key, stream, rows)[0].get(sealed) if key is not None else None
    found = []
    for row in json.loads(opened.plain) if opened is not None else ():
        named = (row.get("system", ""), row.get("value", ""))
        tags = vault.keyring.tags(*named)
        if not Identifier.objects.filter(tag__in=tags).exists():
            found.append(Difference("person_identifier", person, "a row is missing"))
            if write:
                vault.remember(person, [named])
    return found


def _still_there(person: str, vault: Vault, write: bool) -> list[Difference]:
    inbox = [f"inbox:{id}" for id in Message.objects.filter(person=person).values_list("id", flat=True)]
    there = {
        "person_key": PersonKey.objects.filter(person__in=[person, *inbox]).exists(),
        "person_sealed": Sealed.objects.filter(person=person).exists(),
        "person_identifier": Identifier.objects.filter(person=person).exists(),
        "person_erasure": not Erasure.objects.filter(person=person).exists(),
    }
    found = [
        Difference(table, person, "this person was erased, and the table does not say so")
        for table, wrong in there.items()
        if wrong
    ]
    if write and found:
        vault.erase(person, timezone.now())
        PersonKey.objects.filter(person__in=inbox).delete()
    return found


def remake_frontier(write: bool) -> list[Difference]:
    """The log's compact range, by its leaves. The row is locked, so no checkpoint is signed meanwhile."""
    row = FrontierRow.objects.select_for_update().filter(id=1).first()
    frontier = Frontier()
    for digest in Leaf.objects.order_by("index").values_list("digest", flat=True).iterator(chunk_size=10_000):
        frontier.append(entry_leaf(digest))
    if row is None:
        if not frontier.size:
            return []
        row = FrontierRow(id=1)
    elif (row.size, row.body or Frontier().to_json()) == (frontier.size, frontier.to_json()):
        return []
    row.size, row.body = frontier.size, frontier.to_json()
    if write:
        row.save()
    return [Difference("ledger_frontier", "", "the record gives another size or body")]


def strays(write: bool) -> Iterator[Difference]:
    """Derived rows of a stream that has no entry."""
    head, pools = Head._meta.db_table, (SlotRow._meta.db_table, WaitingRow._meta.db_table)
    kept = [(head, "stream"), *((pool, "pool") for pool in pools), *((table.name, table.of) for table in DERIVED)]
    for table, named in kept:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT DISTINCT t."{named}" FROM {table} t'  # noqa: S608
                f' WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.stream = t."{named}")'
            )
            streams = [stream for (stream,) in cursor.fetchall()]
        for stream in sorted(streams):
            yield Difference(table, stream, "a row is there that the record does not give")
            if write and table == head:
                Head.objects.filter(stream=stream).delete()
            elif write:
                forget_rows(stream)
                forget_pool(stream)
