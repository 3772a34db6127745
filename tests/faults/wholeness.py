"""Whether the record, the heads, the worklists, the clocks and the outbox agree with one another."""

from __future__ import annotations

import json
from collections import Counter

from django.db import connection

from holdfast.clocks.rows import armed, clocks_of
from holdfast.deliveries.models import Delivery
from holdfast.ledger.chain import check_stream
from holdfast.ledger.kept import state_from_text
from holdfast.ledger.models import Entry, Head
from holdfast.ledger.refold import refold
from holdfast.worklists.models import CaseRow, Holding, Promised


def faults_of(case: str) -> list[str]:
    """Everything about one case that does not agree; empty when it is whole."""
    rows = [(e.number, e.digest, bytes(e.body)) for e in Entry.objects.filter(stream=case).order_by("number")]
    faults = [fault.says for fault in check_stream(case, rows)]
    state = refold(body for _, _, body in rows)
    head = Head.objects.get(stream=case)
    if (head.number, head.digest) != rows[-1][:2]:
        faults.append("the head is not the last entry")
    if state_from_text(head.state) != state:
        faults.append("the folded state is not the fold of the entries")
    if clocks_of(case) != armed(state):
        faults.append("the clocks are not those the state has running")
    promised = dict(Promised.objects.filter(case=case).values_list("promise", "status"))
    if promised != {p.id: p.status for p in state.promises.values()}:
        faults.append("the worklist is not what is promised")
    if CaseRow.objects.get(case=case).holder != state.holder:
        faults.append("the list shows another holder")
    if Holding.objects.filter(case=case, until=None).count() != 1:
        faults.append("there is not exactly one open interval of holding")
    events = [event for _, _, body in rows for event in json.loads(body)["events"]]
    issued = {event["key"] for event in events if event["event"] == "NoticeIssued"}
    if set(Delivery.objects.filter(stream=case).values_list("key", flat=True)) != issued:
        faults.append("the outbox is not what was issued")
    return faults


def times_recorded(case: str, key: str) -> int:
    """How many entries of a case carry an idempotency key."""
    return sum(1 for body in _bodies(case) if json.loads(body).get("key") == key)


def times_fired(case: str) -> Counter[str]:
    """How often each clock's firing was recorded: by promise and turn of its ladder; more than one is a double firing."""
    fired: Counter[str] = Counter()
    for body in _bodies(case):
        for event in json.loads(body)["events"]:
            if event["event"] == "RungFired":
                fired[f"{event['id']} turn {event['turn']}"] += 1
            elif event["event"] == "ObligationBreached":
                fired[f"{event['id']} breach"] += 1
    return fired


def _bodies(case: str) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_entry WHERE stream = %s ORDER BY number", [case])
        return [bytes(body) for (body,) in cursor.fetchall()]
