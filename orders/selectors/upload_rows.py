"""Rows of an upload as its page and its file show them: with today's price, sum and stock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from catalog.index.reading import Index
from catalog.masks import StockMask, is_told_exactly, stock_text
from catalog.models import City, Sku
from catalog.selectors import GoodsRow, goods_rows, goods_searched
from catalog.selectors.city import city_goods
from catalog.selectors.stock_totals import StockTotal, stock_totals
from counterparties.selectors import stock_mask_of
from orders.models import RowState, Upload, UploadRow
from orders.selectors.analogs import AnalogOffered, analogs_of, analogs_offered
from orders.vat import vat_rate
from portal.lib.money import format_money, format_quantity, line_amount
from pricing.selectors import PriceQuote, quotes, terms_for

MOST_GUESSES = 3
_LONGEST_GUESSED = 160
_FOUND_BY = {
    "id": _("по бланку"),
    "client": _("по вашему коду"),
    "barcode": _("по штрихкоду"),
    "article": _("по артикулу"),
    "code": _("по нашему коду"),
    "name": _("по названию"),
    "hand": _("выбрано вами"),
}


@dataclass(frozen=True, slots=True)
class UploadRowView:
    """A row of the file with its good at today's price; `total` is in RUB with VAT, as the cart has it.

    `choices` are goods to take it for.

    `is_rest_told`: how much there is may be taken with one press.
    """

    row: UploadRow
    good: GoodsRow | None
    quote: PriceQuote | None
    total: Decimal | None
    stock: str
    is_rest_told: bool
    choices: tuple[GoodsRow, ...]
    analogs: tuple[AnalogOffered, ...]

    @property
    def cells(self) -> str:
        """The row as in the file."""
        return " · ".join(cell for cell in self.row.cells if cell)

    @property
    def found_by(self) -> str:
        return _FOUND_BY.get(self.row.found_by, "")

    @property
    def quantity(self) -> str:
        return "" if self.row.quantity is None else format_quantity(self.row.quantity)

    @property
    def input_quantity(self) -> str:
        """The quantity in the field: base units, or the words of the file where they are in question."""
        return self.quantity or self.row.quantity_text

    @property
    def pack(self) -> str:
        """How many base units the unit of the file holds, where it is another one."""
        return "" if self.row.factor == 1 else format_quantity(self.row.factor)

    @property
    def total_text(self) -> str:
        return "" if self.total is None else format_money(self.total)

    @property
    def is_short(self) -> bool:
        return self.row.state == RowState.SHORT


def rows_viewed(
    rows: Sequence[UploadRow], *, upload: Upload, index: Index | None, on: date
) -> list[UploadRowView]:
    """Ten queries at most; with an index also guesses by name for rows that nothing was found for."""
    guesses = {} if index is None else _guesses(rows, index, upload.city)
    known = _goods(rows, guesses)
    analogs = analogs_of({known[pk].product_id for pk in _wanting(rows) if pk in known}) if index else {}
    wanted = {row.sku_id for row in rows if row.sku_id}
    wanted |= {analog.sku_id for found in analogs.values() for analog in found}
    terms = terms_for(contract=upload.contract, city=upload.city, on=on)
    prices = quotes(sku_ids=wanted, terms=terms, quantities=_together(rows))
    stocks = stock_totals(sku_ids=wanted, city=upload.city)
    mask = stock_mask_of(upload.legal_entity)
    rates = _rates(wanted, upload)
    offered = {pk: analogs_offered(found, prices, stocks, mask) for pk, found in analogs.items()}
    view = partial(_view, known=known, prices=prices, rates=rates, stocks=stocks, mask=mask, analogs=offered)
    return [view(row, guesses=guesses.get(row.pk, ())) for row in rows]


def _view(
    row: UploadRow,
    *,
    known: Mapping[int, GoodsRow],
    prices: Mapping[int, PriceQuote],
    rates: Mapping[int, Decimal | None],
    stocks: Mapping[int, StockTotal],
    mask: StockMask,
    analogs: Mapping[int, Sequence[AnalogOffered]],
    guesses: Iterable[int],
) -> UploadRowView:
    sku_id = row.sku_id or 0
    good, quote = known.get(sku_id), prices.get(sku_id)
    held = stocks[sku_id].available if sku_id in stocks else Decimal(0)
    is_counted = row.state in {RowState.READY, RowState.SHORT}
    return UploadRowView(
        row=row,
        good=good,
        quote=quote if good else None,
        total=_gross(quote, row.quantity, rates.get(sku_id)) if is_counted else None,
        stock=stock_text(held, good.unit, mask) if good else "",
        is_rest_told=row.state == RowState.SHORT and held > 0 and is_told_exactly(held, mask),
        analogs=tuple(analogs.get(good.product_id, ())) if good else (),
        choices=tuple(known[pk] for pk in (row.candidates or guesses) if pk in known),
    )


def _gross(quote: PriceQuote | None, quantity: Decimal | None, rate: Decimal | None) -> Decimal | None:
    if quote is None or not quantity:
        return None
    return line_amount(quote.amount, quantity, rate, quote.is_vat_included).gross


def _together(rows: Sequence[UploadRow]) -> dict[int, Decimal]:
    """How much of each good rows ask for together: the price may depend on it."""
    found: dict[int, Decimal] = {}
    for row in rows:
        if row.sku_id and row.quantity and row.state in {RowState.READY, RowState.SHORT}:
            found[row.sku_id] = found.get(row.sku_id, Decimal(0)) + row.quantity
    return found


def _rates(sku_ids: Collection[int], upload: Upload) -> dict[int, Decimal | None]:
    """The rate of VAT that each good is sold at; one query."""
    regime = upload.contract.organization.tax_regime
    told = Sku.objects.filter(pk__in=sku_ids).values_list("pk", "product__vat_percent")
    return {pk: vat_rate(percent, regime=regime) for pk, percent in told}


def _wanting(rows: Sequence[UploadRow]) -> set[int]:
    """Skus of rows that another good may stand in for."""
    return {row.sku_id for row in rows if row.sku_id and row.state == RowState.SHORT}


def _goods(rows: Sequence[UploadRow], guesses: Mapping[int, Collection[int]]) -> dict[int, GoodsRow]:
    wanted = {row.sku_id for row in rows if row.sku_id}
    for row in rows:
        wanted.update(row.candidates)
    for found in guesses.values():
        wanted.update(found)
    return {good.sku_id: good for good in goods_rows(sorted(wanted))} if wanted else {}


def _guesses(rows: Sequence[UploadRow], index: Index, city: City) -> dict[int, tuple[int, ...]]:
    """The likeliest goods of the city by the words of rows that nothing was found for."""
    unknown = [row for row in rows if row.state == RowState.CHOICE and not row.sku_id and not row.candidates]
    if not unknown:
        return {}
    among = city_goods(index, city).kept
    found: dict[str, tuple[int, ...]] = {}
    for row in unknown:
        text = (row.name or row.code)[:_LONGEST_GUESSED]
        if text not in found:
            best = goods_searched(index, text, among=among, city=city).best(MOST_GUESSES)
            found[text] = tuple(index.sku_ids(best))
    return {row.pk: found[(row.name or row.code)[:_LONGEST_GUESSED]] for row in unknown}
