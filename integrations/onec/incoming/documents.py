"""Документ, ПодчиненныйДокумент: an order, a payment, a shipment."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lxml import etree

from integrations.onec.incoming.parties import party_records
from integrations.onec.incoming.records import DocumentRecord, LineRecord, Operation
from integrations.onec.incoming.requisites import Requisites, document_moment, folded
from integrations.onec.reading.elements import (
    child,
    child_text,
    is_marked_deleted,
    line_of,
    name_of,
)
from integrations.onec.refusal import ExchangeRefusal
from integrations.onec.texts import currency, external_key, flag, number, one_line
from portal.lib.money import q2

_MOST = Decimal(10) ** 13
_OPERATIONS = {
    folded(text): operation
    for text, operation in (
        ("Заказ товара", Operation.ORDER),
        ("Заказ покупателя", Operation.ORDER),
        ("Заказ клиента", Operation.ORDER),
        ("Счет на оплату", Operation.INVOICE),
        ("Отпуск товара", Operation.SHIPMENT),
        ("Счет-фактура", Operation.VAT_INVOICE),
        ("Эквайринговая операция", Operation.PAYMENT),
    )
}
_BEGINNINGS = (("возврат", Operation.RETURN), ("выплата", Operation.PAYMENT), ("оплата", Operation.PAYMENT))
_KNOWN = {
    "Ид", "Номер", "Дата", "Время", "ХозОперация", "Роль", "Валюта", "Курс", "Сумма", "Контрагенты", "Склады",
    "СрокПлатежа", "Комментарий", "Налоги", "Скидки", "Товары", "ЗначенияРеквизитов", "Номер1С", "Дата1С",
    "НомерВерсии", "ПометкаУдаления", "ПодчиненныеДокументы", "Основание", "Статус", "Отменен", "Проведен",
}  # fmt: skip

Element = etree._Element


def document_record(
    element: Element,
    *,
    lines: Sequence[LineRecord],
    subordinate: Sequence[DocumentRecord],
    zone: ZoneInfo,
    unknown: Counter[str],
) -> DocumentRecord:
    """Read a document whose rows and subordinate documents have been read. Raises ExchangeRefusal."""
    told = Requisites.of(element)
    for item in element:
        if (name := name_of(item)) not in _KNOWN:
            unknown[name] += 1
    operation_text = one_line(child_text(element, "ХозОперация"), 60)
    paid_on, shipped_on = told.day("Дата оплаты по 1С"), told.day("Дата отгрузки по 1С")
    warehouse = child(child(element, "Склады"), "Склад")
    erp_moment = document_moment(
        told.text("Дата по 1С", "Дата1С", "ДатаПо1С") or child_text(element, "Дата1С"), zone
    )
    return DocumentRecord(
        line=line_of(element),
        external_id=external_key(child_text(element, "Ид"))[:170],
        number=one_line(child_text(element, "Номер"), 50),
        operation=_operation(operation_text),
        operation_text=operation_text,
        made_at=_made_at(element, zone),
        total=_money(element, child_text(element, "Сумма")),
        vat=_money(element, child_text(child(child(element, "Налоги"), "Налог"), "Сумма")),
        currency=currency(child_text(element, "Валюта")),
        basis=_basis(element, told),
        version=one_line(child_text(element, "НомерВерсии"), 50),
        erp_number=told.text("Номер по 1С", "Номер1С", length=50)
        or one_line(child_text(element, "Номер1С"), 50),
        erp_date=erp_moment.date() if erp_moment else None,
        state_text=told.text("Статус заказа", "Состояние заказа", "Статус"),
        is_posted=told.flag("Проведен") or flag(child_text(element, "Проведен")),
        is_deleted=told.flag("ПометкаУдаления") or bool(is_marked_deleted(element)),
        is_cancelled=told.flag("Отменен") or flag(child_text(element, "Отменен")),
        is_paid=told.flag("Оплачен") if told.says("Оплачен") else paid_on is not None,
        paid_on=paid_on,
        is_shipped=told.flag("Отгружен") if told.says("Отгружен") else shipped_on is not None,
        shipped_on=shipped_on,
        warehouse_id=external_key(child_text(warehouse, "Ид"))[:170],
        warehouse_name=one_line(child_text(warehouse, "Наименование"), 160) or told.text("Склад", length=160),
        organization=told.text("Организация", length=160),
        contract=told.text("Договор контрагента", "Договор", length=160),
        delivery=told.text("Адрес доставки", length=600),
        client_reference=told.text("Номер по данным клиента", length=50),
        comment=child_text(element, "Комментарий")[:3000],
        parties=party_records(element),
        lines=tuple(lines) if child(element, "Товары") is not None else None,
        subordinate=tuple(subordinate),
    )


def _operation(text: str) -> Operation:
    key = folded(text)
    if key in _OPERATIONS:
        return _OPERATIONS[key]
    return next((kind for word, kind in _BEGINNINGS if key.startswith(word)), Operation.OTHER)


def _made_at(element: Element, zone: ZoneInfo) -> datetime | None:
    day, clock = child_text(element, "Дата"), child_text(element, "Время")
    return document_moment(f"{day[:10]} {clock}" if clock else day, zone)


def _money(element: Element, text: str) -> Decimal | None:
    value = number(text)
    if value is not None and abs(value) >= _MOST:
        raise ExchangeRefusal(f"строка {line_of(element)}: сумма не может быть такой ({text})")
    return None if value is None else q2(value)


def _basis(element: Element, told: Requisites) -> tuple[str, ...]:
    """Numbers and ids by which a document may name the order that it belongs to, surest first."""
    names = ("Номер заказа", "НомерЗаказаНаСайте", "Заказ", "ИдЗаказа", "Основание", "Документ основание")
    found = [external_key(child_text(element, "Основание")), *(told.text(name) for name in names)]
    return tuple(dict.fromkeys(text[:170] for text in found if text))
