"""When a debit is to be paid."""

from datetime import date

from django.db.models import Q

from counterparties.models import Contract
from counterparties.selectors.contract_terms import terms_on
from finance.models import CreditLine
from finance.workdays import shift


def due_date(contract: Contract, *, base: date) -> date:
    """Count the deferral from the day of shipment: that of the nearest credit line which has one.

    Nearest is the contract's own line, then the legal entity's, then the holding's; without one the
    contract's deferral counts, as its terms have it on that day.
    """
    entity = contract.legal_entity
    heir_id = entity.merged_into_id or entity.pk
    lines = CreditLine.objects.filter(
        Q(contract=contract) | Q(legal_entity=heir_id) | Q(holding=entity.holding_id),
        Q(organization__isnull=True) | Q(organization=contract.organization_id),
        Q(valid_until__isnull=True) | Q(valid_until__gte=base),
        valid_from__lte=base,
        currency=contract.currency,
        deferral_days__isnull=False,
    )
    nearest = max(
        lines,
        key=lambda line: (bool(line.contract_id), bool(line.legal_entity_id), line.valid_from),
        default=None,
    )
    days = terms_on(contract, base).deferral_days if nearest is None else nearest.deferral_days
    return shift(base, days or 0)
