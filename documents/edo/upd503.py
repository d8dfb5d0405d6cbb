"""УПД and счёт-фактура in XML, the seller's title, format 5.03 (приказ ФНС ЕД-7-26/970@)."""

from datetime import datetime
from uuid import UUID

from documents.edo.elements import Element, clock, element, written
from documents.edo.files import PROGRAM, UPD_PREFIX, EdoFile, EdoInvalid, Envelope
from documents.edo.head import UPD_NAME, head
from documents.edo.rules import faults
from documents.edo.signers import signer
from documents.edo.table import table
from documents.edo.transfer import transfer
from documents.payloads.transfer import STATUS_PLAIN, STATUS_WITH_FACTURA, TransferPayload
from portal.lib.dates import format_date, moscow_date

VERSION = "5.03"
FACTURA, FACTURA_AND_TRANSFER, TRANSFER = "СЧФ", "СЧФДОП", "ДОП"
_FUNCTIONS = {STATUS_WITH_FACTURA: FACTURA_AND_TRANSFER, STATUS_PLAIN: TRANSFER}
_FACT = (
    "Документ об отгрузке товаров (выполнении работ), передаче имущественных прав "
    "(документ об оказании услуг)"
)


def upd_xml(
    payload: TransferPayload,
    *,
    sender_id: str,
    receiver_id: str,
    guid: UUID,
    at: datetime,
    program: str = PROGRAM,
    corrects: str = "",
) -> EdoFile:
    """Build the file; the same arguments give the same bytes.

    `corrects` names the file of the paper that an исправление corrects. Raises EdoInvalid with every fault.
    """
    envelope = Envelope(
        sender_id=sender_id, receiver_id=receiver_id, guid=guid, at=at, program=program, corrects=corrects
    )
    root = _file(payload, envelope)
    found = faults(root)
    if found:
        raise EdoInvalid(found)
    return EdoFile(name=f"{root.get('ИдФайл')}.xml", content=written(root))


def _file(payload: TransferPayload, envelope: Envelope) -> Element:
    """Marks of the name: traceable goods, then marked goods, alcohol, tobacco and oil, which are not sold."""
    marks = ("1" if payload.is_traceable else "0", "0", "0", "0", "0", "00")
    return element(
        "Файл",
        _document(payload, envelope),
        ИдФайл=envelope.identifier(UPD_PREFIX, *marks),
        ВерсФорм=VERSION,
        ВерсПрог=envelope.program,
    )


def _document(payload: TransferPayload, envelope: Envelope) -> Element:
    function = _FUNCTIONS.get(payload.status, FACTURA)
    is_transfer = function != FACTURA
    seller = payload.seller
    return element(
        "Документ",
        head(payload, envelope),
        table(payload),
        transfer(payload) if is_transfer else None,
        signer(payload.head or payload.responsible),
        КНД="1115131",
        Функция=function,
        ПоФактХЖ=_FACT if is_transfer else "",
        НаимДокОпр=UPD_NAME if is_transfer else "",
        ДатаИнфПр=format_date(moscow_date(envelope.at)),
        ВремИнфПр=clock(envelope.at),
        НаимЭконСубСост=f"{seller.full_name or seller.name}, ИНН/КПП {seller.inn_kpp}",
    )
