"""A sealed value goes only with an erasure that the record shows."""

import pytest

from tests.promises.conftest import AT

SEALED = "INTO person_sealed (stream, number, path, person, commitment, sealed) VALUES "


@pytest.mark.requirement("AUD-03")
def test_a_sealed_value_is_not_changed_replaced_or_lost(attacker):
    attacks = [
        "UPDATE person_sealed SET sealed = {two}",
        "UPDATE person_sealed SET person = 'erased' WHERE person = 'living'",
        "DELETE FROM person_sealed WHERE person = 'living'",
        "DELETE FROM person_sealed",
        f"INSERT {SEALED} ('c1', 1, 'a', 'living', 'x', {{two}})"
        " ON CONFLICT (stream, number, path) DO UPDATE SET sealed = excluded.sealed",
    ]
    if attacker.vendor == "sqlite":
        attacks += [
            f"REPLACE {SEALED} ('c1', 1, 'a', 'living', 'x', {{two}})",
            f"REPLACE {SEALED} ('c1', 1, 'a', 'erased', 'x', {{two}})",
            "REPLACE INTO person_sealed (id, stream, number, path, person, commitment, sealed)"
            " SELECT id, 'c7', 1, 'a', 'erased', 'x', {two} FROM person_sealed WHERE person = 'living'",
        ]
    else:
        attacks.append("TRUNCATE person_sealed")
    for attack in attacks:
        attacker.refused(attack, watching="person_sealed")


def test_an_erased_person_is_forgotten(attacker):
    attacker.run("DELETE FROM person_sealed WHERE person = 'erased'")
    assert [row for row in attacker.rows("person_sealed") if "erased" in row] == []
    attacker.run(f"INSERT INTO person_erasure (person, erased_at) VALUES ('living', {AT})")
    attacker.run("DELETE FROM person_sealed")
    assert attacker.rows("person_sealed") == []


def test_a_table_of_ones_own_does_not_stand_in_for_the_erasures(attacker):
    """A temporary table is found before a real one of the same name."""
    attacker.run("CREATE TEMPORARY TABLE person_erasure (person text, erased_at text)")
    attacker.run("INSERT INTO person_erasure (person, erased_at) VALUES ('living', 'now')")
    attacker.refused("DELETE FROM person_sealed WHERE person = 'living'", watching="person_sealed")
