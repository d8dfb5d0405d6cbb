"""Rows become goods: many at once, in a fixed number of queries, nothing changed in silence."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from catalog.index.reading import Index
from catalog.masks import StockMask, is_told_exactly, shortage_text
from catalog.selectors.stock_totals import StockTotal, stock_totals
from orders.models import RowState
from orders.quantities import is_whole_unit
from orders.recognition.amounts import Amount, amount_of
from orders.recognition.asked import Asked, Recognised
from orders.recognition.finding import Finds, known_for
from orders.recognition.goods import Good
from orders.recognition.place import Place
from pricing.index import effective_prices
from pricing.selectors import PriceQuote, quotes, terms_for

__all__ = ["Asked", "Judged", "Recognised", "rows_judged", "rows_recognised"]

_SPOILT = re.compile(r"[0-9][.,][0-9]+[eEеЕ]\+[0-9]{1,2}")
"""What Excel leaves of a long code: 4,60123E+12."""
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A row with its one good and quantity: what remains to be asked is whether it can be sold."""

    good: Good
    found_by: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows and all that was read of their goods: what a page tells beside them costs no queries more.

    `prices` and `stocks` are of the skus that rows were taken for, `goods` of candidates too.
    """

    rows: list[Recognised]
    goods: Mapping[int, Good]
    prices: Mapping[int, PriceQuote | None]
    stocks: Mapping[int, StockTotal]


def rows_recognised(
    asked: Sequence[Asked], *, place: Place, index: Index, taken: dict[int, Decimal] | None = None
) -> list[Recognised]:
    """What each row was taken for, in their order; at most twelve queries whatever the rows.

    Stock is shared out in the order of the rows: two rows of a good may not both have its last piece.
    `taken` is what rows before these have taken of each sku; it grows by what these take.
    """
    return _judged(asked, place, index, taken, _priced_by_index).rows


def rows_judged(
    asked: Sequence[Asked], *, place: Place, index: Index, taken: dict[int, Decimal] | None = None
) -> Judged:
    """The same with goods, stock, and prices for the quantities of all rows together."""
    return _judged(asked, place, index, taken, _priced)


def _judged(
    asked: Sequence[Asked],
    place: Place,
    index: Index,
    taken: dict[int, Decimal] | None,
    priced: "_Pricing",
) -> Judged:
    if not asked:
        return Judged([], {}, {}, {})
    known = known_for(asked, holding_id=place.holding_id, index=index)
    rows = [_chosen(one, known.find(one)) for one in asked]
    chosen = [row for row in rows if isinstance(row, _Chosen)]
    stocks = stock_totals(sku_ids={row.good.sku_id for row in chosen}, city=place.city)
    prices = priced(_quantities(chosen), place, index)
    sale = _Sale(prices, stocks, place, {} if taken is None else taken)
    found = [sale.judged(row) if isinstance(row, _Chosen) else row for row in rows]
    return Judged(found, known.goods, prices, stocks)


def _chosen(asked: Asked, finds: Finds) -> _Chosen | Recognised:
    """The one good of a row; else why there is none."""
    if not finds.goods or finds.is_guess:
        return _unknown(asked, finds)
    if len(finds.goods) > 1:
        return Recognised(
            RowState.CHOICE,
            found_by=finds.found_by,
            candidates=tuple(good.sku_id for good in finds.goods),
            message=_("Подходит несколько позиций: выберите нужную"),
        )
    [good] = finds.goods
    if good.is_hidden:
        return Recognised(
            RowState.FAULT, sku_id=good.sku_id, found_by=finds.found_by, message=_("Снято с продажи")
        )
    return _Chosen(good, finds.found_by, amount_of(asked, good))


def _unknown(asked: Asked, finds: Finds) -> Recognised:
    if not asked.code.strip() and not asked.name.strip():
        return Recognised(RowState.FAULT, message=_("Нет ни кода, ни наименования"))
    if _SPOILT.fullmatch(asked.code.strip()):
        spoilt = _("Excel испортил код «{code}»: сделайте столбец текстовым и введите код целиком")
        return Recognised(RowState.FAULT, message=spoilt.format(code=asked.code.strip()))
    return Recognised(
        RowState.CHOICE,
        candidates=tuple(good.sku_id for good in finds.goods),
        message=_("Такого товара не нашли: выберите похожий или укажите другой код"),
    )


class _Sale:
    """What the city can be given and which goods have a price; remembers what rows have taken."""

    def __init__(
        self,
        priced: Iterable[int],
        stocks: Mapping[int, StockTotal],
        place: Place,
        taken: dict[int, Decimal],
    ) -> None:
        self._priced, self._stocks = frozenset(priced), stocks
        self._city, self._mask = place.city, place.stock_mask
        self._taken = taken

    def judged(self, row: _Chosen) -> Recognised:
        good, amount = row.good, row.amount
        base = Recognised(
            RowState.FAULT,
            sku_id=good.sku_id,
            quantity=amount.quantity,
            factor=amount.factor,
            found_by=row.found_by,
        )
        if good.sku_id not in self._stocks:
            away = _("Не продаётся в городе: {city}").format(city=self._city.name)
            return replace(base, message=away)
        if good.sku_id not in self._priced:
            return replace(base, message=_("Нет цены: запросите её у менеджера"))
        if amount.quantity is None:
            state = RowState.CHOICE if amount.is_question else RowState.FAULT
            return replace(base, state=state, message=amount.doubt)
        return self._supplied(base, good, amount.quantity)

    def _supplied(self, base: Recognised, good: Good, quantity: Decimal) -> Recognised:
        total = self._stocks[good.sku_id]
        held = total.whole if is_whole_unit(good.unit.code) else total.available
        taken = self._taken.get(good.sku_id, _NONE)
        left = max(held - taken, _NONE)
        self._taken[good.sku_id] = taken + quantity
        if quantity <= left:
            return replace(base, state=RowState.READY)
        return replace(base, state=RowState.SHORT, message=_shortage(held, taken, good, self._mask))


def _shortage(held: Decimal, taken: Decimal, good: Good, mask: StockMask) -> str:
    """Why it is too little; what rows above have taken is not told where stock is not told exactly."""
    if not held:
        return _("Нет в наличии")
    if not taken or not is_told_exactly(held, mask):
        return shortage_text(held, good.unit.name, mask)
    told = shortage_text(max(held - taken, _NONE), good.unit.name, mask)
    return _("{told} с учётом строк выше").format(told=told)


_Quantities = Mapping[int, Decimal]
_Pricing = Callable[[_Quantities, Place, Index], dict[int, PriceQuote | None]]


def _quantities(chosen: Sequence[_Chosen]) -> dict[int, Decimal]:
    """Base units of each sku in all rows together, nought where none could be read."""
    found = dict.fromkeys((row.good.sku_id for row in chosen), _NONE)
    for row in chosen:
        found[row.good.sku_id] += row.amount.quantity or _NONE
    return found


def _priced(quantities: _Quantities, place: Place, index: Index) -> dict[int, PriceQuote | None]:
    """Skus with a price and what they cost; five queries at most."""
    terms = terms_for(contract=place.contract, city=place.city, on=place.on)
    wanted = {sku_id: quantity for sku_id, quantity in quantities.items() if quantity}
    return {**quotes(sku_ids=quantities.keys(), terms=terms, quantities=wanted)}


def _priced_by_index(quantities: _Quantities, place: Place, index: Index) -> dict[int, PriceQuote | None]:
    """Skus with a price: by the index for one unit, by the tables where it knows none (one from ten on)."""
    terms = terms_for(contract=place.contract, city=place.city, on=place.on)
    ordinals = np.fromiter(index.ordinals(quantities), np.int64)
    found = dict.fromkeys(index.sku_ids(ordinals[effective_prices(index, terms)[ordinals] > 0]))
    rest = {sku_id: quantity for sku_id, quantity in quantities.items() if sku_id not in found}
    return found | _priced(rest, place, index) if rest else {**found}
