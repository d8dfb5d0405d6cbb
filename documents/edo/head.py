"""СвСчФакт: lines 1-8 of a счёт-фактура."""

from collections.abc import Iterator

from django.conf import settings

from documents.edo.elements import Element, element, filled, information, money, worded
from documents.edo.files import Envelope
from documents.edo.parties import participant
from documents.payloads.parts import PaperRef
from documents.payloads.transfer import AdvanceFactura, TransferPayload
from portal.lib.dates import format_date

UPD_NAME = "Универсальный передаточный документ"
ADVANCE = "2"
_VALUE_LIMIT = 2000


def head(payload: TransferPayload, envelope: Envelope) -> Element:
    """Number, sides, payments, shipments and currency; line 5б is free information of the format."""
    return element(
        "СвСчФакт",
        _revision(payload),
        participant("СвПрод", payload.seller),
        _shipper(payload),
        None if payload.is_advance else participant("ГрузПолуч", payload.consignee or payload.buyer),
        *_payments(payload),
        *(paper("ДокПодтвОтгрНом", told) for told in _shipments(payload)),
        participant("СвПокуп", payload.buyer),
        element("ДенИзм", КодОКВ=payload.currency_code, НаимОКВ=payload.currency),
        filled(
            element(
                "ДопСвФХЖ1",
                ИдГосКон=payload.state_contract,
                СпОбстФСЧФ=ADVANCE if payload.is_advance else "",
            )
        ),
        information("ИнфПолФХЖ1", _advances(payload.advances)),
        НомерДок=payload.number,
        ДатаДок=format_date(payload.day),
        ИмяФайлИспрПрод=envelope.corrects,
    )


def paper(name: str, told: PaperRef) -> Element:
    """Another paper: РеквДокТип of the format."""
    return element(name, РеквНаимДок=told.name, РеквНомерДок=told.number, РеквДатаДок=format_date(told.day))


def advance_words(advance: AdvanceFactura) -> str:
    """«№ А-77 от 18.11.2026, исправление № 1 от 20.11.2026»."""
    words = f"№ {advance.number} от {format_date(advance.day)}"
    if advance.revision is None:
        return words
    return f"{words}, исправление № {advance.revision.number} от {format_date(advance.revision.day)}"


def _revision(payload: TransferPayload) -> Element | None:
    if payload.revision is None:
        return None
    number, day = payload.revision.number, payload.revision.day
    return element("ИспрДок", НомИспр=str(number), ДатаИспр=format_date(day))


def _shipper(payload: TransferPayload) -> Element | None:
    """«Он же» unless another is told; in an advance nothing is shipped."""
    if payload.is_advance:
        return None
    if payload.shipper is None or payload.shipper == payload.seller:
        return element("ГрузОт", worded("ОнЖе", "он же"))
    return element("ГрузОт", participant("ГрузОтпр", payload.shipper))


def _payments(payload: TransferPayload) -> Iterator[Element]:
    for payment in payload.payments:
        yield element(
            "СвПРД",
            НомерПРД=payment.number,
            ДатаПРД=format_date(payment.day),
            СуммаПРД=money(payment.amount) if payment.amount is not None else "",
        )


def _shipments(payload: TransferPayload) -> tuple[PaperRef, ...]:
    """Line 5а; a УПД confirms the shipment itself."""
    if payload.is_advance:
        return ()
    if payload.shipments or not payload.status:
        return payload.shipments
    return (PaperRef(name=UPD_NAME, number=payload.number, day=payload.day),)


def _advances(advances: tuple[AdvanceFactura, ...]) -> Iterator[tuple[str, str]]:
    """Line 5б in as many values as it needs; the format has no element of its own for it."""
    told = ""
    for words in map(advance_words, advances):
        joined = f"{told}; {words}" if told else words
        if len(joined) > _VALUE_LIMIT:
            yield settings.EDO_ADVANCE_SF_IDENT, told
            joined = words
        told = joined
    if told:
        yield settings.EDO_ADVANCE_SF_IDENT, told
