"""Answers given before: the same key gets the same answer, the same key with another body is refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from django.db import connection

from holdfast.desk.envelope import Envelope, Outcome
from holdfast.ledger.sql import stored


def asked_digest(envelope: Envelope, secret: bytes) -> str:
    """A keyed digest of everything that is asked; keyed, so that short texts cannot be guessed from it once they are erased."""
    ask = envelope.ask
    shape: dict[str, Any] = {
        "stream": envelope.stream,
        "kind": ask.kind,
        "values": ask.values,
        "answers": {
            id: [raw.how, raw.value, str(raw.true_at), raw.unconfirmed, raw.source] for id, raw in ask.answers.items()
        },
        "texts": ask.texts,
        "occurred": str(envelope.occurred),
    }
    # Only where there is one: what was asked before there were scribes keeps its digest.
    shape |= {"scribe": envelope.scribe} if envelope.scribe else {}
    body = json.dumps(shape, sort_keys=True, default=str).encode()
    return hmac.new(secret, b"holdfast asked\x00" + body, hashlib.sha256).hexdigest()


def remember(envelope: Envelope, asked: str, outcome: Outcome, at: datetime) -> None:
    """Keep the answer in the transaction that gave it. Raises ``IntegrityError`` when the same key was answered meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_answered (scope, key, asked, outcome, at) VALUES (%s,%s,%s,%s,%s)",
            [envelope.actor, envelope.key, asked, json.dumps(outcome.to_plain()), stored(at)],
        )
