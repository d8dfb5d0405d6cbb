"""Moves that nobody was told of are marked; those made until now were told already."""

from django.db import migrations, models


def _is_told(*, default: bool) -> models.BooleanField:
    return models.BooleanField("о нем сказано", db_default=default, default=default, editable=False)


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_shipment_number_sequence")]

    operations = [
        migrations.AddField("orderstep", "is_told", _is_told(default=True)),
        migrations.AlterField("orderstep", "is_told", _is_told(default=False)),
        migrations.AddIndex(
            "orderstep",
            models.Index(condition=models.Q(is_told=False), fields=["id"], name="order_step_untold"),
        ),
    ]
