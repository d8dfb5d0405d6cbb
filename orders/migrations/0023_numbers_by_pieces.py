"""Orders whose number holds a word, found without walking through all: by pieces of three letters."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

import orders.pieces

# What pg_trgm does, in plain SQL: not every server has that extension. Dear, so that the planner would rather
# look into an index than call it for each row.
_PIECES = """
CREATE FUNCTION orders_pieces(VARIADIC texts text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
AS $$
    SELECT array(
        SELECT DISTINCT substr(capitals, place, 3)
          FROM unnest(texts) AS told, upper(told) AS capitals,
               generate_series(1, length(capitals) - 2) AS place
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0013_calculators_touch"),
        ("counterparties", "0008_thing_authors"),
        ("orders", "0022_served"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(_PIECES, "DROP FUNCTION orders_pieces(text[])"),
        migrations.AddIndex(
            model_name="erpline",
            index=django.contrib.postgres.indexes.GinIndex(
                orders.pieces.Pieces("name"), condition=models.Q(("sku", None)), name="erp_line_unsold_names"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.GinIndex(
                orders.pieces.Pieces("number", "client_reference", "erp_number"), name="order_numbers"
            ),
        ),
        migrations.AddIndex(
            model_name="orderpart",
            index=django.contrib.postgres.indexes.GinIndex(
                orders.pieces.Pieces("erp_number"), name="order_part_numbers"
            ),
        ),
    ]
