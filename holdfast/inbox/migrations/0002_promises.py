"""The guards of inbox_message."""

from django.db import migrations

from holdfast.ledger.append_only import keep


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]

    operations = [keep("inbox_message")]
