"""Issuing papers, keeping those of 1C, handing both over."""

from documents.services.downloads import document_fetch, received_fetch, received_file_name
from documents.services.invoices import invoice_issue, invoice_mail, invoice_reissue
from documents.services.issuing import paper_file_name
from documents.services.received import (
    FileContent,
    ReceivedFacts,
    received_file_await,
    received_file_fault,
    received_file_keep,
    received_link,
    received_link_add,
    received_note,
)

__all__ = [
    "FileContent",
    "ReceivedFacts",
    "document_fetch",
    "invoice_issue",
    "invoice_mail",
    "invoice_reissue",
    "paper_file_name",
    "received_fetch",
    "received_file_await",
    "received_file_fault",
    "received_file_keep",
    "received_file_name",
    "received_link",
    "received_link_add",
    "received_note",
]
