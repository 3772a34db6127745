"""An installation whose checkpoints and keys lie in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.ledger.checkpointer import Checkpointer, the_checkpointer
from tests.installation import Installation


@pytest.fixture
def outside(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder beside which witness and keys lie; the environment of this machine is left out."""
    monkeypatch.delenv("HOLDFAST_WITNESS", raising=False)
    settings.HOLDFAST_DATA = tmp_path / "data"
    return tmp_path


@pytest.fixture
def house(db, outside: Path) -> Installation:
    """A ward, a community team and an outsider, published through the desk."""
    return Installation().set_up()


@pytest.fixture
def checkpointer(outside: Path) -> Checkpointer:
    return the_checkpointer("here.example.org")


def witnessed(checkpointer: Checkpointer, house: Installation) -> None:
    """Log everything and sign it outside."""
    while checkpointer.collect(house.now):
        pass
    checkpointer.checkpoint(house.now, at_once=True)
