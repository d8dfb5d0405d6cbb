"""What can be done about lines of a cart that the city has too little of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from catalog.masks import stock_text
from catalog.models import Sku
from catalog.selectors import WarehouseStock, availability
from catalog.selectors.elsewhere import CityStock, stock_elsewhere
from catalog.selectors.stock import Arrival, next_arrival
from orders.allocation import offered
from orders.quantities import is_whole_unit
from orders.selectors.analogs import analogs_of
from orders.selectors.cart_lines import CartLineView
from orders.selectors.cart_views import CartView
from portal.lib.money import format_price, format_quantity
from pricing.selectors import PriceQuote, quotes, terms_for

MOST_CITIES = 2
"""Of those that have enough, for one line."""


class Remedy(StrEnum):
    """What is done with a short line."""

    KEEP = "keep"
    PART = "part"
    ANALOG = "analog"
    CITY = "city"
    WAIT = "wait"


class Wanted(StrEnum):
    """By what all lines are settled at once."""

    FAST = "fast"
    CHEAP = "cheap"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Choice:
    """A remedy and what it names: a sku for an analog, a city for another city, else nought."""

    remedy: Remedy
    ref: int = 0

    @property
    def key(self) -> str:
        """How a form says it: `analog-17`."""
        return f"{self.remedy}-{self.ref}"


@dataclass(frozen=True, slots=True)
class Option:
    """A remedy that is open for a line, in words; `price` is of a base unit, `days` until it arrives."""

    choice: Choice
    title: str
    note: str
    is_whole_answer: bool
    price: Decimal | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that lacks goods, and its options, the least change first."""

    line: CartLineView
    options: tuple[Option, ...]

    def settled(self, by: Wanted) -> Choice:
        """What to choose for the line when all are settled at once; something is always chosen."""
        answers = [option for option in self.options if option.is_whole_answer]
        if by == Wanted.SAME:
            answers = [option for option in answers if option.choice.remedy != Remedy.ANALOG]
        if answers and by == Wanted.CHEAP:
            return min(answers, key=lambda option: (option.price is None, option.price or 0)).choice
        if answers:
            return min(answers, key=lambda option: option.days or 0).choice
        return self.options[0].choice


def short_lines(view: CartView, *, on: date) -> list[ShortLine]:
    """Lines on sale of which the city has too little; nine queries whatever the lines, none for none."""
    short = [line for line in view.lines if line.is_on_sale and line.price is not None and line.missing]
    if not short:
        return []
    facts = _facts(view, short, on)
    return [ShortLine(line, tuple(_options(line, facts, on))) for line in short]


def kept_here(line: CartLineView) -> Decimal:
    """How much of a short line may stay in the cart: what there is, in whole steps of the good.

    Nought where the client may not know how much there is: the rest would tell him.
    """
    if not line.is_exact:
        return Decimal(0)
    step = line.sku.product.order_multiple or (Decimal(1) if line.is_whole else Decimal("0.001"))
    return (line.available / step).to_integral_value(ROUND_FLOOR) * step


def instead(line: CartLineView, analog: Sku) -> Decimal:
    """How much of an analog stands for what is missing, up to its own step."""
    product = analog.product
    step = product.order_multiple or (Decimal(1) if is_whole_unit(product.unit.code) else Decimal("0.001"))
    return ((line.quantity - kept_here(line)) / step).to_integral_value(ROUND_CEILING) * step


@dataclass(frozen=True, slots=True)
class _Facts:
    analogs: dict[int, list[tuple[Sku, str]]]
    stocks: dict[int, list[WarehouseStock]]
    prices: dict[int, PriceQuote]
    elsewhere: dict[int, list[CityStock]]


