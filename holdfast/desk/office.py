"""The desk of this process, made once from the settings: its keys come from the environment or a file of their own."""

from __future__ import annotations

import logging
import os
from functools import cache
from pathlib import Path

from django.conf import settings

from holdfast.desk.desk import Desk
from holdfast.people.keyring import Keyring, load_keyring
from holdfast.people.models import PersonKey

#: How many wrapped keys are looked at when a process starts.
KEYS_CHECKED = 100

_log = logging.getLogger("holdfast.desk")


def key_file() -> Path:
    """Where the embedded default keeps its master key: beside the data folder, never in it (back it up apart)."""
    data = Path(settings.HOLDFAST_DATA).resolve()
    return data.with_name(data.name + "-keys") / "master.key"


@cache
def the_keyring() -> Keyring:
    """The master keys. A new installation makes one and says so; one that holds sealed values refuses any key but its own."""
    wraps = PersonKey.objects.values_list("wrapped", flat=True)
    ring, warning = load_keyring(os.environ, key_file(), make=not wraps.exists())
    if warning:
        _log.warning("%s", warning)
    ring.require(bytes(wrapped) for wrapped in wraps[:KEYS_CHECKED])
    return ring


@cache
def the_desk() -> Desk:
    """The one desk of this process, on the database's own clock."""
    return Desk(the_keyring())
