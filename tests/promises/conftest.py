"""The attacker in both roles, on a database with a small record in it."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.promises.attacker import Attacker, open_attacker

D1, D2 = "1" * 64, "2" * 64
AT = "'2026-03-01 10:00:00'"

RECORD = (
    f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 1, {AT}, '{D1}', {{one}})",
    f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 2, {AT}, '{D2}', {{one}})",
    "INSERT INTO ledger_head (stream, kind, number, digest, recorded_at, edition, engine, state, holder)"
    f" VALUES ('c1', 'case', 2, '{D2}', {AT}, '{D1}', '1', '{{}}', 'ana')",
    f"""INSERT INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (0, 1, 'c1', 1, '{D1}')""",
    "INSERT INTO pathway_edition (digest, pathway, title, body, published_at, published_by)"
    f" VALUES ('{D1}', 'p', 'P', {{one}}, {AT}, 'ana')",
    f"INSERT INTO person_erasure (person, erased_at) VALUES ('erased', {AT})",
    "INSERT INTO person_sealed (stream, number, path, person, commitment, sealed)"
    f" VALUES ('c1', 1, 'a', 'living', '{D1}', {{one}}), ('c0', 1, 'a', 'erased', '{D1}', {{one}})",
    'INSERT INTO worklist_holding ("case", turn, holder, since, until, entry, why)'
    " VALUES ('c1', 1, 'ana', '2026-03-01 10:00:00', '2026-03-02 10:00:00', 1, '')",
    'INSERT INTO worklist_holding ("case", turn, holder, since, until, entry, why)'
    " VALUES ('c1', 2, 'ben', '2026-03-02 10:00:00', NULL, 2, '')",
)


@pytest.fixture(params=["application", "owner"])
def attacker(request, standing_database) -> Iterator[Attacker]:
    """A raw connection that has just stored a small record; rolled back afterwards."""
    vendor = "postgresql" if "postgresql" in settings.DATABASES["default"]["ENGINE"] else "sqlite"
    url = standing_database.url if request.param == "application" else standing_database.owner_url
    attacker = open_attacker(url, vendor, request.param)
    try:
        for statement in RECORD:
            attacker.run(statement)
        yield attacker
    finally:
        attacker.connection.rollback()
        attacker.connection.close()
