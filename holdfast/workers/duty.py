"""The shape of a duty, and what every duty asks of the desk."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.db import IntegrityError, OperationalError, transaction

from holdfast.core.work import SYSTEM
from holdfast.desk import points
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome

DOOR = "worker"
#: How often a report to the desk that lost a race is tried again.
TRIES = 5

log = logging.getLogger("holdfast.workers")


class Duty(Protocol):
    """One thing that must go on. ``step`` does a piece of it at ``now`` and says whether there is more at once;
    ``pause`` is how many seconds it may rest when there is not; ``late_ms`` is the worst lateness since it was last asked."""

    name: str
    pause: float

    def step(self, now: datetime) -> bool: ...

    def late_ms(self) -> int: ...


class Unhurried:
    """A duty that is never late because nothing of it is due at an instant."""

    def late_ms(self) -> int:
        return 0


def ask(stream: str, kind: str, once: str = "", /, **values: object) -> Envelope:
    """What a machine tells a case; ``once`` is the idempotency key, for what must not be told twice."""
    return Envelope(stream, Ask(kind, values), SYSTEM, DOOR, once)


def where(error: BaseException) -> str:
    """What failed and where, without the error's own words: those of a database can hold values of rows."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "holdfast" in frame.filename]
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def told_with(desk: Desk, envelope: Envelope, beside: Callable[[], None]) -> Outcome:
    """Tell the desk and change the operational rows ``beside`` it in one transaction, so that neither is ever without the other."""
    for again in range(TRIES):
        try:
            with transaction.atomic():
                outcome = desk.handle_inside(envelope)
                beside()
            points.passing("committed")
            return outcome
        except (IntegrityError, OperationalError):
            if again + 1 == TRIES:
                raise
    raise AssertionError("unreachable")
