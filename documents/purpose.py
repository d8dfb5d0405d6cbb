"""Payment purpose: the text a client copies into the payment order, 210 characters at most."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.lib.dates import format_date
from portal.lib.money import q2, vat_label

LIMIT = 210  # field 24 of the payment order, Bank of Russia 762-P
_SHORTEST_GOODS = 12


def payment_purpose(
    *,
    number: str,
    day: date,
    vat_by_rate: Sequence[tuple[Decimal | None, Decimal]],
    contract: tuple[str, date] | None = None,
    goods: str = "",
) -> str:
    """Name the invoice, the contract, the goods and the VAT in as many words as the bank accepts.

    `vat_by_rate` pairs a rate (None for «без НДС») with its VAT in roubles. What does not fit goes in
    this order: goods are cut, goods are left out, the contract is left out; number, date and VAT stay.
    Raises ValueError when even these are longer than 210 characters.
    """
    head = f"Оплата по счету № {number} от {format_date(day)}"
    tail = f". {_vat_text(vat_by_rate)}"
    by_contract = f" по договору № {contract[0]} от {format_date(contract[1])}" if contract else ""
    goods = " ".join(goods.split())
    room = LIMIT - len(head + by_contract + tail)
    for_goods = f" за {goods}" if goods else ""
    if len(for_goods) > room:
        for_goods = _cut(for_goods, room)
    if room < 0:
        by_contract = ""
    purpose = head + by_contract + for_goods + tail
    if len(purpose) > LIMIT:
        raise ValueError(f"A payment purpose of {len(purpose)} characters: {purpose}")
    return purpose


def _vat_text(vat_by_rate: Sequence[tuple[Decimal | None, Decimal]]) -> str:
    """Banks read kopecks after a point and no grouping spaces."""
    parts = [f"НДС {vat_label(rate)} - {q2(vat)}" for rate, vat in vat_by_rate if rate is not None]
    return f"В т.ч. {', '.join(parts)} руб." if parts else "НДС не облагается"


def _cut(for_goods: str, room: int) -> str:
    """Cut between words; a stub of a few letters says nothing and is left out."""
    if room < _SHORTEST_GOODS:
        return ""
    cut = for_goods[:room]
    return cut.rsplit(" ", 1)[0] if " " in cut[_SHORTEST_GOODS:] else cut


def payment_purpose_of(
    *,
    names: Sequence[str],
    contract: tuple[str, date] | None,
    vat_by_rate: Sequence[tuple[Decimal | None, Decimal]] | None,
) -> str:
    """Name several papers («счету № 7 от 20.11.2026», «документу УТ-2 от …») in as many words as fit.

    `vat_by_rate` is None where the VAT of some paper is not known. What does not fit goes in this order: the
    contract, then the last papers. Without papers it is an advance.
    """
    tail = ". В т.ч. НДС согласно документам" if vat_by_rate is None else f". {_vat_text(vat_by_rate)}"
    by_contract = f" по договору № {contract[0]} от {format_date(contract[1])}" if contract else ""
    if not names:
        return f"Предоплата{by_contract}{tail}"[:LIMIT]
    listed = ", ".join(names)
    for text in (f"Оплата по {listed}{by_contract}{tail}", f"Оплата по {listed}{tail}"):
        if len(text) <= LIMIT:
            return text
    for kept in range(len(names) - 1, 0, -1):
        text = f"Оплата по {', '.join(names[:kept])} и др.{tail[1:]}"
        if len(text) <= LIMIT:
            return text
    return f"Оплата{by_contract}{tail}"[:LIMIT]
