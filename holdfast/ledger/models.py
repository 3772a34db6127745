"""The record's tables: entries and the log's order are truth; heads are derived from them."""

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One accepted command with its events, stored once as canonical bytes; never changed, never removed."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        db_table = "ledger_entry"
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="entry_once")]


class Head(models.Model):
    """Where a stream stands: its last entry and, derived from all of them, the folded state. Writers queue on this row."""

    stream = models.CharField(max_length=100, primary_key=True)
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    edition = models.CharField(max_length=64)
    engine = models.CharField(max_length=20)
    state = models.TextField()
    holder = models.CharField(max_length=100)

    class Meta:
        db_table = "ledger_head"
        constraints = [
            models.CheckConstraint(condition=~Q(kind="case") | ~Q(holder=""), name="every_case_has_a_holder"),
        ]


class Leaf(models.Model):
    """The order in which entries joined the log; its hash is the entry's digest."""

    index = models.PositiveBigIntegerField(primary_key=True)
    entry = models.PositiveBigIntegerField(unique=True)
    stream = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_leaf"


class Shown(models.Model):
    """One time that something of a case was read or sent: to whom, by which door, under which consent or reason (INF-03, AUD-04)."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=100)
    at = models.DateTimeField()
    to = models.CharField(max_length=110)
    what = models.CharField(max_length=40)
    door = models.CharField(max_length=20)
    under = models.CharField(max_length=300)

    class Meta:
        db_table = "ledger_shown"
        indexes = [models.Index(fields=["stream", "id"], name="shown_of_case")]


class Frontier(models.Model):
    """Derived, one row: the log's compact range, so that a checkpoint costs only what is new."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.PositiveBigIntegerField(default=0)
    body = models.TextField(default="")
    last_checkpoint = models.TextField(default="")

    class Meta:
        db_table = "ledger_frontier"
