"""Заявка на отгрузку on paper."""

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from documents.layout.images import FormImages, lawful_images
from documents.layout.parts import (
    NOTHING,
    is_tall,
    money_or_nothing,
    party_text,
    quantity_or_nothing,
    require_printable,
    sum_of_known,
)
from documents.payloads.shipping import ShippingLine, ShippingPayload
from documents.pdf import html_to_pdf
from documents.states import DocumentKind
from portal.lib.dates import format_date_long
from portal.lib.money import format_quantity


def shipping_pdf(
    payload: ShippingPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(shipping_html(payload, images, watermark=watermark), earlier=earlier)


def shipping_html(payload: ShippingPayload, images: FormImages | None = None, *, watermark: str = "") -> str:
    """Fill the template in; logo and stamp of the seller are lawful here."""
    kept = lawful_images(DocumentKind.SHIPPING, images)
    return render_to_string(
        "documents/forms/shipping.html", {**_context(payload), "images": kept, "watermark": watermark}
    )


def _context(payload: ShippingPayload) -> dict[str, Any]:
    require_printable(len(payload.lines))
    return {
        "paper": payload,
        "title": f"Заявка на отгрузку № {payload.number} от {format_date_long(payload.day)}",
        "heading": f"ЗАЯВКА НА ОТГРУЗКУ № {payload.number} от {format_date_long(payload.day)}",
        "author": payload.seller.name,
        "facts": [(label, text) for label, text in _facts(payload) if text],
        "rows": [_row(line) for line in payload.lines],
        "quantity": format_quantity(sum((line.quantity for line in payload.lines), Decimal(0))),
        "weight": quantity_or_nothing(sum_of_known(line.weight for line in payload.lines)),
        "volume": quantity_or_nothing(sum_of_known(line.volume for line in payload.lines)),
        "places": quantity_or_nothing(sum_of_known(line.places for line in payload.lines)),
        "gross": money_or_nothing(sum_of_known(line.gross for line in payload.lines)),
        "count": len(payload.lines),
    }


def _facts(payload: ShippingPayload) -> list[tuple[str, str]]:
    return [
        ("Заказы:", ", ".join(f"№ {number}" for number in payload.orders)),
        ("Договор:", payload.contract),
        ("Поставщик:", party_text(payload.seller)),
        ("Плательщик:", party_text(payload.payer)),
        ("Грузополучатель:", party_text(payload.consignee)),
        ("Адрес доставки:", payload.address),
        ("Контактное лицо:", payload.contact),
        ("Склад:", payload.warehouse),
        ("Способ получения:", payload.method),
        ("Желаемая дата и время:", payload.when),
        ("Погрузка:", payload.loading),
        ("Перевозчик:", payload.carrier),
        ("Водитель:", payload.driver),
        ("Документ водителя:", payload.driver_paper),
        ("Автомобиль:", payload.car),
        ("Доверенность:", payload.authority),
        ("Передача УПД:", payload.handover),
        ("Примечания:", payload.remarks),
    ]


def _row(line: ShippingLine) -> dict[str, Any]:
    return {
        "article": line.article or NOTHING,
        "name": line.name,
        "is_tall": is_tall(line.name),
        "unit": line.unit,
        "ordered": format_quantity(line.ordered),
        "shipped": format_quantity(line.shipped),
        "reserved": quantity_or_nothing(line.reserved),
        "quantity": format_quantity(line.quantity),
        "weight": quantity_or_nothing(line.weight),
        "volume": quantity_or_nothing(line.volume),
        "places": quantity_or_nothing(line.places),
    }
