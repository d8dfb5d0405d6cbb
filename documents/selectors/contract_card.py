"""One contract with its versions, their files and moves, and its terms by dates."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from counterparties.actor import Actor
from counterparties.models import Contract, ContractTerms
from documents.models import ContractFile, ContractStep, ContractVersion
from documents.selectors.contracts import (
    ContractTerm,
    contracts_visible,
    left_words,
    prolongation_words,
    term_of,
)
from documents.states import OPEN_VERSIONS, ContractFileRole, VersionState


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file; `pdf` tells that a picture has a PDF made of it."""

    pk: int
    name: str
    role: str
    size: int
    pdf: bool
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class ScanRound:
    """What the client has sent at once."""

    number: int
    files: tuple[FileRow, ...]

    @property
    def title(self) -> str:
        return _("Скан клиента, попытка {number}").format(number=self.number)


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version as its page shows it: papers, rounds of scans, history oldest first."""

    version: ContractVersion
    papers: tuple[FileRow, ...]
    rounds: tuple[ScanRound, ...]
    steps: tuple[ContractStep, ...]

    @property
    def is_open(self) -> bool:
        return self.version.state in OPEN_VERSIONS

    @property
    def reason(self) -> str:
        """Why the scans were returned, while they are."""
        if self.version.state != VersionState.REJECTED:
            return ""
        return next((step.comment for step in reversed(self.steps) if step.target == step.version.state), "")


@dataclass(frozen=True, slots=True)
class ContractCard:
    contract: Contract
    term: ContractTerm
    left: str
    prolongation: str
    versions: tuple[VersionCard, ...]
    terms: tuple[ContractTerms, ...]
    addenda: tuple[Contract, ...]

    @property
    def open_version(self) -> VersionCard | None:
        """The version on its way to both signatures."""
        return next((card for card in self.versions if card.is_open), None)


def contract_card(*, actor: Actor, contract_id: int, on: date) -> ContractCard:
    """The newest version first; six queries. Raises Contract.DoesNotExist (not visible to the actor)."""
    contracts = contracts_visible(actor).select_related("organization", "legal_entity", "parent")
    contract = contracts.get(pk=contract_id)
    versions = list(
        ContractVersion.objects.visible_to(actor).filter(contract=contract).order_by("-number", "-pk")
    )
    files: dict[int, list[ContractFile]] = {}
    rows = ContractFile.objects.filter(version__in=versions).select_related("file", "uploaded_by")
    for file in rows.order_by("version", "round", "role", "position"):
        files.setdefault(file.version_id, []).append(file)
    steps: dict[int, list[ContractStep]] = {}
    moves = ContractStep.objects.filter(version__in=versions).select_related(
        "user", "impersonator", "version"
    )
    for step in moves.order_by("pk"):
        steps.setdefault(step.version_id, []).append(step)
    addenda = contracts_visible(actor).filter(parent=contract).order_by("date", "pk")
    return ContractCard(
        contract=contract,
        term=term_of(contract, on),
        left=left_words(contract, on),
        prolongation=prolongation_words(contract),
        versions=tuple(_card(one, files.get(one.pk, []), steps.get(one.pk, [])) for one in versions),
        terms=tuple(contract.terms.select_related("addendum").order_by("-valid_from")),
        addenda=tuple(addenda),
    )


def _card(version: ContractVersion, files: list[ContractFile], steps: list[ContractStep]) -> VersionCard:
    rounds: dict[int, list[FileRow]] = {}
    papers = []
    for file in files:
        if file.role == ContractFileRole.CLIENT_SCAN:
            rounds.setdefault(file.round, []).append(_file(file))
        else:
            papers.append(_file(file))
    return VersionCard(
        version=version,
        papers=tuple(papers),
        rounds=tuple(ScanRound(number, tuple(rows)) for number, rows in sorted(rounds.items())),
        steps=tuple(steps),
    )


def _file(file: ContractFile) -> FileRow:
    return FileRow(
        pk=file.pk,
        name=file.name,
        role=file.get_role_display(),
        size=file.file.size,
        pdf=file.pdf_id is not None,
        uploaded_by=file.uploaded_by.get_full_name(),
        uploaded_at=file.uploaded_at,
    )
