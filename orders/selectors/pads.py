"""The quick order pad: the kept rows, and what they were taken for with price, sum and stock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.index.reading import Index
from catalog.masks import is_told_exactly, stock_text
from catalog.models import Sku
from catalog.selectors.stock_totals import StockTotal, stock_totals
from counterparties.actor import Actor
from counterparties.selectors import Workplace
from orders.models import Pad, RowState
from orders.pad import PadRow, PadState, pad_restored
from orders.quantities import is_whole_unit
from orders.recognition.asked import Asked, Recognised
from orders.recognition.goods import Good, goods_read
from orders.recognition.matching import rows_recognised
from orders.recognition.place import Place
from orders.vat import vat_rate
from portal.lib.money import format_price, format_quantity, line_amount
from pricing.selectors import PriceQuote, quotes, terms_for

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class PadDraft:
    """The kept rows of a workplace; `round` tells pages of before and after a sending apart."""

    rows: tuple[PadRow, ...] = ()
    round: int = 0


@dataclass(frozen=True, slots=True)
class PadLine:
    """A row with all that the page tells of it; money in RUB, `gross` with VAT, weight kg, volume m³.

    `quantity` is in base units. `most` is what may be taken instead where less is in stock than was asked.
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


@dataclass(frozen=True, slots=True)
class _Offers:
    """What was read of the goods of all rows at once."""

    goods: Mapping[int, Good]
    prices: Mapping[int, PriceQuote]
    stocks: Mapping[int, StockTotal]
    measures: Mapping[int, tuple[Decimal | None, Decimal | None, Decimal | None]]
    place: Place


def pad_draft(*, actor: Actor, workplace: Workplace) -> PadDraft:
    """The kept rows of the person for the workplace; one query."""
    pads = Pad.objects.visible_to(actor).filter(
        legal_entity=workplace.legal_entity, contract=workplace.contract, city=workplace.city
    )
    pad = pads.first()
    return PadDraft(tuple(pad_restored(pad.rows)), pad.round) if pad else PadDraft()


def pad_lines(rows: Sequence[PadRow], *, place: Place, index: Index) -> list[PadLine]:
    """Recognise rows and tell price, sum and stock of each; the queries do not depend on their number."""
    found = pad_recognised(rows, place=place, index=index)
    offers = _offers([one for one in found if one is not None], place)
    taken: dict[int, Decimal] = {}
    lines = []
    for number, (row, one) in enumerate(zip(rows, found, strict=True), 1):
        lines.append(PadLine(number, row) if one is None else _line(number, row, one, offers, taken))
    return lines


def pad_recognised(rows: Sequence[PadRow], *, place: Place, index: Index) -> list[Recognised | None]:
    """What each row was taken for; an empty one for nothing."""
    asked = [Asked(row.code, "", row.quantity, row.unit, row.sku) for row in rows if not row.is_empty]
    answers = iter(rows_recognised(asked, place=place, index=index))
    return [None if row.is_empty else next(answers) for row in rows]


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


def _offers(found: Collection[Recognised], place: Place) -> _Offers:
    quantities: dict[int, Decimal] = {}
    for one in found:
        if one.sku_id is not None:
            quantities[one.sku_id] = quantities.get(one.sku_id, _NONE) + (one.quantity or _NONE)
    named = quantities.keys() | {pk for one in found for pk in one.candidates}
    if not named:
        return _Offers({}, {}, {}, {}, place)
    terms = terms_for(contract=place.contract, city=place.city, on=place.on)
    asked = {pk: quantity or Decimal(1) for pk, quantity in quantities.items()}
    facts = Sku.objects.filter(pk__in=quantities).values_list(
        "pk", "product__vat_percent", "product__weight", "product__volume"
    )
    return _Offers(
        goods=goods_read(named),
        prices=quotes(sku_ids=asked, terms=terms, quantities=asked),
        stocks=stock_totals(sku_ids=quantities, city=place.city),
        measures={pk: (vat, weight, volume) for pk, vat, weight, volume in facts},
        place=place,
    )


def _line(number: int, row: PadRow, one: Recognised, offers: _Offers, taken: dict[int, Decimal]) -> PadLine:
    good = offers.goods.get(one.sku_id) if one.sku_id is not None else None
    candidates = tuple(offers.goods[pk] for pk in one.candidates if pk in offers.goods)
    if good is None:
        state = PadState.CHOICE if candidates else PadState.ERROR
        return PadLine(number, row, state, one.message, candidates=candidates)
    quote, quantity = offers.prices.get(good.sku_id), one.quantity
    vat, weight, volume = offers.measures[good.sku_id]
    rate = vat_rate(vat, regime=offers.place.contract.organization.tax_regime)
    priced = quote is not None and quantity is not None
    stock, most = _stock(good, quantity, offers, taken)
    return PadLine(
        number,
        row,
        state=_state(one, row, has_price=quote is not None),
        message=one.message,
        good=good,
        quantity=quantity,
        factor=one.factor,
        price_text=format_price(quote.amount) if quote else "",
        gross=line_amount(quote.amount, quantity, rate, quote.is_vat_included).gross if priced else None,
        weight=_times(quantity, weight),
        volume=_times(quantity, volume),
        stock=stock,
        most=most if one.state == RowState.SHORT else "",
    )


def _state(one: Recognised, row: PadRow, *, has_price: bool) -> PadState:
    """How grave it is: a quantity that is not typed yet is no fault, what can be mended here is a warning."""
    if one.state == RowState.READY:
        return PadState.OK
    if not row.quantity and has_price:
        return PadState.OPEN
    is_mendable = one.state in (RowState.SHORT, RowState.CHOICE) or (
        not has_price and one.quantity is not None
    )
    return PadState.WARNING if is_mendable else PadState.ERROR


def _stock(
    good: Good, quantity: Decimal | None, offers: _Offers, taken: dict[int, Decimal]
) -> tuple[str, str]:
    """How much there is, as exactly as the client may see it, and how much rows above have left of it."""
    total = offers.stocks.get(good.sku_id)
    if total is None:
        return "–", ""
    held = total.whole if is_whole_unit(good.unit.code) else total.available
    left = max(held - taken.get(good.sku_id, _NONE), _NONE)
    taken[good.sku_id] = taken.get(good.sku_id, _NONE) + (quantity or _NONE)
    step = good.order_multiple
    most = left - left % step if step else left
    is_told = is_told_exactly(held, offers.place.stock_mask) and most > 0
    return stock_text(held, good.unit.name, offers.place.stock_mask), format_quantity(most) if is_told else ""


def _times(quantity: Decimal | None, measure: Decimal | None) -> Decimal | None:
    return None if quantity is None or measure is None else quantity * measure
