"""Sides of a УПД: УчастникТип of the format."""

from documents.edo.elements import Element, element, filled, worded
from documents.edo.people import entrepreneur_of
from documents.payloads.parts import Party, PersonName
from portal.lib.dates import format_date

RUSSIA = "643"


def participant(name: str, party: Party) -> Element:
    """A side with its address, bank and telephone."""
    full = party.full_name or party.name
    return element(
        name,
        element("ИдСв", _entrepreneur(party) if party.is_entrepreneur else _firm(party)),
        _address(party),
        _bank(party),
        element("Контакт", worded("Тлф", party.phone)) if party.phone else None,
        ОКПО=party.okpo,
        СокрНаим="" if full == party.name or party.is_entrepreneur else party.name,
    )


def full_name(person: PersonName | None) -> Element:
    """ФИО; without a person it is empty, which the rules name as a fault."""
    if person is None:
        return element("ФИО")
    return element("ФИО", Фамилия=person.surname, Имя=person.name, Отчество=person.patronymic)


def _firm(party: Party) -> Element:
    return element("СвЮЛУч", НаимОрг=party.full_name or party.name, ИННЮЛ=party.inn, КПП=party.kpp)


def _entrepreneur(party: Party) -> Element:
    return element(
        "СвИП",
        full_name(entrepreneur_of(party)),
        ИННФЛ=party.inn,
        ОГРНИП=party.ogrn,
        ДатаОГРНИП=format_date(party.ogrn_date) if party.ogrn_date else "",
    )


def _address(party: Party) -> Element | None:
    if not party.address.strip():
        return None
    return element("Адрес", element("АдрИнф", КодСтр=RUSSIA, НаимСтран="Россия", АдрТекст=party.address))


def _bank(party: Party) -> Element | None:
    bank = party.bank
    if bank is None:
        return None
    where = element("СвБанк", НаимБанк=bank.name, БИК=bank.bic, КорСчет=bank.correspondent_account)
    return element("БанкРекв", filled(where), НомерСчета=bank.account)
