"""What the portal asks a directory of companies; `integrations` answers, settings choose who."""

from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from counterparties.models import LegalEntityKind


class LookupUnavailable(Exception):
    """The directory did not answer in time or refused; a person types the requisites himself."""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A company as a directory knows it; `note` says what is doubtful about it (being liquidated)."""

    kind: LegalEntityKind
    inn: str
    kpp: str
    ogrn: str
    name: str
    full_name: str
    legal_address: str
    head_position: str
    head_name: str
    is_active: bool
    note: str = ""


class CompanyLookup(Protocol):
    """A directory of companies."""

    def company_by_inn(self, inn: str) -> CompanyFacts | None:
        """The head office with the ИНН, or None. Raises LookupUnavailable."""
        ...


class ManualEntry:
    """No directory: everything is typed."""

    def company_by_inn(self, inn: str) -> CompanyFacts | None:
        return None


def company_lookup() -> CompanyLookup:
    """The directory that this installation uses."""
    return cast(CompanyLookup, import_string(settings.COMPANY_LOOKUP)())
