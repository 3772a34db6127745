"""An installation for each test of the library, whose desk is the one that doors find; and both doors for a story that needs both."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.doors.web import viewer
from holdfast.ledger import places
from tests.doors.api_client import use
from tests.installation import Installation
from tests.library import driver
from tests.library.doors import Api, Web
from tests.library.setting import settle


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    """A network with nothing published yet."""
    monkeypatch.setattr("holdfast.assurance.signed.signing_key_file", lambda: tmp_path / "keys" / "checkpoint.pem")
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    return use(settle(Installation()), monkeypatch)


@pytest.fixture(params=[Api, Web], ids=["api", "web"])
def both_doors(request: pytest.FixtureRequest, house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The story is told twice: through the API, and through the pages."""
    monkeypatch.setattr(driver, "DOORS", [request.param])
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
