"""Is a document fit for 1C? One that is not would roll back all orders of the answer, for ever."""

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from integrations.onec.orders_xml import COMMENT_LENGTH, NUMBER_LENGTH, OPERATION

_NUMBER = re.compile(r"\d{1,15}(\.\d{1,4})?", re.ASCII)
_REQUIRED = (
    "Ид",
    "Номер",
    "Дата",
    "Время",
    "ХозОперация",
    "Роль",
    "Валюта",
    "Курс",
    "Сумма",
    "Контрагенты",
    "Товары",
)
_LINE_REQUIRED = ("Ид", "Наименование", "БазоваяЕдиница", "ЦенаЗаЕдиницу", "Количество", "Сумма")
_DAY = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
_REQUISITES = {"Дата отгрузки": _DAY, "Заказ оплачен": "true|false", "Отменен": "true|false"}
_LENGTHS = {"ИНН": {10, 12}, "КПП": {9}, "Валюта": {3}, "Единица": {3, 4}}

Element = etree._Element


def order_faults(document: Element) -> list[str]:
    """Name in Russian what is wrong; nothing when the document may go out."""
    return [*_shape_faults(document), *_head_faults(document), *_line_faults(document)]


def _shape_faults(document: Element) -> Iterator[str]:
    for element in document.iter():
        name, text = str(element.tag), element.text or ""
        if len(element) == 0 and not text.strip():
            yield f"пустой элемент {name}"
        elif name in _LENGTHS and len(text) not in _LENGTHS[name]:
            yield f"{name} «{text}»: неверная длина"
        elif name == "ИНН" and not (text.isascii() and text.isdigit()):
            yield f"ИНН «{text}»: не только цифры"


def _head_faults(document: Element) -> Iterator[str]:
    for name in _REQUIRED:
        if document.find(name) is None:
            yield f"нет элемента {name}"
    number = document.findtext("Номер", "")
    if len(number) > NUMBER_LENGTH:
        yield f"номер «{number}» длиннее {NUMBER_LENGTH} знаков"
    if document.findtext("ХозОперация") != OPERATION:
        yield f"ХозОперация не «{OPERATION}»"
    if len(document.findtext("Комментарий", "")) > COMMENT_LENGTH:
        yield f"комментарий длиннее {COMMENT_LENGTH} знаков"
    for item in document.findall("ЗначенияРеквизитов/ЗначениеРеквизита"):
        name, text = item.findtext("Наименование", ""), item.findtext("Значение", "")
        if name in _REQUISITES and not re.fullmatch(_REQUISITES[name], text, re.ASCII):
            yield f"реквизит «{name}»: «{text}» 1С не прочтёт"
    parties = document.findall("Контрагенты/Контрагент")
    if len(parties) != 1 or parties[0].find("Наименование") is None or parties[0].find("Ид") is None:
        yield "должен быть один контрагент с Ид и наименованием"
    if len(document.findall("Склады/Склад")) > 1:
        yield "складов больше одного"


def _line_faults(document: Element) -> Iterator[str]:
    lines = document.findall("Товары/Товар")
    if not lines:
        yield "в заказе нет строк"
    total = Decimal(0)
    for place, line in enumerate(lines, start=1):
        for name in _LINE_REQUIRED:
            if line.find(name) is None:
                yield f"строка {place}: нет элемента {name}"
        for name in ("ЦенаЗаЕдиницу", "Количество", "Сумма"):
            if not _NUMBER.fullmatch(line.findtext(name, "")):
                yield f"строка {place}: {name} не число"
        if line.find("Скидки") is not None:
            yield f"строка {place}: скидки в строке 1С не принимает"
        total += _number(line.findtext("Сумма", ""))
    if total != _number(document.findtext("Сумма", "")):
        yield f"сумма строк {total} не равна сумме заказа {document.findtext('Сумма', '')}"


def _number(text: str) -> Decimal:
    return Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
