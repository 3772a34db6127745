"""`holdfast worker`: run the duties until told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from holdfast.workers.duty import Duty

#: In the order in which `--once` does them.
DUTIES = ("clocks", "capacity", "deliveries", "returns", "rescue", "checkpoints", "watch")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `worker`."""
    parser = subparsers.add_parser(
        "worker", help="fire clocks, offer free slots, send messages, read what comes back, sign checkpoints"
    )
    parser.add_argument("--once", action="store_true", help="do what there is to do now, and stop")
    parser.add_argument(
        "--duties", default=",".join(DUTIES), help=f"some of {', '.join(DUTIES)}, with commas; all if not given"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when it was told to stop, 1 when the record is not the one that was witnessed, 2 when it cannot be set up."""
    from holdfast.clocks.heartbeat import database_now
    from holdfast.deliveries.postroom import PostroomFault
    from holdfast.ledger.checkpoint import ForgedCheckpoint, UnusableSigningKey
    from holdfast.ledger.checkpointer import RecordCutShort
    from holdfast.people.keyring import KeyringError
    from holdfast.workers.loop import once, run, worker_name

    wanted = [name.strip() for name in arguments.duties.split(",") if name.strip()]
    if unknown := sorted(set(wanted) - set(DUTIES)):
        sys.stderr.write(f"There is no duty called {', '.join(unknown)}; there are {', '.join(DUTIES)}.\n")
        return 2
    try:
        duties = make_duties(wanted)
    except (RecordCutShort, ForgedCheckpoint) as fault:
        sys.stderr.write(f"Holdfast does not start: {fault}\n")
        return 1
    except (KeyringError, PostroomFault, UnusableSigningKey) as fault:
        sys.stderr.write(f"Holdfast cannot start: {fault}\n")
        return 2
    if arguments.once:
        once(duties, database_now, worker_name())
        return 0
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    run(duties, database_now, stop, worker_name())
    return 0


def make_duties(wanted: Sequence[str] = DUTIES) -> list[Duty]:
    """The duties of this installation, from its settings; the record must be the one that was witnessed outside.

    Raises RecordCutShort, ForgedCheckpoint, KeyringError, PostroomFault, UnusableSigningKey.
    """
    from django.conf import settings

    from holdfast.deliveries.postroom import the_channels, the_returns
    from holdfast.desk.office import the_desk
    from holdfast.ledger.checkpointer import the_checkpointer
    from holdfast.workers.capacity import Capacity
    from holdfast.workers.checkpoints import Checkpoints
    from holdfast.workers.clocks import Clocks
    from holdfast.workers.deliveries import Deliveries
    from holdfast.workers.rescue import Rescue
    from holdfast.workers.returns import ReturnedMail
    from holdfast.workers.watch import Watch

    desk, channels = the_desk(), the_channels()
    checkpointer = the_checkpointer(urlsplit(settings.HOLDFAST_PUBLIC_URL).hostname or "holdfast")
    checkpointer.require_whole()
    duties: dict[str, Duty] = {
        "clocks": Clocks(desk),
        "capacity": Capacity(desk),
        "deliveries": Deliveries(desk, channels, settings.HOLDFAST_PUBLIC_URL),
        "returns": ReturnedMail(desk, channels["email"], the_returns()),
        "rescue": Rescue(),
        "checkpoints": Checkpoints(checkpointer),
        "watch": Watch(),
    }
    return [duties[name] for name in DUTIES if name in wanted]
