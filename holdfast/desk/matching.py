"""Who a notice is about: one known person, nobody yet, or a doubt that somebody must look at."""

from __future__ import annotations

import re
import unicodedata

from django.db import connection

from holdfast.core.answers import GIVEN, RawAnswer
from holdfast.core.arrivals import ArrivedPerson
from holdfast.desk.desk import Desk
from holdfast.desk.persons import read_card, register
from holdfast.people.models import Identifier

#: Why a notice about somebody is not acted on before a person has looked (HZ-75: no match on one number alone).
NO_NUMBER = "It gives no number by which the person could be found again. Find out who it is about."
NO_NAME = "It gives no name for somebody who is not known here. Find out who it is about."
SEVERAL = "Its numbers belong to different people here. Find out whom it is about; nothing was joined."
ANOTHER = "Its number is known here, but name and date of birth do not bear it out. Find out whom it is about."


class Doubt(Exception):
    """Who is meant is not certain; ``says`` tells why and quotes no value."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def find_match(desk: Desk, person: ArrivedPerson) -> str | None:
    """The one known person that ``person`` is, or nothing when none of the numbers is known. Raises ``Doubt``.

    Runs inside a transaction, and keeps other notices with one of these numbers waiting until it ends: two at once would
    otherwise both find nobody.
    """
    tags = sorted({tag for system, value in person.identifiers for tag in desk.vault.keyring.tags(system, value)})
    _hold(tags)
    found = set(Identifier.objects.filter(tag__in=tags).values_list("person", flat=True))
    if len(found) > 1:
        raise Doubt(SEVERAL)
    if not found:
        return None
    (known,) = found
    if not _borne_out(desk, known, person):
        raise Doubt(ANOTHER)
    return known


def register_arrived(desk: Desk, person: ArrivedPerson, source: str, actor: str, door: str) -> str:
    """A new person from what a notice says of them; each value unconfirmed. Gives the pseudonym. Raises ``Doubt``."""
    if not person.identifiers:
        raise Doubt(NO_NUMBER)
    if not person.family and not person.given:
        raise Doubt(NO_NAME)
    values = {
        "person.name": " ".join(filter(None, (person.given, person.family))),
        "person.born": person.born.isoformat() if person.born else None,
        "person.identifiers": [{"system": system, "value": value} for system, value in person.identifiers],
        "person.phone": person.phones[0] if person.phones else None,
        "person.address": person.address,
        "person.language": person.language,
        "person.sex": person.sex,
    }
    answers = {id: RawAnswer(GIVEN, value, None, True, source) for id, value in values.items() if value}
    id = "p" + desk.entropy(16).hex()
    outcome = register(desk, id, answers, person.identifiers, actor, door)
    if outcome.refusal is not None:
        raise Doubt(outcome.refusal.says)
    return id


def _borne_out(desk: Desk, known: str, person: ArrivedPerson) -> bool:
    """A second identifier agrees, and none contradicts: date of birth, family name."""
    card = read_card(desk, known)
    born, name = card.get("person.born"), str(card.get("person.name", ""))
    agree = []
    if born and person.born:
        agree.append(str(born) == person.born.isoformat())
    if name and person.family:
        words = _words(person.family)
        agree.append(bool(words) and words <= _words(name))
    return bool(agree) and all(agree)


def _words(name: str) -> frozenset[str]:
    """The whole words of a name: a part of one, such as a single letter, bears nothing out."""
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold()))


def _hold(tags: list[str]) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time already.
    with connection.cursor() as cursor:
        for tag in tags:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(tag[:15], 16)])
