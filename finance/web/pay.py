"""Paying: what is chosen, the bill for a bank, the file for a client program, the online payment."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.models import (
    Contract,
    LegalEntity,
    LegalEntityBankAccount,
    OrganizationBankAccount,
)
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from finance.bank_file import FILE_NAME, MIME, BankParty, PaymentOrder, bank_file
from finance.gateways import payment_gateway
from finance.models import OnlinePayment
from finance.refusals import PaymentRefused
from finance.selectors.payables import PayGroup, money_contracts, oldest_first, pay_groups, payer_of
from finance.services.online import (
    Chosen,
    online_payment_create,
    online_payment_refresh,
    online_payment_start,
)
from finance.states import OnlineState
from finance.web.choosing import ADVANCE, Bill, PayLine, amount_typed, bill_of, pay_address, pay_lines

_SENDER = "Портал дилера"


@require_safe
@cabinet
@permitted(Permission.FINANCE_VIEW)
def pay(request: PortalRequest) -> HttpResponse:
    """Choose of all that a legal entity may pay; the address holds the choice, so that it can be sent."""
    payers, entity, groups = _groups(request)
    if entity is not None and (total := amount_typed(request.GET.get("total", ""))) is not None:
        rows = [row for group in groups for row in group.rows]
        return redirect(pay_address(entity.pk, oldest_first(rows, total)))
    lines = {group.key: pay_lines(group, request.GET, request.GET.getlist("ref")) for group in groups}
    bills = _bills(groups, lines)
    context = {
        "payers": payers,
        "entity": entity,
        "groups": [(group, lines[group.key]) for group in groups],
        "bills": bills,
        "total": sum(bill.total for bill in bills),
        "is_wrong": any(line.is_wrong for rows in lines.values() for line in rows),
        "payer_account": _payer_account(entity),
        "is_online": payment_gateway() is not None,
        "key": uuid4(),
        "area": "settlements",
    }
    return render(request, "finance/pay.html", context)


@require_safe
@cabinet
@permitted(Permission.FINANCE_VIEW)
def pay_file(request: PortalRequest) -> HttpResponse:
    """The chosen bills as payment orders for a client program of a bank, one for each organization."""
    _payers, entity, groups = _groups(request)
    refs = request.GET.getlist("ref")
    bills = _bills(groups, {group.key: pay_lines(group, request.GET, refs) for group in groups})
    account = _payer_account(entity)
    if entity is None or account is None or not bills or any(bill.account is None for bill in bills):
        raise Http404
    payer = _party(entity.name, entity.inn, entity.kpp, account)
    now = timezone.localtime()
    orders = [
        PaymentOrder(
            number=number,
            day=now.date(),
            amount=bill.total,
            payer=payer,
            payee=_payee(bill),
            purpose=bill.purpose,
        )
        for number, bill in enumerate(bills, start=1)
    ]
    content = bank_file(orders=orders, sender=_SENDER, at=now)
    return HttpResponse(
        content,
        content_type=MIME,
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"},
    )


@require_POST
@cabinet
@permitted(Permission.FINANCE_VIEW)
def payment_start(request: PortalRequest) -> HttpResponse:
    """Make the online payment once for a form, ask the provider, and go to its page of ours."""
    _payers, entity, groups = _groups(request, request.POST)
    group = next((one for one in groups if one.key == request.POST.get("group")), None)
    key = _key(request.POST.get("key", ""))
    if entity is None or group is None or key is None:
        return _refused(request, "Оплачивать здесь больше нечего: остаток уже изменился.")
    known = OnlinePayment.objects.visible_to(request.actor).filter(uid=key).first()
    lines = pay_lines(group, request.POST, request.POST.getlist("ref"))
    bill = bill_of(group, lines, {})
    if any(line.is_wrong for line in lines) and known is None:
        return _refused(request, "Сумма больше остатка. Возможно, часть уже оплачена.")
    try:
        payment = online_payment_create(
            actor=request.actor,
            key=key,
            contract_ids=[contract.pk for contract in group.contracts],
            chosen=[Chosen(line.row.reference, line.amount) for line in lines if line.is_chosen],
            purpose=bill.purpose,
            at=timezone.now(),
        )
    except Contract.DoesNotExist as error:
        raise Http404 from error
    except PaymentRefused as refusal:
        return _refused(request, str(refusal))
    online_payment_start(payment_id=payment.pk, at=timezone.now())
    return redirect("finance:payment", uid=payment.uid)


@require_safe
@cabinet
@permitted(Permission.FINANCE_VIEW)
def payment(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Where a person comes back from the bank's page: the payment is read anew. htmx asks for the state."""
    mine = OnlinePayment.objects.visible_to(request.actor)
    found = mine.filter(uid=uid).first()
    if found is None:
        raise Http404
    online_payment_refresh(payment_id=found.pk, at=timezone.now())
    shown = mine.select_related("legal_entity", "organization").prefetch_related("items").get(pk=found.pk)
    context = {
        "payment": shown,
        "is_open": shown.state not in {OnlineState.SUCCEEDED, OnlineState.CANCELED},
        "area": "settlements",
    }
    template = "finance/_payment_state.html" if request.headers.get("HX-Request") else "finance/payment.html"
    return render(request, template, context)


