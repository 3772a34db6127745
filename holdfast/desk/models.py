"""What was answered to whom: a retry is harmless because this table says so."""

from django.db import models


class Answered(models.Model):
    """The outcome of one key of one actor. Domain refusals are kept as well as acceptances; failures of the machine are not."""

    scope = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    outcome = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "desk_answered"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="answered_once")]
