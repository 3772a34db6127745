"""`holdfast doctor`: plain checks of a running installation, each fault with its remedy."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

# How old is too old. The worker and checkpoint figures leave room for a restart and a slow minute.
HEARTBEAT, OUTBOX, CHECKPOINT = timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=10)
CALENDAR = timedelta(days=30)

Fault = tuple[str, str]
Check = Callable[[datetime], Iterator[Fault]]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `doctor`."""
    parser = subparsers.add_parser("doctor", help="check this installation, and say what to do about each fault")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when all is well, 1 when there are faults."""
    return report(datetime.now(UTC))


def report(now: datetime) -> int:
    """Print each check with its faults and remedies; what cannot be asked once one fails is left out. Gives the exit status."""
    found = False
    for name, check, needed in CHECKS:
        faults = _faults(check, now)
        print(f"{'FAULT' if faults else 'ok   '} {name}")
        for says, remedy in faults:
            print(f"      {says}\n      -> {remedy}")
        found = found or bool(faults)
        if faults and needed:
            print("      The other checks need this one: mend it and ask again.")
            break
    return 1 if found else 0


def _faults(check: Check, now: datetime) -> list[Fault]:
    from django.db.utils import Error

    try:
        return list(check(now))
    except Error as error:
        # The class alone: a database's words can hold values of rows.
        return [(f"The database did not answer ({type(error).__name__}).", "Look at the database's own log.")]


def _reachable(now: datetime) -> Iterator[Fault]:
    from django.db import connection
    from django.db.utils import Error

    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and not path.is_file():
        yield "There is no database file.", "Run: holdfast migrate"
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        yield (
            f"The database cannot be reached ({type(error).__name__}).",
            "Check HOLDFAST_DATABASE_URL, and that the database is running.",
        )


def _migrated(now: datetime) -> Iterator[Fault]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if left := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"{len(left)} changes of the database's shape are still to be made.", "Run: holdfast migrate"


def _guarded(now: datetime) -> Iterator[Fault]:
    from holdfast.ledger.guarded import broken_promises

    for says in broken_promises():
        yield (
            f"{says[0].upper()}{says[1:]}.",
            "Find out who did this and when, run holdfast verify, and restore guards and rights from a fresh database.",
        )


def _keys(now: datetime) -> Iterator[Fault]:
    from django.conf import settings

    from holdfast.desk.office import key_file
    from holdfast.ledger.places import signing_key_file

    for path in (key_file(), signing_key_file(), Path(settings.HOLDFAST_DATA) / "secret.key"):
        if path.is_file() and path.stat().st_mode & 0o077:
            yield f"Others than its owner can read {path}.", f"Run: chmod 600 {path}; then think of the key as known."
    if not settings.HOLDFAST_MASTER_KEY and not key_file().is_file() and _sealed_already():
        yield (
            "There is no master key, and values are sealed.",
            f"Set HOLDFAST_MASTER_KEY or put the key back in {key_file()}.",
        )


def _sealed_already() -> bool:
    from holdfast.people.models import PersonKey

    return PersonKey.objects.exists()


def _workers(now: datetime) -> Iterator[Fault]:
    from django.db.models import Max

    from holdfast.clocks.models import Heartbeat, Stalled

    beats = dict(Heartbeat.objects.values_list("duty").annotate(Max("beat_at")).order_by("duty"))
    if not beats:
        yield "No worker was ever heard from: no clock can ring.", "Start one: holdfast worker"
    for duty, at in beats.items():
        if now - at > HEARTBEAT:
            yield f"The worker for {duty} was last heard from {_ago(now - at)}.", "Start it again: holdfast worker"
    if stalled := Stalled.objects.count():
        yield (
            f"The clocks of {stalled} cases fail.",
            "Look at the worker's log; the cases are in the table clock_stalled.",
        )


def _outbox(now: datetime) -> Iterator[Fault]:
    from holdfast.deliveries.models import Delivery

    waiting = Delivery.objects.filter(status="queued", next_try__lt=now - OUTBOX).order_by("next_try")
    if oldest := waiting.first():
        yield (
            f"{waiting.count()} messages wait to leave, the oldest {_ago(now - oldest.next_try)} too late.",
            "Check that a worker runs and that HOLDFAST_MAIL_URL can be reached.",
        )


def _mute(now: datetime) -> Iterator[Fault]:
    from holdfast.deliveries.models import Mute

    for mute in Mute.objects.all():
        yield (
            f"Sending is off, for {_ago(now - mute.since)}: {mute.why}",
            "Compare with what had left before the restore, then switch sending on (the runbook: after a restore).",
        )


def _checkpoints(now: datetime) -> Iterator[Fault]:
    from holdfast.ledger.models import Entry
    from holdfast.ledger.places import witness_file

    stored, path = Entry.objects.count(), witness_file()
    remedy = "Check that a worker runs and can write there; until then only holdfast verify's word 'consistent' holds."
    lines = path.read_text("utf-8").split("\n") if path.is_file() else []
    last = next((line for line in reversed(lines) if line.strip()), "")
    if not last:
        if stored:
            yield f"{stored} entries are stored and no checkpoint is in {path}.", remedy
        return
    try:
        checkpoint = json.loads(last)
        size, age = int(checkpoint["size"]), now - datetime.fromisoformat(checkpoint["at"])
    except (ValueError, KeyError, TypeError):
        yield f"The last line of {path} is not a checkpoint.", "Run: holdfast verify"
        return
    if size > stored:
        yield f"The last checkpoint covers {size} entries and only {stored} are stored.", "Run: holdfast verify"
    elif size < stored and age > CHECKPOINT:
        yield f"The last checkpoint is {_ago(age)} old and {stored - size} entries are not under it.", remedy


def _directory(now: datetime) -> Iterator[Fault]:
    from holdfast.directory.snapshot import current_version, load

    version = current_version()
    if not version:
        yield (
            "The directory is empty: nobody can hold a case.",
            "Put in organisations, teams and staff, or try: holdfast demo",
        )
        return
    directory = load(version)
    for team in directory.teams.values():
        left = team.calendar.valid_to - now.date()
        if left < CALENDAR:
            when = f"ends on {team.calendar.valid_to}" if left >= timedelta() else f"ended on {team.calendar.valid_to}"
            yield f"The calendar of {team.name} {when}.", "Renew the team's hours and closed days in the directory."
    for organisation in directory.organisations.values():
        person = directory.staff.get(organisation.last_resort)
        if person is None or not person.active:
            yield f"{organisation.name} has no last-resort person who is active.", "Name one in the directory."
        elif not directory.available(person.id, now) and directory.standing_in(person.id, now) is None:
            yield (
                f"The last-resort person of {organisation.name} is away without cover.",
                "Name a cover in the directory.",
            )


def _emergency(now: datetime) -> Iterator[Fault]:
    from holdfast.directory.snapshot import current_version, load

    directory = load(current_version()) if current_version() else None
    for organisation in directory.organisations.values() if directory else ():
        if not organisation.emergency:
            yield (
                f"{organisation.name} has no emergency number: pages and cards tell people to call one and cannot say which.",
                "Its administrator writes it into the directory, at the organisation (emergency in a file).",
            )


def _rosters(now: datetime) -> Iterator[Fault]:
    from holdfast.assurance.gaps import gaps_ahead
    from holdfast.directory.snapshot import current_version, load

    if not current_version():
        return
    directory = load(current_version())
    for found in gaps_ahead(directory, now):
        owner = directory.staff[found.owner].name
        yield found.says, f"{owner} puts somebody on the roster, names a cover, or completes their contact details."


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


# Name, check, and whether the later ones need it.
CHECKS: tuple[tuple[str, Check, bool], ...] = (
    ("the database can be reached", _reachable, True),
    ("it has the shape of this version", _migrated, True),
    ("it keeps its promises", _guarded, False),
    ("the keys are there and nobody else can read them", _keys, False),
    ("workers are alive", _workers, False),
    ("messages leave", _outbox, False),
    ("sending is on", _mute, False),
    ("checkpoints are made outside the database", _checkpoints, False),
    ("rosters have no gap in the next 14 days", _rosters, False),
    ("pages and cards can say the emergency number", _emergency, False),
    ("calendars run on, and somebody is always the last resort", _directory, False),
)
