"""order_states: read into the record of an order that files of 1C give, and taken by the same reader."""

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

from integrations.onec.incoming.records import DocumentRecord, LineRecord, Operation, PartyRecord
from integrations.onec.loading.report import LoadReport
from integrations.onec.texts import currency, joined_key, offer_key, one_line
from integrations.push.items.order_states import OrderStateItem, OrderStateRow
from integrations.services.incoming.documents import DocumentsTaker
from integrations.services.incoming.work import Work
from integrations.services.push.refusal import ItemRefused
from portal.lib.money import q2

_HUNDRED = Decimal(100)
_PRICE = Decimal("0.0001")
_COUNT = Decimal("0.001")


def order_state_take(work: Work, item: OrderStateItem) -> None:
    """Write down where an order stands; one whose client or contract is not clear is kept and told of.

    In the turn of the base's orders, which the caller holds. Idempotent by content. Raises ItemRefused.
    """
    own = replace(work, report=LoadReport(), taken={})
    taker = DocumentsTaker(own)
    part_id = taker.take_order(order_record(item, work))
    if own.report.counts["orders_rejected"]:
        raise ItemRefused(own.report.warnings[-1]["text"])
    if part_id is not None and work.taken.setdefault(part_id, item.ref) != item.ref:
        raise ItemRefused(f"второй документ с номером {item.site_number or item.number} в одном пакете")
    taker.finish()
    work.report.counts.update(own.report.counts)
    for warning in own.report.warnings:
        work.report.warn(warning["text"], external_id=item.ref)


def order_record(item: OrderStateItem, work: Work) -> DocumentRecord:
    """The item as files of 1C would tell it: our number where there is one, else 1C's own."""
    lines = None if item.rows is None else tuple(_line(row) for row in item.rows)
    return DocumentRecord(
        line=0,
        external_id=item.ref,
        number=item.site_number or item.number,
        operation=Operation.ORDER,
        operation_text="Заказ",
        made_at=_made_at(item, work),
        total=_total(item, lines),
        vat=None,
        currency=currency(item.currency),
        basis=(),
        version="",
        erp_number=item.number,
        erp_date=item.date,
        state_text=item.state,
        is_posted=item.posted,
        is_deleted=item.deleted,
        is_cancelled=item.cancelled,
        is_paid=True if item.paid_on else None,
        paid_on=item.paid_on,
        is_shipped=True if item.shipped_on else None,
        shipped_on=item.shipped_on,
        warehouse_id=item.warehouse_ref,
        warehouse_name="",
        organization=item.organization,
        contract=item.contract,
        delivery="",
        client_reference=item.client_reference,
        comment=item.comment,
        parties=_parties(item),
        lines=lines,
        subordinate=(),
        paid_sum=item.paid_sum,
        shipped_sum=item.shipped_sum,
    )


def _made_at(item: OrderStateItem, work: Work) -> datetime | None:
    if item.made_at is not None or item.date is None:
        return item.made_at
    return datetime.combine(item.date, time(), tzinfo=work.node.zone)


def _total(item: OrderStateItem, lines: tuple[LineRecord, ...] | None) -> Decimal | None:
    if item.total is not None or lines is None:
        return item.total
    return sum((line.gross for line in lines if not line.is_cancelled), Decimal("0.00"))


def _parties(item: OrderStateItem) -> tuple[PartyRecord, ...]:
    """The client by its id alone: who that is comes in the stream of counterparties."""
    if not item.counterparty_ref:
        return ()
    party = PartyRecord(
        line=0,
        external_id=item.counterparty_ref,
        name="",
        full_name="",
        is_person=False,
        inn="",
        kpp="",
        role="покупатель",
        address="",
        phone="",
        email="",
        is_deleted=False,
        is_reference=True,
    )
    return (party,)


def _line(row: OrderStateRow) -> LineRecord:
    rate = None if row.vat_percent is None else q2(row.vat_percent)
    quantity = row.quantity.quantize(_COUNT)
    gross = row.sum
    return LineRecord(
        external_id=joined_key(*offer_key(row.ref))[:170],
        article=one_line(row.article, 100),
        name=one_line(row.name, 800),
        unit=one_line(row.unit, 50),
        quantity=quantity,
        price=(gross / quantity if quantity else row.price).quantize(_PRICE),
        gross=gross,
        vat=_vat(gross, rate, row.vat_sum),
        vat_percent=rate,
        is_cancelled=row.cancelled,
    )


def _vat(gross: Decimal, rate: Decimal | None, told: Decimal | None) -> Decimal:
    if rate is None:
        return Decimal("0.00")
    return told if told is not None and told <= gross else q2(gross * rate / (_HUNDRED + rate))
