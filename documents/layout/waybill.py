"""ТОРГ-12 on paper: its sheets are cut by a first layout, so that each ends with a total of its own."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from django.template.loader import render_to_string

from documents.editions import edition_of
from documents.layout.images import FormImages
from documents.layout.parts import (
    NOTHING,
    WIDE_LIMIT,
    day_in_quotes,
    is_tall,
    money_or_nothing,
    paper_text,
    party_with_bank,
    quantity_or_nothing,
    require_printable,
    sign_place,
    sum_of_known,
)
from documents.payloads.parts import total_of
from documents.payloads.transfer import TransferLine, TransferPayload
from documents.pdf import html_anchors_by_page, html_to_pdf
from portal.lib.dates import format_date
from portal.lib.money import format_money, format_price, format_quantity, vat_label
from portal.lib.words import number_in_words, roubles_in_words

_CLOSING = "closing"


def waybill_pdf(
    payload: TransferPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    measured = html_anchors_by_page(waybill_html(payload, images))
    sheets = sheets_of(measured, len(payload.lines))
    return html_to_pdf(waybill_html(payload, images, sheets=sheets, watermark=watermark), earlier=earlier)


def waybill_html(
    payload: TransferPayload,
    images: FormImages | None = None,
    *,
    sheets: Sequence[int] = (),
    watermark: str = "",
) -> str:
    """Fill the template in; `sheets` is how many lines stand on each.

    Without them it is one endless table whose foot, as tall as a sheet's total, comes on every page: the
    layout of it tells the sheets. A first document: no pictures are printed.
    """
    return render_to_string(
        "documents/forms/waybill.html", {**_context(payload, sheets), "watermark": watermark}
    )


def sheets_of(anchors: Sequence[Sequence[str]], count: int) -> list[int]:
    """How many lines stand on each sheet; signatures do not stand on one without a line."""
    begun: set[str] = set()  # a line torn between sheets is of the one on which it begins
    rows = []
    for page in anchors:
        lines = {anchor for anchor in page if anchor.startswith("row-")} - begun
        rows.append(len(lines))
        begun |= lines
    sheets = [lines for lines in rows if lines]
    if sum(sheets) != count:
        raise ValueError(f"{sum(sheets)} lines were laid out, not {count}")
    closing = next(index for index, page in enumerate(anchors) if _CLOSING in page)
    if not rows[closing] and sheets[-1] > 1:
        sheets[-1:] = [sheets[-1] - 1, 1]
    return sheets


def _context(payload: TransferPayload, sheets: Sequence[int]) -> dict[str, Any]:
    """Raises ValueError for an unknown edition."""
    require_printable(len(payload.lines), WIDE_LIMIT)
    edition = edition_of(payload.form)
    bounds = list(accumulate(sheets or (len(payload.lines),), initial=0))
    shipper, consignee = payload.shipper or payload.seller, payload.consignee or payload.buyer
    day = day_in_quotes(payload.shipped_on or payload.day)
    return {
        "paper": payload,
        "notice": edition.notice,
        "title": f"Товарная накладная № {payload.number} от {format_date(payload.day)}",
        "author": payload.seller.name,
        "day": format_date(payload.day),
        "shipper": (party_with_bank(shipper), shipper.okpo),
        "consignee": (party_with_bank(consignee), consignee.okpo),
        "supplier": (party_with_bank(payload.seller), payload.seller.okpo),
        "payer": (party_with_bank(payload.buyer), payload.buyer.okpo),
        "basis": "; ".join(map(paper_text, payload.basis)),
        "basis_number": payload.basis[0].number if payload.basis else "",
        "basis_day": format_date(payload.basis[0].day) if payload.basis else "",
        "is_measured": bool(sheets),
        "sheets": [_sheet(payload.lines[start:end], start) for start, end in pairwise(bounds)],
        "total": _sums(payload.lines),
        "count_words": _capital(number_in_words(len(payload.lines))),
        "places_words": _in_words(sum_of_known(line.packing.places for line in payload.lines)),
        "net_words": _in_words(sum_of_known(line.packing.net_mass for line in payload.lines), "кг"),
        "gross_words": _in_words(sum_of_known(line.packing.gross_mass for line in payload.lines), "кг"),
        "words": roubles_in_words(payload.total.gross),
        "allowed": sign_place(payload.head),
        "accountant": sign_place(payload.accountant),
        "released": sign_place(payload.released_by),
        "released_on": day,
        "received_on": day_in_quotes(None),
        "stamp": payload.stamp,
    }


def _sheet(lines: Sequence[TransferLine], start: int) -> dict[str, Any]:
    return {
        "rows": [_row(line, place) for place, line in enumerate(lines, start=start + 1)],
        "total": _sums(lines),
    }


def _row(line: TransferLine, place: int) -> dict[str, Any]:
    packing = line.packing
    return {
        "place": place,
        "name": f"{line.name}, {line.article}" if line.article else line.name,
        "is_tall": is_tall(line.name),
        "code": line.code or NOTHING,
        "unit": line.unit or NOTHING,
        "unit_code": line.unit_code or NOTHING,
        "packing": packing.kind or NOTHING,
        "in_place": quantity_or_nothing(packing.in_place),
        "places": quantity_or_nothing(packing.places),
        "gross_mass": quantity_or_nothing(packing.gross_mass),
        "quantity": format_quantity(line.quantity),
        "price": format_price(line.price),
        "net": format_money(line.amount.net),
        "rate": vat_label(line.rate).rstrip("%"),
        "vat": vat_label(None) if line.rate is None else format_money(line.amount.vat),
        "gross": format_money(line.amount.gross),
    }


def _sums(lines: Sequence[TransferLine]) -> dict[str, str]:
    """Columns 8, 9, 10, 12, 14 and 15 of a total."""
    amount = total_of(lines)
    is_taxed = any(line.rate is not None for line in lines)
    return {
        "places": quantity_or_nothing(sum_of_known(line.packing.places for line in lines)),
        "gross_mass": quantity_or_nothing(sum_of_known(line.packing.gross_mass for line in lines)),
        "quantity": format_quantity(sum((line.quantity for line in lines), Decimal(0))),
        "net": format_money(amount.net),
        "vat": money_or_nothing(amount.vat) if is_taxed else vat_label(None),
        "gross": format_money(amount.gross),
    }


def _in_words(value: Decimal | None, unit: str = "") -> str:
    """A whole number in words, a part of it in digits; empty where it is not known."""
    if value is None:
        return ""
    is_whole = value == value.to_integral_value()
    text = _capital(number_in_words(int(value))) if is_whole else format_quantity(value)
    return f"{text} {unit}".strip()


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
