from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0011_told_elements"),
    ]

    operations = [
        migrations.AddField(
            model_name="crmlink",
            name="told_facts",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
    ]
