"""The cards of the persons on one page, read together: three queries, however many rows the page has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from holdfast.desk import office
from holdfast.desk.persons import stream_of
from holdfast.ledger.models import Head
from holdfast.people.models import PersonKey, Sealed
from holdfast.people.sealing import Unreadable, open_sealed
from holdfast.people.vault import SALT_BYTES

#: What lists show of a person; the rest of the card is read on the pages of their own case.
SHOWN = ("person.name", "person.born")


def cards_of(persons: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Person to field id to value, for what ``SHOWN`` names; an erased person has an empty card."""
    persons = sorted(set(persons))
    heads = Head.objects.filter(stream__in=[stream_of(person) for person in persons]).values_list("stream", "state")
    commitments: dict[str, dict[str, str]] = {}
    for stream, state in heads:
        fields = json.loads(state).get("fields", {})
        sealed = {fields[id]["sealed"]: id for id in SHOWN if fields.get(id, {}).get("sealed")}
        commitments[stream] = sealed
    wanted = [commitment for sealed in commitments.values() for commitment in sealed]
    rows = Sealed.objects.filter(stream__in=commitments, commitment__in=wanted)
    ring = office.the_desk().keyring
    keys = {
        row.person: ring.unwrap(bytes(row.wrapped), row.person) for row in PersonKey.objects.filter(person__in=persons)
    }
    cards: dict[str, dict[str, Any]] = {person: {} for person in persons}
    for row in rows:
        if row.person in keys:
            try:
                whole = open_sealed(keys[row.person], bytes(row.sealed), f"{row.stream}:{row.number}:{row.path}")
            except Unreadable:
                continue  # The list still shows the case; the case's own page says that the value is damaged.
            cards[row.person][commitments[row.stream][row.commitment]] = json.loads(whole[SALT_BYTES:])
    return cards


def name_on(cards: Mapping[str, Mapping[str, Any]], person: str) -> str:
    """The name to show: never a pseudonym, which people would take for an error."""
    return str(cards.get(person, {}).get("person.name") or _("Name not on record"))


def names_of(persons: Iterable[str]) -> dict[str, str]:
    """Person to name."""
    persons = list(persons)
    cards = cards_of(persons)
    return {person: name_on(cards, person) for person in persons}
