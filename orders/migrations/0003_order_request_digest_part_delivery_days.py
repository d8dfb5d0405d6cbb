import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """What an idempotency key was used for, the promised days of a part, moments given by services."""

    dependencies = [("orders", "0002_order_number_sequence")]

    operations = [
        migrations.AlterField(
            "cart",
            "created_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="создана"),
        ),
        migrations.AlterField(
            "cart",
            "updated_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="изменена"),
        ),
        migrations.AlterField(
            "cartline",
            "added_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="добавлена"),
        ),
        migrations.AddField(
            "order",
            "request_digest",
            models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "orderpart",
            "delivery_days",
            models.PositiveSmallIntegerField(default=0, verbose_name="срок доставки, дней"),
        ),
    ]
