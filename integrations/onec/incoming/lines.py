"""Rows of a document."""

from decimal import Decimal

from lxml import etree

from integrations.onec.incoming.records import LineRecord
from integrations.onec.incoming.requisites import Requisites
from integrations.onec.reading.elements import child, child_text, is_marked_deleted, line_of
from integrations.onec.refusal import ExchangeRefusal
from integrations.onec.texts import flag, joined_key, number, offer_key, one_line
from portal.lib.money import q2

_MOST = Decimal(10) ** 10  # what the columns hold, with room for sums
_MOST_IN_PACK = Decimal(10) ** 6
_PRICE = Decimal("0.0001")
_COUNT = Decimal("0.001")
_PERCENTS = Decimal(100)

Element = etree._Element


def line_record(element: Element) -> LineRecord:
    """Read a Товар. Raises ExchangeRefusal for numbers that no order can have."""
    told = [_number(element, name) for name in ("Количество", "ЦенаЗаЕдиницу", "Сумма")]
    coefficient = number(child_text(element, "Коэффициент")) or Decimal(1)
    if not all(0 <= value < _MOST for value in told) or not 0 < coefficient < _MOST_IN_PACK:
        raise ExchangeRefusal(_absurd(element))
    packs, price, total = told
    quantity = (packs * coefficient).quantize(_COUNT)
    rate, tax, is_included = _vat(element)
    gross = q2(total or price * packs)
    if not is_included:
        gross += q2(gross * (rate or 0) / _PERCENTS) if tax is None else q2(tax)
    if quantity >= _MOST or gross >= _MOST:
        raise ExchangeRefusal(_absurd(element))
    good, characteristic = offer_key(child_text(element, "Ид"), child_text(element, "ИдХарактеристики"))
    requisites = Requisites.of(element)
    return LineRecord(
        external_id=joined_key(good, characteristic)[:170],
        article=one_line(child_text(element, "Артикул"), 100),
        name=one_line(child_text(element, "Наименование"), 800),
        unit=_unit(element),
        quantity=quantity,
        price=(gross / quantity).quantize(_PRICE) if quantity else Decimal(0),
        gross=gross,
        vat=_tax(gross, rate, tax),
        vat_percent=rate,
        is_cancelled=requisites.flag("Отменено", "Отменен") or bool(is_marked_deleted(element)),
    )


def _number(element: Element, name: str) -> Decimal:
    return number(child_text(element, name)) or Decimal(0)


def _absurd(element: Element) -> str:
    told = "; ".join(child_text(element, name)[:40] for name in ("Количество", "ЦенаЗаЕдиницу", "Сумма"))
    return f"строка {line_of(element)}: количество, цена или сумма не могут быть такими ({told})"


def _unit(element: Element) -> str:
    """Name of the base unit: as text, in an attribute or in a child."""
    unit = child(element, "БазоваяЕдиница")
    if unit is None:
        return one_line(child_text(element, "Единица"), 50)
    told = (unit.text or "").strip() or str(unit.get("НаименованиеПолное") or "")
    return one_line(told or str(unit.get("Код") or ""), 50)


def _vat(element: Element) -> tuple[Decimal | None, Decimal | None, bool]:
    """Rate in percent (None: no VAT), tax as told, and whether sums hold it."""
    tax = child(child(element, "Налоги"), "Налог")
    rate_text = child_text(child(child(element, "СтавкиНалогов"), "СтавкаНалога"), "Ставка")
    rate_text = rate_text or child_text(tax, "Ставка")
    digits = "".join(sign for sign in rate_text.replace(",", ".") if sign in "0123456789.")
    rate = number(digits)
    rate = None if rate is None or rate >= _PERCENTS else q2(rate)
    included = child_text(tax, "УчтеноВСумме")
    return rate, number(child_text(tax, "Сумма")), flag(included) if included else True


def _tax(gross: Decimal, rate: Decimal | None, told: Decimal | None) -> Decimal:
    if rate is None:
        return Decimal("0.00")
    if told is not None and 0 <= told <= gross:
        return q2(told)
    return q2(gross * rate / (_PERCENTS + rate))
