"""Doing something once for a caller's key where it is not one command on one case: taking in a file, registering a person."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from holdfast.desk.desk import Desk
from holdfast.desk.models import Answered
from holdfast.desk.races import TRIES, lost_race


class KeyReused(Exception):
    """The key was used for another request."""


def once(
    desk: Desk, actor: str, key: str, asked: Any, at: datetime, work: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """What ``work`` gave for this key, and whether that was given again. Raises ``KeyReused``.

    One transaction around all of it. ``asked`` and the answer are plain JSON; the answer holds no text about a person, for it
    is kept. A refusal is an answer too: ``work`` undoes what it had begun and gives the refusal.
    """
    body = b"holdfast once\x00" + json.dumps(asked, sort_keys=True, default=str).encode()
    digest = hmac.new(desk.keyring.secret("answered"), body, hashlib.sha256).hexdigest()
    for tried in range(TRIES):
        try:
            with transaction.atomic():
                known = Answered.objects.filter(scope=actor, key=key).first()
                if known is not None:
                    if known.asked != digest:
                        raise KeyReused
                    given: dict[str, Any] = json.loads(known.outcome)
                    return given, True
                answer = work()
                Answered.objects.create(scope=actor, key=key, asked=digest, outcome=json.dumps(answer), at=at)
                return answer, False
        except (IntegrityError, OperationalError) as error:
            if tried + 1 == TRIES or not lost_race(error):
                raise
    raise AssertionError("unreachable")
