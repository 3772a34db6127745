"""The data folder of a demonstration: a marker says that nothing in it is real, and a list says who can sign in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from holdfast.core.parties import Directory
from holdfast.deliveries.channels.mailbox.shelf import write_private
from holdfast.rehearsal.network import DemoAccount

MARKER, PEOPLE, DATABASE = "REHEARSAL", "demo-people.json", "holdfast.sqlite3"
MAILBOX, RETURNS = "mailbox", "returns"
_UNFINISHED = "This demonstration is being set up.\n"
_FINISHED = "Everything in this folder is a rehearsal: nobody in it exists. It may be deleted at any time.\n"
#: The practice's messages come back while the demonstration runs, so that a bounce can be watched.
_BOUNCES = {"desk@quayside.example.org": {"do": "bounce", "kinds": ["packet-link"]}}

Standing = Literal["empty", "unfinished", "ready", "foreign"]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Who to sign in as, and what they will see."""

    name: str
    role: str
    sees: str
    username: str
    password: str


def standing_of(data: Path) -> Standing:
    """What lies in ``data``: nothing, a demonstration (set up or half set up), or a database that is none."""
    marker = data / MARKER
    if marker.is_file():
        return "ready" if marker.read_text("utf-8") == _FINISHED else "unfinished"
    return "foreign" if (data / DATABASE).exists() else "empty"


def begin(data: Path) -> None:
    """Mark the folder before anything is put in it; what a setting-up that was broken off left behind goes first."""
    if standing_of(data) == "unfinished":
        for path in (*data.glob(f"{DATABASE}*"), data / PEOPLE):
            path.unlink(missing_ok=True)
        for folder in (MAILBOX, RETURNS):
            shutil.rmtree(data / folder, ignore_errors=True)
    write_private(data / MARKER, _UNFINISHED.encode())


def set_aside(witness: Path, now: datetime) -> None:
    """The outside checkpoints of an earlier demonstration prove nothing about a new one: they get another name."""
    if witness.exists():
        witness.rename(witness.with_name(f"{witness.name}.until-{now:%Y%m%dT%H%M%S}"))


def finish(data: Path, people: Iterable[DemoPerson]) -> None:
    """Write who can sign in and what the local post does, and say that the demonstration is whole."""
    write_private(data / PEOPLE, json.dumps([asdict(person) for person in people], indent=1).encode())
    write_private(data / MAILBOX / "rules.json", json.dumps(_BOUNCES).encode())
    write_private(data / MARKER, _FINISHED.encode())


def people_of(data: Path) -> list[DemoPerson]:
    """Who can sign in. Raises OSError and ValueError where the list is gone or broken."""
    return [DemoPerson(**person) for person in json.loads((data / PEOPLE).read_text("utf-8"))]


def introduce(accounts: Iterable[DemoAccount], directory: Directory) -> list[DemoPerson]:
    """The accounts with the names and roles of the directory."""
    return [
        DemoPerson(directory.staff[a.staff].name, _roles(a.staff, directory), a.sees, a.username, a.password)
        for a in accounts
    ]


def _roles(staff: str, directory: Directory) -> str:
    names = {organisation.id: organisation.name for organisation in directory.organisations.values()}
    names |= {team.id: team.name for team in directory.teams.values()}
    by_place: dict[str, list[str]] = {}
    for place, role in sorted(directory.staff[staff].roles):
        by_place.setdefault(names[place], []).append(role)
    held = [f"{' and '.join(roles)}, {place}" for place, roles in by_place.items()]
    ends = [f"last resort of {o.name}" for o in directory.organisations.values() if o.last_resort == staff]
    return "; ".join(held + ends) or "on call"
