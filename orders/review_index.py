"""Reviews write no blocks of the index: readers hear that they, or names of reviewed goods, have changed."""

from collections.abc import Sequence

from django.db import connection

from catalog.index.parts import Touch
from catalog.index.writing import Writing

REVIEW = "review"

_REVIEWED = """
SELECT EXISTS (SELECT FROM orders_review WHERE state = 'published' AND product_id = ANY(%s))
"""


class ReviewsPart:
    """Touches of reviews, and of goods that somebody has reviewed."""

    kinds = frozenset({REVIEW, "product"})

    def build(self, writing: Writing) -> None:
        """Nothing to write."""

    def refresh(self, writing: Writing, touches: Sequence[Touch]) -> None:
        if any(touch.kind == REVIEW or touch.ids is None for touch in touches) or _is_reviewed(touches):
            writing.note(REVIEW)


def _is_reviewed(touches: Sequence[Touch]) -> bool:
    product_ids = sorted({pk for touch in touches for pk in touch.ids or ()})
    with connection.cursor() as cursor:
        cursor.execute(_REVIEWED, [product_ids])
        (is_reviewed,) = cursor.fetchone()
    return bool(is_reviewed)
