"""Price lists of a small world, written into memory."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from catalog.models import Classifier, ProductSection, Section, Sku
from documents.price_lists.goods import Buyer
from documents.price_lists.options import ListOptions
from documents.price_lists.paper import PriceList, price_list_of
from documents.price_lists.writing import write_price_list
from tests.factories import AT, World

UID = UUID("11111111-2222-4333-8444-555555555555")


def make_sections(world: World) -> tuple[Section, Section, Section]:
    """«Метизы» with «Болты» below it, and «Прочее»: the first good, the second and the third."""
    tree = Classifier.objects.create(name="По виду")
    top = Section.objects.create(classifier=tree, name="Метизы", sort_key="метизы")
    below = Section.objects.create(classifier=tree, name="Болты", sort_key="болты", parent=top)
    other = Section.objects.create(classifier=tree, name="Прочее", sort_key="прочее")
    for sku, section in zip(world.skus, (below, top, other), strict=True):
        put(sku, section)
    return top, below, other


def put(sku: Sku, section: Section) -> None:
    ProductSection.objects.create(product=sku.product, section=section)


def buyer_of(world: World, *, stock_mask: StockMask = StockMask.EXACT) -> Buyer:
    return Buyer(world.entity, world.contract, world.city, stock_mask)


def list_of(world: World, *, stock_mask: StockMask = StockMask.EXACT, **options: Any) -> PriceList:
    return price_list_of(
        catalog_index(),
        replace(ListOptions(), **options),
        buyer_of(world, stock_mask=stock_mask),
        uid=UID,
        name="Мой прайс",
        at=AT,
    )


def written(price_list: PriceList) -> bytes:
    target = BytesIO()
    write_price_list(price_list, target)
    return target.getvalue()
