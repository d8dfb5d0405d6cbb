"""Pieces that objects of EnterpriseData share: parties, contracts, currencies."""

from datetime import date
from zoneinfo import ZoneInfo

from lxml import etree

from integrations.onec.enterprise.records import ContractRecord
from integrations.onec.incoming.records import PartyRecord
from integrations.onec.incoming.requisites import children, document_moment, folded
from integrations.onec.reading.elements import child, child_text, line_of, name_of, text
from integrations.onec.texts import currency, external_key, number, one_line

VIRTUAL = "ВиртуальныйДоговор"
_MOST_DAYS = 3650

Element = etree._Element


def reference(element: Element | None) -> str:
    """Ссылка of an object that is named: a child, or the text where nothing else is told."""
    told = child_text(element, "Ссылка") or ("" if element is None or len(element) else text(element))
    return external_key(told)[:170]


def keys_of(element: Element) -> Element:
    """КлючевыеСвойства of an object; the object itself where a version keeps them in it."""
    found = child(element, "КлючевыеСвойства")
    return element if found is None else found


def day_of(element: Element | None, name: str, zone: ZoneInfo) -> date | None:
    moment = document_moment(child_text(element, name), zone)
    return moment.date() if moment else None


def currency_of(element: Element | None) -> str:
    """By the code of the classifier, else by the name; roubles where nothing is said."""
    data = child(element, "ДанныеКлассификатора")
    holder = element if data is None else data
    code = child_text(holder, "Код")
    return currency(code if code in {"643", "810", "980"} else child_text(holder, "Наименование") or code)


def party_of(element: Element, *, role: str = "") -> PartyRecord:
    """A Контрагент: as an object of its own, or as a document names it."""
    keys = keys_of(element)
    name = child_text(keys, "Наименование")
    full = child_text(keys, "НаименованиеПолное") or name
    contacts = _contacts(element)
    return PartyRecord(
        line=line_of(element),
        external_id=reference(keys),
        name=one_line(name or full, 160),
        full_name=one_line(full, 500),
        is_person=folded(child_text(keys, "ЮридическоеФизическоеЛицо")) == folded("ФизическоеЛицо"),
        inn=_code(child_text(keys, "ИНН"), 12),
        kpp=_code(child_text(keys, "КПП"), 9),
        role=role,
        address=one_line(contacts.get("адрес", ""), 500),
        phone=one_line(contacts.get("телефон", ""), 100),
        email=one_line(contacts.get("почта", ""), 254),
        is_deleted=child_text(element, "ПометкаУдаления").lower() in {"true", "1"},
    )


def contract_of(element: Element, zone: ZoneInfo) -> ContractRecord:
    """A Договор: an object of its own, or the one that an order names."""
    keys = keys_of(element)
    external_id = reference(keys)
    kind = folded(child_text(keys, "ВидДоговора") or child_text(element, "ВидДоговора"))
    organization, days = child(keys, "Организация"), number(child_text(element, "СрокОплаты"))
    money = child(keys, "ВалютаВзаиморасчетов")
    return ContractRecord(
        line=line_of(element),
        external_id=external_id,
        name=one_line(child_text(keys, "Наименование"), 160),
        number=one_line(child_text(keys, "Номер"), 50),
        signed_on=day_of(keys, "Дата", zone),
        valid_to=day_of(element, "СрокДействия", zone) or day_of(keys, "СрокДействия", zone),
        currency=currency_of(child(element, "ВалютаВзаиморасчетов") if money is None else money),
        counterparty_id=reference(child(keys, "Контрагент")),
        organization_id=reference(organization),
        organization_inn=_code(child_text(organization, "ИНН"), 12),
        is_with_client=not kind or kind == folded("СПокупателем"),
        is_virtual=not external_id or _is_said_virtual(element),
        payment_days=int(days) if days is not None and 0 <= days <= _MOST_DAYS else None,
    )


def _is_said_virtual(element: Element) -> bool:
    marks = (child(element, VIRTUAL), child(keys_of(element), VIRTUAL))
    found = next((mark for mark in marks if mark is not None), None)
    return name_of(element) == VIRTUAL or (found is not None and text(found).lower() not in {"false", "0"})


def _code(told: str, length: int) -> str:
    return "".join(sign for sign in told if sign.isascii() and sign.isalnum())[:length]


def _contacts(element: Element) -> dict[str, str]:
    """Address, telephone and mail: the first of each kind."""
    found: dict[str, str] = {}
    for row in children(element, "КонтактнаяИнформация", "Строка"):
        kind = folded(child_text(row, "ВидКонтактнойИнформации"))
        value = child_text(row, "ЗначениеПолей") or child_text(row, "Представление")
        for word, key in (("адрес", "адрес"), ("телефон", "телефон"), ("почт", "почта"), ("email", "почта")):
            if value and not value.startswith("<") and folded(word) in kind:
                found.setdefault(key, value)
                break
    return found
