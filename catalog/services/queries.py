"""What was looked for and opened, as counts of days: nothing of who it was."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from catalog.models import ProductClickDay, SearchQueryDay
from catalog.models.queries import TEXT_LENGTH
from catalog.phrases import phrase_normal
from catalog.privacy import is_personal
from portal.lib.dates import moscow_date

KEPT_DAYS = 180
_MOST_FOUND = 2**31 - 1

_NOTE = """
INSERT INTO catalog_searchqueryday (day, text, asked, found, clicks, carts) VALUES (%s, %s, 1, %s, 0, 0)
    ON CONFLICT (text, day) DO UPDATE
   SET asked = catalog_searchqueryday.asked + 1, found = EXCLUDED.found
"""
# Counted on the text's newest day, as one may have looked before midnight and clicked after it; a text that
# nobody sent off (a suggestion was taken while it was typed) gets a row that was never asked.
_TAKEN = """
WITH seen AS (
UPDATE catalog_searchqueryday SET {count} = {count} + 1
 WHERE id = (SELECT id FROM catalog_searchqueryday
              WHERE text = %(text)s AND day >= %(since)s ORDER BY day DESC LIMIT 1)
RETURNING id
), made AS (
INSERT INTO catalog_searchqueryday (day, text, asked, found, clicks, carts)
SELECT %(day)s, %(text)s, 0, 0, {clicks}, {carts} WHERE %(text)s <> '' AND NOT EXISTS (SELECT FROM seen)
    ON CONFLICT (text, day) DO UPDATE SET {count} = catalog_searchqueryday.{count} + 1
)
"""
_CLICK = (
    _TAKEN.format(count="clicks", clicks=1, carts=0)
    + """
INSERT INTO catalog_productclickday (day, product_id, clicks)
SELECT %(day)s, id, 1 FROM catalog_product WHERE id = %(product)s
    ON CONFLICT (product_id, day) DO UPDATE SET clicks = catalog_productclickday.clicks + 1
"""
)
_CART = _TAKEN.format(count="carts", clicks=0, carts=1) + "TABLE seen"


def query_note(text: str, found: int, at: datetime) -> bool:
    """Count that somebody looked for the text and how many goods it found; return whether it was kept.

    One statement. Texts that tell of a person are not kept, nor such as hold nothing to read.
    """
    kept = _kept(text)
    if not kept:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [moscow_date(at), kept, min(max(found, 0), _MOST_FOUND)])
    return True


def query_click(text: str, product_id: int, at: datetime) -> bool:
    """Count that a product was opened out of what the text found; return whether there is such a product.

    One statement. The product's click counts for its popularity whatever the text was.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLICK, {**_place(_kept(text), at), "product": product_id})
        return bool(cursor.rowcount)


def query_cart(text: str, at: datetime) -> None:
    """Count that something was put into a cart out of what the text found. One statement."""
    kept = _kept(text)
    if kept:
        with connection.cursor() as cursor:
            cursor.execute(_CART, _place(kept, at))


@transaction.atomic
def queries_purge(*, on: date) -> int:
    """Forget days older than `KEPT_DAYS`; return how many rows. Idempotent."""
    last = on - timedelta(days=KEPT_DAYS)
    texts, _by_model = SearchQueryDay.objects.filter(day__lt=last).delete()
    clicks, _by_model = ProductClickDay.objects.filter(day__lt=last).delete()
    return texts + clicks


def _place(text: str, at: datetime) -> dict[str, Any]:
    day = moscow_date(at)
    return {"text": text, "day": day, "since": day - timedelta(days=1)}


def _kept(text: str) -> str:
    """The text as it is counted; empty when it is not to be."""
    normal = phrase_normal(text)
    return "" if is_personal(normal) else normal[:TEXT_LENGTH].rstrip()
