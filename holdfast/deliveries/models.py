"""The outbox, its attempts, and the secure links that travel in messages."""

from django.db import models
from django.db.models import Q


class Delivery(models.Model):
    """One notice to deliver, enqueued with the entry that issued it. ``status``: queued, held, sent, by-hand, failed, withheld."""

    key = models.CharField(max_length=100, primary_key=True)
    stream = models.CharField(max_length=100, db_index=True)
    number = models.PositiveIntegerField()
    recipient = models.CharField(max_length=110)
    notice = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    by = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    next_try = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    return_tag = models.CharField(max_length=100, default="", blank=True)

    class Meta:
        db_table = "delivery"
        indexes = [
            models.Index(fields=["next_try"], name="delivery_due", condition=Q(status="queued")),
            models.Index(fields=["return_tag"], name="delivery_return"),
        ]


class Attempt(models.Model):
    """One try to deliver, or one reply that came back: operational evidence beside the entry."""

    key = models.CharField(max_length=100, db_index=True)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    provider = models.CharField(max_length=200)

    class Meta:
        db_table = "delivery_attempt"


class Link(models.Model):
    """A secure link: only its hash is kept. Single purpose, expiring, revocable, with limited attempts."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    stream = models.CharField(max_length=100, db_index=True)
    team = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    code_hash = models.CharField(max_length=64, default="", blank=True)
    code_expires = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_link"


class Mute(models.Model):
    """One row while sending is off, as it is after a restore until somebody reconciles."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    why = models.CharField(max_length=200)

    class Meta:
        db_table = "delivery_mute"
