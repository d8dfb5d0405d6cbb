"""Orders as CommerceML documents that UT 11, UNF and UT 10.3 take."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from lxml import etree

from finance.states import PaymentTerms
from integrations.onec.info_xml import PAYMENTS, delivery_of
from orders.models import Order, OrderLine, OrderPart
from orders.vat import price_with_vat
from portal.lib.dates import MOSCOW, format_date

NUMBER_LENGTH = 11
COMMENT_LENGTH = 3000
OPERATION = "Заказ товара"

_ROOT = "КоммерческаяИнформация"
_VERSION = "2.05"
# What XML 1.0 has no place for: one such character makes the whole answer unreadable.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = etree._Element


@dataclass(frozen=True, slots=True)
class OrderIds:
    """Ids under which 1C knows what an order names; rows that it does not know are absent."""

    skus: Mapping[int, str]
    warehouses: Mapping[int, str]
    legal_entities: Mapping[int, str]
    currency_name: str
    zone: ZoneInfo = MOSCOW  # 1C takes dates for its own local time


def orders_document(
    documents: Iterable[Element], *, at: datetime, encoding: str = "UTF-8", zone: ZoneInfo = MOSCOW
) -> bytes:
    """Put documents into one answer; without any it is an empty root, which 1C wants to see.

    What the encoding has no letters for becomes character references.
    """
    root = etree.Element(_ROOT)
    root.set("ВерсияСхемы", _VERSION)
    root.set("ДатаФормирования", f"{at.astimezone(zone):%Y-%m-%dT%H:%M:%S}")
    root.extend(documents)
    return cast(bytes, etree.tostring(root, xml_declaration=True, encoding=encoding.upper()))


def order_element(
    part: OrderPart,
    lines: Iterable[OrderLine],
    ids: OrderIds,
    *,
    is_cancelled: bool = False,
    is_paid: bool = False,
) -> Element:
    """Make the document of a part. Elements stand in 1C's order; empty ones are left out.

    One that is cancelled has the rows that were given up: 1C takes no document without rows.
    """
    order, moment = part.order, part.order.submitted_at.astimezone(ids.zone)
    lines = list(lines)
    document = etree.Element("Документ")
    _add(document, "Ид", str(part.uid))
    _add(document, "Номер", part.number)
    _add(document, "Дата", f"{moment:%Y-%m-%d}")
    _add(document, "Время", f"{moment:%H:%M:%S}")
    _add(document, "ХозОперация", OPERATION)
    _add(document, "Роль", "Продавец")
    _add(document, "Валюта", ids.currency_name if order.currency == "RUB" else order.currency)
    _add(document, "Курс", "1")
    _add(document, "Сумма", amount(_sum(lines) if is_cancelled else part.total))
    _add_counterparty(_add(document, "Контрагенты"), part, ids)
    place = part.warehouse
    if place and (warehouse_id := ids.warehouses.get(place.pk, "")):
        warehouse = _add(_add(document, "Склады"), "Склад")
        _add(warehouse, "Ид", warehouse_id)
        _add(warehouse, "Наименование", place.name)
    _add(document, "Комментарий", _comment(part, lines))
    vat = sum((line.vat for line in lines), Decimal(0))
    if part.vat_percent is not None:
        _add_tax(document, vat)
    goods = _add(document, "Товары")
    for line in lines:
        _add_line(goods, line, ids)
    _add_requisites(document, _order_requisites(part, is_cancelled=is_cancelled, is_paid=is_paid))
    return document


def _sum(lines: Iterable[OrderLine]) -> Decimal:
    return sum((line.gross for line in lines), Decimal(0))


def _add_counterparty(parent: Element, part: OrderPart, ids: OrderIds) -> None:
    entity = part.order.legal_entity
    party = _add(parent, "Контрагент")
    _add(party, "Ид", ids.legal_entities[entity.pk])
    _add(party, "Наименование", entity.name)
    # The presence of ОфициальноеНаименование makes a legal entity, ПолноеНаименование a person.
    _add(party, "ПолноеНаименование" if entity.kind == "ip" else "ОфициальноеНаименование", entity.full_name)
    _add(party, "ИНН", entity.inn)
    _add(party, "КПП", entity.kpp)
    _add(party, "Роль", "Покупатель")
    if legal(entity.legal_address):
        _add(_add(party, "АдресРегистрации"), "Представление", entity.legal_address)
    told = [("Телефон рабочий", entity.phone), ("Почта", entity.email)]
    contacts = [(kind, value) for kind, value in told if legal(value)]
    if contacts:
        wrapper = _add(party, "Контакты")
        for kind, value in contacts:
            contact = _add(wrapper, "Контакт")
            _add(contact, "Тип", kind)
            _add(contact, "Значение", value)


def _add_line(parent: Element, line: OrderLine, ids: OrderIds) -> None:
    item = _add(parent, "Товар")
    _add(item, "Ид", ids.skus[line.sku_id])
    _add(item, "Артикул", line.article)
    _add(item, "Наименование", line.name)
    unit = _add(item, "БазоваяЕдиница", line.unit_name)
    has_code = len(line.unit_code) in {3, 4}
    if has_code:
        unit.set("Код", line.unit_code)
    _add(item, "ЦенаЗаЕдиницу", amount(price_with_vat(line, is_vat_included=line.part.order.is_vat_included)))
    _add(item, "Количество", quantity(line.quantity))
    _add(item, "Сумма", amount(line.gross))
    if has_code:
        _add(item, "Единица", line.unit_code)
        _add(item, "Коэффициент", "1")
    rate = _add(_add(item, "СтавкиНалогов"), "СтавкаНалога")
    _add(rate, "Наименование", "НДС")
    _add(rate, "Ставка", "Без НДС" if line.vat_percent is None else quantity(line.vat_percent))
    if line.vat_percent is not None:
        _add(_add_tax(item, line.vat), "Ставка", quantity(line.vat_percent))
    product = line.sku.product
    _add_requisites(
        item, [("ВидНоменклатуры", product.kind or product.item_type), ("ТипНоменклатуры", product.item_type)]
    )


def _add_tax(parent: Element, vat: Decimal) -> Element:
    tax = _add(_add(parent, "Налоги"), "Налог")
    _add(tax, "Наименование", "НДС")
    _add(tax, "УчтеноВСумме", "true")
    _add(tax, "Сумма", amount(vat))
    return tax


def _order_requisites(part: OrderPart, *, is_cancelled: bool, is_paid: bool) -> list[tuple[str, str]]:
    order = part.order
    delivery_id, delivery = delivery_of(order)
    day = order.desired_date
    return [
        ("Номер заказа на портале", order.number),
        ("Организация", order.organization.name),
        ("Договор контрагента", str(order.contract)),
        ("Склад", part.warehouse.name if part.warehouse else ""),
        ("Адрес доставки", order.delivery_text),
        ("Номер по данным клиента", order.client_reference),
        ("Дата отгрузки", f"{day:%Y-%m-%d} 00:00:00" if day else ""),
        ("Метод оплаты", PAYMENTS[order.payment_terms]),
        ("Метод оплаты ИД", order.payment_terms),
        ("Способ доставки", delivery),
        ("Способ доставки ИД", delivery_id),
        ("Комментарий доставки", "; ".join(_delivery_words(order))),
        ("Комментарии покупателя", order.comment),
        ("Заказ оплачен", "true" if is_paid else "false"),
        ("Отменен", "true" if is_cancelled else "false"),
    ]


def _add_requisites(parent: Element, pairs: list[tuple[str, str]]) -> None:
    wrapper = _add(parent, "ЗначенияРеквизитов")
    for name, value in pairs:
        if legal(value):
            item = _add(wrapper, "ЗначениеРеквизита")
            _add(item, "Наименование", name)
            _add(item, "Значение", value)


def _delivery_words(order: Order) -> list[str]:
    """The service, what it costs, and whether the goods go in one piece."""
    service, cost = order.delivery_service, order.delivery_cost
    told = [
        service.name if service else "",
        f"стоимость на весь заказ {amount(cost)}" if cost is not None else "",
        "отгружать всё сразу" if order.ships_together else "",
    ]
    return [text for text in told if text]


def _comment(part: OrderPart, lines: Iterable[OrderLine]) -> str:
    """What the client wrote, and what a 1C without the реквизиты would not show its manager.

    A long text of the client gives way: where to bring the goods must arrive.
    """
    order = part.order
    day, how = order.desired_date, _delivery_words(order)
    known = [
        f"Нужен к: {format_date(day)}" if day else "",
        "Оплата: предоплата" if order.payment_terms == PaymentTerms.PREPAID else "",
        f"Способ доставки: {'; '.join(how)}" if how else "",
        f"Доставка: {order.delivery_text}" if order.delivery_text else "",
        f"Номер у клиента: {order.client_reference}" if order.client_reference else "",
    ]
    ending = "".join(f"\n{legal(text)}" for text in known if text)
    written = [order.comment, *(f"{line.article or line.name}: {line.words}" for line in lines if line.words)]
    told = "\n".join(text for text in map(legal, written) if text)
    return told[: COMMENT_LENGTH - len(ending)] + ending


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    """Append an element; with an empty text none is appended: 1C stumbles over empty ones."""
    if text is None:
        return etree.SubElement(parent, name)
    plain = legal(text)
    element = etree.Element(name) if not plain else etree.SubElement(parent, name)
    element.text = plain
    return element


def legal(text: str) -> str:
    """Drop what XML cannot hold, and spaces around."""
    return _ILLEGAL.sub("", text).strip()


def amount(value: Decimal) -> str:
    """Print money: two decimals, more only where the price has them."""
    plain = f"{value.normalize():f}"
    whole, _, fraction = plain.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"


def quantity(value: Decimal) -> str:
    """Print a number without trailing zeros."""
    return f"{value.normalize():f}"
