"""One row per armed clock: derived. And the heartbeats of the workers that watch them: operational."""

from django.db import models


class Clock(models.Model):
    """An armed clock. Each arming or re-timing is another row under another id; the firing's key is (id, rings)."""

    id = models.CharField(max_length=140, primary_key=True)
    stream = models.CharField(max_length=100, db_index=True)
    promise = models.CharField(max_length=120)
    rings = models.DateTimeField()

    class Meta:
        db_table = "clock"
        indexes = [models.Index(fields=["rings", "stream"], name="clock_due")]


class Heartbeat(models.Model):
    """When a worker was last heard from, and how late its last firings were, in milliseconds."""

    worker = models.CharField(max_length=100, primary_key=True)
    duty = models.CharField(max_length=40)
    beat_at = models.DateTimeField()
    started_at = models.DateTimeField()
    lateness_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "clock_heartbeat"


class Stalled(models.Model):
    """A case whose clocks failed alone, twice: an alarm until somebody looks (operational)."""

    stream = models.CharField(max_length=100, primary_key=True)
    since = models.DateTimeField()
    says = models.CharField(max_length=300)
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "clock_stalled"
