"""The guards of worklist_holding."""

from django.db import migrations

from holdfast.ledger.append_only import keep


class Migration(migrations.Migration):
    dependencies = [("worklists", "0001_initial")]

    operations = [keep("worklist_holding")]
