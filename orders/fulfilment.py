"""How far lines of a part have come: ordered, confirmed, shipped, invoiced, returned. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from orders.states import GIVEN_UP, IN_WORK, ErpDocumentKind, OrderState

ZERO = Decimal(0)
Good = int | str
"""What rows are matched by: the sku, or the name of what the portal does not sell."""


class Row(Protocol):
    """A row of an order or of a document of 1C."""

    @property
    def sku_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Quantities:
    """Of one line, in base units. `reserved` is held for the client and has not left.

    `left` is confirmed and not shipped, `requested` the part of it that open requests for shipment hold.
    """

    ordered: Decimal
    confirmed: Decimal
    reserved: Decimal
    shipped: Decimal
    invoiced: Decimal
    returned: Decimal
    left: Decimal
    requested: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        """What may still be asked for."""
        return max(self.left - self.requested, ZERO)

    @property
    def floor(self) -> Decimal:
        """Below this the line cannot shrink: it has left, or has been asked to leave."""
        return self.shipped + self.requested


@dataclass(frozen=True, slots=True)
class Stranger:
    """What 1C tells of a good beyond the lines here: another good, or more of it than was ordered."""

    name: str
    article: str
    confirmed: Decimal = ZERO
    shipped: Decimal = ZERO
    invoiced: Decimal = ZERO
    returned: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """An ordered line as this module needs it; `was_changed`: the order itself was made smaller."""

    pk: int
    good: Good
    ordered: Decimal
    quantity: Decimal
    was_changed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a part and its order stand."""

    order_state: str
    is_cancelled: bool = False
    is_shipped: bool = False

    @property
    def is_given_up(self) -> bool:
        return self.is_cancelled or self.order_state in GIVEN_UP

    @property
    def is_over(self) -> bool:
        """Nothing more will leave, whatever the papers say."""
        return self.is_given_up or self.is_shipped or self.order_state == OrderState.COMPLETED


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of 1C: its present rows of the part (None: it has told none), and those of its papers by kind."""

    present: Sequence[Row] | None
    papers: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class PartFulfilment:
    """Quantities by line, and what 1C has beyond the lines."""

    lines: Mapping[int, Quantities]
    strangers: tuple[Stranger, ...]


def good_of(row: Row) -> Good:
    return row.name if row.sku_id is None else row.sku_id


def part_fulfilment(
    lines: Sequence[Line], told: Told, standing: Standing, *, requested: Mapping[int, Decimal]
) -> PartFulfilment:
    """Share 1C's quantities out to the lines of each good, the first line first.

    What fits no line is told apart. The same whatever the order of the papers.
    """
    confirmed, beyond = _confirmed(lines, told.present, standing)
    rooms = [{line.pk: confirmed[line.pk] for line in lines}, {line.pk: line.ordered for line in lines}]
    kinds = {
        "shipped": ErpDocumentKind.SHIPMENT,
        "invoiced": ErpDocumentKind.INVOICE,
        "returned": ErpDocumentKind.RETURN,
    }
    shared: dict[str, dict[int, Decimal]] = {}
    rest = {"confirmed": beyond}
    for name, kind in kinds.items():
        room = [shared["shipped"]] if name == "returned" else rooms
        shared[name], rest[name] = _share(lines, _sums(told.papers.get(kind, ())), room)
    found = {
        line.pk: _quantities(
            line,
            standing,
            confirmed[line.pk],
            {name: shared[name][line.pk] for name in kinds},
            requested.get(line.pk, ZERO),
        )
        for line in lines
    }
    return PartFulfilment(found, _strangers(told, rest))


def _quantities(
    line: Line, standing: Standing, confirmed: Decimal, gone: Mapping[str, Decimal], requested: Decimal
) -> Quantities:
    is_in_work = standing.order_state in IN_WORK
    held = confirmed if is_in_work else line.quantity
    return Quantities(
        ordered=line.ordered,
        confirmed=confirmed,
        reserved=ZERO if standing.is_over else max(held - gone["shipped"], ZERO),
        shipped=gone["shipped"],
        invoiced=gone["invoiced"],
        returned=gone["returned"],
        left=ZERO if standing.is_over else max(confirmed - gone["shipped"], ZERO),
        requested=requested,
    )


def _confirmed(
    lines: Sequence[Line], present: Sequence[Row] | None, standing: Standing
) -> tuple[dict[int, Decimal], dict[Good, Decimal]]:
    """What 1C holds of each line, else what was ordered; the last line of a good takes what 1C has added."""
    if standing.is_given_up or standing.order_state not in IN_WORK:
        return {line.pk: ZERO for line in lines}, {}
    if not present:
        return {line.pk: line.quantity for line in lines}, {}
    sums = _sums(row for row in present if not getattr(row, "is_cancelled", False))
    shared, rest = _share(lines, sums, [{line.pk: line.quantity for line in lines}])
    for line in reversed(lines):
        more = rest.get(line.good)
        if more and not line.was_changed:
            shared[line.pk] += rest.pop(line.good)
        elif more:
            rest.pop(line.good)  # 1C still has what the client gave up here
    return shared, rest


def _share(
    lines: Sequence[Line], sums: Mapping[Good, Decimal], rooms: Sequence[Mapping[int, Decimal]]
) -> tuple[dict[int, Decimal], dict[Good, Decimal]]:
    """Fill the lines of each good up to the first room, then up to the next; return what is over."""
    taken, rest = {line.pk: ZERO for line in lines}, dict(sums)
    for room in rooms:
        for line in lines:
            piece = min(max(room[line.pk] - taken[line.pk], ZERO), rest.get(line.good, ZERO))
            if piece:
                taken[line.pk] += piece
                rest[line.good] -= piece
    return taken, {good: quantity for good, quantity in rest.items() if quantity}


def _sums(rows: Iterable[Row]) -> dict[Good, Decimal]:
    sums: dict[Good, Decimal] = {}
    for row in rows:
        sums[good_of(row)] = sums.get(good_of(row), ZERO) + row.quantity
    return sums


def _strangers(told: Told, rest: Mapping[str, Mapping[Good, Decimal]]) -> tuple[Stranger, ...]:
    """One row per good, in the order in which 1C first named it."""
    rows = [*(told.present or ()), *(row for rows in told.papers.values() for row in rows)]
    named: dict[Good, Stranger] = {}
    for row in rows:
        named.setdefault(good_of(row), Stranger(name=row.name, article=row.article))
    found = []
    for good, stranger in named.items():
        held: dict[str, Any] = {name: sums[good] for name, sums in rest.items() if good in sums}
        if held:
            found.append(replace(stranger, **held))
    return tuple(found)
