"""Предложение of ПакетПредложений and ИзмененияПакетаПредложений."""

from collections import Counter
from decimal import Decimal

from lxml import etree

from integrations.onec.reading.elements import (
    LOCAL,
    attribute,
    child_text,
    deletion_mark,
    line_of,
    text,
    texts,
)
from integrations.onec.reading.goods import characteristic_values
from integrations.onec.reading.records import ExpectedRow, OfferRecord, PriceRow
from integrations.onec.texts import (
    ID_LENGTH,
    external_key,
    moment,
    number,
    offer_key,
    one_line,
    requisite_key,
)

_SIMPLE = {"Ид", "ИдХарактеристики", "Артикул", "Наименование", "Штрихкод", "Статус"}
_KEPT = {"ХарактеристикиТовара", "ПометкаУдаления"}
_IGNORED = {
    "БазоваяЕдиница", "СтавкиНалогов", "ИдТовара", "Группы", "Картинка", "Изготовитель",
    "ЗначенияСвойств", "Описание", "НомерВерсии",
}  # fmt: skip

Stock = tuple[str, Decimal]

# CommerceML has no place for goods on their way: they come as реквизиты of the offer, under these names
# (spaces, case and ё do not count).
_EXPECTED_QUANTITY = ("ожидается", "ожидаемоепоступление")
_EXPECTED_DATE = ("датапоступления", "датаожидаемогопоступления")
_EMPTY_YEAR = 1  # how 1C writes a date that is not there
_EXPECTED_WAREHOUSE = ("складпоступления",)


def offer_record(element: etree._Element, unknown: Counter[str]) -> OfferRecord | None:
    """Read an offer; None for one without an id. Children of unknown names are counted."""
    simple: dict[str, str] = {}
    kept: dict[str, etree._Element] = {}
    prices: list[PriceRow] | None = None
    stocks: list[Stock] | None = None
    quantity: Decimal | None = None
    expected: ExpectedRow | None = None
    for item in element:
        name = LOCAL[item.tag]
        if name in _SIMPLE:
            simple.setdefault(name, (item.text or "").strip())
        elif name == "Цены":
            prices = [row for row in map(_price, item) if row is not None]
        elif name == "Количество":
            quantity = number(text(item))
        elif name in {"Склад", "Склады", "Остатки"}:
            stocks = (stocks or []) + _stocks(name, item)
        elif name == "ЗначенияРеквизитов":
            expected = _expected(item)
        elif name in _KEPT:
            kept.setdefault(name, item)
        elif name not in _IGNORED:
            unknown[name] += 1
    product_id, characteristic_id = offer_key(simple.get("Ид", ""), simple.get("ИдХарактеристики", ""))
    if not product_id:
        return None
    total, rows = _split_total(quantity, stocks)
    values = characteristic_values(kept.get("ХарактеристикиТовара"))
    return OfferRecord(
        product_id=product_id,
        characteristic_id=characteristic_id,
        line=line_of(element),
        name=one_line(simple.get("Наименование", ""), 800),
        article=one_line(simple.get("Артикул", ""), 100),
        barcode=one_line(simple.get("Штрихкод", ""), 50),
        characteristic=one_line(", ".join(values), 250),
        is_deleted=_is_deleted(element, simple, kept.get("ПометкаУдаления")),
        prices=None if prices is None else tuple(prices),
        quantity=total,
        stocks=rows,
        expected=expected,
    )


def _is_deleted(element: etree._Element, simple: dict[str, str], mark: etree._Element | None) -> bool | None:
    """The mark; an offer that comes whole, with its name, and without a mark is not deleted."""
    told = deletion_mark(attribute(element, "Статус") or simple.get("Статус", ""), mark)
    return False if told is None and simple.get("Наименование") else told


def _expected(element: etree._Element) -> ExpectedRow | None:
    """What the реквизиты say is on its way; a quantity that is no number or below nought says nothing."""
    told = {}
    for item in element:
        pair = texts(item)
        told[requisite_key(pair.get("Наименование", ""))] = pair.get("Значение", "")
    amount, day, warehouse = (
        next((told[name] for name in names if told.get(name)), "")
        for names in (_EXPECTED_QUANTITY, _EXPECTED_DATE, _EXPECTED_WAREHOUSE)
    )
    quantity = number(amount) if amount else None
    if quantity is None or quantity < 0:
        return None
    at = moment(day)
    is_told = at is not None and at.year > _EMPTY_YEAR
    return ExpectedRow(quantity, at.date() if at and is_told else None, external_key(warehouse))


def _price(element: etree._Element) -> PriceRow | None:
    values = texts(element)
    price_type_id = external_key(values.get("ИдТипаЦены", ""))
    if not price_type_id:
        return None
    return PriceRow(
        price_type_id=price_type_id,
        amount=number(values.get("ЦенаЗаЕдиницу")),
        unit=values.get("Единица", ""),
        coefficient=number(values.get("Коэффициент") or "1"),
        currency=values.get("Валюта", ""),
        line=line_of(element),
    )


def _stocks(name: str, element: etree._Element) -> list[Stock]:
    """One row of attributes in 2.x; Склады may wrap such rows; Остатки/Остаток in 3.1."""
    if name == "Остатки":
        return [row for item in element for row in _rests(item)]
    if warehouse_id := element.get("ИдСклада"):
        return _row(warehouse_id, element.get("КоличествоНаСкладе") or "")
    if name == "Склады":
        return [row for item in element if LOCAL[item.tag] == "Склад" for row in _stocks("Склад", item)]
    return _row(child_text(element, "Ид"), child_text(element, "Количество"))


def _rests(element: etree._Element) -> list[Stock]:
    rows = [
        row
        for item in element
        if LOCAL[item.tag] == "Склад"
        for row in _row(child_text(item, "Ид"), child_text(item, "Количество"))
    ]
    return rows or _row("", child_text(element, "Количество"))


def _row(warehouse_id: str, quantity: str) -> list[Stock]:
    """One row; an empty quantity is how 1C writes nothing left. The empty warehouse is the total of 3.1."""
    amount = number(quantity or "0")
    return [] if amount is None else [(external_key(warehouse_id)[:ID_LENGTH], amount)]


def _split_total(
    quantity: Decimal | None, stocks: list[Stock] | None
) -> tuple[Decimal | None, tuple[Stock, ...] | None]:
    """Take the rows without a warehouse as the total."""
    if stocks is None:
        return quantity, None
    rows = tuple((warehouse, amount) for warehouse, amount in stocks if warehouse)
    totals = [amount for warehouse, amount in stocks if not warehouse]
    if totals:
        quantity = quantity if quantity is not None else sum(totals, Decimal(0))
    return quantity, rows or (None if totals else ())
