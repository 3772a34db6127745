"""Persons under pseudonyms: identifiers as keyed tags, values sealed with the person's own key."""

from django.db import models


class PersonKey(models.Model):
    """Secret. The person's key, wrapped under a master key. Without it nothing sealed for the person can be read again."""

    person = models.CharField(max_length=64, primary_key=True)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "person_key"


class Sealed(models.Model):
    """Truth that can be erased. Value and salt of one commitment, sealed and bound to its place: ``stream:number:path``."""

    stream = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    person = models.CharField(max_length=64, db_index=True)
    commitment = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        db_table = "person_sealed"
        constraints = [models.UniqueConstraint(fields=["stream", "number", "path"], name="sealed_once")]
        indexes = [models.Index(fields=["stream", "commitment"], name="sealed_by_commitment")]


class Identifier(models.Model):
    """Derived look-up: a keyed tag of an identifier, so that the same person is found without storing the number."""

    tag = models.CharField(max_length=64, primary_key=True)
    person = models.CharField(max_length=64, db_index=True)

    class Meta:
        db_table = "person_identifier"


class Erasure(models.Model):
    """Truth: who was erased, when and on whose word; it travels with checkpoints and is applied again on restore."""

    person = models.CharField(max_length=64, primary_key=True)
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "person_erasure"
