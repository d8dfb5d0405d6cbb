"""Товар of Каталог/Товары."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from integrations.onec.reading import units
from integrations.onec.reading.descriptions import safe_description
from integrations.onec.reading.elements import LOCAL, child_text, is_marked_deleted, line_of, text, texts
from integrations.onec.reading.records import GoodRecord
from integrations.onec.texts import external_key, number, offer_key, one_line, requisite_key

_WITHOUT_VAT = {"безндс", "ндсисключен", "без"}
_IGNORED = {"Представление", "Владелец", "Комплектующие", "Статус", "ПометкаУдаления", "НомерВерсии"}
_MILLIONTH, _THOUSANDTH = Decimal("0.000001"), Decimal("0.001")
_MOST_SIZE = Decimal(999_999)
_VALUE = {"Значение", "ИдЗначения"}
_BRIEF = {"Ид", "Наименование", "Артикул", "Картинка", "Штрихкод", "Статус", "ПометкаУдаления"}


@dataclass(slots=True)
class _Good:
    """What has been gathered from the children so far."""

    simple: dict[str, str] = field(default_factory=dict)
    requisites: dict[str, str] = field(default_factory=dict)
    unit: etree._Element | None = None
    sections: list[str] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] | None = None
    characteristics: list[str] = field(default_factory=list)
    brand: str = ""
    vat: str | None = None
    names: set[str] = field(default_factory=set)


def good_record(element: etree._Element, unknown: Counter[str]) -> GoodRecord | None:
    """Read a good; None for one without an id. Children of unknown names are counted."""
    good = _Good()
    for item in element:
        name = LOCAL[item.tag]
        good.names.add(name)
        if name in _SIMPLE:
            good.simple.setdefault(name, (item.text or "").strip())
        elif name in _READERS:
            _READERS[name](good, item)
        elif name not in _IGNORED:
            unknown[name] += 1
    product_id, characteristic_id = offer_key(good.simple.get("Ид", ""))
    if not product_id:
        return None
    return _record(element, good, product_id, characteristic_id)


_SIMPLE = {"Ид", "Артикул", "Наименование", "Штрихкод", "Описание", "Код", "ПолноеНаименование"}


def _record(element: etree._Element, good: _Good, product_id: str, characteristic_id: str) -> GoodRecord:
    simple, requisites = good.simple, good.requisites
    vat_percent, has_vat = _vat(good.vat)
    is_deleted = bool(is_marked_deleted(element))
    return GoodRecord(
        product_id=product_id,
        characteristic_id=characteristic_id,
        line=line_of(element),
        name=one_line(simple.get("Наименование", ""), 500),
        article=one_line(simple.get("Артикул", ""), 100),
        barcode=one_line(simple.get("Штрихкод", ""), 50),
        code=one_line(simple.get("Код") or requisites.get("код", ""), 50),
        full_name=one_line(
            simple.get("ПолноеНаименование") or requisites.get("полноенаименование", ""), 1024
        ),
        description=safe_description(requisites.get("описаниевформатеhtml") or simple.get("Описание", "")),
        kind=one_line(requisites.get("видноменклатуры", ""), 100),
        item_type=one_line(requisites.get("типноменклатуры", ""), 50),
        brand=one_line(good.brand, 160),
        unit=units.unit_record(good.unit),
        packs=units.packs(good.unit),
        has_vat=has_vat,
        vat_percent=vat_percent,
        weight=_size(requisites.get("вес"), _MILLIONTH),
        volume=_size(requisites.get("объем"), _MILLIONTH),
        order_multiple=_size(requisites.get("кратность"), _THOUSANDTH),
        sections=tuple(dict.fromkeys(good.sections)),
        values=tuple(dict.fromkeys(good.values)),
        pictures=None if good.pictures is None else tuple(dict.fromkeys(good.pictures)),
        characteristic=one_line(", ".join(good.characteristics), 250),
        is_deleted=is_deleted,
        is_partial=good.names <= _BRIEF and (is_deleted or "Картинка" in good.names),
    )


def _sections(good: _Good, element: etree._Element) -> None:
    told = [external_key(item.text or "") for item in element if LOCAL[item.tag] == "Ид"]
    good.sections += [key for key in told if key]


def _values(good: _Good, element: etree._Element) -> None:
    """Values of properties; 3.1 may repeat Значение, 2.x may leave it out or empty."""
    for item in element:
        external_id = ""
        for leaf in item:
            name, raw = LOCAL[leaf.tag], leaf.text
            if name == "Ид":
                external_id = external_key(raw or "")
            elif raw and external_id and name in _VALUE and (raw := raw.strip()):
                good.values.append((external_id, raw[:1000]))


def _requisites(good: _Good, element: etree._Element) -> None:
    for item in element:
        told = texts(item)
        name, value = requisite_key(told.get("Наименование", "")), told.get("Значение")
        if name and value:
            good.requisites.setdefault(name, value)


def _picture(good: _Good, element: etree._Element) -> None:
    good.pictures = good.pictures or []
    if path := text(element):
        good.pictures.append(path.replace("\\", "/").lstrip("/")[:300])


def _vat_rates(good: _Good, element: etree._Element) -> None:
    for item in element:
        if child_text(item, "Наименование").upper() in {"НДС", ""}:
            good.vat = child_text(item, "Ставка")


def _characteristics(good: _Good, element: etree._Element) -> None:
    good.characteristics += list(characteristic_values(element))


def _unit(good: _Good, element: etree._Element) -> None:
    good.unit = element


def _brand(good: _Good, element: etree._Element) -> None:
    good.brand = child_text(element, "Наименование") or child_text(element, "ОфициальноеНаименование")


_READERS = {
    "Группы": _sections,
    "ЗначенияСвойств": _values,
    "ЗначенияРеквизитов": _requisites,
    "Картинка": _picture,
    "СтавкиНалогов": _vat_rates,
    "ХарактеристикиТовара": _characteristics,
    "БазоваяЕдиница": _unit,
    "Изготовитель": _brand,
}


def characteristic_values(element: etree._Element | None) -> Iterator[str]:
    """Values of ХарактеристикиТовара, each once: 1C repeats some."""
    seen = set()
    for item in element if element is not None else ():
        value = child_text(item, "Значение")
        key = (child_text(item, "Наименование"), value)
        if value and key not in seen:
            seen.add(key)
            yield value


def _size(told: str | None, step: Decimal) -> Decimal | None:
    """A size as a column takes it; 1C writes nought, or nothing, for one that nobody has measured."""
    value = number(told or "")
    if value is None or not 0 < value <= _MOST_SIZE:
        return None
    return value.quantize(step) or None


def _vat(rate: str | None) -> tuple[Decimal | None, bool]:
    """The rate in percent, and whether the file says anything of it."""
    if rate is None or not rate.strip():
        return None, False
    if requisite_key(rate) in _WITHOUT_VAT:
        return None, True
    percent = number(rate.replace("%", ""))
    if percent is None or not 0 <= percent < 100:
        return None, False
    return percent.quantize(Decimal("0.01")), True
