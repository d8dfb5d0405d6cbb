"""УПД on paper: a счёт-фактура in a frame, and the transfer under it."""

from typing import Any

from django.template.loader import render_to_string

from documents.layout.factura import factura_context
from documents.layout.images import FormImages
from documents.layout.parts import day_in_quotes, paper_text, sign_place
from documents.payloads.transfer import TransferPayload
from documents.pdf import html_to_pdf
from portal.lib.dates import format_date_long


def upd_pdf(
    payload: TransferPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(upd_html(payload, images, watermark=watermark), earlier=earlier)


def upd_html(payload: TransferPayload, images: FormImages | None = None, *, watermark: str = "") -> str:
    """Fill the template in. A first document: pictures are taken for the sake of one call and not printed."""
    return render_to_string("documents/forms/upd.html", {**_context(payload), "watermark": watermark})


def _context(payload: TransferPayload) -> dict[str, Any]:
    context = factura_context(payload)
    return {
        **context,
        "title": f"Универсальный передаточный документ № {payload.number} от {format_date_long(payload.day)}",
        "with_code": True,
        "column_count": context["column_count"] + 1,
        "basis": _basis(payload),
        "sides": [_our_side(payload), _their_side(payload)],
    }


def _basis(payload: TransferPayload) -> str:
    """[8]: contract, orders and the power of attorney."""
    orders = [f"заказ № {number}" for number in payload.order_numbers]
    return "; ".join(filter(None, [*map(paper_text, payload.basis), *orders, payload.proxy]))


def _our_side(payload: TransferPayload) -> dict[str, Any]:
    """[10]-[14]: who handed the goods over."""
    return {
        "act": "Товар (груз) передал / услуги, результаты работ, права сдал",
        "place": sign_place(payload.released_by),
        "day_label": "Дата отгрузки, передачи (сдачи)",
        "day": day_in_quotes(payload.shipped_on or payload.day),
        "note_label": "Иные сведения об отгрузке, передаче",
        "note": payload.shipped_note,
        "responsible": sign_place(payload.responsible or payload.accountant or payload.head),
        "firm": f"{payload.seller.name}, ИНН/КПП {payload.seller.inn_kpp}",
        "marks": range(10, 15),
    }


def _their_side(payload: TransferPayload) -> dict[str, Any]:
    """[15]-[19]: the buyer fills them in."""
    return {
        "act": "Товар (груз) получил / услуги, результаты работ, права принял",
        "place": sign_place(None),
        "day_label": "Дата получения (приемки)",
        "day": day_in_quotes(None),
        "note_label": "Иные сведения о получении, приемке",
        "note": "",
        "responsible": sign_place(None),
        "firm": f"{payload.buyer.name}, ИНН/КПП {payload.buyer.inn_kpp}",
        "marks": range(15, 20),
    }
