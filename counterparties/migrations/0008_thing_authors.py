"""A thing that a talk is about may be several people's."""

import django.contrib.postgres.fields
from django.db import migrations, models

_COPY = """
UPDATE counterparties_thread SET thing_author_ids = ARRAY[thing_author_id] WHERE thing_author_id IS NOT NULL
"""
_BACK = "UPDATE counterparties_thread SET thing_author_id = thing_author_ids[1]"


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0007_morning")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="thing_author_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="чья вещь",
            ),
        ),
        migrations.RunSQL(_COPY, _BACK),
        migrations.RemoveField(model_name="thread", name="thing_author"),
    ]
