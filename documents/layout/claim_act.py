"""Акт о расхождениях on paper, after ТОРГ-2: by papers, in fact, the difference; signed by a commission."""

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from documents.compose.parties import client_party, seller_party
from documents.layout.parts import is_tall, party_text, require_printable
from documents.pdf import html_to_pdf
from orders.claim_states import ClaimKind
from orders.selectors.claims import ClaimCard, ClaimedLine
from portal.lib.dates import format_date, moscow_date
from portal.lib.money import format_money, format_price, format_quantity, vat_label

MOST_LINES = 1000
_WORDS = {
    ClaimKind.SHORTAGE: "недостача",
    ClaimKind.DEFECT: "брак, бой",
    ClaimKind.MISGRADE: "пересорт",
    ClaimKind.RETURN: "возврат",
}


def claim_act_pdf(card: ClaimCard) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(claim_act_html(card))


def claim_act_html(card: ClaimCard) -> str:
    """Fill the template in."""
    return render_to_string("documents/forms/claim_act.html", _context(card))


def _context(card: ClaimCard) -> dict[str, Any]:
    require_printable(len(card.lines), MOST_LINES)
    claim, order = card.claim, card.claim.shipment.part.order
    shipment = claim.shipment
    day = moscow_date(claim.created_at)
    return {
        "title": f"Акт о расхождениях № {claim.number} от {format_date(day)}",
        "author": claim.legal_entity.name,
        "watermark": "",
        "claim": claim,
        "day": format_date(day),
        "seller": party_text(seller_party(order.organization, None)),
        "buyer": party_text(client_party(claim.legal_entity)),
        "contract": str(order.contract),
        "shipment": shipment.number or "без номера",
        "shipment_day": format_date(shipment.date) if shipment.date else "",
        "order": order.label,
        "warehouse": shipment.part.warehouse.name if shipment.part.warehouse else "",
        "rows": [_row(one, ClaimKind(claim.kind)) for one in card.lines],
        "total": format_money(card.total),
        "files": [file.name for file in card.files],
        "is_decided": claim.decided_at is not None,
        "approved_total": "" if card.approved_total is None else format_money(card.approved_total),
        "members": range(3),
    }


def _row(one: ClaimedLine, kind: ClaimKind) -> dict[str, Any]:
    line = one.line
    good = line.shipped - line.quantity
    return {
        "position": line.position,
        "name": line.name,
        "article": line.article,
        "is_tall": is_tall(line.name),
        "unit": line.unit,
        "price": format_price(line.price),
        "vat": vat_label(line.vat_percent),
        "shipped": format_quantity(line.shipped),
        "good": format_quantity(max(good, Decimal(0))),
        "difference": format_quantity(line.quantity),
        "gross": format_money(line.gross),
        "note": "; ".join(filter(None, [_WORDS[kind], line.note])),
        "approved": "" if line.approved is None else format_quantity(line.approved),
    }
