"""The catalogue's own parts of its index; found by name when Django loads, as those of other apps are."""

from catalog.index.goods import GoodsPart
from catalog.index.parts import part_add
from catalog.index.supply import PopularityPart, RowsPart, StockPart
from catalog.index.weights import WeightsPart
from catalog.index.words import WordsPart

for part in (GoodsPart(), StockPart(), PopularityPart(), WeightsPart(), WordsPart(), RowsPart()):
    part_add(part)