def _groups(
    request: PortalRequest, query: QueryDict | None = None
) -> tuple[list[LegalEntity], LegalEntity | None, list[PayGroup]]:
    """Legal entities with something to pay or asked for, the chosen one, and what it may pay to whom."""
    asked = request.GET if query is None else query
    contracts = money_contracts(request.actor)
    payers = {payer_of(contract).pk: payer_of(contract) for contract in contracts}
    if not payers:
        return [], None, []
    text = asked.get("entity", "")
    entity = payers.get(int(text)) if text.isdecimal() and len(text) < 19 else None
    if entity is None and text:
        raise Http404
    if entity is None:
        here = request.workplace.legal_entity
        entity = payers.get(here.pk) if here else None
        entity = entity or next(iter(payers.values()))
    own = [contract for contract in contracts if payer_of(contract).pk == entity.pk]
    groups = pay_groups(contracts=own, on=timezone.localdate())
    return list(payers.values()), entity, _with_advances(groups, own, asked.getlist("ref"))


def _with_advances(
    groups: list[PayGroup], contracts: Sequence[Contract], refs: Sequence[str]
) -> list[PayGroup]:
    """An advance may be asked for where nothing is owed."""
    there = {contract.pk for group in groups for contract in group.contracts}
    alone = [one for one in contracts if one.pk not in there and f"{ADVANCE}{one.pk}" in refs]
    return groups + [PayGroup(payer_of(one), one.organization, (one,), ()) for one in alone]


def _bills(groups: Sequence[PayGroup], lines: dict[str, list[PayLine]]) -> list[Bill]:
    found = OrganizationBankAccount.objects.filter(
        organization__in={group.organization.pk for group in groups}, is_default=True
    )
    accounts = {account.organization_id: account for account in found}
    bills = [bill_of(group, lines[group.key], accounts) for group in groups]
    return [bill for bill in bills if bill.total]


def _payer_account(entity: LegalEntity | None) -> LegalEntityBankAccount | None:
    if entity is None:
        return None
    return entity.bank_accounts.order_by("-is_default", "pk").first()


def _payee(bill: Bill) -> BankParty:
    seller = bill.group.organization
    if bill.account is None:
        raise Http404
    return _party(seller.name, seller.inn, seller.kpp, bill.account)


def _party(
    name: str, inn: str, kpp: str, account: LegalEntityBankAccount | OrganizationBankAccount
) -> BankParty:
    return BankParty(
        name=name,
        inn=inn,
        kpp=kpp,
        account=account.account,
        bank_name=account.bank_name,
        bic=account.bic,
        correspondent_account=account.correspondent_account,
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _refused(request: PortalRequest, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return redirect("finance:pay")
