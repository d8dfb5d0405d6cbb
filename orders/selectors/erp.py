"""What 1C holds of an order, set against what was ordered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from orders.models import ErpDocument, ErpLine, Order, OrderLine, OrderPart
from orders.states import ErpDocumentKind
from orders.vat import price_with_vat
from portal.lib.money import format_price, q2

_HUNDRED = Decimal(100)


class RowChange(StrEnum):
    """How a row in 1C differs from what was ordered."""

    NONE = ""
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row of a part as it stands now, and what was ordered where that differs.

    Prices are texts as pages print them, with or without VAT as the order's are; sums are with VAT.
    `ordered_` values are None or empty where they are the same, or where nothing was ordered. `words` are
    what the client said of the line.
    """

    position: int
    name: str
    article: str
    product_id: int | None
    unit: str
    quantity: Decimal
    price_text: str
    gross: Decimal
    change: RowChange
    ordered_quantity: Decimal | None = None
    ordered_price_text: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ErpSum:
    """What the rows of one good come to in 1C: a manager may have split them."""

    quantity: Decimal
    gross: Decimal

    def price(self, order: Order, rate: Decimal | None) -> Decimal:
        """Unit price in the order's own terms."""
        price = self.gross / self.quantity if self.quantity else Decimal(0)
        if order.is_vat_included or rate is None:
            return price
        return price * _HUNDRED / (_HUNDRED + rate)


def part_rows(order: Order, lines: Sequence[OrderLine], erp_lines: Sequence[ErpLine]) -> tuple[PartRow, ...]:
    """Ordered lines first, each as 1C has it, then what 1C has added; no queries.

    Without rows of 1C the order stands as it was sent.
    """
    if not erp_lines:
        return tuple(_as_ordered(line) for line in lines)
    sums = _sums(erp_lines)
    rows = [_compared(order, line, sums.get(line.sku_id)) for line in lines]
    ordered = {line.sku_id for line in lines}
    last = max((line.position for line in lines), default=0)
    added = [row for row in erp_lines if row.sku_id is None or row.sku_id not in ordered]
    is_news = bool(lines)
    rows += [_added(order, row, last + place, is_news) for place, row in enumerate(added, start=1)]
    return tuple(rows)


def differing_rows(order: Order, parts: Collection[OrderPart]) -> tuple[PartRow, ...]:
    """Rows of parts that 1C holds otherwise than they were ordered, part by part; two queries.

    Of parts whose rows the portal owns there are none: 1C's word of them does not count.
    """
    lines = OrderLine.objects.filter(part__in=parts).select_related("sku").order_by("part_id", "position")
    erp = ErpLine.objects.filter(part__in=parts).select_related("sku").order_by("part_id", "position")
    ordered, held = list(lines), list(erp)
    return tuple(
        row
        for part in parts
        if not part.is_erp_aside
        for row in part_rows(
            order,
            [line for line in ordered if line.part_id == part.pk],
            [line for line in held if line.part_id == part.pk],
        )
        if row.change != RowChange.NONE
    )


def due(parts: Iterable[OrderPart]) -> Decimal:
    """What is to be paid, with VAT: 1C's sum where it told one that counts; nothing for a cancelled part."""
    return sum((part.sum_now for part in parts if not part.is_cancelled), Decimal("0.00"))


def is_wholly(parts: Iterable[OrderPart], flag: str) -> bool:
    """Does 1C say so of every part that is not cancelled?"""
    alive = [part for part in parts if not part.is_cancelled]
    return bool(alive) and all(getattr(part, flag) for part in alive)


def erp_paid(documents: Iterable[ErpDocument]) -> Decimal:
    """Sum of the payments that 1C has named."""
    kinds = (document for document in documents if document.kind == ErpDocumentKind.PAYMENT)
    return sum((paper.total or Decimal(0) for paper in kinds if not paper.is_deleted), Decimal("0.00"))


def told_paid(parts: Iterable[OrderPart]) -> Decimal:
    """What 1C says was paid for the parts, as far as it says so."""
    return sum((part.erp_paid_sum or Decimal(0) for part in parts if not part.is_cancelled), Decimal("0.00"))


def _sums(erp_lines: Iterable[ErpLine]) -> dict[int, ErpSum]:
    sums: dict[int, ErpSum] = {}
    for row in erp_lines:
        if row.sku_id is None or row.is_cancelled:
            continue
        before = sums.get(row.sku_id, ErpSum(Decimal(0), Decimal(0)))
        sums[row.sku_id] = ErpSum(before.quantity + row.quantity, before.gross + row.gross)
    return sums


def _as_ordered(line: OrderLine) -> PartRow:
    return PartRow(
        position=line.position,
        name=line.name,
        article=line.article,
        product_id=line.sku.product_id,
        unit=line.unit_name,
        quantity=line.quantity,
        price_text=line.price_text,
        gross=line.gross,
        change=RowChange.NONE,
        words=line.words,
    )


def _compared(order: Order, line: OrderLine, now: ErpSum | None) -> PartRow:
    """A price that 1C rounded to kopecks is the same price."""
    if now is None or not now.quantity:
        return _differing(line, quantity=Decimal(0), price_text="", gross=Decimal("0.00"))
    with_vat = price_with_vat(line, is_vat_included=order.is_vat_included)
    is_price_same = q2(now.gross / now.quantity) == q2(with_vat) or now.gross == line.gross
    if now.quantity == line.quantity and is_price_same:
        return _as_ordered(line)
    price_text = line.price_text if is_price_same else format_price(now.price(order, line.vat_percent))
    return _differing(line, quantity=now.quantity, price_text=price_text, gross=now.gross)


def _differing(line: OrderLine, *, quantity: Decimal, price_text: str, gross: Decimal) -> PartRow:
    return PartRow(
        position=line.position,
        name=line.name,
        article=line.article,
        product_id=line.sku.product_id,
        unit=line.unit_name,
        quantity=quantity,
        price_text=price_text,
        gross=gross,
        change=RowChange.CHANGED if quantity else RowChange.REMOVED,
        ordered_quantity=line.quantity if line.quantity != quantity else None,
        ordered_price_text=line.price_text if line.price_text != price_text else "",
        words=line.words,
    )


def _added(order: Order, row: ErpLine, position: int, is_news: bool) -> PartRow:
    """A row that nobody ordered here: news in an order of ours, the order itself in one of 1C."""
    is_gone = row.is_cancelled
    told = ErpSum(row.quantity, row.gross)
    change = RowChange.ADDED if is_news else RowChange.NONE
    return PartRow(
        position=position,
        name=row.name,
        article=row.article,
        product_id=row.sku.product_id if row.sku else None,
        unit=row.unit,
        quantity=Decimal(0) if is_gone else row.quantity,
        price_text=format_price(told.price(order, row.vat_percent)),
        gross=Decimal("0.00") if is_gone else row.gross,
        change=RowChange.REMOVED if is_gone else change,
        ordered_quantity=row.quantity if is_gone else None,
    )
