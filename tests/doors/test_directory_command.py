"""`holdfast directory`: the first publishing needs nobody, a later one needs an administrator."""

from pathlib import Path

import pytest

from holdfast.config.console import main
from holdfast.desk import office
from holdfast.desk.desk import Desk
from holdfast.directory.snapshot import current_version
from holdfast.rehearsal.network import shipped_network
from tests.installation import keyring


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
