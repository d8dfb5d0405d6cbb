"""The catalogue's own parts of its index; found by name when Django loads, as those of other apps are."""

from catalog.index.goods import GoodsPart
from catalog.index.parts import part_add
from catalog.index.supply import PopularityPart, RowsPart, StockPart

for part in (GoodsPart(), StockPart(), PopularityPart(), RowsPart()):
    part_add(part)
