"""English words of papers, for letters."""

from counterparties.models import Contract
from documents.models import Document, ReceivedDocument
from documents.states import DocumentKind, EdoStatus, ReceivedKind
from portal.lib.dates import format_date
from portal.lib.said import Said

DOCUMENT_KINDS: dict[DocumentKind, str] = {
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.FACTURA: "VAT invoice",
    DocumentKind.UPD: "Universal transfer document",
    DocumentKind.CORRECTION: "Universal correction document",
    DocumentKind.WAYBILL: "Waybill",
    DocumentKind.ACT: "Reconciliation statement",
    DocumentKind.SHIPPING: "Shipping request",
    DocumentKind.PROXY: "Power of attorney",
}
RECEIVED_KINDS: dict[ReceivedKind, str] = {
    ReceivedKind.INVOICE: "Invoice",
    ReceivedKind.SHIPMENT: "Waybill",
    ReceivedKind.UPD: "Universal transfer document",
    ReceivedKind.CORRECTION: "Correction",
    ReceivedKind.RETURN: "Return",
    ReceivedKind.ACT: "Reconciliation statement",
    ReceivedKind.CONTRACT: "Contract",
    ReceivedKind.FACTURA: "VAT invoice",
    ReceivedKind.TRANSPORT: "Transport waybill",
    ReceivedKind.CERTIFICATE: "Certificate",
}
EDO_STATUSES: dict[EdoStatus, str] = {
    EdoStatus.DRAFT: "draft",
    EdoStatus.SENT: "sent",
    EdoStatus.RECEIVED_BY_OPERATOR: "taken by the operator",
    EdoStatus.DELIVERED: "delivered",
    EdoStatus.SIGNED: "signed",
    EdoStatus.REJECTED: "rejected",
    EdoStatus.CORRECTION_REQUESTED: "a correction is asked for",
    EdoStatus.REVOCATION_REQUESTED: "a revocation is asked for",
    EdoStatus.REVOKED: "revoked",
}


def prolongation_english(contract: Contract) -> str:
    """How a contract prolongs itself; empty where it does not (documents.selectors.contracts)."""
    if not contract.prolongs_months:
        return ""
    if contract.prolongation_refused_on is not None:
        return f"Will not be prolonged: refused on {format_date(contract.prolongation_refused_on)}"
    text = f"Prolongs itself by months: {contract.prolongs_months}"
    if contract.prolongs_most is None:
        return text
    left = max(0, contract.prolongs_most - contract.prolonged_times)
    return f"{text}, times left: {left}" if left else "May be prolonged no more"


def paper_said(paper: Document | ReceivedDocument) -> Said:
    """«УПД № 17 от 23.11.2026», and what an Englishman calls it."""
    if isinstance(paper, Document):
        kind, number = DOCUMENT_KINDS[DocumentKind(paper.kind)], paper.number_print
    else:
        kind, number = RECEIVED_KINDS[ReceivedKind(paper.kind)], paper.number
    named = f"{kind} No. {number}" if number else kind
    return Said(str(paper), f"{named} of {format_date(paper.date)}" if paper.date else named)


def contract_said(contract: Contract) -> Said:
    """«№ ДП-15 от 12.01.2026», the same in English."""
    return Said(str(contract), f"No. {contract.number} of {format_date(contract.date)}")
