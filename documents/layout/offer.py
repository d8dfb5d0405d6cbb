"""Commercial offer on paper: payload -> HTML of the template -> PDF."""

from typing import Any

from django.template.loader import render_to_string

from documents.layout.parts import NOTHING, is_tall, party_text, require_printable
from documents.payloads.offer import OfferLine, OfferPayload
from documents.pdf import html_to_pdf
from portal.lib.dates import format_date, format_date_long
from portal.lib.money import format_money, format_price, format_quantity, vat_label
from portal.lib.words import roubles_in_words


def offer_pdf(payload: OfferPayload) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(offer_html(payload))


def offer_html(payload: OfferPayload) -> str:
    """Fill the template in; every name is escaped."""
    require_printable(len(payload.lines))
    return render_to_string("documents/forms/offer.html", _context(payload))


def _context(payload: OfferPayload) -> dict[str, Any]:
    number = f"{payload.number}, версия {payload.version}"
    return {
        "paper": payload,
        "title": f"Коммерческое предложение № {number} от {format_date_long(payload.day)}",
        "author": payload.seller.name,
        "watermark": "",
        "seller": party_text(payload.seller),
        "buyer": party_text(payload.buyer),
        "until": format_date(payload.valid_until),
        "prices": "с НДС" if payload.prices_include_vat else "без НДС",
        "rows": [_row(payload, line) for line in payload.lines],
        "vat_rows": [
            (f"НДС {vat_label(total.rate)}:", format_money(total.vat))
            for total in payload.rates
            if total.rate is not None
        ],
        "total": format_money(payload.total.gross),
        "words": roubles_in_words(payload.total.gross),
    }


def _row(payload: OfferPayload, line: OfferLine) -> dict[str, Any]:
    amount = line.amount.gross if payload.prices_include_vat else line.amount.net
    return {
        "article": line.article or NOTHING,
        "name": line.name,
        "instead": line.instead,
        "note": line.note,
        "is_tall": is_tall(line.name, line.note),
        "quantity": format_quantity(line.quantity),
        "unit": line.unit,
        "price": "не предлагаем" if line.price is None else format_price(line.price),
        "sum": NOTHING if line.price is None else format_money(amount),
        "ready": format_date(line.ready) if line.ready else NOTHING,
    }
