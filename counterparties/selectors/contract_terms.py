"""Terms of contracts by dates: what was agreed for a day, and what orders an ended contract still takes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from counterparties.models import Contract, ContractTerms, ExpiredContract
from portal.lib.dates import format_date

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Terms:
    """Deferral in calendar days and prepayment in percent 0-100 that hold on a day."""

    deferral_days: int = 0
    prepayment_percent: Decimal = ZERO


def terms_on(contract: Contract, day: date) -> Terms:
    """Terms of a contract on a Moscow date; one query."""
    return terms_by_contract([contract], day)[contract.pk]


def terms_by_contract(contracts: Collection[Contract], day: date) -> dict[int, Terms]:
    """The same of many contracts; one query.

    The newest row that has begun decides. What it leaves empty is as in an older row, and at last as the
    contract itself says.
    """
    found = {contract.pk: Terms(deferral_days=contract.deferral_days) for contract in contracts}
    rows = ContractTerms.objects.filter(contract__in=found, valid_from__lte=day).order_by("valid_from")
    for row in rows:
        known = found[row.contract_id]
        deferral, percent = row.deferral_days, row.prepayment_percent
        found[row.contract_id] = Terms(
            deferral_days=known.deferral_days if deferral is None else deferral,
            prepayment_percent=known.prepayment_percent if percent is None else percent,
        )
    return found


def expiry_note(contract: Contract, on: date) -> str:
    """What a buyer reads of a contract whose last day has passed; empty while it is in force."""
    if not contract.has_ended_on(on) or contract.valid_until is None:
        return ""
    text = {
        ExpiredContract.WARN: _(
            "Договор {contract} истек {date}. Заказы принимаются, но договор пора продлить."
        ),
        ExpiredContract.PREPAYMENT: _(
            "Договор {contract} истек {date}. "
            "Заказы принимаются только по предоплате, пока договор не продлен."
        ),
        ExpiredContract.BLOCK: _(
            "Договор {contract} истек {date}. Заказы не принимаются, пока он не продлен."
        ),
    }[ExpiredContract(contract.organization.expired_contract)]
    return text.format(contract=contract, date=format_date(contract.valid_until))
