"""What each guarded table refuses, as conditions over the old and the new row that both engines understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """Before ``event`` on ``table``, refuse where ``when`` holds (empty: always), saying ``says``; ``only`` names an engine.

    In ``when`` other tables are named with their schema: on PostgreSQL a temporary table could stand in for a bare name.
    """

    table: str
    event: str
    when: str
    says: str
    only: str = ""
    part: str = ""

    @property
    def name(self) -> str:
        """The trigger's name, and on PostgreSQL its function's."""
        return f"{self.table}_guards_{self.part or self.event.lower()}"


def _kept(table: str, *keys: Sequence[str]) -> list[Guard]:
    """Rows are added, and never changed, replaced or removed (AUD-03)."""
    never = [
        Guard(table, event, "", f"{table} is append-only: {event} is refused")
        for event in ("UPDATE", "DELETE", "TRUNCATE")
    ]
    return [*never, _irreplaceable(table, *keys)]


def _irreplaceable(table: str, *keys: Sequence[str]) -> Guard:
    """SQLite's INSERT OR REPLACE removes the row in its way without asking the DELETE guard: refuse before it can.

    Row ids are keys too. The words begin as SQLite's own, so that whoever lost a race reads the same as ever.
    """
    taken = [
        f"EXISTS (SELECT 1 FROM {table} WHERE " + " AND ".join(f'"{c}" = NEW."{c}"' for c in key) + ")"  # noqa: S608
        for key in (("rowid",), *keys)
    ]
    # "rowid" in quotes would be taken for a text where a table has no such column.
    when = " OR ".join(taken).replace('"rowid"', "rowid")
    says = f"UNIQUE constraint failed: {table}: what is stored is not replaced"
    return Guard(table, "INSERT", when, says, only="sqlite", part="replacing")


def _changed(*columns: str) -> str:
    return " OR ".join(f'NEW."{c}" IS DISTINCT FROM OLD."{c}"' for c in columns)


_ERASED = "NOT EXISTS (SELECT 1 FROM public.person_erasure e WHERE e.person = OLD.person)"

_LAST = "COALESCE((SELECT MAX(l.number) FROM public.ledger_entry l WHERE l.stream = NEW.stream), 0)"
_NOBODY = "(NEW.kind = 'case' AND TRIM(NEW.holder) = '')"
# A head is born where its stream stands, or one ahead while the entry is on its way, so that one taken out and put back
# cannot fall behind the record.
_HEAD_ELSEWHERE = f"""NEW.number - {_LAST} NOT IN (0, 1) OR {_NOBODY}
 OR EXISTS (SELECT 1 FROM public.ledger_entry l
  WHERE l.stream = NEW.stream AND l.number = NEW.number AND l.digest <> NEW.digest)
 OR EXISTS (SELECT 1 FROM public.ledger_head h WHERE h.stream = NEW.stream
  AND (NEW.number - h.number NOT IN (0, 1) OR NEW.kind <> h.kind OR (NEW.number = h.number AND NEW.digest <> h.digest)))"""  # noqa: S608
_HEAD_FALLS = f"""{_changed("stream", "kind")} OR NEW.number - OLD.number NOT IN (0, 1)
 OR (NEW.number = OLD.number AND NEW.digest <> OLD.digest) OR {_NOBODY}"""

_HOLDING_APART = """NEW.turn < 1 OR TRIM(NEW.holder) = '' OR NEW.until < NEW.since
 OR (NEW.turn > 1 AND NOT EXISTS (SELECT 1 FROM public.worklist_holding b
  WHERE b."case" = NEW."case" AND b.turn = NEW.turn - 1 AND b.until = NEW.since))
 OR EXISTS (SELECT 1 FROM public.worklist_holding a
  WHERE a."case" = NEW."case" AND a.turn = NEW.turn + 1 AND a.since IS DISTINCT FROM NEW.until)"""
_HOLDING_REWRITTEN = f"""OLD.until IS NOT NULL OR NEW.until IS NULL OR NEW.until < OLD.since
 OR {_changed("id", "case", "turn", "holder", "since", "entry", "why")}"""

_SLOT_REWRITTEN = f"""OLD.status = 'released' OR {_changed("id", "pool", "team", "kind", "slot", "turn", "at")}
 OR (OLD.status = 'booked' AND (NEW.status NOT IN ('booked', 'released') OR {_changed("case")}))
 OR (OLD.status = 'offered' AND (NEW.status = 'held' OR {_changed("case")}))
 OR (OLD.status = 'held' AND NEW.status = 'released' AND {_changed("case")})
 OR (NEW.status IN ('offered', 'booked') AND TRIM(NEW."case") = '')"""

# A partial unique index refuses this; INSERT OR REPLACE would take the other row out instead.
_SLOT_TWICE = """NEW.status <> 'released' AND EXISTS (SELECT 1 FROM capacity_slot s
 WHERE s.pool = NEW.pool AND s.slot = NEW.slot AND s.status <> 'released')"""
_SLOT_TAKEN = "UNIQUE constraint failed: capacity_slot: one slot, one case"

_ARRIVED = _changed("id", "digest", "received_at", "door", "source", "sealed")

GUARDS: tuple[Guard, ...] = (
    *_kept("ledger_entry", ("id",), ("stream", "number")),
    *_kept("ledger_leaf", ("index",), ("entry",)),
    *_kept("ledger_shown", ("id",)),
    *_kept("pathway_edition", ("digest",)),
    *_kept("person_erasure", ("person",)),
    Guard("person_sealed", "UPDATE", "", "person_sealed never changes: UPDATE is refused"),
    Guard("person_sealed", "DELETE", _ERASED, "person_sealed: only the values of a person who was erased can go"),
    Guard("person_sealed", "TRUNCATE", "", "person_sealed: TRUNCATE is refused"),
    _irreplaceable("person_sealed", ("id",), ("stream", "number", "path")),
    Guard(
        "ledger_head", "INSERT", _HEAD_ELSEWHERE, "ledger_head: a head stands where its stream stands, with a holder"
    ),
    Guard("ledger_head", "UPDATE", _HEAD_FALLS, "ledger_head: a head stays or goes one forward, with a holder"),
    Guard("inbox_message", "UPDATE", _ARRIVED, "inbox_message: what arrived, and when, never changes"),
    _irreplaceable("inbox_message", ("id",), ("digest",)),
    Guard("worklist_holding", "INSERT", _HOLDING_APART, "worklist_holding: a turn begins when the one before it ends"),
    Guard("worklist_holding", "UPDATE", _HOLDING_REWRITTEN, "worklist_holding: a turn can only be ended, once"),
    _irreplaceable("worklist_holding", ("id",), ("case", "turn")),
    Guard(
        "capacity_slot",
        "UPDATE",
        _SLOT_REWRITTEN,
        "capacity_slot: a slot goes held, offered, booked, released, of one case",
    ),
    _irreplaceable("capacity_slot", ("id",), ("pool", "slot", "turn")),
    Guard("capacity_slot", "INSERT", _SLOT_TWICE, _SLOT_TAKEN, only="sqlite", part="twice"),
)
