"""Legal entities of a client: requisites, bank accounts, delivery addresses."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from counterparties.models import DeliveryAddress, LegalEntity, LegalEntityBankAccount
from counterparties.registration_refusals import NothingChanged, WrongRequisites
from counterparties.requisites import ACCOUNT, REQUISITES
from counterparties.selectors.changes import CHANGE_HINT, entities_editable, entity_card, entity_rows
from counterparties.services.changes import account_change_ask, requisites_change_ask
from counterparties.services.requisites import account_default, address_remove, address_save
from counterparties.web.access import cabinet, permitted
from counterparties.web.forms.requisites import AccountForm, DeliveryForm, RequisitesForm
from counterparties.web.middleware import PortalRequest

_ABSENT = (LegalEntity.DoesNotExist, LegalEntityBankAccount.DoesNotExist, DeliveryAddress.DoesNotExist)


@require_safe
@cabinet
def company(request: PortalRequest) -> HttpResponse:
    """Legal entities that the person sees."""
    context = {"entities": entity_rows(actor=request.actor), "area": "company"}
    return render(request, "counterparties/requisites/list.html", context)


@require_safe
@cabinet
def entity(request: PortalRequest, pk: int) -> HttpResponse:
    """One legal entity."""
    try:
        card = entity_card(actor=request.actor, legal_entity_id=pk)
    except LegalEntity.DoesNotExist as error:
        raise Http404 from error
    return render(request, "counterparties/requisites/card.html", {"card": card, "area": "company"})


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.REQUISITES_EDIT)
def requisites_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask for other requisites."""
    found = _editable(request, pk)
    if request.method != "POST":
        form = RequisitesForm(initial={name: getattr(found, name) for name in REQUISITES})
        return _form_page(request, "requisites/edit.html", found, form)
    form = RequisitesForm(request.POST)
    if not form.is_valid():
        return _form_page(request, "requisites/edit.html", found, form, status=422)
    try:
        requisites_change_ask(
            actor=request.actor,
            legal_entity_id=pk,
            values=form.values(),
            comment=form.cleaned_data["comment"],
            at=timezone.now(),
        )
    except (WrongRequisites, NothingChanged) as refusal:
        return _wrong(request, "requisites/edit.html", found, form, refusal)
    messages.success(request, CHANGE_HINT)
    return redirect("counterparties:company_entity", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.REQUISITES_EDIT)
def account_edit(request: PortalRequest, pk: int, account_pk: int | None = None) -> HttpResponse:
    """Ask for a new bank account or a change of one."""
    found = _editable(request, pk)
    account = get_object_or_404(found.bank_accounts, pk=account_pk) if account_pk is not None else None
    if request.method != "POST":
        initial = {name: getattr(account, name) for name in ACCOUNT} if account else {}
        return _form_page(request, "requisites/account.html", found, AccountForm(initial=initial))
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _form_page(request, "requisites/account.html", found, form, status=422)
    try:
        account_change_ask(
            actor=request.actor,
            legal_entity_id=pk,
            account_id=account_pk,
            values=form.values(),
            comment=form.cleaned_data["comment"],
            at=timezone.now(),
        )
    except (WrongRequisites, NothingChanged) as refusal:
        return _wrong(request, "requisites/account.html", found, form, refusal)
    messages.success(request, CHANGE_HINT)
    return redirect("counterparties:company_entity", pk=pk)


@require_POST
@cabinet
@permitted(Permission.REQUISITES_EDIT)
def account_remove(request: PortalRequest, pk: int, account_pk: int) -> HttpResponse:
    """Ask to close an account."""
    try:
        account_change_ask(
            actor=request.actor,
            legal_entity_id=pk,
            account_id=account_pk,
            values=None,
            comment="",
            at=timezone.now(),
        )
    except _ABSENT as error:
        raise Http404 from error
    messages.success(request, CHANGE_HINT)
    return redirect("counterparties:company_entity", pk=pk)


@require_POST
@cabinet
@permitted(Permission.REQUISITES_EDIT)
def account_choose(request: PortalRequest, pk: int, account_pk: int) -> HttpResponse:
    """Make an account the default one."""
    try:
        account_default(actor=request.actor, legal_entity_id=pk, account_id=account_pk)
    except _ABSENT as error:
        raise Http404 from error
    return redirect("counterparties:company_entity", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.REQUISITES_EDIT)
def address_edit(request: PortalRequest, pk: int, address_pk: int | None = None) -> HttpResponse:
    """Add or change a delivery address; it is in force at once."""
    found = _editable(request, pk)
    used = found.delivery_addresses.filter(is_active=True)
    address = get_object_or_404(used, pk=address_pk) if address_pk is not None else None
    if request.method != "POST":
        names = ("city", "address", "contact_name", "contact_phone", "hours", "notes", "is_default")
        initial = (
            {name: getattr(address, name) for name in names} if address else {"city": request.workplace.city}
        )
        return _form_page(request, "requisites/address.html", found, DeliveryForm(initial=initial))
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        return _form_page(request, "requisites/address.html", found, form, status=422)
    try:
        address_save(actor=request.actor, legal_entity_id=pk, address_id=address_pk, delivery=form.delivery())
    except _ABSENT as error:
        raise Http404 from error
    messages.success(request, _("Адрес сохранен."))
    return redirect("counterparties:company_entity", pk=pk)


@require_POST
@cabinet
@permitted(Permission.REQUISITES_EDIT)
def address_drop(request: PortalRequest, pk: int, address_pk: int) -> HttpResponse:
    """Use an address no more."""
    try:
        address_remove(actor=request.actor, legal_entity_id=pk, address_id=address_pk)
    except _ABSENT as error:
        raise Http404 from error
    messages.success(request, _("Адрес убран. В прежних заказах он остался."))
    return redirect("counterparties:company_entity", pk=pk)


def _editable(request: PortalRequest, pk: int) -> LegalEntity:
    return get_object_or_404(entities_editable(request.actor), pk=pk)


def _form_page(
    request: PortalRequest, template: str, found: LegalEntity, form: Any, status: int = 200
) -> HttpResponse:
    context = {"entity": found, "form": form, "area": "company"}
    return render(request, f"counterparties/{template}", context, status=status)


def _wrong(
    request: PortalRequest, template: str, found: LegalEntity, form: Any, refusal: Exception
) -> HttpResponse:
    """The same page with each fault beside its field."""
    if isinstance(refusal, WrongRequisites):
        form.refuse(refusal)
    else:
        form.add_error(None, str(refusal))
    return _form_page(request, template, found, form, status=422)
