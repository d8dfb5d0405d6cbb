"""Gather what an invoice says from an order, the seller and the contract as they are now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import structlog

from counterparties.models import Organization, OrganizationBankAccount, OrganizationSigner
from counterparties.selectors.contract_terms import Terms, terms_on
from documents.compose.parties import Signers, account_details, client_party, seller_party
from documents.payloads.invoice import InvoicePayload, Line
from documents.payloads.parts import PaperRef, Party, Signer, rate_totals, total_of
from documents.payment_qr import Payee, QrNotPossible, payment_qr
from documents.purpose import payment_purpose
from documents.refusals import PaperNotPossible
from finance.states import PaymentTerms
from orders.models import Order, OrderLine
from portal.lib.dates import add_bank_days
from portal.lib.money import Amount, format_quantity

# The words of the printed form of 1C, for organizations that have none of their own.
DEFAULT_NOTICE = (
    "Внимание! Оплата данного счета означает согласие с условиями поставки товара.\n"
    "Уведомление об оплате обязательно, в противном случае не гарантируется наличие товара на складе.\n"
    "Товар отпускается по факту прихода денег на р/с Поставщика, самовывозом, при наличии доверенности "
    "и паспорта."
)
log = structlog.get_logger()


class InvoiceNotPossible(PaperNotPossible):
    """The seller or the order lacks something."""


def invoice_payload(
    *,
    order: Order,
    lines: Sequence[OrderLine],
    account: OrganizationBankAccount | None,
    signers: Sequence[OrganizationSigner],
    number: str,
    day: date,
    replaces: PaperRef | None = None,
) -> InvoicePayload:
    """Freeze an invoice for an order; everything is taken as it is at this moment.

    `signers` are all who were ever named for the organization, `replaces` is the invoice that it is
    issued instead of.

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
    terms = terms_on(order.contract, day)
    seller = seller_party(order.organization, account)
    return InvoicePayload(
        number=number,
        day=day,
        pay_until=_pay_until(order, terms, day),
        order_number=order.number,
        basis=f"{order.contract.get_kind_display()} {order.contract}",
        seller=seller,
        bank=account_details(account),
        buyer=client_party(order.legal_entity),
        lines=printed,
        prices_include_vat=order.is_vat_included,
        total=total,
        rates=rates,
        purpose=purpose,
        qr=_qr(order.organization, account, total, purpose),
        signers=_signers(seller, order.organization, Signers(order.organization, signers, day)),
        notice=order.organization.invoice_notice or DEFAULT_NOTICE,
        terms=_terms(order, terms),
        replaces=replaces,
    )


def _pay_until(order: Order, terms: Terms, day: date) -> date:
    """On credit the deferral of the contract in calendar days, else the seller's bank days."""
    if _is_deferred(order, terms):
        return add_bank_days(day + timedelta(days=terms.deferral_days), 0)
    return add_bank_days(day, order.organization.invoice_valid_days)


def _terms(order: Order, terms: Terms) -> str:
    """How it is paid and where the goods go, in whole sentences."""
    told = []
    if not _is_deferred(order, terms):
        told.append("Предоплата.")
    elif terms.prepayment_percent:
        told.append(f"Предоплата {format_quantity(terms.prepayment_percent)}%, остальное с отсрочкой.")
    place = order.delivery_text.strip().rstrip(".")
    if place:
        told.append(f"Получение: {place}.")
    return " ".join(told)


def _is_deferred(order: Order, terms: Terms) -> bool:
    """A client may choose prepayment though his contract lets him pay later."""
    return order.payment_terms == PaymentTerms.CREDIT and terms.deferral_days > 0


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


def _signers(seller: Party, organization: Organization, named: Signers) -> tuple[Signer, ...]:
    """Who signs on the day; the picture of a signature on the invoice is of the same person."""
    head = named.head or Signer(role=organization.head_position, name="")
    if seller.is_entrepreneur:
        return (replace(head, role="Предприниматель"),)
    return (head, replace(named.accountant or Signer(role="", name=""), role="Бухгалтер"))
