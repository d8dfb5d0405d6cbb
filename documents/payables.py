"""Unpaid invoices, for whoever pays."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from documents.models import Document
from documents.payloads.codec import from_json
from documents.payloads.invoice import InvoicePayload
from documents.states import IN_FORCE, DocumentKind
from finance.models import LedgerEntry
from finance.payables import Shares, ToPay, offer
from finance.selectors import paid_by_reference
from finance.states import LedgerKind
from orders.models import Order, OrderPart, order_reference
from orders.states import OrderState
from portal.lib.dates import format_date

ZERO = Decimal("0.00")
_NOT_LEFT = (OrderState.CONFIRMED, OrderState.RESERVED, OrderState.PARTLY_SHIPPED)
"""Orders with goods that have not left; what has left is a debt of the ledger."""


class InvoicesToPay:
    """Invoices of orders that have not left wholly: what is neither paid ahead nor a debt by shipment."""

    prefix = "order:"

    def to_pay(self, *, contract_ids: Collection[int], on: date) -> list[ToPay]:
        """Six queries."""
        orders = {
            order_reference(order.pk): order
            for order in Order.objects.filter(contract__in=contract_ids, state__in=_NOT_LEFT).only(
                "pk", "contract_id", "number", "currency"
            )
        }
        documents = Document.objects.filter(
            kind=DocumentKind.INVOICE, state__in=IN_FORCE, reference__in=orders
        )
        invoices = list(documents.order_by("pk"))
        parts = _parts([orders[invoice.reference].pk for invoice in invoices])
        shipped, advances = _in_ledger([part.reference for rows in parts.values() for part in rows])
        paid = paid_by_reference(invoice.reference for invoice in invoices)
        found = []
        for invoice in invoices:
            order = orders[invoice.reference]
            left = _left(parts[order.pk], shipped, advances, paid[invoice.reference])
            rest = min(invoice.total, sum((amount for _name, amount in left), ZERO))
            if rest > 0:
                found.append(_row(invoice, order, rest, left, on))
        return found

    def contracts(self, references: Collection[str]) -> Mapping[str, int]:
        """One query."""
        orders = Order.objects.filter(pk__in=[int(name.removeprefix(self.prefix)) for name in references])
        return {
            order_reference(pk): contract_id for pk, contract_id in orders.values_list("pk", "contract_id")
        }

    def shares(self, references: Collection[str]) -> Mapping[str, Shares]:
        """One query; an issued invoice never changes."""
        invoices = Document.objects.filter(
            kind=DocumentKind.INVOICE, state__in=IN_FORCE, reference__in=references
        )
        return {invoice.reference: invoice_shares(invoice) for invoice in invoices}


def invoice_shares(invoice: Document) -> Shares:
    """Sums with VAT by rate, in the order in which the invoice prints them."""
    payload = from_json(InvoicePayload, invoice.payload)
    sums: dict[Decimal | None, Decimal] = {}
    for line in payload.lines:
        sums[line.rate] = sums.get(line.rate, ZERO) + line.amount.gross
    return tuple((rate.rate, sums[rate.rate]) for rate in payload.rates)


def _row(invoice: Document, order: Order, rest: Decimal, left: list[tuple[str, Decimal]], on: date) -> ToPay:
    overdue = max(0, (on - invoice.pay_until).days) if invoice.pay_until else 0
    title = f"Счёт № {invoice.number_print} от {format_date(invoice.date)}"
    return ToPay(
        reference=invoice.reference,
        contract_id=order.contract_id,
        title=f"{title}, заказ {order.number}",
        open=rest,
        due_date=invoice.pay_until,
        overdue_days=overdue,
        purpose=f"счету № {invoice.number_print} от {format_date(invoice.date)}",
        shares=invoice_shares(invoice),
        settles=tuple(left),
    )


def _parts(order_ids: Collection[int]) -> dict[int, list[OrderPart]]:
    parts: dict[int, list[OrderPart]] = {pk: [] for pk in order_ids}
    for part in OrderPart.objects.filter(order__in=order_ids, is_cancelled=False).order_by("pk"):
        parts[part.order_id].append(part)
    return parts


def _in_ledger(references: Collection[str]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """For each part what has been shipped, and the money that waits for it; two queries."""
    entries = LedgerEntry.objects.filter(order_reference__in=references)
    shipped = dict(
        entries.filter(kind=LedgerKind.SHIPMENT)
        .values_list("order_reference")
        .annotate(total=Sum(F("debit") - F("credit")))
    )
    advances: dict[str, Decimal] = {}
    waiting = (
        entries.filter(kind=LedgerKind.PAYMENT, reverses__isnull=True)
        .credits_left()
        .values_list("order_reference", F("left"))
    )
    for reference, rest in waiting:
        advances[reference] = advances.get(reference, ZERO) + rest
    return shipped, advances


def _left(
    parts: Collection[OrderPart],
    shipped: Mapping[str, Decimal],
    advances: Mapping[str, Decimal],
    paid: Decimal,
) -> list[tuple[str, Decimal]]:
    """What is left of each part; money that only the portal knows of fills the parts in turn.

    Shipped goods are a debt of their own. What the portal and the ledger both know counts once.
    """
    totals = {part.reference: part.sum_now for part in parts}
    done = {name: shipped.get(name, ZERO) + advances.get(name, ZERO) for name in totals}
    beyond = max(ZERO, paid - sum(done.values(), ZERO))
    left = []
    for name, total in totals.items():
        rest = max(ZERO, total - done[name])
        taken = min(beyond, rest)
        beyond -= taken
        if rest > taken:
            left.append((name, rest - taken))
    return left


offer(InvoicesToPay())
