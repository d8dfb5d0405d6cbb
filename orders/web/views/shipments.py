"""The list of shipments: requests of clients and shipments of 1C, and the same as a table."""

import tempfile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from openpyxl import Workbook

from accounts.permissions import Permission
from counterparties.web.middleware import PortalRequest
from documents.selectors.for_shipments import document_rows_for_shipments
from orders.selectors.shipment_list import ShipmentFilter, ShipmentRow, shipment_rows, shipment_rows_all
from orders.web.shipment_forms import ShipmentSearch
from orders.web.upload_file import XLSX, text_cell
from portal.lib.dates import format_date

MOST_ROWS = 10_000
_HEADS = ("Дата", "Что", "Номер", "Состояние", "Юрлицо", "Заказы", "Склад", "Сумма с НДС", "Приёмка")


@require_GET
def shipment_list(request: PortalRequest) -> HttpResponse:
    """Requests and shipments that the actor may see, with filters in the address."""
    form, chosen = _asked(request)
    found = shipment_rows(actor=request.actor, chosen=chosen, page=request.GET.get("page", 1))
    papers = [row.paper for row in found.rows if row.paper is not None]
    context = {
        "form": form,
        "shipments": found,
        "documents": document_rows_for_shipments(papers=papers, actor=request.actor),
        "is_filtered": chosen != ShipmentFilter(),
        "may_ask": request.actor.is_client and request.actor.can(Permission.ORDER_SUBMIT),
        "may_claim": request.actor.is_client and not request.actor.is_read_only,
        "area": "shipments",
    }
    return render(request, "orders/shipments.html", context)


@require_GET
def shipment_export(request: PortalRequest) -> FileResponse:
    """The same list as XLSX, ten thousand rows at most."""
    _form, chosen = _asked(request)
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Отгрузки"))
    page.append([text_cell(page, head, is_bold=True) for head in _HEADS])
    for row in shipment_rows_all(actor=request.actor, chosen=chosen, most=MOST_ROWS):
        page.append(_cells(page, row))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_("Отгрузки.xlsx"), content_type=XLSX)


def _cells(page: Any, row: ShipmentRow) -> list[Any]:
    counted = _("с расхождением") if row.has_differences else _("принято")
    texts = (
        format_date(row.day) if row.day else "",
        _("Отгрузка") if row.paper else _("Заявка"),
        row.number,
        row.state_label,
        row.legal_entity,
        ", ".join(label for _pk, label in row.orders),
        row.warehouse,
    )
    told = [text_cell(page, text) for text in texts]
    return [*told, row.total, text_cell(page, counted if row.is_received else "")]


def _asked(request: PortalRequest) -> tuple[ShipmentSearch, ShipmentFilter]:
    form = ShipmentSearch(request.GET, actor=request.actor)
    form.is_valid()
    told = form.cleaned_data
    entity = told.get("legal_entity")
    chosen = ShipmentFilter(
        what=told.get("what") or "",
        state=told.get("state") or "",
        legal_entity_id=entity.pk if entity else None,
        since=told.get("since"),
        until=told.get("until"),
        search=told.get("q") or "",
    )
    return form, chosen
