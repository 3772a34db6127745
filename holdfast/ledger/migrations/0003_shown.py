"""The log of what was shown or sent to whom, which is only added to."""

from django.db import migrations, models

from holdfast.ledger.append_only import keep


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_promises")]

    operations = [
        migrations.CreateModel(
            name="Shown",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("to", models.CharField(max_length=110)),
                ("what", models.CharField(max_length=40)),
                ("door", models.CharField(max_length=20)),
                ("under", models.CharField(max_length=300)),
            ],
            options={
                "db_table": "ledger_shown",
                "indexes": [models.Index(fields=["stream", "id"], name="shown_of_case")],
            },
        ),
        keep("ledger_shown"),
    ]
