"""Blocks of prices in the catalogue index."""

from catalog.index.parts import part_add
from pricing.index import PricePart

part_add(PricePart())
