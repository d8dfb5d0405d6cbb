"""The page of one paper, and papers that people ask for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from counterparties.web.middleware import PortalRequest
from documents.models import Document, DocumentTask
from documents.readers import require_reader
from documents.selectors.paper_page import (
    PaperCard,
    is_correctable,
    is_renewable,
    issued_card,
    received_card,
    returns_to_correct,
)
from documents.selectors.shipped import paper_reference
from documents.services.asked_papers import REQUEST, paper_ask, task_fetch
from documents.states import DocumentKind, TaskState
from documents.web.copies import may_upload
from orders.models import ErpDocument, Order
from portal.files.serving import FileDamaged, file_response

_USUAL_DAYS = 10


class ShipmentPaperForm(forms.Form):
    """Which paper of a shipment, and of which date."""

    kind = forms.ChoiceField(
        choices=[
            (kind.value, kind.label)
            for kind in (
                DocumentKind.UPD,
                DocumentKind.FACTURA,
                DocumentKind.WAYBILL,
                DocumentKind.CORRECTION,
            )
        ]
    )
    today = forms.BooleanField(required=False)
    revision = forms.IntegerField(required=False, min_value=1, max_value=999)
    reason = forms.CharField(required=False, max_length=300)

    @property
    def options(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("today", "revision", "reason")}


class ReasonForm(forms.Form):
    """Why a paper is corrected."""

    reason = forms.CharField(required=False, max_length=300)


class ProxyForm(forms.Form):
    """What a доверенность says beside the request."""

    bearer = forms.CharField(
        label=gettext_lazy("Кому выдана"),
        max_length=200,
        help_text=gettext_lazy("Должность и ФИО в дательном падеже: водителю Петрову Ивану Сергеевичу."),
    )
    bearer_paper = forms.CharField(
        label=gettext_lazy("Паспорт: серия, номер, кем и когда выдан"), max_length=300, required=False
    )
    number = forms.CharField(
        label=gettext_lazy("Номер доверенности"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Пусто: номер заявки."),
    )
    until = forms.DateField(
        label=gettext_lazy("Действует по"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    has_stub = forms.BooleanField(label=gettext_lazy("С корешком (М-2)"), required=False, initial=True)

    @property
    def options(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return told | {"until": told["until"].isoformat()}


def proxy_initial(driver: str = "", paper: str = "") -> dict[str, Any]:
    """What a доверенность for a request may begin with."""
    until = timezone.localdate() + timedelta(days=_USUAL_DAYS)
    return {"bearer": driver, "bearer_paper": paper, "until": until}


@require_GET
def detail(request: PortalRequest, uid: UUID) -> HttpResponse:
    """A paper of ours."""
    require_reader(request.actor)
    try:
        card = issued_card(uid=uid, actor=request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return _page(request, card)


@require_GET
def received_detail(request: PortalRequest, uid: UUID) -> HttpResponse:
    """A paper of 1C."""
    require_reader(request.actor)
    try:
        card = received_card(uid=uid, actor=request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return _page(request, card)


@require_POST
def correct(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Staff: make an исправление or a УКД of a paper of a shipment, an invoice anew."""
    request.actor.require(Permission.CLIENT_SERVE)
    document = get_object_or_404(Document.objects.visible_to(request.actor).defer("payload"), uid=uid)
    if is_renewable(document):
        return _asked(request, DocumentKind.INVOICE, document.reference, {"renews": document.pk})
    if not is_correctable(document):
        messages.error(request, _("Исправляют только действующий документ отгрузки или счет."))
        return redirect("documents:detail", uid=uid)
    is_revision = "revision" in request.POST
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Причина не читается, напишите ее короче и без особых знаков."))
        return redirect("documents:detail", uid=uid)
    options: dict[str, Any] = {"reason": form.cleaned_data["reason"]}
    if is_revision:
        options = {"revision": document.revision + 1}
    kind = DocumentKind(document.kind) if is_revision else DocumentKind.CORRECTION
    return _asked(request, kind, document.reference, options)


@require_POST
def shipment_paper(request: PortalRequest, pk: int) -> HttpResponse:
    """Staff: make a paper of a shipment (or a УКД of a return) of 1C."""
    request.actor.require(Permission.CLIENT_SERVE)
    orders = Order.objects.visible_to(request.actor)
    paper = get_object_or_404(ErpDocument.objects.filter(part__order__in=orders), pk=pk)
    form = ShipmentPaperForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Выберите, какой документ сделать."))
        return redirect("documents:completeness")
    kind = DocumentKind(form.cleaned_data["kind"])
    return _asked(request, kind, paper_reference(paper), form.options)


@require_POST
def order_invoice(request: PortalRequest, pk: int) -> HttpResponse:
    """Staff: make the first invoice of an order, where the portal could not issue it by itself."""
    request.actor.require(Permission.CLIENT_SERVE)
    order = get_object_or_404(Order.objects.visible_to(request.actor), pk=pk)
    if order.is_from_erp:
        raise Http404
    return _asked(request, DocumentKind.INVOICE, order.reference, {})


@require_POST
def request_paper(request: PortalRequest, pk: int) -> HttpResponse:
    """Make a заявка or a доверенность of a request for shipment."""
    reference = f"{REQUEST}{pk}"
    if request.POST.get("kind") != DocumentKind.PROXY:
        return _asked(request, DocumentKind.SHIPPING, reference, {})
    form = ProxyForm(request.POST)
    if not form.is_valid():
        for name, faults in form.errors.items():
            messages.error(request, f"{form.fields[name].label}: {faults[0]}")
        return redirect("orders:shipment_request", pk=pk)
    return _asked(request, DocumentKind.PROXY, reference, form.options)


@require_GET
def task(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Where a paper stands that the person has asked for; htmx asks again till it is made."""
    found = get_object_or_404(
        DocumentTask.objects.visible_to(request.actor).select_related("document"), uid=uid
    )
    context = {"task": found, "is_making": found.state == TaskState.QUEUED, "area": "documents"}
    name = "documents/_task.html" if request.headers.get("HX-Request") else "documents/task.html"
    response = render(request, name, context)
    response["Vary"] = "HX-Request"
    return response


@require_GET
def task_file(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """Staff: the draft of a paper that 1C numbers, for whoever asked for it."""
    try:
        found, file = task_fetch(uid=uid, actor=request.actor)
        return file_response(file, filename=f"{found.get_kind_display()}, черновик.pdf", inline=True)
    except DocumentTask.DoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        text = "Файл поврежден. Сделайте черновик еще раз."
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")


def _asked(
    request: PortalRequest, kind: DocumentKind, reference: str, options: dict[str, Any]
) -> HttpResponse:
    try:
        made = paper_ask(
            actor=request.actor, kind=kind, reference=reference, options=options, at=timezone.now()
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if made.asked_by_id != request.actor.user_id:
        messages.info(request, _("Этот документ уже готовится: его запросил другой сотрудник."))
        return redirect("documents:list")
    return redirect("documents:task", uid=made.uid)


def _page(request: PortalRequest, card: PaperCard) -> HttpResponse:
    actor = request.actor
    serves = actor.can(Permission.CLIENT_SERVE)
    context = {
        "card": card,
        "may_upload": may_upload(actor, card),
        "may_correct": serves and card.document is not None and is_correctable(card.document),
        "returns": returns_to_correct(card.document) if serves and card.document is not None else [],
        "may_renew": serves and card.document is not None and is_renewable(card.document),
        "serves": serves,
        "area": "documents",
    }
    return render(request, "documents/detail.html", context)
