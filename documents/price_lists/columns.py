"""Columns of a price list: heads, kinds and how each row fills them; the same for all formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from catalog.masks import StockMask, is_told_exactly, masked_quantity
from documents.price_lists.goods import ListedGoods, Listing, Packs
from documents.price_lists.options import Column
from portal.lib.money import NBSP, format_quantity, q2, vat_label

Cell = str | Decimal | None
Fill = Callable[[ListedGoods], Cell]
NOTHING = Decimal(0)
ON_REQUEST = "по запросу"


class Kind(Enum):
    """How a column is printed; a text may stand in any of them."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    QUANTITY = "quantity"
    WEIGHT = "weight"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """`width` is in letters; None of `fill` is what the writer counts or draws itself."""

    column: Column
    head: str
    kind: Kind
    width: int
    fill: Fill | None


def list_columns(listing: Listing, warehouses: Mapping[int, str]) -> list[ListColumn]:
    """The chosen columns; that of warehouses becomes one for each of them."""
    found: list[ListColumn] = []
    for column in listing.options.columns:
        if column is Column.WAREHOUSES:
            found += [_lying(listing, pk, name) for pk, name in warehouses.items()]
        else:
            found.append(_column(listing, column))
    return found


def shown_price(
    price: Decimal, vat_percent: Decimal | None, *, is_included: bool, is_wanted: bool
) -> Decimal:
    """A price with VAT or without, as it is wanted; one that is so already keeps its parts of a kopeck."""
    if is_included == is_wanted or vat_percent is None:
        return price
    if is_wanted:
        return q2(price * (100 + vat_percent) / 100)
    return q2(price * 100 / (100 + vat_percent))


def _column(listing: Listing, column: Column) -> ListColumn:
    mask = listing.buyer.stock_mask
    vat = "с НДС" if listing.options.is_vat_included else "без НДС"
    known: dict[Column, tuple[str, Kind, int, Fill | None]] = {
        Column.NUMBER: ("№", Kind.NUMBER, 6, None),
        Column.PICTURE: ("Фото", Kind.PICTURE, 9, None),
        Column.ARTICLE: ("Артикул", Kind.TEXT, 16, lambda goods: goods.article),
        Column.CODE: ("Код 1С", Kind.TEXT, 14, lambda goods: goods.code),
        Column.BARCODE: ("Штрихкод", Kind.TEXT, 15, lambda goods: goods.barcode),
        Column.NAME: ("Наименование", Kind.TEXT, 60, lambda goods: goods.name),
        Column.BRAND: ("Бренд", Kind.TEXT, 16, lambda goods: goods.brand),
        Column.UNIT: ("Ед.", Kind.TEXT, 6, lambda goods: goods.unit),
        Column.PACK: ("Упаковка", Kind.TEXT, 20, packing),
        Column.STOCK: ("Остаток", Kind.QUANTITY, 10, _available(mask)),
        Column.PRICE: (f"Цена {vat}, руб.", Kind.MONEY, 14, _own_price(listing)),
        Column.RECOMMENDED: ("РРЦ, руб.", Kind.MONEY, 12, _advised(listing)),
        Column.VAT: ("НДС", Kind.TEXT, 9, lambda goods: _vat(goods.vat_percent)),
        Column.WEIGHT: ("Вес, кг", Kind.WEIGHT, 10, lambda goods: goods.weight),
        Column.LINK: ("Ссылка", Kind.TEXT, 30, _link()),
    }
    return ListColumn(column, *known[column])


def _lying(listing: Listing, pk: int, name: str) -> ListColumn:
    mask = listing.buyer.stock_mask
    return ListColumn(
        Column.WAREHOUSES,
        name,
        Kind.QUANTITY,
        12,
        lambda goods: told(goods.stocks.get(pk, NOTHING), mask),
    )


def _available(mask: str) -> Fill:
    if mask == StockMask.EXACT:
        return lambda goods: goods.available
    return lambda goods: told(goods.available, mask)


@lru_cache(maxsize=100)
def _vat(percent: Decimal | None) -> str:
    return vat_label(percent)


def told(quantity: Decimal, mask: str) -> Cell:
    """A number where the client's group is told it, else the words of pages."""
    return quantity if is_told_exactly(quantity, mask) else masked_quantity(quantity, mask)


def packing(goods: ListedGoods) -> str:
    """«упак 100 шт, кор 1000 шт; кратно 10»."""
    if not goods.packs and goods.step <= 1:
        return ""
    return _packing(goods.packs, goods.unit, goods.step)


@lru_cache(maxsize=2_000)
def _packing(packs: Packs, unit: str, step: Decimal) -> str:
    held = ", ".join(f"{name} {format_quantity(amount)} {unit}" for name, amount in packs)
    by = f"кратно {format_quantity(step)}" if step > 1 else ""
    return "; ".join(part for part in (held, by) if part).replace(NBSP, " ")


def _link() -> Fill:
    start = settings.SITE_URL + reverse("catalog:product", args=[0]).removesuffix("0/")
    return lambda goods: f"{start}{goods.product_id}/"


def _own_price(listing: Listing) -> Fill:
    is_included, is_wanted = listing.terms.is_vat_included, listing.options.is_vat_included

    def fill(goods: ListedGoods) -> Cell:
        if goods.price is None:
            return ON_REQUEST
        return shown_price(goods.price, goods.vat_percent, is_included=is_included, is_wanted=is_wanted)

    return fill


def _advised(listing: Listing) -> Fill:
    """РРЦ is for people who do not pay VAT apart: shown as it is kept."""

    def fill(goods: ListedGoods) -> Cell:
        return goods.recommended.amount if goods.recommended else None

    return fill
