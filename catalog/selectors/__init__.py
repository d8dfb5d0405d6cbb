"""Reads of goods: what is sold where, how it is arranged, how it is described."""

from catalog.selectors.goods import GoodsRow, goods_rows, skus_listed, skus_of, with_available
from catalog.selectors.product import ProductCard, PropertyRow, product_card
from catalog.selectors.sections import SectionNode, SectionTree, forget_section_trees, section_tree
from catalog.selectors.stock import WarehouseStock, availability, available_total, stock_available

__all__ = [
    "GoodsRow",
    "ProductCard",
    "PropertyRow",
    "SectionNode",
    "SectionTree",
    "WarehouseStock",
    "availability",
    "available_total",
    "forget_section_trees",
    "goods_rows",
    "product_card",
    "section_tree",
    "skus_listed",
    "skus_of",
    "stock_available",
    "with_available",
]
