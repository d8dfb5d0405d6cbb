"""What a calculator answers with: goods of its lines, each with its replacements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.calculators.definition import Definition, Line
from catalog.calculators.running import Run, amount, holds, value_text
from catalog.formulas import FormulaFault
from catalog.index.reading import Index
from catalog.selectors.calculators import goods_asked
from counterparties.selectors import Workplace
from orders.selectors.calculator_goods import GoodsDesk, Offered, Totals, totals_of


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A line with the good that is taken; `note` says why there is none. `is_left`: nobody wants it."""

    line: Line
    wanted: Decimal | None
    taken: Offered | None
    alternatives: tuple[Offered, ...] = ()
    found: int = 0
    is_left: bool = False
    note: str = ""

    @property
    def wanted_text(self) -> str:
        """What the reckoning gave before it was rounded to what can be bought."""
        return "" if self.wanted is None else value_text(self.wanted)


@dataclass(frozen=True, slots=True)
class Result:
    """All lines that the reckoning asks for, and the sum of those that are taken."""

    rows: tuple[ResultRow, ...]
    totals: Totals

    @property
    def goods(self) -> list[tuple[str, Offered]]:
        """What goes into a cart: label and good."""
        return [(row.line.label, row.taken) for row in self.rows if row.taken and not row.is_left]


@dataclass(frozen=True, slots=True)
class _Wish:
    line: Line
    wanted: Decimal
    sku_ids: tuple[int, ...]


def calculator_result(
    definition: Definition,
    counted: Run,
    *,
    picked: Mapping[str, int],
    left: frozenset[str],
    index: Index,
    workplace: Workplace,
    on: date,
) -> Result:
    """Goods of a finished run; `picked` are replacements by line, `left` lines that are not wanted.

    A fixed number of queries whatever the lines.
    """
    wishes: list[_Wish | ResultRow] = []
    for line in definition.lines:
        found = _wish(line, definition, counted, index, workplace)
        if found is not None:
            wishes.append(found)
    asked = [wish for wish in wishes if isinstance(wish, _Wish)]
    quantities = {sku_id: wish.wanted for wish in asked for sku_id in wish.sku_ids}
    desk = GoodsDesk(list(quantities), quantities, workplace=workplace, on=on)
    shown = {wish.line.key: _shown(wish, desk, picked.get(wish.line.key)) for wish in asked}
    desk.read({sku_id for sku_ids in shown.values() for sku_id in sku_ids})
    rows = tuple(
        _row(wish, shown[wish.line.key], desk, left) if isinstance(wish, _Wish) else wish for wish in wishes
    )
    return Result(rows, totals_of(row.taken for row in rows if row.taken and not row.is_left))


def _wish(
    line: Line, definition: Definition, counted: Run, index: Index, workplace: Workplace
) -> _Wish | ResultRow | None:
    """How much of which goods; None where the line is not asked for, a row with a note where it fails."""
    try:
        if line.condition is not None and not holds(line.condition, counted.values, definition):
            return None
        wanted = amount(line.quantity, counted.values, definition)
        if wanted <= 0:
            return None
        sku_ids = goods_asked(index, line.goods, counted.values, definition, city=workplace.city)
    except FormulaFault as fault:
        return ResultRow(line, None, None, note=fault.message)
    return _Wish(line, wanted, tuple(sku_ids))


def _shown(wish: _Wish, desk: GoodsDesk, picked: int | None) -> list[int]:
    """The good that is taken first, then its replacements."""
    ranked = desk.sorted(wish.sku_ids, wish.wanted, is_in_stock_first=wish.line.goods.is_in_stock_first)
    if picked in ranked:
        ranked.remove(picked)
        ranked.insert(0, picked)
    return ranked[: wish.line.alternatives + 1]


def _row(wish: _Wish, sku_ids: list[int], desk: GoodsDesk, left: frozenset[str]) -> ResultRow:
    line = wish.line
    offers = [desk.offered(sku_id, wish.wanted, is_by_pack=line.is_by_pack) for sku_id in sku_ids]
    goods = [offer for offer in offers if offer is not None]
    if not goods:
        note = _("Подходящего товара в вашем городе нет. Спросите менеджера.")
        return ResultRow(line, wish.wanted, None, note=note)
    return ResultRow(
        line,
        wish.wanted,
        goods[0],
        alternatives=tuple(goods[1:]),
        found=len(wish.sku_ids),
        is_left=line.is_optional and line.key in left,
    )
