"""Answers by telephone: a team's named contact speaks and proves it with the team's PIN; who writes it down is on the entry (BEY-13)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.core.parties import Directory, Team
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.sharing import may_share
from holdfast.core.telephone import teams_to_answer
from holdfast.deliveries.links import locked
from holdfast.deliveries.models import Delivery, Link
from holdfast.desk import office
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.doors.partner.proof import PIN, prove
from holdfast.worklists.casefile import Casefile

#: How this door is called on an entry.
DOOR = "phone"
MOST_PIN = 100
NOT_BY_YOU = Refusal(
    "not_yours",
    "Only somebody of the team that sent this can write down what was answered by telephone, and only for an external team.",
)
WITHHELD = Refusal("may_not_be_shared", "This may not be shared now, so it cannot be answered.")
NOT_SO = Refusal("not_by_telephone", "This cannot be answered by telephone.")
NOBODY = Refusal("not_a_person", "Choose who of that team is speaking.", (Missing("who", "Who is speaking", "you"),))
_CONFIRM = "Read the answers back to them, and say that they confirmed."
NOT_READ_BACK = Refusal("not_read_back", _CONFIRM, (Missing("read_back", _CONFIRM, "you"),))
_AGAIN = "That is not the team's PIN. Ask them to read it out again."
WRONG_PIN = Refusal("wrong_pin", _AGAIN, (Missing("pin", _AGAIN, "the team"),))
LOCKED = Refusal(
    "pin_locked",
    "A wrong PIN was given too often. You can take nothing more from this team by telephone today; use another way.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is handed in: ``who`` of ``team`` spoke; ``pin`` as they read it out; ``read_back``: they heard it again and confirmed."""

    team: str
    who: str
    pin: str
    ask: Ask
    read_back: bool
    key: str
    version: int | None


def take_down(file: Casefile, directory: Directory, scribe: str, said: Said, now: datetime) -> Outcome:
    """Hand the answer to the desk as the contact's own, once the team's PIN is right; everything else is asked before the PIN.

    A wrong PIN costs one of five tries, counted for the one who writes, for this team and day, whatever the case.
    """
    refusal = _refusal(file, directory, scribe, said, now)
    if refusal is not None:
        return Outcome(False, file.state.case, file.number, refusal)
    # The scope of a key is the actor, who has keys of their own: this one is also the scribe's.
    key = "phone-" + hashlib.sha256(f"{scribe}\x00{said.key}".encode()).hexdigest()[:40]
    envelope = Envelope(file.state.case, said.ask, said.who, DOOR, key, said.version, received=now, scribe=scribe)
    return office.the_desk().handle(envelope)


def _refusal(file: Casefile, directory: Directory, scribe: str, said: Said, now: datetime) -> Refusal | None:
    state, pathway = file.state, file.pathway
    team = next((one for one in teams_to_answer(state, pathway, directory, scribe) if one.id == said.team), None)
    if team is None:
        return NOT_BY_YOU
    if not may_share(state, pathway, directory):
        return WITHHELD
    step = pathway.find_step(str(said.ask.values.get("step", "")))
    if step is None or not step.link or said.ask.kind != "TakeStep":
        return NOT_SO
    if not directory.in_team(said.who, team.id) or said.who == scribe:
        return NOBODY
    if not said.read_back:
        return NOT_READ_BACK
    if not team.pin_hash:
        return Refusal("no_pin", f"No PIN was agreed with {team.name}, so an answer by telephone cannot be proved.")
    return _prove(state.case, team, scribe, said.pin.strip(), now)


def _prove(stream: str, team: Team, scribe: str, pin: str, now: datetime) -> Refusal | None:
    tries = _tries(stream, team.id, scribe, now)
    if locked(tries):
        return LOCKED
    if len(pin) <= MOST_PIN and prove(tries, team, PIN, pin, now):
        return None
    tries.refresh_from_db()
    return LOCKED if locked(tries) else WRONG_PIN


def _tries(stream: str, team: str, scribe: str, now: datetime) -> Link:
    """A row of the links that counts tries and opens nothing, for no token has this hash: one for each scribe, team and day.

    It names the case of the last try, where it is told when the tries are used up.
    """
    mark = hashlib.sha256(f"holdfast telephone\x00{scribe}\x00{team}\x00{now:%Y-%m-%d}".encode()).hexdigest()
    last = Delivery.objects.filter(stream=stream, recipient=f"team:{team}").order_by("due_at", "key").last()
    place = {"stream": stream, "key": last.key if last is not None else f"{stream}.telephone"}
    fresh = {"team": team, "made_at": now, "expires_at": now + timedelta(days=1)}
    row, _made = Link.objects.update_or_create(token_hash=mark, defaults=place, create_defaults={**place, **fresh})
    return row
