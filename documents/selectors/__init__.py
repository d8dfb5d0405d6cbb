"""Reads of papers."""

from documents.selectors.for_orders import document_rows_for_order, documents_numbered
from documents.selectors.issued import (
    account_for_invoices,
    invoice_in_force,
    invoice_recipients,
    order_for_invoice,
    order_lines_in_order,
    signers_of_organization,
)
from documents.selectors.listing import DocumentFilter, DocumentPage, document_rows
from documents.selectors.rows import DocumentRow

__all__ = [
    "DocumentFilter",
    "DocumentPage",
    "DocumentRow",
    "account_for_invoices",
    "document_rows",
    "document_rows_for_order",
    "documents_numbered",
    "invoice_in_force",
    "invoice_recipients",
    "order_for_invoice",
    "order_lines_in_order",
    "signers_of_organization",
]