def _facts(view: CartView, short: Sequence[CartLineView], on: date) -> _Facts:
    cart = view.cart
    found = analogs_of({line.sku.product_id for line in short})
    ids = {analog.sku_id for analogs in found.values() for analog in analogs}
    skus = Sku.objects.select_related("product__unit").in_bulk(ids)
    prices = quotes(
        sku_ids=ids,
        terms=terms_for(contract=cart.contract, city=cart.city, on=on),
        quantities=dict.fromkeys(ids, Decimal(1)),
    )
    return _Facts(
        analogs={
            product_id: [(skus[analog.sku_id], analog.note) for analog in analogs]
            for product_id, analogs in found.items()
        },
        stocks=availability(sku_ids=ids, city=cart.city, warehouse_ids=view.trade.warehouse_ids),
        prices=prices,
        elsewhere=stock_elsewhere(sku_ids=[line.sku.pk for line in short], city_id=cart.city_id),
    )


def _options(line: CartLineView, facts: _Facts, on: date) -> Iterable[Option]:
    kept, unit = kept_here(line), line.sku.product.unit.name
    if kept > 0:
        told = _("Взять {quantity} {unit}, остальное ждать").format(quantity=format_quantity(kept), unit=unit)
        yield Option(Choice(Remedy.PART), told, _arrival(line, on), is_whole_answer=False, price=line.price)
    yield from _analogs(line, facts)
    yield from _cities(line, facts.elsewhere.get(line.sku.pk, []))
    yield Option(
        Choice(Remedy.WAIT), _("Убрать и сообщить о поступлении"), _arrival(line, on), is_whole_answer=False
    )
    yield Option(Choice(Remedy.KEEP), _("Оставить как есть"), "", is_whole_answer=False)


def _analogs(line: CartLineView, facts: _Facts) -> Iterable[Option]:
    """Those that the city has, with a price; the fullest first, then the cheapest."""
    found = []
    for sku, remark in facts.analogs.get(line.sku.product_id, []):
        price = facts.prices.get(sku.pk)
        is_whole = is_whole_unit(sku.product.unit.code)
        has = sum((offered(one, is_whole=is_whole) for one in facts.stocks.get(sku.pk, [])), Decimal(0))
        if price is None or not has:
            continue
        wanted = instead(line, sku)
        found.append(
            Option(
                Choice(Remedy.ANALOG, sku.pk),
                _("Аналог: {name}, {quantity} {unit}").format(
                    name=sku.name, quantity=format_quantity(wanted), unit=sku.product.unit.name
                ),
                _("{price} ₽, {difference}; в наличии {stock}").format(
                    price=format_price(price.amount),
                    difference=_difference(price.amount, line.price),
                    stock=stock_text(has, sku.product.unit.name, line.mask),
                )
                + (f"; {remark}" if remark else ""),
                is_whole_answer=has >= wanted,
                price=price.amount,
                days=0,
            )
        )
    return sorted(found, key=lambda option: (not option.is_whole_answer, option.price or 0))


def _cities(line: CartLineView, cities: Sequence[CityStock]) -> Iterable[Option]:
    wanted = line.quantity - kept_here(line)
    enough = [one for one in cities if (one.whole if line.is_whole else one.available) >= wanted]
    for one in enough[:MOST_CITIES]:
        yield Option(
            Choice(Remedy.CITY, one.city_id),
            _("Заказать {quantity} {unit} в городе {city}").format(
                quantity=format_quantity(wanted), unit=line.sku.product.unit.name, city=one.city
            ),
            _("строка перейдёт в корзину этого города, цена там своя; срок {days} дн.").format(days=one.days),
            is_whole_answer=True,
            price=line.price,
            days=one.days,
        )


def _arrival(line: CartLineView, on: date) -> str:
    comes: Arrival | None = next_arrival(line.stocks, on=on)
    if comes is None:
        return ""
    if comes.on is None:
        return _("ожидается, дата неизвестна")
    return _("ожидается {day}").format(day=f"{comes.on:%d.%m}")


def _difference(price: Decimal, own: Decimal | None) -> str:
    if own is None or price == own:
        return _("по той же цене")
    told = format_price(abs(price - own))
    return _("дороже на {sum}").format(sum=told) if price > own else _("дешевле на {sum}").format(sum=told)


def cities_named(choices: Iterable[Choice]) -> list[int]:
    """Cities that any of the choices names."""
    return sorted({choice.ref for choice in choices if choice.remedy == Remedy.CITY})
