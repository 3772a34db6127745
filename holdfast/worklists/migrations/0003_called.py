"""Whom ladders called about obligations that are still owed; `holdfast rebuild` fills it for cases from before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worklists", "0002_promises")]

    operations = [
        migrations.CreateModel(
            name="Called",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.CharField(max_length=100)),
                ("promise", models.CharField(max_length=120)),
                ("staff", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=100)),
                ("because", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "worklist_called",
                "indexes": [models.Index(fields=["staff", "-at"], name="called_recent")],
                "constraints": [models.UniqueConstraint(fields=("case", "promise", "staff"), name="called_once")],
            },
        ),
    ]
