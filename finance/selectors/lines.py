"""Credit lines that hold for contracts on a day, with the contracts that draw on each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from counterparties.models import Contract
from finance.models import CreditLine, LimitChange

LEVELS = ("holding", "legal_entity", "contract")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contract stands among the levels; `entity_id` is the heir's of a merged one."""

    contract_id: int
    entity_id: int
    holding_id: int
    group_id: int | None
    organization_id: int
    currency: str

    def is_under(self, line: CreditLine) -> bool:
        if line.currency != self.currency:
            return False
        if line.organization_id is not None and line.organization_id != self.organization_id:
            return False
        if line.holding_id is not None:
            return line.holding_id == self.holding_id
        if line.legal_entity_id is not None:
            return line.legal_entity_id == self.entity_id
        return line.contract_id == self.contract_id


def level_of(line: CreditLine) -> str:
    return next(level for level in LEVELS if getattr(line, f"{level}_id") is not None)


def members_of(lines: Iterable[CreditLine], places: Iterable[Place]) -> dict[int, list[Place]]:
    """Contracts under each line, by line; each contract is looked at under its own lines alone."""
    groups: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in places:
        groups["holding", place.holding_id].append(place)
        groups["legal_entity", place.entity_id].append(place)
        groups["contract", place.contract_id].append(place)
    return {line.pk: [place for place in groups[_scope_of(line)] if place.is_under(line)] for line in lines}


def _scope_of(line: CreditLine) -> tuple[str, int]:
    level = level_of(line)
    return level, getattr(line, f"{level}_id")


def places_around(contract_ids: Collection[int]) -> dict[int, Place]:
    """The contracts, and all others of their holdings: they may draw on the same lines."""
    holdings = Contract.objects.filter(pk__in=contract_ids).values("legal_entity__holding")
    rows = Contract.objects.filter(legal_entity__holding__in=holdings).values_list(
        "pk",
        "legal_entity_id",
        "legal_entity__merged_into_id",
        "legal_entity__holding_id",
        "legal_entity__holding__group_id",
        "organization_id",
        "currency",
    )
    return {
        pk: Place(pk, heir or entity, holding, group, organization, currency)
        for pk, entity, heir, holding, group, organization, currency in rows
    }


def lines_on(places: Iterable[Place], *, on: date) -> list[CreditLine]:
    """Lines that have begun; of those that follow each other in one scope, the latest.

    A line that 1C keeps stands beside one that a person made, and counts while 1C limits the contract.
    Each knows of the newest temporary limit that holds: see `amount_of`.
    """
    around = list(places)
    temporary = LimitChange.objects.filter(
        line=OuterRef("pk"), valid_until__isnull=False, valid_from__lte=on, valid_until__gte=on
    )
    begun = (
        CreditLine.objects.filter(
            Q(holding__in={place.holding_id for place in around})
            | Q(legal_entity__in={place.entity_id for place in around})
            | Q(contract__in={place.contract_id for place in around}),
            valid_from__lte=on,
        )
        .exclude(is_from_erp=True, contract__settlement__is_limited=False)
        .select_related("holding", "legal_entity", "contract")
        .annotate(temporary=Subquery(temporary.order_by("-created_at", "-pk").values("amount")[:1]))
        .order_by("valid_from", "pk")
    )
    latest = {
        (
            line.holding_id,
            line.legal_entity_id,
            line.contract_id,
            line.organization_id,
            line.currency,
            line.is_from_erp,
        ): line
        for line in begun
    }
    return sorted(latest.values(), key=lambda line: (LEVELS.index(level_of(line)), line.pk))


def amount_of(line: CreditLine) -> Decimal:
    """The limit of a line of `lines_on`: the newest temporary one that holds, else the line's own amount."""
    temporary: Decimal | None = vars(line)["temporary"]
    return line.amount if temporary is None else temporary


def lines_of(contract_ids: Collection[int]) -> Q:
    """Lines of the contracts, of their legal entities (of the heirs of merged ones) and holdings."""
    contracts = Contract.objects.filter(pk__in=contract_ids)
    entities = contracts.values(entity=Coalesce("legal_entity__merged_into", "legal_entity"))
    return (
        Q(holding__in=contracts.values("legal_entity__holding"))
        | Q(legal_entity__in=entities)
        | Q(contract__in=contract_ids)
    )


def has_lines(contract_ids: Collection[int]) -> bool:
    """Whether any line, begun or not, is there for the contracts."""
    return CreditLine.objects.filter(lines_of(contract_ids)).exists()
