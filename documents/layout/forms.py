"""Papers of every kind as PDF."""

from typing import Any

from documents.layout.invoice import invoice_pdf
from documents.payloads.codec import to_json
from documents.pdf import html_to_pdf
from documents.states import DocumentKind


def paper_pdf(kind: str, payload: Any, images: Any = None) -> bytes:
    """Lay a paper out. Raises PdfFailed."""
    if kind == DocumentKind.INVOICE:
        return invoice_pdf(payload)
    return html_to_pdf(f"<h1>{DocumentKind(kind).label} № {payload.number}</h1><pre>{to_json(payload)}</pre>")
