"""The capacity tables: one row for each turn of each slot, and one for each case that waits."""

from django.db import models
from django.db.models import Q


class SlotRow(models.Model):
    """One turn of a slot: held, offered, booked, released. Two cases never have the same slot (HZ-55): the database says so."""

    id = models.BigAutoField(primary_key=True)
    pool = models.CharField(max_length=100)
    team = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    slot = models.CharField(max_length=60)
    turn = models.PositiveIntegerField()
    at = models.DateTimeField()
    status = models.CharField(max_length=20)
    case = models.CharField(max_length=100, default="")
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, default="")
    since = models.DateTimeField()

    class Meta:
        db_table = "capacity_slot"
        constraints = [
            models.UniqueConstraint(fields=["pool", "slot", "turn"], name="slot_turn_once"),
            models.UniqueConstraint(fields=["pool", "slot"], condition=~Q(status="released"), name="slot_never_twice"),
            models.CheckConstraint(
                condition=Q(status__in=["held", "released"], case="")
                | (Q(status__in=["offered", "booked", "released"]) & ~Q(case="")),
                name="slot_has_its_case",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "kind", "at"], name="slot_of_team"),
            models.Index(fields=["status", "until"], name="slot_offer_ends", condition=Q(status="offered")),
        ]


class WaitingRow(models.Model):
    """A case that waits for a slot of a pool; ``rank`` 0 is the most acute."""

    id = models.BigAutoField(primary_key=True)
    pool = models.CharField(max_length=100)
    case = models.CharField(max_length=100)
    rank = models.PositiveSmallIntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "capacity_waiting"
        constraints = [models.UniqueConstraint(fields=["pool", "case"], name="waits_once")]
