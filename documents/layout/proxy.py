"""Доверенность М-2 and М-2а on paper: the client's firm issues it, so nothing of ours stands on it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from documents.layout.images import FormImages
from documents.layout.parts import is_tall, paper_text, require_printable, sign_place
from documents.payloads.parts import Party
from documents.payloads.shipping import ProxyLine, ProxyPayload
from documents.pdf import html_to_pdf
from portal.lib.dates import format_date, month_genitive
from portal.lib.money import format_quantity
from portal.lib.words import number_in_words

# Beginnings of the units that are counted in the feminine: «две штуки», but «два метра».
_FEMININE_UNITS = ("шт", "упак", "пач", "пар", "тонн", "короб", "бутыл", "банк", "бухт", "пал", "тыс")
_ACCORDING_TO = "утверждена постановлением Госкомстата России от 30.10.97 № 71а"


def proxy_pdf(
    payload: ProxyPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(proxy_html(payload, images, watermark=watermark), earlier=earlier)


def proxy_html(payload: ProxyPayload, images: FormImages | None = None, *, watermark: str = "") -> str:
    """Fill the template in. It is signed by hand: pictures are not printed."""
    return render_to_string("documents/forms/proxy.html", {**_context(payload), "watermark": watermark})


def _context(payload: ProxyPayload) -> dict[str, Any]:
    require_printable(len(payload.lines))
    name, code = ("М-2", "0315001") if payload.has_stub else ("М-2а", "0315002")
    return {
        "paper": payload,
        "title": f"Доверенность № {payload.number} от {format_date(payload.day)}",
        "author": payload.principal.name,
        "notice": f"Типовая межотраслевая форма № {name}, {_ACCORDING_TO}",
        "code": code,
        "day": _quoted(payload.day),
        "until": _quoted(payload.until),
        "table_day": format_date(payload.day),
        "table_until": format_date(payload.until),
        "consumer": _named(payload.principal),
        "account": _account(payload),
        "basis": paper_text(payload.basis),
        "rows": [_row(line) for line in payload.lines],
        "head": sign_place(payload.head),
        "accountant": sign_place(payload.accountant),
    }


def _quoted(day: date) -> str:
    return f"«{day.day:02d}» {month_genitive(day.month)} {day.year} г."


def _named(party: Party) -> str:
    return f"{party.name}, {party.address}"


def _account(payload: ProxyPayload) -> str:
    bank = payload.bank or payload.principal.bank
    return f"{bank.account} в {bank.name}, БИК {bank.bic}" if bank else ""


def _row(line: ProxyLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "is_tall": is_tall(line.name),
        "unit": line.unit,
        "quantity": quantity_in_words(line.quantity, line.unit),
    }


def quantity_in_words(quantity: Decimal, unit: str) -> str:
    """«Две» of pieces, «Два» of metres; a part of a unit in digits."""
    if quantity != quantity.to_integral_value() or quantity < 0:
        return format_quantity(quantity)
    known = unit.lower()
    is_feminine = known.rstrip(".") == "т" or known.startswith(_FEMININE_UNITS)
    words = number_in_words(int(quantity), feminine=is_feminine)
    return words[0].upper() + words[1:]
