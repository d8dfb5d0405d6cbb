"""Hard rules of 1C for an order document: each breach can block all orders of the answer for ever."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeGuard

from lxml import etree

NUMBER_LENGTH = 11
COMMENT_LENGTH = 3000
OPERATION = "Заказ товара"

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}:\d{2}")
_DOCUMENT_FIELDS = ("Ид", "Номер", "Дата", "Время", "ХозОперация", "Роль", "Валюта", "Курс", "Сумма")
_LINE_FIELDS = ("Ид", "Наименование", "ЦенаЗаЕдиницу", "Количество", "Сумма")

# Typed checks of 1C by element name: pattern and how it reads in Russian.
_SHAPES = {
    "ИНН": (re.compile(r"\d{10}|\d{12}"), "10 или 12 цифр"),
    "КПП": (re.compile(r".{9}"), "9 знаков"),
    "БИК": (re.compile(r".{9}"), "9 знаков"),
    "Валюта": (re.compile(r".{3}"), "3 знака"),
    "Единица": (re.compile(r".{3,4}"), "код из 3–4 знаков"),
    "Дата": (_DATE, "ГГГГ-ММ-ДД"),
    "СрокПлатежа": (_DATE, "ГГГГ-ММ-ДД"),
    "Время": (_TIME, "ЧЧ:ММ:СС"),
}
# Named values of a document that 1C reads as a date or as yes and no.
_REQUISITES = {
    "Дата отгрузки": (re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"), "ГГГГ-ММ-ДД ЧЧ:ММ:СС"),
    "Заказ оплачен": (re.compile("true|false"), "true или false"),
    "Отменен": (re.compile("true|false"), "true или false"),
}
_NUMBERS = {"Сумма", "ЦенаЗаЕдиницу", "Количество", "Курс", "Коэффициент"}


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its short name, the number of the order (empty for the whole answer), the reason."""

    rule: str
    order: str
    message: str


def document_violations(root: etree._Element, documents: list[etree._Element]) -> list[Violation]:
    """Check every document by itself, and that ids and numbers do not repeat in the answer."""
    violations = [found for document in documents for found in _check(document)]
    for field in ("Номер", "Ид"):
        counted = Counter(value(document, field) for document in documents)
        violations += [
            Violation("repeated", text, f"{field} «{text}» встречается {count} раза")
            for text, count in counted.items()
            if text and count > 1
        ]
    known = set(documents)
    for item in root:
        if is_element(item) and item not in known and not list(item) and not (item.text or "").strip():
            violations.append(Violation("empty", "", f"пустой элемент {local_name(item)}"))
    return violations


def local_name(element: etree._Element) -> str:
    """Name without its namespace."""
    return etree.QName(element).localname


def is_element(node: etree._Element | None) -> TypeGuard[etree._Element]:
    """Neither absent nor a comment nor a processing instruction."""
    return node is not None and isinstance(node.tag, str)


def children(node: etree._Element | None, *path: str) -> list[etree._Element]:
    """All elements at a path of local names."""
    found = [node] if node is not None else []
    for name in path:
        found = [item for parent in found for item in parent if is_element(item) and local_name(item) == name]
    return found


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """First element at a path of local names."""
    return next(iter(children(node, *path)), None)


def value(node: etree._Element | None, *path: str) -> str:
    """Trimmed text at a path, empty when there is no such element."""
    found = child(node, *path)
    return (found.text or "").strip() if found is not None else ""


def amount_of(node: etree._Element | None, *path: str) -> Decimal:
    """Number at a path; 0 where it cannot be read (a violation tells so)."""
    text = value(node, *path)
    return Decimal(text) if _DECIMAL.fullmatch(text) else Decimal(0)


def _check(document: etree._Element) -> Iterator[Violation]:
    number = value(document, "Номер")
    checks = (_elements, _required, _header, _requisites, _parties, _lines)
    for check in checks:
        for rule, message in check(document):
            yield Violation(rule, number, message)


