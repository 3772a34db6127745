"""Where the record's outside proof lies: beside the data folder, never in it, so that one copy does not hold both."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

WITNESS_ENV = "HOLDFAST_WITNESS"


def witness_file() -> Path:
    """The file of outside checkpoints, one signed line each, oldest first; HOLDFAST_WITNESS names another place (AUD-03)."""
    named = os.environ.get(WITNESS_ENV, "").strip()
    return Path(named).resolve() if named else _beside("witness") / "checkpoints.log"


def signing_key_file() -> Path:
    """The private key that signs checkpoints and evidence files: a PEM file that only its owner can read."""
    return _beside("keys") / "checkpoint.pem"


def _beside(what: str) -> Path:
    data = Path(settings.HOLDFAST_DATA).resolve()
    return data.with_name(f"{data.name}-{what}")
