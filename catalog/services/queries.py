"""What was looked for and opened, as counts of days: nothing of who it was."""

from datetime import date, datetime, timedelta

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
# A click belongs to the text's newest day: one may have looked before midnight and clicked after it.
_CLICK = """
WITH seen AS (
UPDATE catalog_searchqueryday SET clicks = clicks + 1
 WHERE id = (SELECT id FROM catalog_searchqueryday WHERE text = %s AND day >= %s ORDER BY day DESC LIMIT 1)
)
INSERT INTO catalog_productclickday (day, product_id, clicks)
SELECT %s, id, 1 FROM catalog_product WHERE id = %s
    ON CONFLICT (product_id, day) DO UPDATE SET clicks = catalog_productclickday.clicks + 1
"""
_CART = """
UPDATE catalog_searchqueryday SET carts = carts + 1
 WHERE id = (SELECT id FROM catalog_searchqueryday WHERE text = %s AND day >= %s ORDER BY day DESC LIMIT 1)
"""


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
    day = moscow_date(at)
    with connection.cursor() as cursor:
        cursor.execute(_CLICK, [_kept(text), day - timedelta(days=1), day, product_id])
        return bool(cursor.rowcount)


def query_cart(text: str, at: datetime) -> None:
    """Count that something was put into a cart out of what the text found. One statement."""
    kept = _kept(text)
    if kept:
        with connection.cursor() as cursor:
            cursor.execute(_CART, [kept, moscow_date(at) - timedelta(days=1)])


@transaction.atomic
def queries_purge(*, on: date) -> int:
    """Forget days older than `KEPT_DAYS`; return how many rows. Idempotent."""
    last = on - timedelta(days=KEPT_DAYS)
    texts, _by_model = SearchQueryDay.objects.filter(day__lt=last).delete()
    clicks, _by_model = ProductClickDay.objects.filter(day__lt=last).delete()
    return texts + clicks


def _kept(text: str) -> str:
    """The text as it is counted; empty when it is not to be."""
    normal = phrase_normal(text)
    return "" if is_personal(normal) else normal[:TEXT_LENGTH].rstrip()
