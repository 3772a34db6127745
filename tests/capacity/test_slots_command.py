"""`holdfast slots`: what a team keeps free is listed, opened and given back on the command line, by those who may (STP-03)."""

from __future__ import annotations

import pytest

from holdfast.config.console import main
from holdfast.desk import office
from tests.capacity.harbour import TOY, berths, ship
from tests.installation import OUTSIDER, RECEIVER, SENDER, Installation

WHERE = ["--team", "north", "--kind", "berth"]
AT = "2026-03-03T09:00+00:00"


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Installation:
    house = Installation().set_up(TOY)
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    return house


@pytest.mark.requirement("STP-03", "CAP-06")
def test_slots_are_opened_offered_listed_and_given_back(
    house: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    ship(house).step("wait-for-berth", SENDER)
    assert main(["slots", "list", *WHERE]) == 0
    assert capsys.readouterr().out == "0 slots, 1 cases wait.\n"
    assert main(["slots", "open", AT, "--places", "2", *WHERE, "--by", RECEIVER]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[2] for line in printed[:-1]) == ["held", "offered"], printed
    assert " until " in "".join(line for line in printed if "offered" in line)
    free = berths().free()[0].id
    assert main(["slots", "give-back", free, *WHERE, "--by", RECEIVER]) == 0
    assert free not in capsys.readouterr().out and not berths().free()


@pytest.mark.requirement("STP-03")
def test_what_cannot_be_is_refused_in_words(house: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["open", AT, *WHERE, "--by", OUTSIDER], ""),
        (["open", "2026-03-03T09:00", *WHERE, "--by", RECEIVER], "with its zone"),
        (["open", "tomorrow", *WHERE, "--by", RECEIVER], "no date and time"),
        (["give-back", "nothing", *WHERE, "--by", RECEIVER], ""),
        (["list", "--team", "nowhere", "--kind", "berth"], "no team nowhere"),
    ):
        assert main(["slots", *words]) == 1, words
        err = capsys.readouterr().err.strip()
        assert err and said in err, (words, err)
    assert not berths().slots
