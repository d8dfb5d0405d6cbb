"""PDF of an HTML page, laid out in a process of its own."""

import json

from documents.long_page import long_page
from portal.lib.fence import FenceBroken, fenced

_PROCESS, _LONG_PROCESS = "documents.pdf_process", "documents.long_pdf_process"
_SECONDS = 150  # of the clock; the process itself is held to 120 s of the processor


class PdfFailed(Exception):
    """The page could not be laid out; the message ends with what the process said."""


def html_to_pdf(html: str, *, earlier: bytes = b"") -> bytes:
    """Lay out a page with no access to files, network or the portal's secrets.

    `earlier` is the file of the same paper under another number: of a page of very many rows only what
    shows the number is laid out anew. Raises PdfFailed.
    """
    if long_page(html) is None:
        document = _laid_out(_PROCESS, html.encode())
    else:
        document = _laid_out(_LONG_PROCESS, earlier + html.encode(), str(len(earlier)))
    if not document.startswith(b"%PDF-"):
        raise PdfFailed("Not a PDF")
    return document


def html_anchors_by_page(html: str) -> list[list[str]]:
    """Lay out a page and tell which of its `id`s begin on which sheet. Raises PdfFailed."""
    found: list[list[str]] = json.loads(_laid_out(_PROCESS, html.encode(), "--anchors"))
    return found


def _laid_out(process: str, content: bytes, *options: str) -> bytes:
    try:
        return fenced(process, content, *options, seconds=_SECONDS)
    except FenceBroken as error:
        raise PdfFailed(str(error)) from error
