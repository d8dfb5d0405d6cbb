"""Reads of goods: what is sold where, how it is arranged, how it is described."""

from catalog.selectors.delivery import DeliveryPromise, delivery_promise
from catalog.selectors.goods import GoodsRow, goods_rows, skus_listed, skus_of, with_available
from catalog.selectors.product import PaperRow, ProductCard, PropertyRow, paper_rows, product_card
from catalog.selectors.relations import Related, related_products
from catalog.selectors.sections import SectionNode, SectionTree, forget_section_trees, section_tree
from catalog.selectors.stock import (
    Arrival,
    WarehouseStock,
    availability,
    available_total,
    next_arrival,
    stock_available,
)

__all__ = [
    "Arrival",
    "DeliveryPromise",
    "GoodsRow",
    "PaperRow",
    "ProductCard",
    "PropertyRow",
    "Related",
    "SectionNode",
    "SectionTree",
    "WarehouseStock",
    "availability",
    "available_total",
    "delivery_promise",
    "forget_section_trees",
    "goods_rows",
    "next_arrival",
    "paper_rows",
    "product_card",
    "related_products",
    "section_tree",
    "skus_listed",
    "skus_of",
    "stock_available",
    "with_available",
]
