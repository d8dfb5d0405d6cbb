"""What becomes of money that came online: payments by reference, and entries where the portal posts them."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from finance.events import PaymentRecorded
from finance.models import LedgerEntry, OnlinePayment, OnlinePaymentItem, Payment
from finance.payables import sources
from finance.services.ledger import LedgerFacts, ledger_post
from finance.states import LedgerKind, LedgerSource
from portal.lib.dates import moscow_date
from portal.outbox import publish

_DEBT, _ADVANCE = "ledger:", "contract:"
_NUMBER_LENGTH = 50


def payment_rows_write(*, payment: OnlinePayment, at: datetime) -> None:
    """Record each item once; the ledger gets entries only where 1C is not waited for."""
    items = list(payment.items.order_by("pk"))
    contracts = _contracts_of(payment, items)
    posted = settings.PORTAL_POSTS_PAYMENTS
    facts = [one for item in items for one in _facts(payment, item, contracts, at)] if posted else []
    made = Payment.objects.bulk_create(
        Payment(
            organization_id=payment.organization_id,
            legal_entity_id=payment.legal_entity_id,
            contract_id=contracts[item.reference],
            reference=item.reference,
            amount=item.amount,
            paid_on=moscow_date(at),
            document_number=payment.provider_id[:_NUMBER_LENGTH],
            online=payment,
            recorded_at=at,
        )
        for item in items
    )
    for row in made:
        publish(PaymentRecorded(payment_id=row.pk, reference=row.reference))
    for one in facts:
        ledger_post(facts=one, at=at)


def _facts(
    payment: OnlinePayment, item: OnlinePaymentItem, contracts: dict[str, int], at: datetime
) -> list[LedgerFacts]:
    """Entries of an item; 1C's later document with the same payment takes their place."""
    return [
        LedgerFacts(
            contract_id=contracts[item.reference],
            kind=LedgerKind.PAYMENT,
            document_key=f"online:{item.pk}:{number}",
            version="1",
            number=payment.provider_id[:_NUMBER_LENGTH],
            document_date=moscow_date(at),
            business_date=moscow_date(at),
            amount=amount,
            source=LedgerSource.PORTAL,
            payment_key=payment.provider_id,
            settles=(settled,) if settled else (),
        )
        for number, (settled, amount) in enumerate(_settled(item, contracts[item.reference], at))
    ]


def contracts_paid(payment: OnlinePayment) -> set[int]:
    """Contracts that the items are paid under: they are locked together before anything is written."""
    return set(_contracts_of(payment, list(payment.items.order_by("pk"))).values())


def _contracts_of(payment: OnlinePayment, items: list[OnlinePaymentItem]) -> dict[str, int]:
    """Under which contract each item is paid."""
    found = {item.reference: payment.contract_id for item in items}
    debts = [int(name.removeprefix(_DEBT)) for name in found if name.startswith(_DEBT)]
    for pk, contract_id in LedgerEntry.objects.filter(pk__in=debts).values_list("pk", "contract_id"):
        found[f"{_DEBT}{pk}"] = contract_id
    for name in found:
        if name.startswith(_ADVANCE):
            found[name] = int(name.removeprefix(_ADVANCE))
    for source in sources():
        found.update(source.contracts([name for name in found if name.startswith(source.prefix)]))
    return found


def _settled(item: OnlinePaymentItem, contract_id: int, at: datetime) -> Iterator[tuple[str, Decimal]]:
    """In the ledger's words what the money is for: a document, parts of an order, or nothing named."""
    left = item.amount
    for name, amount in _wanted(item, contract_id, at):
        part = min(left, amount)
        if part > 0:
            yield name, part
        left -= part
    if left > 0:
        yield "", left


def _wanted(item: OnlinePaymentItem, contract_id: int, at: datetime) -> list[tuple[str, Decimal]]:
    if item.reference.startswith(_DEBT):
        entry = LedgerEntry.objects.get(pk=item.reference.removeprefix(_DEBT))
        return [(entry.document_key, entry.debit)]
    for source in sources():
        if item.reference.startswith(source.prefix):
            rows = source.to_pay(contract_ids=[contract_id], on=moscow_date(at))
            return [pair for row in rows if row.reference == item.reference for pair in row.settles]
    return []
