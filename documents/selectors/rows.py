"""One paper in a list, ours or of 1C."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from documents.models import Document, ReceivedDocument
from documents.states import IN_FORCE, XML_KINDS


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One paper in a list; money with VAT in its currency.

    A paper of 1C (`is_from_erp`) may have no sum and no file yet; an invoice is expired (`is_expired`) when
    its term went by and it is not paid; `order_id` and
    `order_label` name the first order that it belongs to. `has_xml` tells of an exchange
    file, `edo` what an operator said of the paper last.
    """

    uid: UUID
    title: str
    state: str
    is_in_force: bool
    total: Decimal | None
    pay_until: date | None
    currency: str = "RUB"
    is_from_erp: bool = False
    has_file: bool = True
    file_note: str = ""
    is_expired: bool = False
    legal_entity: str = ""
    order_id: int | None = None
    order_label: str = ""
    has_xml: bool = False
    edo: str = ""


def issued_row(document: Document) -> DocumentRow:
    return DocumentRow(
        uid=document.uid,
        title=str(document),
        state=document.get_state_display(),
        is_in_force=document.state in IN_FORCE,
        total=document.total,
        pay_until=document.pay_until,
        has_xml=document.kind in XML_KINDS,
    )


def received_row(document: ReceivedDocument) -> DocumentRow:
    return DocumentRow(
        uid=document.uid,
        title=str(document),
        state="",
        is_in_force=True,
        total=document.total,
        pay_until=None,
        currency=document.currency,
        is_from_erp=True,
        has_file=document.file_id is not None,
        file_note=file_note(document),
    )


def file_note(document: ReceivedDocument) -> str:
    """What to say where there is nothing to fetch."""
    if document.file_id is not None:
        return ""
    return "файл загружается" if document.awaited_sha256 else "без файла"
