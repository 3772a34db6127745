"""Tokens with which programs sign in."""

from django.db import models


class Token(models.Model):
    """One token of one member of staff, by the hash of its secret; what it may do is what they may do, as the directory has it now."""

    hash = models.CharField(max_length=64, primary_key=True)
    staff = models.CharField(max_length=100, db_index=True)
    name = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"
