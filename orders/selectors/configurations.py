"""What a configurator shows: slots with goods that fit and goods that do not, with the reason why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from catalog.calculators.definition import Definition, Slot
from catalog.calculators.fitting import option_refusals, refusals, slot_values, unsure, wanting
from catalog.calculators.running import Run, amount, value_text
from catalog.formulas import FormulaFault, Value
from catalog.index.reading import Index
from catalog.selectors.calculators import goods_asked, slot_goods_values
from counterparties.selectors import Workplace
from orders.selectors.calculator_goods import GoodsDesk, Offered, Totals, totals_of

FITTING_SHOWN: Final = 8
REFUSED_SHOWN: Final = 6
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Option:
    """A good that could fill a slot; `reason` says why it may not."""

    goods: Offered
    reason: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot with what it could be filled with; counts are of all goods, options of those shown."""

    slot: Slot
    chosen: Offered | None
    options: tuple[Option, ...]
    fitting: int
    refused: int
    note: str = ""

    @property
    def may_count(self) -> bool:
        """Whether the person may say how many."""
        return self.slot.minimum is not None or self.slot.maximum is not None

    @property
    def more(self) -> int:
        """Goods that are not shown."""
        return self.fitting + self.refused - len(self.options)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A whole configuration as it stands."""

    slots: tuple[SlotView, ...]
    refusals: tuple[str, ...]
    wanting: tuple[str, ...]
    unsure: tuple[str, ...]
    totals: Totals

    @property
    def is_complete(self) -> bool:
        return not self.refusals and not self.wanting and self.totals.count > 0

    @property
    def goods(self) -> list[tuple[str, Offered]]:
        """What goes into a cart: label and good; nothing while something does not fit."""
        if self.refusals:
            return []
        return [(one.slot.label, one.chosen) for one in self.slots if one.chosen]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person has chosen: skus, counts as typed, slots whose goods are all shown."""

    skus: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()


def configuration(
    definition: Definition, counted: Run, *, asked: Asked, index: Index, workplace: Workplace, on: date
) -> Configuration:
    """Slots of a finished run with the goods that were asked for. A fixed number of queries."""
    return _Desk(definition, counted, asked, index, workplace, on).whole()


