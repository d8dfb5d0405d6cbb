"""Rows of the quick order pad as its page shows them: goods with price, sum and stock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.index.reading import Index
from catalog.masks import is_told_exactly, stock_text
from catalog.models import Sku
from catalog.search.letters import code_key
from catalog.selectors.stock_totals import stock_totals
from orders.models import RowState
from orders.pad import PadRow, PadState
from orders.quantities import is_whole_unit
from orders.recognition.asked import Recognised
from orders.recognition.goods import Good
from orders.recognition.matching import Judged, rows_judged
from orders.recognition.place import Place
from orders.selectors.analogs import AnalogOffered, analogs_of, analogs_offered
from orders.selectors.pads import pad_asked
from orders.vat import vat_rate
from portal.lib.money import format_price, format_quantity, line_amount
from pricing.selectors import PriceQuote, quotes, terms_for

_NONE = Decimal(0)
Measures = tuple[Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class PadLine:
    """A row with all that the page tells of it; money in RUB, `gross` with VAT, weight kg, volume m³.

    `quantity` is in base units. `most` is what may be taken instead where less is in stock than was asked,
    `analogs` what else; one that is taken is the sku chosen for the code.
    `is_teachable`: the good was chosen by hand, its code may be remembered as the client's own.
    """

    number: int
    typed: PadRow
    state: PadState = PadState.EMPTY
    message: str = ""
    good: Good | None = None
    candidates: tuple[Good, ...] = ()
    quantity: Decimal | None = None
    factor: Decimal = Decimal(1)
    price_text: str = ""
    gross: Decimal | None = None
    weight: Decimal | None = None
    volume: Decimal | None = None
    stock: str = ""
    most: str = ""
    analogs: tuple[AnalogOffered, ...] = ()
    is_teachable: bool = False

    @property
    def is_good(self) -> bool:
        return self.state == PadState.OK

    @property
    def packs_text(self) -> str:
        """«уп 100, кор 1 000»."""
        packs = self.good.packs if self.good else ()
        return ", ".join(f"{unit} {format_quantity(size)}" for unit, size in packs)


@dataclass(frozen=True, slots=True)
class PadTotals:
    """Of rows that are fit for the cart, and how many there are that are not."""

    count: int
    gross: Decimal
    weight: Decimal
    volume: Decimal
    questions: int


def pad_lines(rows: Sequence[PadRow], *, place: Place, index: Index) -> list[PadLine]:
    """Recognise rows and tell price, sum and stock of each; thirteen queries at most.

    Ten more where a row is short of stock and other goods may stand in.
    """
    judged = rows_judged(pad_asked(rows), place=place, index=index)
    measures = _measures(judged.prices.keys() | judged.stocks.keys())
    offers = _Offers(judged, measures, place, _analogs(judged, place))
    found = iter(judged.rows)
    return [
        PadLine(number, row) if row.is_empty else offers.line(number, row, next(found))
        for number, row in enumerate(rows, 1)
    ]


def _analogs(judged: Judged, place: Place) -> dict[int, list[AnalogOffered]]:
    """What may be taken for goods that rows are short of, by product; at today's price for any quantity."""
    short = {row.sku_id for row in judged.rows if row.sku_id and row.state == RowState.SHORT}
    found = analogs_of({judged.goods[pk].product_id for pk in short if pk in judged.goods})
    sku_ids = {one.sku_id for analogs in found.values() for one in analogs}
    if not sku_ids:
        return {}
    prices = quotes(sku_ids=sku_ids, terms=terms_for(contract=place.contract, city=place.city, on=place.on))
    stocks = stock_totals(sku_ids=sku_ids, city=place.city)
    return {pk: analogs_offered(analogs, prices, stocks, place.stock_mask) for pk, analogs in found.items()}


def pad_totals(lines: Iterable[PadLine]) -> PadTotals:
    """Sums of what would go to the cart; no queries."""
    shown = [line for line in lines if line.state != PadState.EMPTY]
    good = [line for line in shown if line.is_good]
    return PadTotals(
        count=len(good),
        gross=sum((line.gross or _NONE for line in good), Decimal("0.00")),
        weight=sum((line.weight or _NONE for line in good), _NONE),
        volume=sum((line.volume or _NONE for line in good), _NONE),
        questions=len(shown) - len(good),
    )


