"""Every table of the database and what it is: truth, derived, operational or secret; the page in the docs is made from this."""

from __future__ import annotations

from dataclasses import dataclass

TRUTH, DERIVED, OPERATIONAL, SECRET = "truth", "derived", "operational", "secret"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``holds`` says what, ``keeps`` what the database refuses for it whoever asks."""

    name: str
    kind: str
    holds: str
    keeps: str = ""


_ADDED = "rows are only added: no change, no removal"

TABLES: tuple[Table, ...] = (
    Table("ledger_entry", TRUTH, "accepted commands with their events, as canonical bytes", _ADDED),
    Table("ledger_leaf", TRUTH, "the order in which entries joined the log", _ADDED),
    Table(
        "ledger_shown", TRUTH, "what of a case was read by or sent to whom, when, under which consent or reason", _ADDED
    ),
    Table("pathway_edition", TRUTH, "published editions of pathways, as canonical bytes", _ADDED),
    Table(
        "person_sealed",
        TRUTH,
        "values and salts of commitments, sealed with the person's own key",
        "no change; removal only for a person in person_erasure",
    ),
    Table("person_erasure", TRUTH, "who was erased and when; travels with checkpoints", _ADDED),
    Table(
        "inbox_message",
        TRUTH,
        "messages as they arrived, sealed, and what became of each",
        "digest, door, source, time of arrival and sealed bytes never change",
    ),
    Table(
        "ledger_head",
        DERIVED,
        "where each stream stands, its folded state and its holder",
        "the number stays or goes one forward and never falls behind the record; a digest of one number never changes;"
        " a case has a holder",
    ),
    Table("ledger_frontier", DERIVED, "the log's compact range and the last checkpoint"),
    Table("worklist_case", DERIVED, "cases as lists show them"),
    Table("worklist_part", DERIVED, "who is concerned with a case"),
    Table("worklist_promise", DERIVED, "obligations as worklists show them"),
    Table("worklist_called", DERIVED, "whom ladders called about obligations that are still owed"),
    Table(
        "worklist_holding",
        DERIVED,
        "who held a case from when until when",
        "a turn begins when the one before it ends, has a holder, and can only be ended, once",
    ),
    Table("worklist_exception", DERIVED, "breaches, overrides, failures and late records"),
    Table("clock", DERIVED, "armed clocks"),
    Table(
        "capacity_slot",
        DERIVED,
        "each turn of each slot that a team holds, and the case that has it",
        "a slot goes held, offered, booked, released and no other way; one case at a time; a turn that is over never changes",
    ),
    Table("capacity_waiting", DERIVED, "cases that wait for a slot"),
    Table("directory_item", DERIVED, "organisations, teams, staff, absences and routes"),
    Table("directory_version", DERIVED, "how many times the directory has changed"),
    Table("person_identifier", DERIVED, "keyed tags of identifiers, to find a person by"),
    Table("desk_answered", OPERATIONAL, "the outcome of each caller's key, so that a retry is harmless"),
    Table("delivery", OPERATIONAL, "the outbox"),
    Table("delivery_attempt", OPERATIONAL, "each try to deliver, and each reply"),
    Table("delivery_link", OPERATIONAL, "secure links, by the hash of their token"),
    Table("delivery_mute", OPERATIONAL, "whether sending is off, and why"),
    Table("clock_heartbeat", OPERATIONAL, "when each worker was last heard from"),
    Table("clock_stalled", OPERATIONAL, "cases whose clocks failed alone"),
    Table("partner_visit", OPERATIONAL, "short sessions of partners who opened a link"),
    Table("django_session", OPERATIONAL, "sign-in sessions"),
    Table("django_migrations", OPERATIONAL, "which changes of shape were made"),
    Table("django_content_type", OPERATIONAL, "Django's list of models; unused"),
    Table("auth_permission", OPERATIONAL, "Django's permissions; unused: rights come from the directory"),
    Table("auth_group", OPERATIONAL, "Django's groups; unused"),
    Table("auth_group_permissions", OPERATIONAL, "Django's permissions of groups; unused"),
    Table("person_key", SECRET, "each person's own key, wrapped under the master key; removed by erasure"),
    Table("directory_account", SECRET, "how staff sign in: names and hashes of passwords"),
    Table("api_token", SECRET, "how programs sign in: hashes of tokens, whose, and until when"),
)

_INTRODUCTION = """# The tables

Generated from `holdfast/ledger/tables.py` by `script/generated`.

- *truth* cannot be made again: back it up, verify it.
- *derived* is made again from the truth by `holdfast rebuild`, which also compares.
- *operational* is what the work needs from hour to hour; it is backed up so that nothing is sent or answered twice.
- *secret* opens the truth or the doors; without the keys nothing sealed can be read again.

What a table keeps, the database refuses by triggers on both engines, also to the tables' owner, and on PostgreSQL by
rights as well: the application's role cannot change or remove rows that are only added. On SQLite whoever owns the file can
take a trigger away: that is detected (`holdfast doctor`, `holdfast verify`), not prevented. TRUNCATE and the shape
of tables are the owner's alone on PostgreSQL. A repeat of a stored row raises there what it does on any table; on SQLite
the same error, also where the statement says `ON CONFLICT DO NOTHING`.
"""


def pages() -> dict[str, str]:
    """The reference page, {path from the root: text}."""
    text = [_INTRODUCTION]
    for kind in (TRUTH, DERIVED, OPERATIONAL, SECRET):
        rows = [f"| `{t.name}` | {t.holds} | {t.keeps} |" for t in TABLES if t.kind == kind]
        text.append("\n".join([f"## {kind.capitalize()}", "", "| table | holds | keeps |", "|---|---|---|", *rows, ""]))
    return {"docs/reference/tables.md": "\n".join(text)}
