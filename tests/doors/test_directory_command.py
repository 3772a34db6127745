"""`holdfast directory`: the first publishing needs nobody, a later one needs an administrator."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from holdfast.config.console import main
from holdfast.desk import office, persons
from holdfast.desk.desk import Desk
from holdfast.desk.publishing import publish_edition
from holdfast.directory.snapshot import current_version
from holdfast.pathways.library import shipped
from holdfast.rehearsal.network import shipped_network
from tests.installation import PATHWAY, Case, Installation, given, keyring


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(office, "the_desk", lambda: Desk(keyring()))
    file = tmp_path / "network.yaml"
    file.write_text(shipped_network(), encoding="utf-8")
    return file


def test_the_first_directory_is_published_by_whoever_installs(db: None, network: Path) -> None:
    assert main(["directory", "check", str(network)]) == 0
    assert main(["directory", "publish", str(network)]) == 0
    assert current_version() == 1


def test_a_later_change_needs_an_administrator(db: None, network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["directory", "publish", str(network)])
    assert main(["directory", "publish", str(network)]) == 1
    assert "--by" in capsys.readouterr().err
    assert main(["directory", "publish", str(network), "--by", "maren-holt"]) == 1
    assert current_version() == 1
    assert main(["directory", "publish", str(network), "--by", "bram-ostler"]) == 0


def test_a_file_that_cannot_be_read_says_so(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("organisations: [", encoding="utf-8")
    assert main(["directory", "check", str(broken)]) == 1
    assert str(broken) in capsys.readouterr().err


def test_an_administrator_changes_their_own_organisation_and_no_other(db: None, network: Path) -> None:
    main(["directory", "publish", str(network)])
    text = network.read_text(encoding="utf-8")
    network.write_text(text.replace("name: Larch Ward", "name: Larch Ward West"), encoding="utf-8")
    assert main(["directory", "publish", str(network), "--by", "otto-kestrel"]) == 1, "Tideway renames Harbour's ward"
    assert main(["directory", "publish", str(network), "--by", "bram-ostler"]) == 0


def test_a_file_leaves_out_no_team_with_open_cases_and_nobody_who_holds_one(
    db: None, network: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house = Installation()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    main(["directory", "publish", str(network)])
    assert publish_edition(house.desk, shipped()[PATHWAY], "system", "test").accepted
    holder, parties = "noor-castell", {"sender": "crisis-line", "receiver": "community-north"}
    person = "p" + "7" * 32
    told = {"person.name": given("Robin Vale")}
    assert persons.register(house.desk, person, told, [("mrn", person)], holder, "test").accepted
    case = Case(house, "case:" + "7" * 32, person)
    values = {"case": case.id, "pathway": PATHWAY, "subject": person, "parties": parties, "holder": holder}
    case.does("OpenCase", holder, **values)
    whole = YAML(typ="safe").load(network.read_text(encoding="utf-8"))

    def publish(told: Any) -> tuple[int, str]:
        told["routes"], told["services"], told["contacts"] = {}, {}, {}
        with network.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(told, file)
        return main(["directory", "publish", str(network), "--by", "bram-ostler"]), capsys.readouterr().err

    version = current_version()
    without_holder = deepcopy(whole)
    del without_holder["staff"][holder]
    for duty in ("coordinator", "intake"):
        without_holder["teams"]["crisis-line"]["roster"][duty] = ["jory-lund"]
    done, said = publish(without_holder)
    assert done == 1 and current_version() == version, said
    assert "holds 1 cases" in said and "holdfast accounts close noor-castell --to SOMEBODY" in said, said
    renamed = deepcopy(whole)
    renamed["teams"]["community-east"] = renamed["teams"].pop("community-north")
    done, said = publish(renamed)
    assert done == 1 and current_version() == version, said
    assert "Community Team North (community-north), which has 1 open cases. Put it back" in said, said
