"""Whether money lets goods leave."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from finance.models import BlockRule, CreditOverride, LedgerEntry
from finance.selectors.advances import paid_by_part
from finance.selectors.block_scopes import contracts_ruled
from finance.selectors.blocks import Reason, rules_stopping
from finance.selectors.exposure import credit_view
from finance.states import STOPPED, BlockAction, BlockCondition, CreditMode, LedgerKind, PaymentTerms
from portal.lib.dates import moscow_date
from portal.lib.money import format_money

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Gate:
    """`code` is open, not_prepaid, rule, or the status of the line that holds the goods back."""

    is_open: bool
    code: str
    text: str


def shipment_gate(
    *,
    reference: str,
    contract_id: int,
    sum: Decimal,  # noqa: A002 (the word of the trade)
    terms: PaymentTerms,
    at: datetime,
    told_paid: Decimal = ZERO,
    order_reference: str = "",
) -> Gate:
    """Tell whether goods of a part may leave; `sum` is of all asked for, now and before (RUB with VAT).

    Prepaid: the money that came for the part, by the ledger or by others' word (`told_paid`), covers what
    has left and what is to leave. On credit: no line in the mode that blocks shipments is stopped, and no
    block rule stops the contract for its debts, unless a manager has let it or the order through.
    """
    if terms == PaymentTerms.PREPAID:
        return _prepaid(reference, sum, told_paid)
    on = moscow_date(at)
    credit = credit_view(contract_ids=[contract_id], on=on)[contract_id]
    for status in STOPPED:
        for line in credit.lines:
            if line.mode == CreditMode.BLOCK_SHIPMENTS and line.status == status:
                text = _("Отгрузки остановлены: {status}.").format(status=status.label.lower())
                return Gate(False, status.value, text)
    if CreditOverride.objects.letting_goods_leave(contract_id, order_reference, on=on).exists():
        return Gate(True, "open", "")
    for reason in _ruled(contract_id, at):
        text = _("Отгрузки остановлены: {rule}.").format(rule=reason.rule)  # sums are not for everybody
        return Gate(False, "rule", text)
    return Gate(True, "open", "")


def _ruled(contract_id: int, at: datetime) -> tuple[Reason, ...]:
    """Why a rule that blocks stops shipments; of limits the mode of the line speaks."""
    on = moscow_date(at)
    ruled = contracts_ruled([contract_id], on=on).get(contract_id)
    rules = tuple(rule for rule in ruled.rules if _stops_goods(rule)) if ruled else ()
    if ruled is None or not rules:
        return ()
    stopped = rules_stopping(
        {contract_id: replace(ruled, rules=rules)},
        needs={contract_id: ZERO},
        views=credit_view(contract_ids=ruled.firm, on=on),
        at=at,
    )
    return stopped.get(contract_id, ())


def _stops_goods(rule: BlockRule) -> bool:
    return rule.action == BlockAction.BLOCK and rule.condition != BlockCondition.LIMIT


def _prepaid(reference: str, asked: Decimal, told_paid: Decimal) -> Gate:
    shipments = LedgerEntry.objects.filter(order_reference=reference, kind=LedgerKind.SHIPMENT)
    shipped = shipments.aggregate(total=Sum(F("debit") - F("credit")))["total"] or ZERO
    paid = max(told_paid, paid_by_part([reference]).get(reference, ZERO))
    missing = shipped + asked - paid
    if missing <= 0:
        return Gate(True, "open", "")
    text = _("Ждем предоплату: не хватает {amount} ₽.").format(amount=format_money(missing))
    return Gate(False, "not_prepaid", text)
