"""Counting a shipment that has come."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import ErpDocument, ErpDocumentLine, Receipt
from orders.refusals import OrderRefused
from orders.selectors.shipment_list import shipments_visible_to
from orders.services.receipts import receipt_create
from orders.web.typed_lines import typed_quantities

_NOTE_LENGTH, _COMMENT_LENGTH = 200, 500


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_VIEW)
def receive(request: PortalRequest, pk: int) -> HttpResponse:
    """Rows of a shipment with fields for what has come; on POST it is written down, once."""
    papers = shipments_visible_to(request.actor).filter(is_deleted=False).select_related("part__order")
    paper = papers.filter(pk=pk).first()
    if paper is None:
        raise Http404
    if Receipt.objects.filter(shipment=paper).exists():
        return redirect("orders:detail", pk=paper.part.order_id)
    rows = list(ErpDocumentLine.objects.filter(document=paper).order_by("position"))
    if request.method == "POST":
        return _received(request, paper, rows)
    return _page(request, paper, rows)


def _received(request: PortalRequest, paper: ErpDocument, rows: list[ErpDocumentLine]) -> HttpResponse:
    typed, faults = typed_quantities(request.POST, [row.pk for row in rows])
    notes = {row.pk: _words(request, f"note-{row.pk}", _NOTE_LENGTH) for row in rows}
    if request.POST.get("everything"):
        typed, faults, notes = {}, {}, {}
    if faults:
        return _page(request, paper, rows, faults=faults, status=422)
    try:
        receipt_create(
            actor=request.actor,
            shipment_id=paper.pk,
            quantities=typed,
            notes=notes,
            comment=_words(request, "comment", _COMMENT_LENGTH),
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, paper, rows, status=422)
    differs = any(row.pk in typed and typed[row.pk] < row.quantity for row in rows)
    if differs or any(notes.values()):
        messages.success(request, _("Отгрузка принята с расхождением. Заявите о нём рекламацией."))
        return redirect("orders:claim_new", pk=paper.pk)
    messages.success(request, _("Отгрузка принята."))
    return redirect("orders:detail", pk=paper.part.order_id)


def _words(request: PortalRequest, name: str, length: int) -> str:
    return request.POST.get(name, "").strip().replace("\0", "")[:length]


def _page(
    request: PortalRequest,
    paper: ErpDocument,
    rows: list[ErpDocumentLine],
    *,
    faults: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "paper": paper,
        "rows": rows,
        "typed": {row.pk: request.POST.get(f"q-{row.pk}", "") for row in rows},
        "notes": {row.pk: request.POST.get(f"note-{row.pk}", "") for row in rows},
        "faults": faults or {},
        "comment": request.POST.get("comment", ""),
        "area": "shipments",
    }
    return render(request, "orders/receive.html", context, status=status)
