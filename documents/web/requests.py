"""Asking 1C for acts and originals."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract
from counterparties.web.middleware import PortalRequest
from integrations.models import RequestKind
from integrations.reports.requests import act_contracts
from integrations.services.requests import RequestRefused, RequestTarget, erp_request_create
from orders.models import ErpDocument

_QUARTER, _YEAR, _OWN = "quarter", "year", "own"


class ContractChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.legal_entity.name}, договор {obj}"


class ActRequest(forms.Form):
    """For which contract and period."""

    contract = ContractChoice(label=_("Договор"), queryset=Contract.objects.none(), empty_label=None)
    period = forms.ChoiceField(
        label=_("Период"),
        choices=[(_QUARTER, _("Прошлый квартал")), (_YEAR, _("С начала года")), (_OWN, _("Свой период"))],
    )
    start = forms.DateField(
        label=_("С"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=_("По"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract"].queryset = act_contracts(actor=actor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("period") == _OWN and not (told.get("start") and told.get("end")):
            raise forms.ValidationError(_("Для своего периода укажите обе даты."))
        return told

    def period_on(self, today: date) -> tuple[date, date]:
        """First and last day of the chosen period."""
        if self.cleaned_data["period"] == _OWN:
            return self.cleaned_data["start"], self.cleaned_data["end"]
        if self.cleaned_data["period"] == _YEAR:
            return today.replace(month=1, day=1), today
        last = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
        return last.replace(month=last.month - 2, day=1), last


def act_form(actor: Actor) -> ActRequest | None:
    """The form, where there is a contract whose base answers requests."""
    if not actor.can(Permission.FINANCE_VIEW) or actor.is_read_only:
        return None
    form = ActRequest(actor=actor)
    return form if form.fields["contract"].queryset.exists() else None  # type: ignore[attr-defined]


@require_POST
def act(request: PortalRequest) -> HttpResponse:
    """Ask for an act; what does not fit is told on the list."""
    request.actor.require(Permission.FINANCE_VIEW)
    form = ActRequest(request.POST, actor=request.actor)
    if not form.is_valid():
        for faults in form.errors.values():
            messages.error(request, str(faults[0]))
        return redirect("documents:list")
    start, end = form.period_on(timezone.localdate())
    target = RequestTarget(
        kind=RequestKind.ACT, contract_id=form.cleaned_data["contract"].pk, period_from=start, period_to=end
    )
    _ask(request, target)
    return redirect("documents:list")


@require_POST
def original(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask for the original of an order's shipment or invoice."""
    request.actor.require(Permission.DOCUMENT_VIEW)
    try:
        _ask(request, RequestTarget(kind=RequestKind.FILE, paper_id=pk))
    except ErpDocument.DoesNotExist as error:
        raise Http404 from error
    order_id = ErpDocument.objects.values_list("part__order_id", flat=True).get(pk=pk)
    return redirect("orders:detail", pk=order_id)


def _ask(request: PortalRequest, target: RequestTarget) -> None:
    try:
        _row, is_new = erp_request_create(actor=request.actor, target=target, at=timezone.now())
    except RequestRefused as refusal:
        messages.error(request, str(refusal))
        return
    if is_new:
        messages.success(request, _("Запрос отправлен, ждём ответа 1С."))
    else:
        messages.info(request, _("Такой запрос уже отправлен, ждём ответа 1С."))
