"""Editions of pathways, as published: truth, never changed."""

from django.db import models


class Edition(models.Model):
    """One published version, named by the digest of its canonical form; its bytes live in the record."""

    digest = models.CharField(max_length=64, primary_key=True)
    pathway = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    body = models.BinaryField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    class Meta:
        db_table = "pathway_edition"
        indexes = [models.Index(fields=["pathway", "-published_at"], name="edition_latest")]
