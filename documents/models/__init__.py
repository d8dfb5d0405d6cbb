"""Papers: ours and those of 1C, acts and contracts, and who fetched them."""

from documents.models.acts import (
    Act,
    ActDifference,
    ActLine,
    ActPeriod,
    ActRemark,
    ActSchedule,
    ClientAct,
    ClientActLine,
)
from documents.models.contracts import ContractFile, ContractReminder, ContractStep, ContractVersion
from documents.models.downloads import DocumentDownload
from documents.models.edo import EdoMessage, SignedCopy
from documents.models.issued import (
    Document,
    DocumentFile,
    DocumentQuerySet,
    FormVersion,
    NumberSequence,
    NumberSeries,
)
from documents.models.price_lists import PriceListDownload, PriceListFile, PriceListProfile
from documents.models.received import ReceivedDocument, ReceivedDocumentQuerySet, ReceivedFile
from documents.models.retention import RetentionTerm
from documents.models.tasks import ArchiveRule, DocumentArchive, DocumentTask, PaperFault, RequiredPaper

__all__ = [
    "Act",
    "ActDifference",
    "ActLine",
    "ActPeriod",
    "ActRemark",
    "ActSchedule",
    "ArchiveRule",
    "ClientAct",
    "ClientActLine",
    "ContractFile",
    "ContractReminder",
    "ContractStep",
    "ContractVersion",
    "Document",
    "DocumentArchive",
    "DocumentDownload",
    "DocumentFile",
    "DocumentQuerySet",
    "DocumentTask",
    "EdoMessage",
    "FormVersion",
    "NumberSequence",
    "NumberSeries",
    "PaperFault",
    "PriceListDownload",
    "PriceListFile",
    "PriceListProfile",
    "ReceivedDocument",
    "ReceivedDocumentQuerySet",
    "ReceivedFile",
    "RequiredPaper",
    "RetentionTerm",
    "SignedCopy",
]
