"""An installation for each test of the library: its desk is the one that doors find."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.ledger import places
from tests.doors.api_client import use
from tests.installation import Installation
from tests.library.setting import settle


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    """A network with nothing published yet."""
    monkeypatch.setattr("holdfast.assurance.signed.signing_key_file", lambda: tmp_path / "keys" / "checkpoint.pem")
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    return use(settle(Installation()), monkeypatch)
