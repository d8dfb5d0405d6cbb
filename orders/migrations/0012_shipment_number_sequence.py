from django.db import migrations


class Migration(migrations.Migration):
    """Numbers of requests for shipment come from a sequence, as those of orders do."""

    dependencies = [("orders", "0011_standing")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_shipment_number_seq AS bigint START 1 MAXVALUE 9999999",
            "DROP SEQUENCE orders_shipment_number_seq",
        )
    ]
