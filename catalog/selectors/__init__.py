"""Reads of goods: what is sold where, how it is arranged, how it is described."""

from catalog.selectors.city import cities_open, cities_read, city_goods, city_warehouses, goods_shown
from catalog.selectors.delivery import DeliveryPromise, delivery_promise
from catalog.selectors.facets import FacetPlan, facet_plan
from catalog.selectors.filters import (
    ApplicationChoice,
    GoodsFilter,
    applications,
    goods_listed,
    property_key,
    query_for,
)
from catalog.selectors.goods import GoodsRow, goods_rows
from catalog.selectors.index import index_lag
from catalog.selectors.product import PaperRow, ProductCard, PropertyRow, paper_rows, product_card
from catalog.selectors.relations import Related, related_products
from catalog.selectors.search import Searched, goods_searched, sold_anywhere, with_elsewhere
from catalog.selectors.sections import (
    SectionNode,
    SectionTree,
    branches,
    section_goods,
    section_tree,
    sections_found,
)
from catalog.selectors.stock import (
    Arrival,
    WarehouseStock,
    availability,
    available_total,
    next_arrival,
)

__all__ = [
    "ApplicationChoice",
    "Arrival",
    "DeliveryPromise",
    "FacetPlan",
    "GoodsFilter",
    "GoodsRow",
    "PaperRow",
    "ProductCard",
    "PropertyRow",
    "Related",
    "Searched",
    "SectionNode",
    "SectionTree",
    "WarehouseStock",
    "applications",
    "availability",
    "available_total",
    "branches",
    "cities_open",
    "cities_read",
    "city_goods",
    "city_warehouses",
    "delivery_promise",
    "facet_plan",
    "goods_listed",
    "goods_rows",
    "goods_searched",
    "goods_shown",
    "index_lag",
    "next_arrival",
    "paper_rows",
    "product_card",
    "property_key",
    "query_for",
    "related_products",
    "section_goods",
    "section_tree",
    "sections_found",
    "sold_anywhere",
    "with_elsewhere",
]
