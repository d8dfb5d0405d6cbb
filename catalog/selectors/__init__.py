"""Reads of goods: what is sold where, how it is arranged, how it is described."""

from catalog.selectors.city import city_goods, city_warehouses, goods_shown
from catalog.selectors.facets import FacetPlan, facet_plan
from catalog.selectors.filters import ApplicationChoice, GoodsFilter, applications, property_key, query_for
from catalog.selectors.goods import (
    GoodsRow,
    goods_rows,
    skus_found,
    skus_listed,
    skus_of,
    with_available,
)
from catalog.selectors.product import ProductCard, PropertyRow, product_card
from catalog.selectors.sections import SectionNode, SectionTree, branches, section_goods, section_tree
from catalog.selectors.stock import WarehouseStock, availability, available_total, stock_available

__all__ = [
    "ApplicationChoice",
    "FacetPlan",
    "GoodsFilter",
    "GoodsRow",
    "ProductCard",
    "PropertyRow",
    "SectionNode",
    "SectionTree",
    "WarehouseStock",
    "applications",
    "availability",
    "available_total",
    "branches",
    "city_goods",
    "city_warehouses",
    "facet_plan",
    "goods_rows",
    "goods_shown",
    "product_card",
    "property_key",
    "query_for",
    "section_goods",
    "section_tree",
    "skus_found",
    "skus_listed",
    "skus_of",
    "stock_available",
    "with_available",
]
