"""Why a credit line does not let a need through, after it has been added to the exposure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.refusals import CreditClosed, CreditExceeded, CreditOverdue, CreditRefused
from finance.selectors.exposure import ContractCredit, LineView
from finance.states import CreditMode, CreditStatus
from portal.lib.money import format_money

ZERO = Decimal("0.00")

CLOSED = frozenset({CreditStatus.SUSPENDED, CreditStatus.EXPIRED})
"""Lines that stand so let nothing through, whatever is paid."""

STOPPING = frozenset({CreditMode.BLOCK_NEW, CreditMode.BLOCK_SHIPMENTS})
"""Lines that stop orders; others only warn."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The refusal, the line that says it, and how much an override would have to let through."""

    refusal: CreditRefused
    line: LineView
    amount: Decimal


def shortfall_of(
    credit: ContractCredit, need: Decimal, *, is_included: bool = True, modes: frozenset[str] | None = None
) -> Shortfall | None:
    """The worst refusal among the lines; None where the need passes, or asks for nothing.

    With `is_included` the need is in the exposure already. Lines that only warn are left out unless
    `modes` says otherwise. Exactly the limit is allowed.
    """
    if need <= 0:
        return None
    counted = modes or STOPPING
    lines = [line for line in credit.lines if line.mode in counted]
    closed = next((line for line in lines if line.status in CLOSED), None)
    if closed is not None:
        return Shortfall(
            CreditClosed(**_facts(credit, need, closed, is_included), text=_closed(closed)), closed, need
        )
    overdue = next((line for line in lines if line.status == CreditStatus.OVERDUE), None)
    if overdue is not None:
        text = _("Есть просроченный долг {amount} ₽. Погасите его, чтобы заказать в кредит.").format(
            amount=format_money(overdue.overdue)
        )
        refused = CreditOverdue(**_facts(credit, need, overdue, is_included), text=text)
        return Shortfall(refused, overdue, need)
    tightest = min(lines, key=lambda line: line.available, default=None)
    if tightest is None:
        return None
    left = _left(credit, tightest, need, is_included)
    if need <= left:
        return None
    text = _("Не хватает кредитного лимита: нужно {need} ₽, доступно {left} ₽.").format(
        need=format_money(need), left=format_money(left)
    )
    refusal = CreditExceeded(contract_id=credit.contract_id, need=need, available=left, text=text)
    return Shortfall(refusal, tightest, need - max(ZERO, left))


def _left(credit: ContractCredit, line: LineView, need: Decimal, is_included: bool) -> Decimal:
    """What the line leaves for the need: when it is in already, without it."""
    if is_included:
        return line.available + need
    return line.available + credit.own_advance


def _facts(credit: ContractCredit, need: Decimal, line: LineView, is_included: bool) -> dict[str, Any]:
    left = _left(credit, line, need, is_included)
    return {"contract_id": credit.contract_id, "need": need, "available": left}


def _closed(line: LineView) -> str:
    if line.status == CreditStatus.SUSPENDED:
        return _("Кредитная линия приостановлена. Обратитесь к менеджеру.")
    return _("Срок кредитной линии истек. Обратитесь к менеджеру.")
