"""What a business paper may be: told by its bytes, whatever its name and its sender say."""

import re
import zipfile
from io import BytesIO

from portal.files.sniffing import HEAD_LENGTH, sniff_mime

XML, ZIP = "application/xml", "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PICTURES = frozenset({"application/pdf", "image/png", "image/jpeg"})
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[\s?]")
_PART, _MOST_PARTS = b"PK\x01\x02", 10_000  # what each line of the list begins with
_XLSX_PARTS = frozenset({"[Content_Types].xml", "xl/workbook.xml"})


def paper_mime(content: bytes) -> str | None:
    """Recognise PDF, JPEG, PNG, XML, XLSX and ZIP; None for anything else."""
    known = sniff_mime(content[:HEAD_LENGTH])
    if known is not None:
        return known if known in _PICTURES else None
    if _XML.match(content):
        return XML
    return _packed(content) if content.startswith(b"PK\x03\x04") else None


def _packed(content: bytes) -> str | None:
    """A workbook or an archive; only the list of its parts is read, nothing is unpacked.

    A list of hundreds of thousands fits into 20 MB and costs the reader a kilobyte each.
    """
    if content.count(_PART) > _MOST_PARTS:
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return None
    return XLSX if names >= _XLSX_PARTS else ZIP
