"""Under which contracts a client may pay later."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from counterparties.models import Contract
from finance.models import CreditLine


def deferred_contracts(contract_ids: Collection[int], *, on: date) -> set[int]:
    """Those that name a deferral or fall under a credit line of any level, also a suspended one; one query.

    A suspended line refuses with a reason of its own; leaving the choice out would hide it.
    """
    in_force = CreditLine.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on
    ).filter(Q(organization__isnull=True) | Q(organization=OuterRef("organization")))
    contracts = (
        Contract.objects.filter(pk__in=list(contract_ids))
        .with_deferral_on(on)
        .annotate(
            line=_any(in_force.filter(contract=OuterRef("pk"))),
            entity_line=_any(in_force.filter(legal_entity=OuterRef("legal_entity"))),
            holding_line=_any(in_force.filter(holding=OuterRef("legal_entity__holding"))),
        )
    )
    later = Q(deferral_on_day__gt=0)
    for name in ("line", "entity_line", "holding_line"):
        later |= Q(**{f"{name}__isnull": False})
    return set(contracts.filter(later).values_list(F("pk"), flat=True))


def _any(lines: QuerySet[CreditLine]) -> Subquery:
    return Subquery(lines.values("pk")[:1])
