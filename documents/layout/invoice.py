"""Invoice on paper: payload -> HTML of the template -> PDF."""

from typing import Any

from django.template.loader import render_to_string

from documents.layout.images import FormImages, lawful_images
from documents.layout.parts import (
    SignPlace,
    is_tall,
    money_or_nothing,
    party_text,
    require_printable,
    sign_place,
)
from documents.payloads.invoice import InvoicePayload, Line
from documents.payloads.parts import Party
from documents.payment_qr import qr_svg_uri
from documents.pdf import html_to_pdf
from documents.states import DocumentKind
from portal.lib.dates import format_date, format_date_long
from portal.lib.money import format_money, format_price, format_quantity, vat_label
from portal.lib.words import roubles_in_words


def invoice_pdf(
    payload: InvoicePayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay an invoice out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(invoice_html(payload, images, watermark=watermark), earlier=earlier)


def invoice_html(payload: InvoicePayload, images: FormImages | None = None, *, watermark: str = "") -> str:
    """Fill the template in; every name is escaped. Raises ValueError above 5,000 lines."""
    require_printable(len(payload.lines))
    kept = lawful_images(DocumentKind.INVOICE, images)
    return render_to_string(
        "documents/forms/invoice.html", {**invoice_context(payload, kept), "watermark": watermark}
    )


def invoice_context(payload: InvoicePayload, images: FormImages) -> dict[str, Any]:
    """Everything the template prints, already in Russian spelling."""
    return {
        "invoice": payload,
        "title": f"Счет на оплату № {payload.number} от {format_date_long(payload.day)}",
        "author": payload.seller.name,
        "images": images,
        "notice": payload.notice.splitlines(),
        "replaces": _replaces(payload),
        "seller": party_text(payload.seller),
        "shipper": _if_other(payload.shipper, payload.seller),
        "buyer": party_text(payload.buyer),
        "consignee": _if_other(payload.consignee, payload.buyer),
        "has_discounts": any(line.discount for line in payload.lines),
        "rows": [_row(payload, line) for line in payload.lines],
        "subtotal": format_money(payload.total.gross if payload.prices_include_vat else payload.total.net),
        "vat_rows": _vat_rows(payload),
        "total": format_money(payload.total.gross),
        "count": len(payload.lines),
        "words": roubles_in_words(payload.total.gross),
        "signers": _signers(payload, images),
        "pay_until": format_date(payload.pay_until),
        "qr": qr_svg_uri(payload.qr) if payload.qr else "",
    }


def _replaces(payload: InvoicePayload) -> str:
    if payload.replaces is None:
        return ""
    return f"взамен счета № {payload.replaces.number} от {format_date(payload.replaces.day)}"


def _if_other(party: Party | None, usual: Party) -> str:
    """A third side is printed only where it is not the usual one."""
    return "" if party is None or party == usual else party_text(party)


def _signers(payload: InvoicePayload, images: FormImages) -> list[tuple[SignPlace, str]]:
    """Who signs, and the picture of his signature: the head is first, the accountant second."""
    pictures = (images.head, images.accountant)
    return [
        (sign_place(signer), pictures[place] if place < 2 else "")
        for place, signer in enumerate(payload.signers)
    ]


def _row(payload: InvoicePayload, line: Line) -> dict[str, str | bool]:
    return {
        "article": line.article or "–",
        "name": line.name,
        "is_tall": is_tall(line.name, line.article * 4),
        "quantity": format_quantity(line.quantity),
        "unit": line.unit,
        "price": format_price(line.price),
        "discount": money_or_nothing(line.discount or None),
        "sum": format_money(line.amount.gross if payload.prices_include_vat else line.amount.net),
    }


def _vat_rows(payload: InvoicePayload) -> list[tuple[str, str]]:
    """Label and sum per rate; «без НДС» is told only where nothing is taxed."""
    taxed = [total for total in payload.rates if total.rate is not None]
    if not taxed:
        return [("Без налога (НДС):", "–")]
    start = "В том числе НДС" if payload.prices_include_vat else "НДС"
    return [(f"{start} {vat_label(total.rate)}:", format_money(total.vat)) for total in taxed]
