"""Reads of the ledger for acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Q, QuerySet, Sum

from counterparties.models import Contract
from documents.acts.books import Place, act_groups
from documents.compose.parties import contract_ref
from documents.models import Act
from documents.payloads.act import ActContract
from finance.models import LedgerEntry


@dataclass(frozen=True, slots=True)
class Books:
    """Groups of an act, the contract of each entry, and the newest entry that was looked at."""

    groups: tuple[ActContract, ...]
    contracts: Mapping[int, int]
    seen_entry: int


def act_contracts_of(act: Act) -> QuerySet[Contract]:
    """Contracts of the pair; those of merged firms count for the heir, a twin with its contract."""
    firm = Q(legal_entity=act.legal_entity_id) | Q(legal_entity__merged_into=act.legal_entity_id)
    contracts = Contract.objects.filter(firm, organization=act.organization_id)
    if act.contract is not None:
        twin = Q(number=act.contract.number, date=act.contract.date)
        contracts = contracts.filter(Q(pk=act.contract_id) | twin)
    return contracts.order_by("-is_default", "date", "pk")


def act_entries(act: Act) -> QuerySet[LedgerEntry]:
    """All entries of the pair in the act's currency, of any date."""
    return LedgerEntry.objects.filter(
        contract__in=act_contracts_of(act).order_by().values("pk"), currency=act.currency
    )


def act_books(act: Act) -> Books:
    """Balances and operations of the act's period; four queries."""
    contracts = list(act_contracts_of(act))
    entries = act_entries(act)
    before = entries.filter(business_date__lt=act.period_from).values_list("contract")
    opening: dict[int, Decimal] = dict(before.annotate(total=Sum(F("debit") - F("credit"))))
    inside = list(
        entries.filter(
            business_date__range=(act.period_from, act.period_to),
            reverses__isnull=True,
            reversed_by__isnull=True,
        ).order_by("business_date", "pk")
    )
    groups = act_groups(
        inside,
        places=_places(contracts),
        opening=opening,
        is_storno_red=act.organization.acts_storno_red,
    )
    return Books(
        groups=groups,
        contracts={entry.pk: entry.contract_id for entry in inside},
        seen_entry=entries.aggregate(newest=Max("pk"))["newest"] or 0,
    )


def _places(contracts: list[Contract]) -> dict[int, Place]:
    keys: dict[tuple[str, date], int] = {}
    places = {}
    for contract in contracts:
        key = keys.setdefault((contract.number, contract.date), contract.pk)
        places[contract.pk] = Place(key, contract_ref(contract))
    return places
