"""Reviews in the catalogue index."""

from catalog.index.parts import part_add
from orders.review_index import ReviewsPart

part_add(ReviewsPart())
