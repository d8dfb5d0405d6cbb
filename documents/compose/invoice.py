"""Gather what an invoice says from an order, the seller and the contract as they are now."""

from collections.abc import Sequence
from datetime import date, timedelta

import structlog

from counterparties.models import Contract, LegalEntity, Organization, OrganizationBankAccount
from counterparties.selectors.contract_terms import terms_on
from documents.payloads.invoice import InvoicePayload, Line
from documents.payloads.parts import BankDetails, PaperRef, Party, Signer, rate_totals, total_of
from documents.payment_qr import Payee, QrNotPossible, payment_qr
from documents.purpose import payment_purpose
from documents.refusals import PaperNotPossible
from orders.models import Order, OrderLine
from portal.lib.dates import add_bank_days, format_date
from portal.lib.money import Amount

# The words of the printed form of 1C, for organizations that have none of their own.
DEFAULT_NOTICE = (
    "Внимание! Оплата данного счета означает согласие с условиями поставки товара.\n"
    "Уведомление об оплате обязательно, в противном случае не гарантируется наличие товара на складе.\n"
    "Товар отпускается по факту прихода денег на р/с Поставщика, самовывозом, при наличии доверенности "
    "и паспорта."
)
_PERSON_INN_LENGTH = 12

log = structlog.get_logger()


class InvoiceNotPossible(PaperNotPossible):
    """The seller or the order lacks something."""


def invoice_payload(
    *,
    order: Order,
    lines: Sequence[OrderLine],
    account: OrganizationBankAccount | None,
    number: str,
    day: date,
    replaces: PaperRef | None = None,
) -> InvoicePayload:
    """Freeze an invoice for an order; everything is taken as it is at this moment.

    `replaces` is the invoice that it is issued instead of.

    Raises InvoiceNotPossible with a Russian reason.
    """
    if account is None:
        raise InvoiceNotPossible(f"У организации {order.organization} не указан основной расчетный счет.")
    if order.currency != "RUB":
        raise InvoiceNotPossible(f"Счета в валюте {order.currency} портал не выписывает.")
    printed = tuple(_line(line) for line in lines)
    if not printed:
        raise InvoiceNotPossible(f"В заказе {order.number} нет строк.")
    rates = rate_totals(printed)
    purpose = payment_purpose(
        number=number,
        day=day,
        contract=(order.contract.number, order.contract.date),
        vat_by_rate=[(total.rate, total.vat) for total in rates],
    )
    total = total_of(printed)
    return InvoicePayload(
        number=number,
        day=day,
        pay_until=_pay_until(order.organization, order.contract, day),
        order_number=order.number,
        basis=f"Договор № {order.contract.number} от {format_date(order.contract.date)}",
        seller=_seller(order.organization),
        bank=_bank(account),
        buyer=_buyer(order.legal_entity),
        lines=printed,
        prices_include_vat=order.is_vat_included,
        total=total,
        rates=rates,
        purpose=purpose,
        qr=_qr(order.organization, account, total, purpose),
        signers=_signers(order.organization),
        notice=order.organization.invoice_notice or DEFAULT_NOTICE,
        replaces=replaces,
    )


def _pay_until(organization: Organization, contract: Contract, day: date) -> date:
    """The deferral of the contract in calendar days, else the seller's bank days."""
    deferral = terms_on(contract, day).deferral_days
    if deferral:
        return add_bank_days(day + timedelta(days=deferral), 0)
    return add_bank_days(day, organization.invoice_valid_days)


def _line(line: OrderLine) -> Line:
    return Line(
        article=line.article,
        name=line.name,
        quantity=line.quantity,
        unit=line.unit_name,
        price=line.price,
        rate=line.vat_percent,
        amount=Amount(line.net, line.vat, line.gross),
    )


def _seller(organization: Organization) -> Party:
    return Party(
        name=organization.name,
        inn=organization.inn,
        kpp=organization.kpp,
        address=organization.address,
        phone=organization.phone,
    )


def _buyer(entity: LegalEntity) -> Party:
    return Party(
        name=entity.name, inn=entity.inn, kpp=entity.kpp, address=entity.legal_address, phone=entity.phone
    )


def _bank(account: OrganizationBankAccount) -> BankDetails:
    return BankDetails(
        name=account.bank_name,
        bic=account.bic,
        correspondent_account=account.correspondent_account,
        account=account.account,
    )


def _qr(organization: Organization, account: OrganizationBankAccount, total: Amount, purpose: str) -> str:
    """An invoice is good without a code; why there is none is for the log."""
    payee = Payee(
        name=organization.name,
        inn=organization.inn,
        kpp=organization.kpp,
        account=account.account,
        bank_name=account.bank_name,
        bic=account.bic,
        correspondent_account=account.correspondent_account,
    )
    try:
        return payment_qr(payee=payee, total=total.gross, purpose=purpose)
    except QrNotPossible as reason:
        log.warning("invoice_without_qr", organization=organization.pk, reason=str(reason))
        return ""


def _signers(organization: Organization) -> tuple[Signer, ...]:
    if len(organization.inn) == _PERSON_INN_LENGTH:
        return (Signer(role="Предприниматель", name=organization.head_name),)
    head = Signer(role=organization.head_position, name=organization.head_name)
    return (head, Signer(role="Бухгалтер", name=organization.accountant_name))
