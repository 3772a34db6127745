"""The pulse of the installation: is everything that must go on going on, in a few figures that name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.db.utils import Error

from holdfast.clocks.heartbeat import SILENCE, last_beat
from holdfast.clocks.models import Stalled
from holdfast.clocks.rows import oldest_due
from holdfast.deliveries.models import Delivery, Mute
from holdfast.ledger.checkpointer import last_signed, oldest_exposed

#: How long each may take before something is wrong. The aim for checkpoints is 60 s; the rest is room for a restart.
LATE_CLOCK, LATE_MESSAGE, EXPOSED = timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=5)

Figure = int | bool | str | None


@dataclass(frozen=True, slots=True)
class Pulse:
    """``figures``: ages in whole seconds (None: there is none), counts and words. ``faults`` says what is wrong, in sentences."""

    figures: dict[str, Figure]
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def pulse(now: datetime) -> Pulse:
    """Take it at ``now``. Never raises: a database that does not answer is a finding."""
    try:
        return _pulse(now)
    except Error as error:
        return Pulse({"database": type(error).__name__}, ("The database does not answer.",))


def _pulse(now: datetime) -> Pulse:
    pending = _pending()
    if pending:
        says = f"{pending} changes of the database's shape are still to be made."
        return Pulse({"database": "ok", "migrations_pending": pending}, (says,))
    beat, clock, exposed = last_beat(), oldest_due(now), oldest_exposed()
    message = Delivery.objects.filter(status="queued").aggregate(at=Min("next_try"))["at"]
    oldest = Delivery.objects.filter(status="queued").aggregate(at=Min("due_at"))["at"]
    stalled, muted = Stalled.objects.count(), Mute.objects.exists()
    figures: dict[str, Figure] = {
        "database": "ok",
        "migrations_pending": 0,
        "worker_heartbeat_age": _age(beat, now),
        "oldest_due_clock_age": _age(clock, now),
        "oldest_message_age": _age(oldest, now),
        "stalled_cases": stalled,
        "last_checkpoint_age": _age(last_signed(), now),
        "exposed_for": _age(exposed, now),
        "sending_muted": muted,
    }
    found = {
        "No worker watches the clocks.": beat is None or now - beat > SILENCE,
        "Clocks are due and do not fire.": clock is not None and now - clock > LATE_CLOCK,
        "Messages wait and are not tried.": not muted and message is not None and now - message > LATE_MESSAGE,
        "The clocks of some cases failed.": stalled > 0,
        "Entries are under no checkpoint outside.": exposed is not None and now - exposed > EXPOSED,
        "Sending is off.": muted,
    }
    return Pulse(figures, tuple(says for says, wrong in found.items() if wrong))


def _age(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds()))


def _pending() -> int:
    return len(_shipped() - set(MigrationRecorder(connection).applied_migrations()))


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    """The changes of shape that this version comes with; a newer version is another process."""
    return frozenset(MigrationLoader(None).disk_migrations or ())
