"""`holdfast demo`: a whole installation with invented people, served on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from holdfast.doors.cli.web import server_command

if TYPE_CHECKING:
    from holdfast.rehearsal.premises import DemoPerson

#: Settings of a real installation that must not reach into a demonstration: no mail leaves it, no other database is filled.
_NOT_HERE = ("HOLDFAST_MAIL_URL", "HOLDFAST_RETURNS_URL", "HOLDFAST_DATABASE_URL", "HOLDFAST_HEARTBEAT_URL")
_SEED = 1
_PATIENCE = 45.0
_MAIL_KEPT = timedelta(days=3)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo`."""
    parser = subparsers.add_parser("demo", help="set up an installation with invented people and serve it here")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument("--data", default="data", metavar="DIR", help="where it lies (default: ./data)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.set_defaults(run=_run, needs_django=False, demo=True)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when it was told to stop, 1 when web or worker stopped by itself, 2 when it cannot start."""
    from holdfast.rehearsal.premises import people_of, standing_of

    data, address = Path(arguments.data).resolve(), f"http://127.0.0.1:{arguments.port}"
    if not _free(arguments.port):
        print(f"Port {arguments.port} is in use. Choose another with --port.", file=sys.stderr)
        return 2
    if standing_of(data) == "foreign":
        print(f"{data} holds a database that is no demonstration. Choose another folder with --data.", file=sys.stderr)
        return 2
    _surround(data, address)
    if standing_of(data) == "ready":
        _migrate()
    else:
        print("Setting up the demonstration ...", flush=True)
        _set_up(data, address)
    return _serve(arguments.port, address, people_of(data), browser=not arguments.no_browser)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _surround(data: Path, address: str) -> None:
    for name in _NOT_HERE:
        os.environ.pop(name, None)
    os.environ["HOLDFAST_DEMO"] = "1"
    os.environ["HOLDFAST_DATA"] = str(data)
    os.environ["HOLDFAST_PUBLIC_URL"] = address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _set_up(data: Path, address: str) -> None:
    """Fill the empty folder. What is broken off half-way is begun anew next time."""
    from holdfast.rehearsal.premises import begin, finish, introduce, set_aside

    begin(data)
    _migrate()
    from holdfast.deliveries.postroom import the_channels
    from holdfast.desk.office import the_keyring
    from holdfast.directory.snapshot import current_version, load
    from holdfast.ledger.places import witness_file
    from holdfast.rehearsal.shelf import MailShelf
    from holdfast.rehearsal.showcase import put_up

    now = datetime.now(UTC)
    set_aside(witness_file(), now)
    shelf = MailShelf(the_channels()["email"], address, now - _MAIL_KEPT, os.urandom)
    showcase = put_up(now, _SEED, the_keyring(), shelf)
    finish(data, introduce(showcase.accounts, load(current_version())))


def _serve(port: int, address: str, people: Sequence[DemoPerson], *, browser: bool) -> int:
    worker = [sys.executable, "-m", "holdfast.config.console", "worker"]
    signal.signal(signal.SIGTERM, _told_to_stop)
    children = [subprocess.Popen(command) for command in (server_command(f"127.0.0.1:{port}"), worker)]
    try:
        if not _answers(address, children):
            print("The demonstration did not start; what went wrong stands above.", file=sys.stderr)
            return 1
        _welcome(address, people)
        if browser:
            webbrowser.open(address)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        print("A part of the demonstration stopped; the rest is stopped as well.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _told_to_stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _answers(address: str, children: Sequence[subprocess.Popen[bytes]]) -> bool:
    """Wait until the pages are served and the clocks are watched; the pages alone will do when patience ends."""
    served, until = False, time.monotonic() + _PATIENCE
    while time.monotonic() < until and all(child.poll() is None for child in children):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            served = True
        except OSError:
            pass
        time.sleep(0.2)
    return served and all(child.poll() is None for child in children)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()


def _welcome(address: str, people: Sequence[DemoPerson]) -> None:
    print(f"\nHoldfast is at {address}/ (messages that would have left: {address}/mailbox/)")
    print("Nobody in it exists. Sign in as one of these; stop with Ctrl-C.\n")
    for person in people:
        print(f"  {person.username:<15} {person.sees or person.role}")
    print(f"\nThe password is the same for all: {people[0].password}\n", flush=True)
