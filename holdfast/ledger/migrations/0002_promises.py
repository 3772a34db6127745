"""The record keeps its promises, also those of the rooms below it, which cannot name it."""

from django.db import migrations

from holdfast.ledger.append_only import keep


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("pathways", "0001_initial"), ("people", "0001_initial")]

    operations = [
        keep("ledger_entry", "ledger_leaf", "ledger_head", "pathway_edition", "person_erasure", "person_sealed"),
    ]
