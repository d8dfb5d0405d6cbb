"""PDF of an HTML page, laid out in a process of its own."""

import json

from documents.long_page import long_page
from portal.lib.fence import FenceBroken, fenced

_PROCESS, _LONG_PROCESS = "documents.pdf_process", "documents.long_pdf_process"
_SECONDS = 150  # of the clock; the process itself is held to 120 s of the processor


class PdfFailed(Exception):
    """The page could not be laid out; the message ends with what the process said."""


def html_to_pdf(html: str) -> bytes:
    """Lay out a page with no access to files, network or the portal's secrets. Raises PdfFailed."""
    process = _PROCESS if long_page(html) is None else _LONG_PROCESS
    document = _laid_out(process, html)
    if not document.startswith(b"%PDF-"):
        raise PdfFailed("Not a PDF")
    return document


def html_anchors_by_page(html: str) -> list[list[str]]:
    """Lay out a page and tell which of its `id`s begin on which sheet. Raises PdfFailed."""
    found: list[list[str]] = json.loads(_laid_out(_PROCESS, html, "--anchors"))
    return found


def _laid_out(process: str, html: str, *options: str) -> bytes:
    try:
        return fenced(process, html.encode(), *options, seconds=_SECONDS)
    except FenceBroken as error:
        raise PdfFailed(str(error)) from error
