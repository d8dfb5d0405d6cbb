"""How much of a good was asked for in the words of a query: «болт м8х40 200 шт»."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.search.letters import clean
from catalog.search.quantities import Asked, quantity_begun, split_quantity
from catalog.search.units import sold_unit
from catalog.selectors import GoodsRow

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Amount:
    """A query without its quantity, and that quantity.

    `is_doubtful`: the number may be a size of the good as well («краска 5 кг»), or belong to a word whose
    beginning only looks like that of a unit («200 ш»).
    """

    text: str
    quantity: Decimal | None = None
    unit: str = ""
    is_doubtful: bool = False

    @property
    def ending(self) -> str:
        """The quantity as it goes on behind another text; nothing where it may be a size."""
        return "" if self.quantity is None or self.is_doubtful else f" {self.quantity:f} {self.unit}"


def amount_read(text: str) -> Amount:
    """Split a query; without a quantity its text stays as it was typed."""
    asked: Asked = split_quantity(clean(text))
    if asked.quantity is None:
        begun = quantity_begun(clean(text))
        return Amount(begun.text, begun.quantity, begun.unit, is_doubtful=True) if begun else Amount(text)
    return Amount(asked.text, asked.quantity, asked.unit, is_doubtful=bool(asked.measure))


def amount_of(goods: GoodsRow, amount: Amount) -> Decimal:
    """The quantity in base units of the good; the least one where units do not meet."""
    return amount_met(goods, amount) or goods.order_multiple or ONE


def amount_met(goods: GoodsRow, amount: Amount) -> Decimal | None:
    """The quantity in base units of the good, by its packages too; None where units do not meet."""
    if not amount.quantity:
        return None
    if sold_unit(goods.unit) == amount.unit:
        return amount.quantity
    packs = (held for unit, held in goods.packs if sold_unit(unit) == amount.unit)
    held = next(packs, None)
    return None if held is None else amount.quantity * held
