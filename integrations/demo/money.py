"""What the invented clients may owe and do owe: credit lines, shipments and payments of the past months."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from counterparties.models import Contract, Holding
from finance.models import BlockRule, CreditLine, LedgerEntry
from finance.services.ledger import LedgerFacts, ledger_post
from finance.states import BlockAction, BlockCondition, LedgerKind, LedgerSource
from integrations.demo import fiction
from integrations.demo.company import contract_of
from integrations.demo.identity import Noise
from portal.lib.dates import moscow_date

POOLED: Final = {"sever": Decimal(3_500_000)}
"""Holdings whose legal entities share one limit."""

RULES: Final = (
    ("Просрочка дольше 14 дней", BlockCondition.OVERDUE_DAYS, Decimal(14), BlockAction.BLOCK),
    ("Просрочка дольше 3 дней", BlockCondition.OVERDUE_DAYS, Decimal(3), BlockAction.WARN),
)
_AGES: Final = (170, 140, 112, 83, 55, 34, 17, 6)
"""How many days ago goods left."""

_PAID_SHARE: Final = Decimal("0.35")
_KOPECK: Final = Decimal("0.01")
_PAYMENT_DELAY: Final = 3
_LATE: Final = {"kuban-torg": 30}
"""Who pays so many days later than others."""

_SHARE: Final = (6, 14)
"""A shipment is so many hundredths of the limit."""


@transaction.atomic
def money_fill() -> None:
    """Give lines, rules and a past to the contracts with a deferral; nothing where money has moved before."""
    if LedgerEntry.objects.exists() or CreditLine.objects.exists():
        return
    now = timezone.now()
    year = moscow_date(now).replace(month=1, day=1)
    for key, amount in POOLED.items():
        name = next(data.name for data in fiction.HOLDINGS if data.key == key)
        CreditLine.objects.create(
            holding=Holding.objects.get(name=name), amount=amount, valid_from=year, grace_days=3
        )
    for data in fiction.CONTRACTS:
        if not data.credit_limit:
            continue
        contract = contract_of(data)
        CreditLine.objects.create(
            contract=contract, amount=data.credit_limit, valid_from=max(year, data.date), grace_days=3
        )
        delay = _PAYMENT_DELAY + _LATE.get(data.entity, 0)
        for facts in _past(contract, data.credit_limit, delay, now):
            ledger_post(facts=facts, at=now)
    for name, condition, threshold, action in RULES:
        BlockRule.objects.get_or_create(
            name=name, defaults={"condition": condition, "threshold": threshold, "action": action}
        )


def _past(contract: Contract, limit: Decimal, delay: int, now: datetime) -> Iterator[LedgerFacts]:
    """Shipments by age; those whose term has come long ago are paid, the newest is paid in part."""
    today = moscow_date(now)
    noise = Noise(f"money:{contract.number}")
    for place, age in enumerate(_AGES, start=1):
        left = today - timedelta(days=age)
        if left <= contract.date:
            continue
        kopecks = noise.between(1, 99_999) / Decimal(100)
        amount = (limit * noise.between(*_SHARE) / 100 + kopecks).quantize(_KOPECK)
        number = f"УТ-{contract.pk:03d}{place:02d}"
        shipment = f"demo:shipment:{contract.pk}:{place}"
        yield _facts(contract, LedgerKind.SHIPMENT, shipment, number, left, amount)
        paid_on = left + timedelta(days=contract.deferral_days + delay)
        if paid_on <= today:
            yield _paid(contract, place, shipment, paid_on, amount)
        elif age == _AGES[-1]:
            part = (amount * _PAID_SHARE).quantize(_KOPECK)
            yield _paid(contract, place, shipment, today, part)


def _paid(contract: Contract, place: int, shipment: str, on: date, amount: Decimal) -> LedgerFacts:
    key = f"demo:payment:{contract.pk}:{place}"
    return _facts(contract, LedgerKind.PAYMENT, key, f"{1000 + place}", on, amount, settles=(shipment,))


def _facts(
    contract: Contract,
    kind: LedgerKind,
    key: str,
    number: str,
    on: date,
    amount: Decimal,
    settles: tuple[str, ...] = (),
) -> LedgerFacts:
    return LedgerFacts(
        contract_id=contract.pk,
        kind=kind,
        document_key=key,
        version="1",
        number=number,
        document_date=on,
        business_date=on,
        amount=amount,
        source=LedgerSource.ERP,
        settles=settles,
    )
