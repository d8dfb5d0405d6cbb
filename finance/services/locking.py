"""The locks of settlements: credit lines of all levels, then contracts; always in one order."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce

from counterparties.models import Contract
from finance.models import CreditLine


def settlements_lock(contract_ids: Collection[int]) -> dict[int, Contract]:
    """Lock the lines that the contracts use (holding, legal entity, contract; by key), then the contracts.

    Raises Contract.DoesNotExist where one is not there.
    """
    wanted = set(contract_ids)
    lines = CreditLine.objects.filter(lines_of(wanted)).annotate(
        level=Case(
            When(holding__isnull=False, then=Value(0)),
            When(legal_entity__isnull=False, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    contracts = Contract.objects.filter(pk__in=wanted).order_by("pk")
    if not settings.TEST_SKIP_LOCKS:
        list(lines.select_for_update(of=("self",)).order_by("level", "pk").values_list("pk"))
        contracts = contracts.select_for_update(of=("self",), no_key=True)
    found = {contract.pk: contract for contract in contracts}
    if len(found) < len(wanted):
        raise Contract.DoesNotExist
    return found


def lines_of(contract_ids: Collection[int]) -> Q:
    """Lines of the contracts, of their legal entities (of the heirs of merged ones) and holdings."""
    contracts = Contract.objects.filter(pk__in=contract_ids)
    entities = contracts.values(entity=Coalesce("legal_entity__merged_into", "legal_entity"))
    return (
        Q(holding__in=contracts.values("legal_entity__holding"))
        | Q(legal_entity__in=entities)
        | Q(contract__in=contract_ids)
    )
