from django.db import migrations


class Migration(migrations.Migration):
    """Blocks are kept as they are: to compress them takes longer than all the rest of their writing."""

    dependencies = [
        ("catalog", "0002_catalogue"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE catalog_indexblock ALTER COLUMN payload SET STORAGE EXTERNAL",
            "ALTER TABLE catalog_indexblock ALTER COLUMN payload SET STORAGE EXTENDED",
        ),
    ]