class _Desk:
    def __init__(
        self,
        definition: Definition,
        counted: Run,
        asked: Asked,
        index: Index,
        workplace: Workplace,
        on: date,
    ) -> None:
        self._definition, self._values, self._asked = definition, counted.values, asked
        self._notes: dict[str, str] = {}
        self._found = {slot.name: self._goods(slot, index, workplace) for slot in definition.slots}
        sku_ids = {sku_id for found in self._found.values() for sku_id in found}
        self._properties = slot_goods_values(definition.slots, sku_ids)
        self._chosen: dict[str, dict[str, Value]] = {}
        self._counts: dict[str, Decimal] = {}
        for slot in definition.slots:
            self._choose(slot)
        quantities = {asked.skus[name]: count for name, count in self._counts.items()}
        self._goods_desk = GoodsDesk(list(sku_ids), quantities, workplace=workplace, on=on)

    def whole(self) -> Configuration:
        definition, values, chosen = self._definition, self._values, self._chosen
        shown = {slot.name: self._shown(slot) for slot in definition.slots}
        self._goods_desk.read({sku_id for rows, _f, _r in shown.values() for sku_id, _reason in rows})
        slots = tuple(self._view(slot, *shown[slot.name]) for slot in definition.slots)
        return Configuration(
            slots=slots,
            refusals=tuple(told.message for told in refusals(definition, values, chosen)),
            wanting=tuple(told.message for told in wanting(definition, values, chosen)),
            unsure=tuple(unsure(definition, values, chosen)),
            totals=totals_of(one.chosen for one in slots if one.chosen),
        )

    def _goods(self, slot: Slot, index: Index, workplace: Workplace) -> list[int]:
        try:
            return goods_asked(index, slot.goods, self._values, self._definition, city=workplace.city)
        except FormulaFault as fault:
            self._notes[slot.name] = fault.message
            return []

    def _choose(self, slot: Slot) -> None:
        """Take what was asked for the slot, if it is still among its goods."""
        sku_id = self._asked.skus.get(slot.name)
        if sku_id is None:
            return
        if sku_id not in self._found[slot.name]:
            self._notes[slot.name] = _("Выбранный раньше товар сюда больше не подходит. Выберите другой.")
            return
        try:
            count = self._count(slot, sku_id)
        except FormulaFault as fault:
            self._notes[slot.name] = fault.message
            return
        self._counts[slot.name] = count
        self._chosen[slot.name] = {**self._known(slot, sku_id), "count": count}

    def _known(self, slot: Slot, sku_id: int) -> dict[str, Value]:
        told = self._properties.get(sku_id, {})
        return {alias: told[name] for alias, name in slot.properties.items() if name in told}

    def _count(self, slot: Slot, sku_id: int) -> Decimal:
        """How many: what was typed or what the formula gives, within the slot's bounds."""
        tried = {**self._chosen, slot.name: self._known(slot, sku_id)}
        known = dict(self._values) | slot_values(self._definition, tried)
        may_count = slot.minimum is not None or slot.maximum is not None
        typed = self._asked.counts.get(slot.name) if may_count else None
        count = amount(slot.quantity, known, self._definition) if typed is None else typed
        if slot.minimum is not None:
            count = max(count, slot.minimum)
        return count if slot.maximum is None else min(count, slot.maximum)

    def _shown(self, slot: Slot) -> tuple[list[tuple[int, str]], int, int]:
        """Options to show with the reason of each refusal; how many fit and how many do not."""
        best = self._goods_desk.sorted(
            self._found[slot.name], _ONE, is_in_stock_first=slot.goods.is_in_stock_first
        )
        options = [self._known(slot, sku_id) for sku_id in best]
        reasons = option_refusals(self._definition, self._values, self._chosen, slot.name, options)
        judged = list(zip(best, reasons, strict=True))
        fitting = [one for one in judged if not one[1]]
        refused = [one for one in judged if one[1]]
        if slot.name in self._asked.whole:
            return fitting + refused, len(fitting), len(refused)
        rows = fitting[:FITTING_SHOWN] + refused[:REFUSED_SHOWN]
        taken = self._asked.skus.get(slot.name)
        if slot.name in self._chosen and taken not in {sku_id for sku_id, _reason in rows}:
            rows = [one for one in judged if one[0] == taken] + rows
        return rows, len(fitting), len(refused)

    def _view(self, slot: Slot, rows: list[tuple[int, str]], fitting: int, refused: int) -> SlotView:
        taken = self._asked.skus.get(slot.name) if slot.name in self._chosen else None
        options: list[Option] = []
        chosen: Offered | None = None
        for sku_id, reason in rows:
            is_chosen = sku_id == taken
            wanted = self._counts[slot.name] if is_chosen else self._tried(slot, sku_id)
            offered = self._goods_desk.offered(sku_id, wanted, is_by_pack=False)
            if offered is None:
                continue
            options.append(Option(offered, reason, is_chosen))
            chosen = offered if is_chosen else chosen
        return SlotView(slot, chosen, tuple(options), fitting, refused, self._note(slot, chosen))

    def _tried(self, slot: Slot, sku_id: int) -> Decimal:
        try:
            return self._count(slot, sku_id)
        except FormulaFault:
            return _ONE

    def _note(self, slot: Slot, chosen: Offered | None) -> str:
        if slot.name in self._notes:
            return self._notes[slot.name]
        if slot.name in self._chosen and chosen is None:
            return _("Столько ({count}) заказать нельзя.").format(count=value_text(self._counts[slot.name]))
        return ""
