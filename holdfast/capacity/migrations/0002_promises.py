"""The guards of capacity_slot."""

from django.db import migrations

from holdfast.ledger.append_only import keep


class Migration(migrations.Migration):
    dependencies = [("capacity", "0001_initial")]

    operations = [keep("capacity_slot")]
