"""Short sessions of partners who opened a secure link with a code or their team's PIN."""

from django.db import models


class Visit(models.Model):
    """A browser that proved itself for one link; bound to that browser by a cookie whose hash is the key."""

    id = models.CharField(max_length=64, primary_key=True)
    token_hash = models.CharField(max_length=64, db_index=True)
    stream = models.CharField(max_length=100)
    team = models.CharField(max_length=100)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "partner_visit"
