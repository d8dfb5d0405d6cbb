"""Акт сверки on paper: our books on the left, the right half for the client."""

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from documents.layout.images import FormImages, lawful_images
from documents.layout.parts import require_printable, sign_place
from documents.payloads.act import ActContract, ActLine, ActPayload
from documents.pdf import html_to_pdf
from documents.states import DocumentKind
from portal.lib.dates import format_date
from portal.lib.money import format_money
from portal.lib.words import plural, roubles_in_words

_BLANK_ROLE, _BLANK_NAME = "____________________", "____________________"


def act_pdf(
    payload: ActPayload, images: FormImages | None = None, *, watermark: str = "", earlier: bytes = b""
) -> bytes:
    """Lay out as PDF. Raises PdfFailed, and ValueError for more lines than are laid out."""
    return html_to_pdf(act_html(payload, images, watermark=watermark), earlier=earlier)


def act_html(payload: ActPayload, images: FormImages | None = None, *, watermark: str = "") -> str:
    """Fill the template in. A stamp and signatures are put by hand: only the logo is printed."""
    kept = lawful_images(DocumentKind.ACT, images)
    return render_to_string(
        "documents/forms/act.html", {**_context(payload), "images": kept, "watermark": watermark}
    )


def _context(payload: ActPayload) -> dict[str, Any]:
    require_printable(sum(len(group.lines) for group in payload.groups))
    period = f"{format_date(payload.period_from)} - {format_date(payload.period_to)}"
    return {
        "paper": payload,
        "title": f"Акт сверки № {payload.number} за период {period}",
        "author": payload.seller.name,
        "day": format_date(payload.day),
        "period": period,
        "contract": _contract_words(payload),
        "currency": _currency(payload),
        "we": f"{_role(payload, ours=True)} {payload.seller.name} {_name(payload, ours=True)}",
        "they": f"{_role(payload, ours=False)} {payload.buyer.name} {_name(payload, ours=False)}",
        "is_grouped": len(payload.groups) > 1,
        "groups": [_group(payload, group) for group in payload.groups],
        "grand": {
            "opening": _balance(payload.opening, payload),
            "turnover": _turnover(payload.debit, payload.credit, payload),
            "closing": _balance(payload.closing, payload),
        },
        "conclusion": _conclusion(payload),
        "reply": _reply(payload.reply_days),
        "seller_signer": sign_place(payload.seller_signer),
        "buyer_signer": sign_place(payload.buyer_signer),
        "stamp": payload.stamp,
    }


def _contract_words(payload: ActPayload) -> str:
    contract = payload.groups[0].contract
    if len(payload.groups) > 1 or contract is None:
        return "по всем договорам"
    return f"по договору № {contract.number} от {format_date(contract.day)}"


def _currency(payload: ActPayload) -> str:
    return "руб." if payload.currency == "RUB" else payload.currency


def _role(payload: ActPayload, *, ours: bool) -> str:
    signer = payload.seller_signer if ours else payload.buyer_signer
    return signer.role if signer and signer.role else _BLANK_ROLE


def _name(payload: ActPayload, *, ours: bool) -> str:
    signer = payload.seller_signer if ours else payload.buyer_signer
    return signer.name if signer and signer.name else _BLANK_NAME


def _group(payload: ActPayload, group: ActContract) -> dict[str, Any]:
    contract = group.contract
    return {
        "contract": f"{contract.name} № {contract.number} от {format_date(contract.day)}" if contract else "",
        "opening": _balance(group.opening, payload),
        "lines": [_line(line, payload) for line in group.lines],
        "turnover": _turnover(group.debit, group.credit, payload),
        "closing": _balance(group.closing, payload),
    }


def _line(line: ActLine, payload: ActPayload) -> dict[str, str]:
    return {
        "day": format_date(line.day),
        "title": line.title,
        **_sides(_or_empty(line.debit), _or_empty(line.credit), payload),
    }


def _turnover(debit: Decimal, credit: Decimal, payload: ActPayload) -> dict[str, str]:
    return _sides(format_money(debit), format_money(credit), payload)


def _balance(balance: Decimal, payload: ActPayload) -> dict[str, str]:
    """What the buyer owes stands in debit, what we owe him in credit."""
    debit = format_money(balance) if balance > 0 else ""
    credit = format_money(-balance) if balance < 0 else ""
    return _sides(debit, credit, payload)


def _sides(debit: str, credit: str, payload: ActPayload) -> dict[str, str]:
    """Figures of both halves: the client's debit is our credit, or is left for him to fill in."""
    theirs = (credit, debit) if payload.is_mirrored else ("", "")
    return {"debit": debit, "credit": credit, "their_debit": theirs[0], "their_credit": theirs[1]}


def _or_empty(value: Decimal) -> str:
    return format_money(value) if value else ""


def _conclusion(payload: ActPayload) -> str:
    start = f"По данным {payload.seller.name} на {format_date(payload.period_to)}"
    if not payload.closing:
        return f"{start} задолженность отсутствует."
    owed = payload.seller if payload.closing > 0 else payload.buyer
    amount = abs(payload.closing)
    words = f" ({roubles_in_words(amount)})" if payload.currency == "RUB" else ""
    return f"{start} задолженность в пользу {owed.name} {format_money(amount)} {_currency(payload)}{words}"


def _reply(days: int | None) -> str:
    """What silence means, where the contract says so."""
    if not days:
        return ""
    span = f"{days} {plural(days, 'рабочего дня', 'рабочих дней', 'рабочих дней')}"
    return f"При неполучении возражений в течение {span} акт считается принятым."
