from django.db import migrations


class Migration(migrations.Migration):
    """Order numbers come from a sequence: unique under any load, gaps allowed."""

    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_order_number_seq AS bigint START 1 MAXVALUE 9999999",
            "DROP SEQUENCE orders_order_number_seq",
        )
    ]