def _elements(document: etree._Element) -> Iterator[tuple[str, str]]:
    """Empty elements, typed values and numbers at any depth."""
    for element in document.iter():
        if not is_element(element):
            continue
        name, text = local_name(element), element.text or ""
        if not len(element):
            if not text.strip():
                yield "empty", f"пустой элемент {_place(element)}"
                continue
            if name in _SHAPES and not _SHAPES[name][0].fullmatch(text):
                yield "shape", f"{_place(element)}: «{text}», нужно {_SHAPES[name][1]}"
            if name in _NUMBERS and not _DECIMAL.fullmatch(text):
                yield "number", f"{_place(element)}: «{text}» не число"
        code = element.get("Код")
        if name == "БазоваяЕдиница" and code is not None and not 3 <= len(code.strip()) <= 4:
            yield "shape", f"{_place(element)}: код единицы «{code}», нужно 3–4 знака"


def _required(document: etree._Element) -> Iterator[tuple[str, str]]:
    for name in _DOCUMENT_FIELDS:
        if child(document, name) is None:
            yield "required", f"нет элемента {name}"
    lines = children(document, "Товары", "Товар")
    if not lines:
        yield "required", "в документе нет товаров"
    for position, line in enumerate(lines, start=1):
        for name in _LINE_FIELDS:
            if child(line, name) is None:
                yield "required", f"строка {position}: нет элемента {name}"


def _header(document: etree._Element) -> Iterator[tuple[str, str]]:
    operation, role, number = (value(document, name) for name in ("ХозОперация", "Роль", "Номер"))
    if operation and operation != OPERATION:
        yield "operation", f"ХозОперация «{operation}», нужна «{OPERATION}»"
    if role and role != "Продавец":
        yield "role", f"Роль документа «{role}», нужна «Продавец»"
    if len(number) > NUMBER_LENGTH:
        yield "number-length", f"Номер длиннее {NUMBER_LENGTH} знаков"
    if len(value(document, "Комментарий")) > COMMENT_LENGTH:
        yield "comment-length", f"Комментарий длиннее {COMMENT_LENGTH} знаков"


def _requisites(document: etree._Element) -> Iterator[tuple[str, str]]:
    for item in children(document, "ЗначенияРеквизитов", "ЗначениеРеквизита"):
        name, text = value(item, "Наименование"), value(item, "Значение")
        if name in _REQUISITES and not _REQUISITES[name][0].fullmatch(text):
            yield "requisite", f"{name}: «{text}», нужно {_REQUISITES[name][1]}"


def _parties(document: etree._Element) -> Iterator[tuple[str, str]]:
    parties = children(document, "Контрагенты", "Контрагент")
    if len(parties) != 1:
        yield "one-counterparty", f"контрагентов {len(parties)}, нужен один"
    for party in parties:
        if child(party, "Наименование") is None:
            yield "required", "у контрагента нет Наименования"
        if value(party, "Роль") != "Покупатель":
            yield "role", f"Роль контрагента «{value(party, 'Роль')}», нужна «Покупатель»"
    if len(warehouses := children(document, "Склады", "Склад")) > 1:
        yield "one-warehouse", f"складов {len(warehouses)}, можно один"


def _lines(document: etree._Element) -> Iterator[tuple[str, str]]:
    lines = children(document, "Товары", "Товар")
    total, amount = (
        sum((amount_of(line, "Сумма") for line in lines), Decimal(0)),
        amount_of(document, "Сумма"),
    )
    if total != amount:
        yield "lines-sum", f"сумма строк {total} не равна сумме документа {amount}"
    for position, line in enumerate(lines, start=1):
        if child(line, "Скидки") is not None:
            yield "line-discount", f"строка {position}: скидка в строке, UT 11 ждёт цену со скидкой"


def _place(element: etree._Element) -> str:
    names = [local_name(element)]
    parent = element.getparent()
    while parent is not None and local_name(parent) not in {"Документ", "КоммерческаяИнформация"}:
        names.append(local_name(parent))
        parent = parent.getparent()
    return "/".join(reversed(names))
