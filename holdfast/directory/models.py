"""The directory's rows: derived from the directory's own stream; accounts are how its staff sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Item(models.Model):
    """One organisation, team, member of staff, absence or route, as the directory's stream last put it."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=100)
    body = models.JSONField()

    class Meta:
        db_table = "directory_item"
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="directory_item_once")]


class Version(models.Model):
    """One row: how many times the directory has changed. Every decision reads it, so that no cached copy is used too long."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField()

    class Meta:
        db_table = "directory_version"


class Accounts(BaseUserManager["Account"]):
    """Looks accounts up by the name people sign in with."""

    def create_account(self, username: str, staff: str, password: str | None = None) -> "Account":
        account = self.model(username=username, staff=staff)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """How a member of staff signs in: ``staff`` is their id in the directory. Rights come from the directory, never from here."""

    username = models.CharField(max_length=150, unique=True)
    staff = models.CharField(max_length=100, db_index=True)
    is_active = models.BooleanField(default=True)

    objects = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "directory_account"
