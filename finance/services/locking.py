"""The locks of settlements: credit lines of all levels, then contracts; always in one order."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Case, IntegerField, Value, When

from counterparties.models import Contract
from finance.models import CreditLine
from finance.selectors.lines import lines_of


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
