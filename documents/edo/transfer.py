"""СвПродПер: the fact of the shipment, lines 8-12 of a УПД."""

from documents.edo.elements import Element, element, information, worded
from documents.edo.head import paper
from documents.edo.parties import full_name
from documents.edo.people import person_of
from documents.payloads.transfer import TransferPayload
from portal.lib.dates import format_date


def transfer(payload: TransferPayload) -> Element:
    """On what grounds, when and by whom the goods were handed over."""
    grounds = [paper("ОснПер", told) for told in payload.basis] or [worded("БезДокОснПер", "1")]
    act = element(
        "СвПер",
        *grounds,
        _released_by(payload),
        element("Тран", СвТран=payload.transport) if payload.transport.strip() else None,
        СодОпер="Товары переданы",
        ВидОпер="Продажа",
        ДатаПер=format_date(payload.shipped_on or payload.day),
    )
    told = [
        ("СведенияОбОтгрузке", payload.shipped_note),
        ("Доверенность", payload.proxy),
        ("НомерЗаказа", ", ".join(payload.order_numbers)),
    ]
    return element("СвПродПер", act, information("ИнфПолФХЖ3", told))


def _released_by(payload: TransferPayload) -> Element | None:
    signer = payload.released_by
    if signer is None:
        return None
    return element("СвЛицПер", element("РабОргПрод", full_name(person_of(signer)), Должность=signer.role))
