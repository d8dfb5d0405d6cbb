"""ТаблСчФакт: columns 1-14 and the line of totals."""

from decimal import ROUND_HALF_UP, Decimal

from documents.edo.elements import Element, element, filled, money, plain, worded
from documents.payloads.transfer import Traced, TransferLine, TransferPayload
from portal.lib.money import vat_label

NO_VAT, NO_EXCISE = "без НДС", "без акциза"
_FINEST = Decimal("1e-11")


def table(payload: TransferPayload) -> Element:
    """Lines in their order and the totals of the payload, never worked out anew."""
    total = payload.total
    is_taxed = any(line.rate is not None for line in payload.lines)
    sums = element(
        "ВсегоОпл",
        element("СумНалВсего", _tax(total.vat if is_taxed else None)),
        СтТовБезНДСВсего="" if payload.is_advance else money(total.net),
        СтТовУчНалВсего=money(total.gross),
    )
    make = _advance if payload.is_advance else _goods
    return element("ТаблСчФакт", *(make(line, number) for number, line in enumerate(payload.lines, 1)), sums)


def rate_words(rate: Decimal | None, *, is_calculated: bool = False) -> str:
    """«22%», of an advance «22/122», «без НДС»."""
    if rate is None or not is_calculated:
        return vat_label(rate)
    return f"{plain(rate)}/{plain(100 + rate)}"


def _goods(line: TransferLine, number: int) -> Element:
    return element(
        "СведТов",
        *(
            element("СвДТ", КодПроисх=origin.country_code, НомерДТ=origin.declaration)
            for origin in line.origins
            if origin.country_code or origin.declaration
        ),
        _more(line),
        element("Акциз", _excise(line.excise)),
        element("СумНал", _tax(None if line.rate is None else line.amount.vat)),
        НомСтр=str(number),
        НаимТов=line.name,
        ОКЕИ_Тов=line.unit_code,
        НаимЕдИзм=line.unit,
        КолТов=plain(line.quantity),
        ЦенаТов=plain(_price(line)),
        СтТовБезНДС=money(line.amount.net),
        НалСт=rate_words(line.rate),
        СтТовУчНал=money(line.amount.gross),
    )


def _price(line: TransferLine) -> Decimal:
    """In kopecks as on paper; one below half a kopeck is told as finely as the format lets."""
    if line.price:
        return line.price
    return (line.amount.net / line.quantity).quantize(_FINEST, rounding=ROUND_HALF_UP)


def _advance(line: TransferLine, number: int) -> Element:
    """Of an advance only the tax and the sum are told."""
    return element(
        "СведТов",
        element("СумНал", _tax(None if line.rate is None else line.amount.vat)),
        НомСтр=str(number),
        НаимТов=line.name,
        НалСт=rate_words(line.rate, is_calculated=True),
        СтТовУчНал=money(line.amount.gross),
    )


def _more(line: TransferLine) -> Element | None:
    countries = (worded("КрНаимСтрПр", origin.country) for origin in line.origins if origin.country)
    return filled(
        element(
            "ДопСведТов",
            *countries,
            *map(_lot, line.traced),
            АртикулТов=line.article,
            КодТов=line.code,
            КодВидТов=line.kind_code,
        )
    )


def _lot(lot: Traced) -> Element:
    return element(
        "СведПрослеж",
        НомТовПрослеж=lot.number,
        ЕдИзмПрослеж=lot.unit_code,
        НаимЕдИзмПрослеж=lot.unit,
        КолВЕдПрослеж=plain(lot.quantity),
        СтТовБезНДСПрослеж=money(lot.net),
    )


def _excise(sum_: Decimal | None) -> Element:
    return worded("БезАкциз", NO_EXCISE) if sum_ is None else worded("СумАкциз", money(sum_))


def _tax(vat: Decimal | None) -> Element:
    return worded("БезНДС", NO_VAT) if vat is None else worded("СумНал", money(vat))
