"""The turns of a case's holders touch: each begins when the one before it ends, and ends once."""

import pytest


def turn(number: int, since: str, until: str = "NULL", holder: str = "eve", case: str = "c1") -> str:
    ends = until if until == "NULL" else f"'2026-03-{until} 10:00:00'"
    return (
        'INTO worklist_holding ("case", turn, holder, since, until, entry, why)'
        f" VALUES ('{case}', {number}, '{holder}', '2026-03-{since} 10:00:00', {ends}, 3, '')"
    )


@pytest.mark.requirement("OWN-01", "BEY-02")
@pytest.mark.parametrize(
    "born",
    [
        turn(3, "03"),  # the second has not ended
        turn(3, "02"),
        turn(4, "03"),  # there is no third
        turn(1, "01"),  # two at a time
        turn(0, "01", "02"),
        turn(2, "01", case="c2"),  # begins in the middle
        turn(1, "03", "02", case="c2"),  # ends before it begins
        turn(1, "01", holder="", case="c2"),
        turn(1, "01", holder=" ", case="c2"),
    ],
)
def test_no_turn_begins_but_where_one_ended(attacker, born):
    attacker.refused(f"INSERT {born}", watching="worklist_holding")


@pytest.mark.requirement("BEY-02")
@pytest.mark.parametrize("since", ["04", "06"])
def test_no_gap_and_no_overlap_at_a_handover(attacker, since):
    attacker.run("UPDATE worklist_holding SET until = '2026-03-05 10:00:00' WHERE turn = 2")
    attacker.refused(f"INSERT {turn(3, since)}", watching="worklist_holding")
    attacker.run(f"INSERT {turn(3, '05')}")


@pytest.mark.parametrize(
    "change",
    [
        "until = NULL WHERE turn = 1",  # opened again
        "until = '2026-03-01 12:00:00' WHERE turn = 1",  # shortened
        "until = '2026-03-03 10:00:00' WHERE turn = 1",  # made longer
        "holder = 'eve' WHERE turn = 1",
        "holder = 'eve' WHERE turn = 2",
        "since = '2026-03-01 10:00:00' WHERE turn = 2",
        "turn = 3, until = '2026-03-05 10:00:00' WHERE turn = 2",
        "until = '2026-03-05 10:00:00', holder = 'eve' WHERE turn = 2",
        "until = '2026-03-01 11:00:00' WHERE turn = 2",  # before it began
        "\"case\" = 'c9' WHERE turn = 2",
        "why = 'another' WHERE turn = 2",
    ],
)
def test_a_turn_can_only_be_ended_once(attacker, change):
    attacker.refused(f"UPDATE worklist_holding SET {change}", watching="worklist_holding")


def test_a_turn_is_not_put_over_another(attacker):
    over = turn(1, "01", "02")
    attacker.refused(
        f"INSERT {over} ON CONFLICT (\"case\", turn) DO UPDATE SET holder = 'eve'", watching="worklist_holding"
    )
    if attacker.vendor == "sqlite":
        attacker.refused(f"INSERT OR REPLACE {over}", watching="worklist_holding")
        attacker.refused(f"INSERT OR REPLACE {turn(2, '02')}", watching="worklist_holding")
        attacker.refused(f"INSERT OR REPLACE {turn(3, '02')}", watching="worklist_holding")
        attacker.refused(
            'INSERT OR REPLACE INTO worklist_holding (id, "case", turn, holder, since, until, entry, why)'
            " SELECT id, 'c2', 1, 'eve', since, NULL, 1, '' FROM worklist_holding WHERE turn = 2",
            watching="worklist_holding",
        )


def test_one_taken_out_comes_back_only_where_it_fits(attacker):
    attacker.run("DELETE FROM worklist_holding WHERE turn = 1")
    attacker.refused(f"INSERT {turn(1, '01', '01')}", watching="worklist_holding")
    attacker.run(f"INSERT {turn(1, '01', '02')}")


def test_a_rebuild_writes_a_case_again(attacker):
    attacker.run("DELETE FROM worklist_holding WHERE \"case\" = 'c1'")
    attacker.run(f"INSERT {turn(1, '01', '02')}, " + turn(2, "02", "05").split("VALUES ")[1])
    attacker.run(f"INSERT {turn(3, '05')}")
    attacker.run("UPDATE worklist_holding SET until = '2026-03-05 10:00:00' WHERE until IS NULL")  # held for no time
    attacker.run(f"INSERT {turn(4, '05')}")
    assert len(attacker.rows("worklist_holding")) == 4
