"""Классификатор: groups, properties, and what 3.1 keeps there besides."""

from collections.abc import Iterator

from lxml import etree

from integrations.onec.reading.elements import (
    LOCAL,
    attribute,
    child,
    child_text,
    is_marked_deleted,
    text,
)
from integrations.onec.reading.records import (
    ClassifierRecord,
    PriceTypeRecord,
    PropertyKind,
    PropertyRecord,
    SectionRecord,
    WarehouseRecord,
)
from integrations.onec.texts import ID_LENGTH, currency, external_key, flag, one_line

_KINDS: dict[str, PropertyKind] = {"число": "number", "справочник": "option", "время": "time", "дата": "time"}


def classifier_record(element: etree._Element) -> ClassifierRecord:
    """Read the tree of groups, parents first."""
    return ClassifierRecord(
        external_id=external_key(child_text(element, "Ид")),
        name=one_line(child_text(element, "Наименование"), 160),
        sections=tuple(_sections(child(element, "Группы"), "")),
    )


def _sections(groups: etree._Element | None, parent_id: str) -> Iterator[SectionRecord]:
    for item in groups if groups is not None else ():
        if LOCAL[item.tag] != "Группа":
            continue
        external_id = external_key(child_text(item, "Ид"))[:ID_LENGTH]
        if not external_id:
            continue
        yield SectionRecord(
            external_id, parent_id, one_line(child_text(item, "Наименование"), 250), is_marked_deleted(item)
        )
        yield from _sections(child(item, "Группы"), external_id)


def property_record(element: etree._Element) -> PropertyRecord | None:
    """Read a property; None for one without an id."""
    external_id = external_key(child_text(element, "Ид"))[:ID_LENGTH]
    if not external_id:
        return None
    return PropertyRecord(
        external_id=external_id,
        name=one_line(child_text(element, "Наименование"), 250),
        kind=_KINDS.get(child_text(element, "ТипЗначений").lower(), "text"),
        options=tuple(_options(element)),
        is_deleted=bool(is_marked_deleted(element)),
    )


def _options(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Values by id: Справочник with its two children in all versions, but in different wrappers."""
    for wrapper in element:
        if LOCAL[wrapper.tag] not in {"ВариантыЗначений", "ТипыЗначений"}:
            continue
        for item in wrapper:
            inner = LOCAL[item.tag]
            if inner == "ТипЗначений":
                yield from _options_of(child(item, "ВариантыЗначений"))
            elif inner == "Справочник":
                yield from _option(item)


def _options_of(wrapper: etree._Element | None) -> Iterator[tuple[str, str]]:
    for item in wrapper if wrapper is not None else ():
        if LOCAL[item.tag] in {"Справочник", "ВариантЗначения"}:
            yield from _option(item)


def _option(item: etree._Element) -> Iterator[tuple[str, str]]:
    external_id = external_key(child_text(item, "ИдЗначения") or child_text(item, "Ид"))[:ID_LENGTH]
    value = one_line(child_text(item, "Значение"), 500)
    if external_id and value:
        yield external_id, value


def price_type_record(element: etree._Element) -> PriceTypeRecord | None:
    """Read a price type; without a word about the tax its prices are taken to include it."""
    external_id = external_key(child_text(element, "Ид"))[:ID_LENGTH]
    if not external_id:
        return None
    tax = child(child(element, "Налоги"), "Налог")
    if tax is None:
        tax = child(element, "Налог")
    included = child(tax, "УчтеноВСумме")
    return PriceTypeRecord(
        external_id=external_id,
        name=one_line(child_text(element, "Наименование"), 160) or external_id,
        currency=currency(child_text(element, "Валюта")),
        is_vat_included=included is None or flag(text(included)),
    )


def warehouse_record(element: etree._Element) -> WarehouseRecord | None:
    """Read a warehouse of the list, not a stock row."""
    external_id = external_key(child_text(element, "Ид") or attribute(element, "ИдСклада"))[:ID_LENGTH]
    if not external_id:
        return None
    address = child(element, "Адрес")
    return WarehouseRecord(
        external_id=external_id,
        name=one_line(child_text(element, "Наименование"), 160) or external_id,
        address=one_line(child_text(address, "Представление") or text(address), 500),
        is_deleted=bool(is_marked_deleted(element)),
    )
