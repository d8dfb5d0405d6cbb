"""When orders under a contract may be paid for, and why not otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from counterparties.models import Contract
from counterparties.selectors.contract_terms import expiry_note
from finance.selectors.payment_terms import deferred_contracts
from finance.states import PaymentTerms
from orders.selectors.trade import TradeTerms


@dataclass(frozen=True, slots=True)
class PaymentOffer:
    """Terms that may be chosen, the usual one first; `closed` says why the others are not there."""

    choices: tuple[PaymentTerms, ...]
    closed: tuple[str, ...] = ()

    @property
    def usual(self) -> PaymentTerms:
        return self.choices[0]


def payment_offers(contracts: Iterable[tuple[Contract, TradeTerms]], *, on: date) -> dict[int, PaymentOffer]:
    """By contract; one query. A rule names the only terms; else a deferral or a credit line allows both."""
    asked = {contract.pk: (contract, trade) for contract, trade in contracts}
    deferred = deferred_contracts(asked.keys(), on=on)
    return {pk: _offer(contract, trade, pk in deferred, on) for pk, (contract, trade) in asked.items()}


def _offer(contract: Contract, trade: TradeTerms, is_deferred: bool, on: date) -> PaymentOffer:
    if trade.payment_terms:
        only = PaymentTerms(trade.payment_terms)
        other = PaymentTerms.CREDIT if only == PaymentTerms.PREPAID else PaymentTerms.PREPAID
        text = _("«{terms}» недоступна по договору {contract}.")
        return PaymentOffer((only,), (text.format(terms=other.label, contract=contract),))
    if is_deferred and contract.has_ended_on(on) and not contract.takes_credit_on(on):
        return PaymentOffer((PaymentTerms.PREPAID,), (expiry_note(contract, on),))
    if is_deferred:
        return PaymentOffer((PaymentTerms.CREDIT, PaymentTerms.PREPAID))
    text = _("Отсрочка по договору {contract} не предусмотрена.").format(contract=contract)
    return PaymentOffer((PaymentTerms.PREPAID,), (text,))
