"""An installation for each hazard."""

from pathlib import Path

import pytest

from holdfast.ledger import places
from tests.doors.api_client import use
from tests.installation import Installation
from tests.library.setting import settle


@pytest.fixture
def house(db) -> Installation:
    """A ward, a community team and an outsider, published through the desk."""
    return Installation().set_up()


@pytest.fixture
def network(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    """The teams that any shipped pathway asks for, nothing published yet; its desk is the one that doors find."""
    monkeypatch.setattr("holdfast.assurance.signed.signing_key_file", lambda: tmp_path / "keys" / "checkpoint.pem")
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    return use(settle(Installation()), monkeypatch)
