"""Invoice on paper: payload -> HTML of the template -> PDF."""

from typing import Any

from django.template.loader import render_to_string

from documents.payloads.invoice import InvoicePayload, Line
from documents.payloads.parts import Party
from documents.payment_qr import qr_svg_uri
from documents.pdf import html_to_pdf
from portal.lib.dates import format_date, format_date_long
from portal.lib.money import format_money, format_price, format_quantity, vat_label
from portal.lib.words import roubles_in_words

LINE_LIMIT = 5000
_TALL_NAME = 600  # characters; a taller row may be torn between pages, or it would leave one half empty


def invoice_pdf(payload: InvoicePayload) -> bytes:
    """Lay an invoice out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(invoice_html(payload))


def invoice_html(payload: InvoicePayload) -> str:
    """Fill the template in; every name is escaped. Raises ValueError above 5,000 lines."""
    if len(payload.lines) > LINE_LIMIT:
        raise ValueError(f"{len(payload.lines)} lines in an invoice, at most {LINE_LIMIT} are printed")
    return render_to_string("documents/forms/invoice.html", invoice_context(payload))


def invoice_context(payload: InvoicePayload) -> dict[str, Any]:
    """Everything the template prints, already in Russian spelling."""
    return {
        "invoice": payload,
        "title": f"Счет на оплату № {payload.number} от {format_date_long(payload.day)}",
        "replaces": replaced_text(payload),
        "notice": payload.notice.splitlines(),
        "seller": party_text(payload.seller),
        "buyer": party_text(payload.buyer),
        "rows": [_row(payload, line) for line in payload.lines],
        "subtotal": format_money(payload.total.gross if payload.prices_include_vat else payload.total.net),
        "vat_rows": _vat_rows(payload),
        "total": format_money(payload.total.gross),
        "count": len(payload.lines),
        "words": roubles_in_words(payload.total.gross),
        "pay_until": format_date(payload.pay_until),
        "qr": qr_svg_uri(payload.qr) if payload.qr else "",
    }


def replaced_text(payload: InvoicePayload) -> str:
    """«взамен счета № 7 от 20.11.2026», empty for one that replaces none."""
    old = payload.replaces
    return f"взамен счета № {old.number} от {format_date(old.day)}" if old else ""


def party_text(party: Party) -> str:
    """One line of requisites: name, INN, KPP where there is one, address, telephone."""
    parts = [party.name, f"ИНН {party.inn}"]
    if party.kpp:
        parts.append(f"КПП {party.kpp}")
    if party.address:
        parts.append(party.address)
    if party.phone:
        parts.append(f"тел.: {party.phone}")
    return ", ".join(parts)


def _row(payload: InvoicePayload, line: Line) -> dict[str, str | bool]:
    return {
        "article": line.article or "–",
        "name": line.name,
        "is_tall": max(len(line.name), 4 * len(line.article)) > _TALL_NAME,
        "quantity": format_quantity(line.quantity),
        "unit": line.unit,
        "price": format_price(line.price),
        "sum": format_money(line.amount.gross if payload.prices_include_vat else line.amount.net),
    }


def _vat_rows(payload: InvoicePayload) -> list[tuple[str, str]]:
    """Label and sum per rate; «без НДС» is told only where nothing is taxed."""
    taxed = [total for total in payload.rates if total.rate is not None]
    if not taxed:
        return [("Без налога (НДС):", "–")]
    start = "В том числе НДС" if payload.prices_include_vat else "НДС"
    return [(f"{start} {vat_label(total.rate)}:", format_money(total.vat)) for total in taxed]
