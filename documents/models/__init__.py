"""Papers: ours and those of 1C, and who fetched them."""

from documents.models.downloads import DocumentDownload
from documents.models.issued import Document, DocumentQuerySet, NumberSequence
from documents.models.price_lists import PriceListDownload, PriceListFile, PriceListProfile
from documents.models.received import ReceivedDocument, ReceivedDocumentQuerySet, ReceivedFile

__all__ = [
    "Document",
    "DocumentDownload",
    "DocumentQuerySet",
    "NumberSequence",
    "PriceListDownload",
    "PriceListFile",
    "PriceListProfile",
    "ReceivedDocument",
    "ReceivedDocumentQuerySet",
    "ReceivedFile",
]
