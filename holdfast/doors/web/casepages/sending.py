"""Putting a request to the desk: once for each key, and never over what somebody else changed meanwhile."""

from __future__ import annotations

import secrets
from dataclasses import replace

from holdfast.core.events import HolderMoved, TierSet
from holdfast.core.work import SYSTEM
from holdfast.desk import office
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import Written

DOOR = "web"
STALE = "stale"


def new_key() -> str:
    """A key for one form: sending it twice does it once."""
    return secrets.token_urlsafe(18)


def changes_since(page: Opened, version: int) -> list[Written]:
    """What was recorded after the version that the sender of a form had seen."""
    return [one for one in page.record if one.number > version]


def send(page: Opened, ask: Ask, key: str, version: int | None, occurred: object = None) -> Outcome:
    """Hand it to the desk. What only machines wrote meanwhile, and what moved nothing, is no reason to ask again."""
    if version is not None and all(_harmless(one) for one in changes_since(page, version)):
        version = max(version, page.file.number)
    envelope = Envelope(page.stream, ask, page.actor, DOOR, key, version)
    return office.the_desk().handle(replace(envelope, occurred=occurred))  # type: ignore[arg-type]


def _harmless(one: Written) -> bool:
    return one.actor == SYSTEM and not any(isinstance(event, HolderMoved | TierSet) for event in one.events)
