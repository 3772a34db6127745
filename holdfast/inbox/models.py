"""Messages as they arrived: truth, sealed, each with what became of it."""

from django.db import models


class Message(models.Model):
    """One message from outside. ``digest`` makes a repeat change nothing; ``status``: used, unmatched, unreadable, settled."""

    id = models.CharField(max_length=36, primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    what = models.CharField(max_length=100, default="", blank=True)
    received_at = models.DateTimeField()
    door = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    sealed = models.BinaryField()
    status = models.CharField(max_length=20)
    says = models.TextField()
    unused = models.JSONField(default=list)
    stream = models.CharField(max_length=100, default="", blank=True)
    person = models.CharField(max_length=64, default="", blank=True, db_index=True)
    owner = models.CharField(max_length=100)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=100, default="", blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox_message"
        indexes = [models.Index(fields=["owner", "status", "due_at"], name="inbox_by_owner")]
