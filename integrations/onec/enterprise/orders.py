"""Документ.ЗаказКлиента read into the record of an order that CommerceML gives."""

import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from lxml import etree

from integrations.onec.enterprise.parts import (
    VIRTUAL,
    contract_of,
    currency_of,
    keys_of,
    party_of,
    reference,
)
from integrations.onec.incoming.records import DocumentRecord, LineRecord, Operation
from integrations.onec.incoming.requisites import children, document_moment
from integrations.onec.reading.elements import child, child_text, line_of, text
from integrations.onec.refusal import ExchangeRefusal
from integrations.onec.texts import flag, joined_key, number, one_line
from portal.lib.money import q2

MOST_LINES = 20_000
_MOST = Decimal(10) ** 10
_MOST_TOTAL = Decimal(10) ** 13
_PRICE = Decimal("0.0001")
_COUNT = Decimal("0.001")
_HUNDRED = Decimal(100)
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")

Element = etree._Element


def order_of(element: Element, zone: ZoneInfo) -> DocumentRecord:
    """Read an order. Raises ExchangeRefusal for numbers that no order can have."""
    keys = keys_of(element)
    moment = document_moment(child_text(keys, "Дата"), zone)
    told = one_line(child_text(keys, "Номер"), 50)
    warehouse, organization = child(element, "Склад"), child(keys, "Организация")
    if organization is None:
        organization = child(element, "Организация")
    buyer, lines = child(element, "Контрагент"), _lines(element)
    is_posted = child_text(keys, "Проведен") or child_text(element, "Проведен")
    return DocumentRecord(
        line=line_of(element),
        external_id=reference(keys),
        number=told,
        operation=Operation.ORDER,
        operation_text="Заказ клиента",
        made_at=moment,
        total=_total(element),
        vat=None,
        currency=currency_of(child(element, "Валюта")),
        basis=(),
        version="",
        erp_number=told,
        erp_date=moment.date() if moment else None,
        state_text=one_line(child_text(element, "Статус") or child_text(element, "СостояниеЗаказа"), 100),
        is_posted=flag(is_posted) if is_posted else True,
        is_deleted=flag(child_text(element, "ПометкаУдаления")),
        is_cancelled=bool(lines) and all(line.is_cancelled for line in lines or ()),
        is_paid=None,
        paid_on=None,
        is_shipped=None,
        shipped_on=None,
        warehouse_id=reference(warehouse),
        warehouse_name=one_line(child_text(warehouse, "Наименование"), 160),
        organization=one_line(child_text(organization, "Наименование"), 160),
        contract=_contract(element, zone),
        delivery=one_line(child_text(element, "АдресДоставки"), 600),
        client_reference=one_line(child_text(element, "НомерПоДаннымКлиента"), 50),
        comment=child_text(element, "Комментарий")[:3000],
        parties=(party_of(buyer, role="покупатель"),) if buyer is not None else (),
        lines=lines,
        subordinate=(),
    )


def _total(element: Element) -> Decimal | None:
    value = number(child_text(element, "Сумма"))
    if value is not None and abs(value) >= _MOST_TOTAL:
        raise ExchangeRefusal(f"строка {line_of(element)}: сумма не может быть такой ({value})")
    return None if value is None else q2(value)


def _contract(element: Element, zone: ZoneInfo) -> str:
    """The contract in words; a virtual one is none."""
    settlements = child(element, "ДанныеВзаиморасчетов")
    named = next(
        (
            found
            for holder in (settlements, element)
            for name in ("Договор", VIRTUAL)
            if (found := child(holder, name)) is not None
        ),
        None,
    )
    if named is None:
        return ""
    contract = contract_of(named, zone)
    if contract.is_virtual:
        return ""
    if contract.number and contract.signed_on:
        return f"{contract.number} от {contract.signed_on:%d.%m.%Y}"
    return contract.number or contract.name


def _lines(element: Element) -> tuple[LineRecord, ...] | None:
    if child(element, "Товары") is None and child(element, "Услуги") is None:
        return None
    rows = [row for name in ("Товары", "Услуги") for row in children(element, name, "Строка")]
    if len(rows) > MOST_LINES:
        raise ExchangeRefusal(f"строка {line_of(element)}: в документе больше {MOST_LINES} строк")
    told = child_text(element, "СуммаВключаетНДС")
    return tuple(_line(row, is_included=flag(told) if told else True) for row in rows)


def _line(row: Element, *, is_included: bool) -> LineRecord:
    packs, price, total = (_number(row, name) for name in _NUMBERS)
    if not all(0 <= value < _MOST for value in (packs, price, total)):
        raise ExchangeRefusal(f"строка {line_of(row)}: количество, цена или сумма не могут быть такими")
    good = child(row, "ДанныеНоменклатуры")
    item = child(good, "Номенклатура")
    item = good if item is None else item
    rate, tax = _rate(child(row, "СтавкаНДС")), number(child_text(row, "СуммаНДС"))
    gross, quantity = q2(total or price * packs), packs.quantize(_COUNT)
    if not is_included:
        gross += q2(tax if tax is not None else gross * (rate or 0) / _HUNDRED)
    if not 0 <= gross < _MOST:
        raise ExchangeRefusal(f"строка {line_of(row)}: сумма не может быть такой")
    return LineRecord(
        external_id=joined_key(reference(item), reference(child(good, "Характеристика")))[:170],
        article=one_line(child_text(item, "Артикул"), 100),
        name=one_line(child_text(item, "Наименование") or child_text(row, "Содержание"), 800),
        unit=_unit(row),
        quantity=quantity,
        price=(gross / quantity).quantize(_PRICE) if quantity else Decimal(0),
        gross=gross,
        vat=_vat(gross, rate, tax),
        vat_percent=rate,
        is_cancelled=flag(child_text(row, "Отменено")),
    )


def _number(row: Element, name: str) -> Decimal:
    """Nought where nothing is told; what is told and is no number must not become nought."""
    told = child_text(row, name)
    value = number(told)
    if value is None and told.strip():
        raise ExchangeRefusal(f"строка {line_of(row)}: {name} – не число")
    return value or Decimal(0)


_NUMBERS = ("Количество", "Цена", "Сумма")


def _unit(row: Element) -> str:
    unit = child(row, "ЕдиницаИзмерения")
    data = child(unit, "ДанныеКлассификатора")
    return one_line(child_text(unit if data is None else data, "Наименование"), 50)


def _rate(element: Element | None) -> Decimal | None:
    """Percent; None without VAT. Later versions tell it in parts, earlier ones in a word: НДС20, БезНДС."""
    if element is None or flag(child_text(element, "НеОблагается")):
        return None
    found = _RATE.search(child_text(element, "Ставка") or text(element))
    rate = number(found.group()) if found else None
    return None if rate is None or rate >= _HUNDRED else q2(rate)


def _vat(gross: Decimal, rate: Decimal | None, told: Decimal | None) -> Decimal:
    if rate is None:
        return Decimal("0.00")
    return q2(told) if told is not None and 0 <= told <= gross else q2(gross * rate / (_HUNDRED + rate))
