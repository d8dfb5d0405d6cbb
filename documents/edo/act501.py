"""Акт сверки in XML, the sender's title, format 5.01 (КНД 1110332, приказ ФНС ЕД-7-26/405@)."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from documents.edo.elements import Element, clock, element, money, written
from documents.edo.files import ACT_PREFIX, PROGRAM, EdoFile, EdoInvalid, Envelope
from documents.edo.parties import full_name
from documents.edo.people import entrepreneur_of, person_of
from documents.edo.rules import Fault, spelling_faults
from documents.payloads.act import ZERO, ActContract, ActLine, ActPayload
from documents.payloads.parts import Party, Signer
from portal.lib.dates import format_date, moscow_date

_CURRENCIES = {"RUB": "643", "USD": "840", "EUR": "978", "CNY": "156", "KZT": "398", "BYN": "933"}
_NO_NUMBER = "б/н"
_NONE, _NONE_TITLE = "Операций за период нет", "Операций нет"
_REQUIRED = {
    "СвЮЛУч": ("КПП", "ОГРН"),
    "СвИП": ("ОГРНИП",),
    "Документ": ("НомерАкт", "ДатаНачПер", "ДатаОкПер"),
}


def act_xml(
    payload: ActPayload,
    *,
    sender_id: str,
    receiver_id: str,
    guid: UUID,
    at: datetime,
    program: str = PROGRAM,
) -> EdoFile:
    """Build the file; the same arguments give the same bytes. Raises EdoInvalid with every fault."""
    envelope = Envelope(sender_id=sender_id, receiver_id=receiver_id, guid=guid, at=at, program=program)
    root = element(
        "Файл",
        _document(payload, at),
        ИдФайл=envelope.identifier(ACT_PREFIX),
        ВерсФорм="5.01",
        ВерсПрог=program,
    )
    found = [*spelling_faults(root), *_faults(root, payload)]
    if found:
        raise EdoInvalid(found)
    return EdoFile(name=f"{root.get('ИдФайл')}.xml", content=written(root))


def _document(payload: ActPayload, at: datetime) -> Element:
    sides = element(
        "СвДокКрАкт",
        _side("СвОтпр", payload.seller),
        _side("СвПол", payload.buyer),
        КодОКВ=_CURRENCIES.get(payload.currency, ""),
    )
    return element(
        "Документ",
        sides,
        _table(payload),
        _signer(payload.seller_signer),
        КНД="1110332",
        ДатаИнфОтпр=format_date(moscow_date(at)),
        ВрИнфОтпр=clock(at, dots=False),
        ДатаНачПер=format_date(payload.period_from),
        ДатаОкПер=format_date(payload.period_to),
        НомерАкт=payload.number,
    )


def _side(name: str, party: Party) -> Element:
    if party.is_entrepreneur:
        told = element("СвИП", full_name(entrepreneur_of(party)), ИННФЛ=party.inn, ОГРНИП=party.ogrn)
    else:
        full = party.full_name or party.name
        told = element("СвЮЛУч", НаимОрг=full, ИННЮЛ=party.inn, КПП=party.kpp, ОГРН=party.ogrn)
    return element(
        name,
        element("ИдСв", told),
        element("Контакт", Тлф=party.phone),
        ОКПО=party.okpo,
        КраткНазв=party.name,
    )


def _table(payload: ActPayload) -> Element:
    numbers = iter(range(1, 1_000_000))
    groups = [_contract(group, numbers, payload.period_to) for group in payload.groups]
    return element(
        "ТаблАкт", *groups, **_sums(payload.opening, payload.debit, payload.credit, payload.closing)
    )


def _contract(group: ActContract, numbers: Iterator[int], last: date) -> Element:
    contract = group.contract
    return element(
        "ДогСв",
        *([_operation(line, next(numbers)) for line in group.lines] or [_nothing(next(numbers), last)]),
        ОписТипДог=contract.name if contract else "Все договоры",
        НомДог=contract.number if contract else "",
        ДатаДог=format_date(contract.day) if contract else "",
        **_sums(group.opening, group.debit, group.credit, group.closing),
    )


def _operation(line: ActLine, number: int) -> Element:
    """A red storno is a negative debit."""
    told = element(
        "СвОпер",
        НомСтр=str(number),
        ДатаОпер=format_date(line.day),
        НаимОпер=line.title,
        СумДебет=money(line.debit) if line.debit or not line.credit else "",
        СумКредит=money(line.credit) if line.credit else "",
    )
    return element(
        "ДокСв",
        told,
        НаимДок=line.title.partition(" (")[0],
        НомДок=line.number or _NO_NUMBER,
        ДатаДок=format_date(line.day),
        ИдДок=str(line.entry_id) if line.entry_id else "",
    )


def _nothing(number: int, last: date) -> Element:
    """The format wants an operation under every contract, also under one that has a balance only."""
    day = format_date(last)
    told = element("СвОпер", НомСтр=str(number), ДатаОпер=day, НаимОпер=_NONE)
    return element("ДокСв", told, НаимДок=_NONE_TITLE, НомДок=_NO_NUMBER, ДатаДок=day)


def _sums(opening: Decimal, debit: Decimal, credit: Decimal, closing: Decimal) -> dict[str, str]:
    """A balance above zero stands under debit, one below zero under credit without its minus."""
    return {
        "СальдоНачДеб": money(max(opening, ZERO)),
        "СальдоНачКр": money(max(-opening, ZERO)),
        "ОборотДеб": money(debit),
        "ОборотКр": money(credit),
        "СальдоКонДеб": money(max(closing, ZERO)),
        "СальдоКонКр": money(max(-closing, ZERO)),
    }


def _signer(signer: Signer | None) -> Element:
    if signer is None:
        return element("Подписант", element("ФИО"))
    authority = signer.authority
    by_paper = by_guid = None
    if authority and authority.guid:
        by_guid = element(
            "СвДовер",
            НомДовер=authority.guid,
            ДатаНач=format_date(authority.day),
            ВнНомДовер=authority.number,
        )
    elif authority:
        by_paper = element("СвДоверБум", ДатаДовер=format_date(authority.day), ВнНомДовер=authority.number)
    return element(
        "Подписант",
        full_name(person_of(signer)),
        by_guid,
        by_paper,
        ИдСистХран=authority.system if authority and authority.guid else "",
        Должн=signer.role,
    )


def _faults(root: Element, payload: ActPayload) -> Iterator[Fault]:
    """What an act wants beyond a УПД."""
    tree = root.getroottree()
    for told in root.iter(*_REQUIRED):
        for field in _REQUIRED[told.tag]:
            if not told.get(field):
                yield Fault(tree.getpath(told), field, f"{field}: не указано")
    if payload.currency not in _CURRENCIES:
        yield Fault(tree.getpath(root), "КодОКВ", f"Валюта (КодОКВ): нет кода для {payload.currency}")
