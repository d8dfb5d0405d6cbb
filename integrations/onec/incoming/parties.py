"""Контрагент, in a list of its own or in a document."""

from lxml import etree

from integrations.onec.incoming.records import PartyRecord
from integrations.onec.incoming.requisites import children, folded
from integrations.onec.reading.elements import child, child_text, is_marked_deleted, line_of
from integrations.onec.texts import external_key, one_line

_PHONES = ("телефонрабочий", "телефон", "мобильныйтелефон", "телефонмобильный")
_MAILS = ("почта", "электроннаяпочта", "email", "адресэлектроннойпочты")

Element = etree._Element


def party_record(element: Element) -> PartyRecord:
    """Read a counterparty; codes lose their spaces, nothing is made up."""
    official = child_text(element, "ОфициальноеНаименование")
    full = official or child_text(element, "ПолноеНаименование")
    name = child_text(element, "Наименование") or full
    contacts = _contacts(element)
    return PartyRecord(
        line=line_of(element),
        external_id=external_key(child_text(element, "Ид"))[:170],
        name=one_line(name, 160),
        full_name=one_line(full or name, 500),
        is_person=not official,
        inn=_code(child_text(element, "ИНН"), 12),
        kpp=_code(child_text(element, "КПП"), 9),
        role=folded(child_text(element, "Роль"))[:20],
        address=one_line(_address(element), 500),
        phone=next((contacts[kind] for kind in _PHONES if kind in contacts), "")[:100],
        email=next((contacts[kind] for kind in map(folded, _MAILS) if kind in contacts), "")[:254],
        is_deleted=bool(is_marked_deleted(element)),
    )


def party_records(document: Element) -> tuple[PartyRecord, ...]:
    """Counterparties of a document."""
    return tuple(party_record(item) for item in children(document, "Контрагенты", "Контрагент"))


def _code(text: str, length: int) -> str:
    """Digits and letters only: «7707 083893» is one ИНН."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())[:length]


def _address(element: Element) -> str:
    for name in ("ЮридическийАдрес", "АдресРегистрации", "Адрес"):
        if told := child_text(child(element, name), "Представление"):
            return told
    return ""


def _contacts(element: Element) -> dict[str, str]:
    """Kind -> value; kinds come with or without spaces."""
    found: dict[str, str] = {}
    for item in children(element, "Контакты", "Контакт"):
        kind, value = folded(child_text(item, "Тип")), one_line(child_text(item, "Значение"), 254)
        if value:
            found.setdefault(kind, value)
    return found
