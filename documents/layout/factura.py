"""Счёт-фактура on paper, and the part of it that is the upper half of УПД."""

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from documents.editions import Edition, edition_of
from documents.layout.images import FormImages
from documents.layout.parts import (
    ABSENT,
    NOTHING,
    WIDE_LIMIT,
    is_tall,
    party_and_address,
    require_printable,
    sign_place,
)
from documents.payloads.parts import Party
from documents.payloads.transfer import (
    AdvanceFactura,
    PaymentRef,
    Revision,
    TransferLine,
    TransferPayload,
)
from documents.pdf import html_to_pdf
from portal.lib.dates import format_date, format_date_long
from portal.lib.money import format_money, format_price, format_quantity, vat_label

_UNKNOWN_PAPER = f"№ {ABSENT} от {ABSENT}"


def factura_pdf(
    payload: TransferPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(factura_html(payload, images, watermark=watermark), earlier=earlier)


def factura_html(payload: TransferPayload, images: FormImages | None = None, *, watermark: str = "") -> str:
    """Fill the template in. A tax form: pictures are taken for the sake of one call and not printed."""
    return render_to_string(
        "documents/forms/factura.html", {**factura_context(payload), "watermark": watermark}
    )


def factura_context(payload: TransferPayload) -> dict[str, Any]:
    """Lines (1)-(8), the table and signatures, in Russian spelling.

    Raises ValueError for an unknown edition.
    """
    require_printable(len(payload.lines), WIDE_LIMIT)
    edition = edition_of(payload.form)
    is_traceable = payload.is_traceable
    return {
        "paper": payload,
        "edition": edition,
        "notice": edition.notice,
        "title": f"Счет-фактура № {payload.number} от {format_date_long(payload.day)}",
        "author": payload.seller.name,
        "number": payload.number,
        "day": format_date_long(payload.day),
        "revision": revision_lines(payload.revision),
        "shipper": _shipper(payload),
        "consignee": _consignee(payload),
        "payments": ", ".join(map(_payment, payload.payments)) or _UNKNOWN_PAPER,
        "shipments": shipments_text(payload),
        "advances": _advances(payload, edition),
        "currency": f"{payload.currency}, {payload.currency_code}",
        "state_contract": payload.state_contract or ABSENT,
        "is_traceable": is_traceable,
        "column_count": 20 if is_traceable else 16,
        "rows": [
            row
            for place, line in enumerate(payload.lines, start=1)
            for row in _rows(payload, line, place, is_traceable=is_traceable)
        ],
        "total_net": NOTHING if payload.is_advance else format_money(payload.total.net),
        "total_vat": _vat_total(payload),
        "total_gross": format_money(payload.total.gross),
        **signatures(payload.seller, payload),
        "stamp": payload.stamp,
    }


def revision_lines(revision: Revision | None) -> dict[str, str]:
    """Number and date of line 1а."""
    if revision is None:
        return {"number": ABSENT, "day": ABSENT}
    return {"number": str(revision.number), "day": format_date_long(revision.day)}


def signatures(seller: Party, paper: Any) -> dict[str, Any]:
    """Who signs a tax form: head and chief accountant of a firm, or the entrepreneur himself."""
    if not seller.is_entrepreneur:
        return {
            "head": sign_place(paper.head),
            "accountant": sign_place(paper.accountant),
            "entrepreneur": sign_place(None),
            "ogrnip": "",
        }
    registered = f"{seller.ogrn}, {format_date(seller.ogrn_date)}" if seller.ogrn_date else seller.ogrn
    return {
        "head": sign_place(None),
        "accountant": sign_place(None),
        "entrepreneur": sign_place(paper.head),
        "ogrnip": registered,
    }


def shipments_text(payload: TransferPayload) -> str:
    """Line 5а: what went with the goods; a УПД names itself."""
    if payload.is_advance:
        return ABSENT
    if not payload.shipments:
        if not payload.status:
            return ABSENT
        return f"Универсальный передаточный документ, № {payload.number} от {format_date(payload.day)}"
    return "; ".join(f"{it.name}, № {it.number} от {format_date(it.day)}" for it in payload.shipments)


def _shipper(payload: TransferPayload) -> str:
    if payload.is_advance:
        return ABSENT
    if payload.shipper is None or payload.shipper == payload.seller:
        return "он же"
    return party_and_address(payload.shipper)


def _consignee(payload: TransferPayload) -> str:
    return ABSENT if payload.is_advance else party_and_address(payload.consignee or payload.buyer)


def _payment(payment: PaymentRef) -> str:
    return f"№ {payment.number} от {format_date(payment.day)}"


def _advances(payload: TransferPayload, edition: Edition) -> str:
    if not edition.tells_advances:
        return ""
    if not payload.advances:
        return f"{_UNKNOWN_PAPER}, исправление {_UNKNOWN_PAPER}"
    return "; ".join(map(_advance, payload.advances))


def _advance(advance: AdvanceFactura) -> str:
    revision = advance.revision
    revised = f"№ {revision.number} от {format_date(revision.day)}" if revision else _UNKNOWN_PAPER
    return f"№ {advance.number} от {format_date(advance.day)}, исправление {revised}"


def _rows(
    payload: TransferPayload, line: TransferLine, place: int, *, is_traceable: bool
) -> list[dict[str, Any]]:
    """A row of the table and, for further countries, declarations and lots of it, rows under it."""
    count = max(len(line.origins), len(line.traced), 1)
    return [
        {
            **({} if index else _main_cells(payload, line, place)),
            **_origin_cells(line, index),
            **(_traced_cells(line, index) if is_traceable else {}),
            "is_main": index == 0,
            "is_last": index == count - 1,
        }
        for index in range(count)
    ]


def _main_cells(payload: TransferPayload, line: TransferLine, place: int) -> dict[str, Any]:
    name = f"{line.name}, {line.article}" if line.article and not payload.status else line.name
    cells = {
        "place": place,
        "code": line.article or line.code or NOTHING,
        "name": name,
        "is_tall": is_tall(line.name),
        "kind_code": line.kind_code or NOTHING,
        "gross": format_money(line.amount.gross),
    }
    if payload.is_advance:
        blank = dict.fromkeys(("unit_code", "unit", "quantity", "price", "net", "excise"), NOTHING)
        rate = NOTHING if line.rate is None else _calculated(line.rate)
        return {**cells, **blank, "rate": rate, "vat": format_money(line.amount.vat)}
    return {
        **cells,
        "unit_code": line.unit_code or NOTHING,
        "unit": line.unit or NOTHING,
        "quantity": format_quantity(line.quantity),
        "price": format_price(line.price),
        "net": format_money(line.amount.net),
        "excise": "без акциза" if line.excise is None else format_money(line.excise),
        "rate": vat_label(line.rate),
        "vat": vat_label(None) if line.rate is None else format_money(line.amount.vat),
    }


def _calculated(rate: Decimal) -> str:
    """22 -> «22/122»: the rate of an advance."""
    return f"{format_quantity(rate)}/{format_quantity(100 + rate)}"


def _origin_cells(line: TransferLine, index: int) -> dict[str, str]:
    origin = line.origins[index] if index < len(line.origins) else None
    declaration = origin.declaration if origin else ""
    if line.traced:
        declaration = line.traced[index].number if index < len(line.traced) else ""
    absent = "" if index else NOTHING
    return {
        "country_code": origin.country_code if origin else absent,
        "country": origin.country if origin else absent,
        "declaration": declaration or absent,
    }


def _traced_cells(line: TransferLine, index: int) -> dict[str, str]:
    if index >= len(line.traced):
        absent = "" if index else NOTHING
        return dict.fromkeys(("lot_code", "lot_unit", "lot_quantity", "lot_net"), absent)
    lot = line.traced[index]
    return {
        "lot_code": lot.unit_code,
        "lot_unit": lot.unit,
        "lot_quantity": format_quantity(lot.quantity),
        "lot_net": format_money(lot.net),
    }


def _vat_total(payload: TransferPayload) -> str:
    if all(line.rate is None for line in payload.lines):
        return vat_label(None)
    return format_money(payload.total.vat)
