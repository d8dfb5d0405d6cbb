"""УКД on paper: every line before and after the change, and what it grew and fell by."""

from typing import Any

from django.template.loader import render_to_string

from documents.editions import edition_of
from documents.layout.factura import revision_lines, signatures
from documents.layout.images import FormImages
from documents.layout.parts import (
    CORRECTION_LIMIT,
    CROSS,
    NOTHING,
    day_in_quotes,
    is_tall,
    paper_text,
    require_printable,
    sign_place,
)
from documents.payloads.correction import Corrected, CorrectedLine, CorrectionPayload
from documents.pdf import html_to_pdf
from portal.lib.dates import format_date_long
from portal.lib.money import Amount, format_money, format_price, format_quantity, vat_label

_FIGURES = ("unit_code", "unit", "quantity", "price", "net", "excise", "rate", "vat", "gross")


def correction_pdf(
    payload: CorrectionPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(correction_html(payload, images, watermark=watermark), earlier=earlier)


def correction_html(
    payload: CorrectionPayload, images: FormImages | None = None, *, watermark: str = ""
) -> str:
    """Fill the template in. A first document: pictures are taken for the sake of one call and not printed."""
    return render_to_string("documents/forms/correction.html", {**_context(payload), "watermark": watermark})


def _context(payload: CorrectionPayload) -> dict[str, Any]:
    """Raises ValueError for an unknown edition."""
    require_printable(len(payload.lines), CORRECTION_LIMIT)
    edition = edition_of(payload.form)
    return {
        "paper": payload,
        "notice": edition.notice,
        "title": f"Корректировочный счет-фактура № {payload.number} от {format_date_long(payload.day)}",
        "author": payload.seller.name,
        "number": payload.number,
        "day": format_date_long(payload.day),
        "revision": revision_lines(payload.revision),
        "originals": ", ".join(f"№ {it.number} от {format_date_long(it.day)}" for it in payload.originals),
        "original_names": "; ".join(map(paper_text, payload.originals)),
        "currency": f"{payload.currency}, {payload.currency_code}",
        "lines": [_line(line, place) for place, line in enumerate(payload.lines, start=1)],
        "increase": _sums(payload.increase),
        "decrease": _sums(payload.decrease),
        **signatures(payload.seller, payload),
        "grounds": "; ".join(filter(None, [*map(paper_text, payload.grounds), payload.reason])),
        "made_on": day_in_quotes(payload.day),
        "agreed_on": day_in_quotes(None),
        "ours": sign_place(payload.responsible or payload.head),
        "theirs": sign_place(None),
        "stamp": payload.stamp,
    }


def _line(line: CorrectedLine, place: int) -> dict[str, Any]:
    return {
        "place": line.position or place,
        "code": line.article or line.code or NOTHING,
        "name": line.name,
        "is_tall": is_tall(line.name),
        "rows": [
            {"label": "А (до изменения)", **_side(line, line.before)},
            {"label": "Б (после изменения)", **_side(line, line.after)},
            {"label": "В (увеличение)", **_difference(line.increase)},
            {"label": "Г (уменьшение)", **_difference(line.decrease)},
        ],
    }


def _side(line: CorrectedLine, side: Corrected) -> dict[str, str]:
    return {
        "unit_code": line.unit_code or NOTHING,
        "unit": line.unit or NOTHING,
        "quantity": format_quantity(side.quantity),
        "price": format_price(side.price),
        "net": format_money(side.amount.net),
        "excise": "без акциза",
        "rate": vat_label(side.rate),
        "vat": vat_label(None) if side.rate is None else format_money(side.amount.vat),
        "gross": format_money(side.amount.gross),
    }


def _difference(amount: Amount) -> dict[str, str]:
    return {**dict.fromkeys(_FIGURES, CROSS), "excise": NOTHING, **_sums(amount)}


def _sums(amount: Amount) -> dict[str, str]:
    """Net, VAT and gross; nothing where nothing changed that way."""
    if amount == Amount.zero():
        return {"net": NOTHING, "vat": NOTHING, "gross": NOTHING}
    return {
        "net": format_money(amount.net),
        "vat": format_money(amount.vat),
        "gross": format_money(amount.gross),
    }
