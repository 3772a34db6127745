"""The vault: each person's own key, and the sealed values that commitments in the record stand for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from holdfast.people.keyring import Keyring
from holdfast.people.models import Erasure, Identifier, PersonKey, Sealed
from holdfast.people.sealing import Unreadable, open_sealed, seal

log = logging.getLogger("holdfast.vault")

SALT_BYTES, NONCE_BYTES, KEY_BYTES = 32, 12, 32


@dataclass(frozen=True, slots=True)
class ToSeal:
    """A value on its way into the vault: its path inside the entry, its commitment, the salt, and the plain bytes."""

    path: str
    commitment: str
    salt: bytes
    plain: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A value read back with the salt that opens its commitment."""

    place: str
    commitment: str
    salt: bytes
    plain: bytes


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A sealed value as it is stored: the entry's number and the path in it, its commitment, and the sealed bytes."""

    number: int
    path: str
    commitment: str
    sealed: bytes


class Erased(LookupError):
    """There is no key any more: nothing can be sealed for this person."""


class Vault:
    """Seals and reads values for persons. ``entropy`` gives so many random bytes; it is an argument so that rehearsals repeat."""

    def __init__(self, keyring: Keyring, entropy: Callable[[int], bytes]) -> None:
        self.keyring = keyring
        self.entropy = entropy

    def make_key(self, person: str) -> None:
        """A new person's key, wrapped under the master key."""
        wrapped = self.keyring.wrap(self.entropy(KEY_BYTES), person)
        PersonKey.objects.create(person=person, wrapped=wrapped)

    def find_key(self, person: str) -> bytes | None:
        """The person's key, or nothing once they were erased."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT wrapped FROM person_key WHERE person = %s", [person])
            row = cursor.fetchone()
        return None if row is None else self.keyring.unwrap(bytes(row[0]), person)

    def put(self, person: str, stream: str, number: int, values: Iterable[ToSeal]) -> None:
        """Seal ``values`` in the places of one entry. Raises ``Erased`` for a person without a key."""
        values = list(values)
        if not values:
            return
        key = self.find_key(person)
        if key is None:
            raise Erased("this person was erased: nothing more can be sealed for them")
        rows = []
        for value in values:
            place = f"{stream}:{number}:{value.path}"
            sealed = seal(key, value.salt + value.plain, place, self.entropy(NONCE_BYTES))
            rows.append((stream, number, value.path, person, value.commitment, sealed))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO person_sealed (stream, number, path, person, commitment, sealed) VALUES (%s,%s,%s,%s,%s,%s)",
                rows,
            )

    def read(self, person: str, stream: str, commitments: Iterable[str] | None = None) -> dict[str, Opened]:
        """What can be read of a stream, by commitment. Erased values are simply not there."""
        return self.look(person, stream, commitments)[0]

    def look(
        self, person: str, stream: str, commitments: Iterable[str] | None = None
    ) -> tuple[dict[str, Opened], frozenset[str]]:
        """The same, and beside it the commitments of rows that do not open: one damaged row must not hide the others."""
        key = self.find_key(person)
        if key is None:
            return {}, frozenset()
        return opened_with(key, stream, self._rows(stream, commitments))

    def _rows(self, stream: str, commitments: Iterable[str] | None) -> list[SealedRow]:
        """The sealed values of a stream. By hand: every page and deed of a case asks this."""
        which, wanted = "", list(commitments) if commitments is not None else []
        if commitments is not None:
            if not wanted:
                return []
            which = f" AND commitment IN ({', '.join(['%s'] * len(wanted))})"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT number, path, commitment, sealed FROM person_sealed WHERE stream = %s{which}",  # noqa: S608
                [stream, *wanted],
            )
            return [SealedRow(number, path, name, bytes(sealed)) for number, path, name, sealed in cursor.fetchall()]

    def find_person(self, identifiers: Iterable[tuple[str, str]]) -> str | None:
        """The person who has any of these (system, value) identifiers; nothing when none, or when they point to several."""
        tags = [tag for system, value in identifiers for tag in self.keyring.tags(system, value)]
        found = set(Identifier.objects.filter(tag__in=tags).values_list("person", flat=True))
        return found.pop() if len(found) == 1 else None

    def remember(self, person: str, identifiers: Iterable[tuple[str, str]]) -> None:
        """Keep keyed tags of identifiers; one that another person has already is left alone, to be looked at by somebody."""
        for system, value in identifiers:
            Identifier.objects.get_or_create(tag=self.keyring.tags(system, value)[0], defaults={"person": person})

    def erase(self, person: str, at: datetime) -> int:
        """Forget a person: the key, every sealed value, every tag. Gives the number of values that went. May be done again."""
        Erasure.objects.get_or_create(person=person, defaults={"erased_at": at})
        gone, _ = Sealed.objects.filter(person=person).delete()
        PersonKey.objects.filter(person=person).delete()
        Identifier.objects.filter(person=person).delete()
        return gone


def opened_with(key: bytes, stream: str, rows: Iterable[SealedRow]) -> tuple[dict[str, Opened], frozenset[str]]:
    """What opens with a person's key, by commitment, and the commitments of rows that do not."""
    opened, damaged = {}, set()
    for row in rows:
        place = f"{stream}:{row.number}:{row.path}"
        try:
            whole = open_sealed(key, row.sealed, place)
        except Unreadable:
            damaged.add(row.commitment)
            continue
        opened[row.commitment] = Opened(place, row.commitment, whole[:SALT_BYTES], whole[SALT_BYTES:])
    if damaged:
        log.error("sealed values that do not open in %s: %d", stream, len(damaged))
    return opened, frozenset(damaged)