def _measures(sku_ids: Collection[int]) -> dict[int, Measures]:
    """VAT, weight and volume of one unit by sku; one query."""
    facts = Sku.objects.filter(pk__in=sku_ids).values_list(
        "pk", "product__vat_percent", "product__weight", "product__volume"
    )
    return {pk: measures for pk, *measures in facts}  # type: ignore[misc]


class _Offers:
    """What each row's good costs and how much of it there is; remembers what rows have taken."""

    def __init__(
        self,
        judged: Judged,
        measures: Mapping[int, Measures],
        place: Place,
        analogs: Mapping[int, Sequence[AnalogOffered]],
    ) -> None:
        self._judged, self._measures, self._mask = judged, measures, place.stock_mask
        self._analogs = analogs
        self._regime = place.contract.organization.tax_regime
        self._taken: dict[int, Decimal] = {}

    def line(self, number: int, row: PadRow, one: Recognised) -> PadLine:
        goods = self._judged.goods
        good = goods.get(one.sku_id) if one.sku_id is not None else None
        if good is None:
            return _unknown(number, row, one, tuple(goods[pk] for pk in one.candidates if pk in goods))
        quote = self._judged.prices.get(good.sku_id)
        vat, weight, volume = self._measures.get(good.sku_id, (None, None, None))
        stock, most = self._stock(good, one.quantity)
        is_short = one.state == RowState.SHORT
        return PadLine(
            number,
            row,
            state=self._state(one, row, good),
            message=one.message,
            good=good,
            quantity=one.quantity,
            factor=one.factor,
            price_text=format_price(quote.amount) if quote else "",
            gross=_gross(quote, one.quantity, vat_rate(vat, regime=self._regime)),
            weight=_times(one.quantity, weight),
            volume=_times(one.quantity, volume),
            stock=stock,
            most=most if is_short else "",
            analogs=tuple(self._analogs.get(good.product_id, ())) if is_short else (),
            is_teachable=row.sku == good.sku_id and not good.called_by(code_key(row.code)),
        )

    def _state(self, one: Recognised, row: PadRow, good: Good) -> PadState:
        """How grave it is: a quantity that is not typed yet is no fault; a question or a price may be had."""
        has_price = good.sku_id in self._judged.prices
        if one.state == RowState.READY:
            return PadState.OK
        if not row.quantity and has_price:
            return PadState.OPEN
        is_unpriced = not has_price and good.sku_id in self._judged.stocks
        is_mendable = is_unpriced or one.state in (RowState.SHORT, RowState.CHOICE)
        return PadState.WARNING if is_mendable else PadState.ERROR

    def _stock(self, good: Good, quantity: Decimal | None) -> tuple[str, str]:
        """How much there is, as exactly as the client may see it, and how much rows above have left of it."""
        total = self._judged.stocks.get(good.sku_id)
        if total is None:
            return "–", ""
        held = total.whole if is_whole_unit(good.unit.code) else total.available
        taken = self._taken.get(good.sku_id, _NONE)
        self._taken[good.sku_id] = taken + (quantity or _NONE)
        left = max(held - taken, _NONE)
        most = left - left % good.order_multiple if good.order_multiple else left
        is_told = most > 0 and is_told_exactly(held, self._mask)
        return stock_text(held, good.unit.name, self._mask), format_quantity(most) if is_told else ""


def _unknown(number: int, row: PadRow, one: Recognised, candidates: tuple[Good, ...]) -> PadLine:
    """A row that is no good yet: one of several, or none at all."""
    if candidates:
        return PadLine(number, row, PadState.CHOICE, one.message, candidates=candidates)
    is_sought = one.state == RowState.CHOICE
    message = (
        _("Такого товара не нашли. Проверьте код или начните вводить название.") if is_sought else one.message
    )
    return PadLine(number, row, PadState.ERROR, message)


def _gross(quote: PriceQuote | None, quantity: Decimal | None, rate: Decimal | None) -> Decimal | None:
    if quote is None or quantity is None:
        return None
    return line_amount(quote.amount, quantity, rate, quote.is_vat_included).gross


def _times(quantity: Decimal | None, measure: Decimal | None) -> Decimal | None:
    return None if quantity is None or measure is None else quantity * measure
