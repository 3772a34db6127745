"""A stream's head never falls behind the record, never swaps a digest, and a case is never without a holder."""

import pytest

from tests.promises.conftest import AT, D1, D2


def head(number: int, digest: str = D2, *, holder: str = "ana", kind: str = "case", stream: str = "c1") -> str:
    return (
        "INTO ledger_head (stream, kind, number, digest, recorded_at, edition, engine, state, holder)"
        f" VALUES ('{stream}', '{kind}', {number}, '{digest}', {AT}, '', '1', '{{}}', '{holder}')"
    )


@pytest.mark.parametrize(
    "change",
    [
        "number = 1",
        "number = 0, digest = 'x'",
        f"number = 1, digest = '{D1}'",
        "number = 4, digest = 'x'",
        "digest = 'x'",
        "kind = 'other', holder = ''",
        "stream = 'c2'",
        "holder = ''",
        "holder = ' '",
        "holder = NULL",
    ],
)
def test_a_head_stays_or_goes_one_forward(attacker, change):
    attacker.refused(f"UPDATE ledger_head SET {change} WHERE stream = 'c1'", watching="ledger_head")


@pytest.mark.requirement("OWN-01")
@pytest.mark.parametrize("holder", ["''", "'  '", "NULL"])
def test_a_case_always_has_a_holder(attacker, holder):
    attacker.refused(f"UPDATE ledger_head SET holder = {holder}", watching="ledger_head")
    born = head(0, stream="c2").replace("'ana'", holder)
    attacker.refused(f"INSERT {born}", watching="ledger_head")
    attacker.run(f"INSERT {head(0, holder='', kind='directory', stream='d')}")


@pytest.mark.parametrize(
    "born", [head(1, D1), head(0), head(4), head(2, "x"), head(2, stream="c2"), head(2, holder="")]
)
def test_a_head_taken_out_cannot_come_back_elsewhere(attacker, born):
    attacker.run("DELETE FROM ledger_head WHERE stream = 'c1'")
    attacker.refused(f"INSERT {born}", watching="ledger_head")
    attacker.run(f"INSERT {head(2)}")


@pytest.mark.parametrize("born", [head(1, D1), head(2, "x"), head(4), head(2, kind="other", holder="")])
def test_a_head_is_not_put_over_another(attacker, born):
    attacker.refused(
        f"INSERT {born} ON CONFLICT (stream) DO UPDATE SET number = excluded.number", watching="ledger_head"
    )
    if attacker.vendor == "sqlite":
        attacker.refused(f"INSERT OR REPLACE {born}", watching="ledger_head")


def test_one_ahead_does_not_fall_back(attacker):
    attacker.run("UPDATE ledger_head SET number = 3, digest = 'x'")
    attacker.refused(f"UPDATE ledger_head SET number = 2, digest = '{D2}'", watching="ledger_head")
    if attacker.vendor == "sqlite":
        attacker.refused(f"INSERT OR REPLACE {head(2)}", watching="ledger_head")


def test_the_desk_and_rebuild_do_their_work(attacker):
    attacker.run("UPDATE ledger_head SET state = 'again', holder = 'ben', engine = '2' WHERE number = 2")
    attacker.run(
        f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 3, {AT}, 'x', {{one}})"
    )
    attacker.run("UPDATE ledger_head SET number = 3, digest = 'x', state = 'next'")
    attacker.run(
        f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c2', 1, {AT}, 'y', {{one}})"
    )
    attacker.run(f"INSERT {head(1, 'y', stream='c2')}")
    assert len(attacker.rows("ledger_head")) == 2
