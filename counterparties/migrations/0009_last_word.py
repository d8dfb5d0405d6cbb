"""A talk knows when a person wrote into it last."""

from django.db import migrations, models

_COPY = """
UPDATE counterparties_thread thread SET last_word_at = (
    SELECT max(message.created_at) FROM counterparties_message message
     WHERE message.thread_id = thread.id AND message.side <> 'system')
"""


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0008_thing_authors")]

    operations = [
        migrations.AddField(
            model_name="thread",
            name="last_word_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Без событий портала.",
                null=True,
                verbose_name="последнее слово человека",
            ),
        ),
        migrations.RunSQL(_COPY, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("last_word_at__isnull", False)),
                fields=["holding", "-last_word_at"],
                name="thread_holding_spoken",
            ),
        ),
    ]
