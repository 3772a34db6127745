"""Read models: rows written with the entry, made again from the ledger at any time."""

from django.db import models
from django.db.models import Q


class CaseRow(models.Model):
    """One case as lists show it. Nothing here is text about the person."""

    case = models.CharField(max_length=100, primary_key=True)
    subject = models.CharField(max_length=64, db_index=True)
    pathway = models.CharField(max_length=100)
    edition = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    tier = models.CharField(max_length=40)
    tier_rank = models.PositiveSmallIntegerField()
    holder = models.CharField(max_length=100)
    stage = models.CharField(max_length=60)
    endpoint = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    window_ends = models.DateTimeField()
    next_ring = models.DateTimeField(null=True)

    class Meta:
        db_table = "worklist_case"
        indexes = [models.Index(fields=["holder", "status"], name="case_by_holder")]


class Part(models.Model):
    """A team's part in a case, or a person named in it from outside its teams: who may see it."""

    case = models.CharField(max_length=100)
    concerned = models.CharField(max_length=100)
    status = models.CharField(max_length=10)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "worklist_part"
        constraints = [models.UniqueConstraint(fields=["concerned", "case"], name="part_once")]
        indexes = [
            models.Index(fields=["case"], name="part_by_case"),
            models.Index(fields=["concerned", "status", "-opened_at"], name="part_recent"),
        ]


class Promised(models.Model):
    """One obligation of one case, as worklists show it; ``rings`` is when its clock goes next."""

    case = models.CharField(max_length=100)
    promise = models.CharField(max_length=120)
    kind = models.CharField(max_length=100)
    status = models.CharField(max_length=16)
    owner = models.CharField(max_length=100)
    team = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    rings = models.DateTimeField()
    rung = models.PositiveIntegerField()
    tier_rank = models.PositiveSmallIntegerField()
    started_by = models.CharField(max_length=100)
    task = models.BooleanField()

    class Meta:
        db_table = "worklist_promise"
        constraints = [models.UniqueConstraint(fields=["case", "promise"], name="promise_once")]
        indexes = [
            models.Index(fields=["owner", "due_at"], name="promise_mine", condition=Q(status__in=["open", "breached"])),
            models.Index(fields=["team", "due_at"], name="promise_team", condition=Q(status__in=["open", "breached"])),
        ]


class Called(models.Model):
    """Somebody whom a ladder called about a promise that is still owed, and when last: it is theirs to answer (ESC-01).

    ``role`` is as whom they were called, ``because`` why."""

    case = models.CharField(max_length=100)
    promise = models.CharField(max_length=120)
    staff = models.CharField(max_length=100)
    role = models.CharField(max_length=100)
    because = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "worklist_called"
        constraints = [models.UniqueConstraint(fields=["case", "promise", "staff"], name="called_once")]
        indexes = [models.Index(fields=["staff", "-at"], name="called_recent")]


class Holding(models.Model):
    """Who held a case from when until when, by recorded time; the intervals of a case leave no gap (OWN-01, BEY-02)."""

    case = models.CharField(max_length=100)
    turn = models.PositiveIntegerField()
    holder = models.CharField(max_length=100)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    entry = models.PositiveIntegerField()
    why = models.CharField(max_length=300)

    class Meta:
        db_table = "worklist_holding"
        constraints = [
            models.UniqueConstraint(fields=["case", "turn"], name="holding_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="one_holder_at_a_time"),
            models.CheckConstraint(condition=~Q(holder=""), name="holding_has_a_person"),
        ]


class Exceptional(models.Model):
    """A breach, override, delivery failure, late record or empty target: what governance looks at (GAT-07, ESC-04)."""

    case = models.CharField(max_length=100)
    entry = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    what = models.CharField(max_length=120)
    at = models.DateTimeField()
    tier_rank = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "worklist_exception"
        constraints = [models.UniqueConstraint(fields=["case", "entry", "place"], name="exception_once")]
        indexes = [models.Index(fields=["-at"], name="exception_recent")]
