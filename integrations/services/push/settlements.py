"""Расчеты: balances under contracts that are known already, or wait for them."""

from collections.abc import Collection

from finance.services import Balance, CurrencyDiffers, OverduePart, settlement_note, settlements_clear
from integrations.models import ExternalKind
from integrations.push.items.settlements import SettlementItem
from integrations.services.incoming.work import Work
from integrations.services.push.contracts import contract_ids
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.waits import ItemWaits


def settlement_take(work: Work, item: SettlementItem) -> None:
    """Keep a balance. Raises ItemRefused, ItemWaits (the contract has not come). Idempotent."""
    contract_id = work.known(ExternalKind.CONTRACT, item.contract_ref)
    if contract_id is None:
        raise ItemWaits(
            f"договор {item.contract_ref} ещё не пришёл", kind=ExternalKind.CONTRACT, ref=item.contract_ref
        )
    try:
        settlement_note(contract_id=contract_id, balance=_balance(item))
    except CurrencyDiffers as refusal:
        raise ItemRefused(f"Расчёты в {item.currency}, а договор в {refusal}") from None


def settlements_missing(work: Work, refs: Collection[str]) -> None:
    """1C gives no row where nothing is owed: the balance is nought, the limit stays."""
    settlements_clear(contract_ids=contract_ids(work, refs), as_of=work.formed_at or work.at)


def _balance(item: SettlementItem) -> Balance:
    return Balance(
        currency=item.currency,
        debt=item.debt,
        prepayment=item.prepayment,
        shipping=item.shipping,
        to_pay=item.to_pay,
        as_of=item.as_of,
        overdue=tuple(
            OverduePart(row.due_date, row.amount, row.document)
            for row in item.overdue
            if row.due_date is not None  # the item has made sure
        ),
    )
