"""How contracts stand, kept for some minutes: lists over hundreds of clients need not reckon it at each look.

Nothing is decided by what is kept: an order asks `credit_view`. The job that tells of limits keeps it fresh.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.core.cache import cache

from finance.selectors.exposure import ContractCredit, credit_view

KEPT_SECONDS = 900
"""Longer than the ten minutes between two runs of the job."""

_SHAPE = 2
"""Of what is kept; one more when `ContractCredit` changes, so that an older release's is not read."""


def credit_keep(views: Mapping[int, ContractCredit], *, on: date) -> None:
    """Remember how contracts stand on a Moscow date."""
    cache.set_many({_key(pk, on): view for pk, view in views.items()}, KEPT_SECONDS)


def credit_kept(*, contract_ids: Collection[int], on: date) -> dict[int, ContractCredit]:
    """What `credit_view` told some minutes ago at most; what is not known is reckoned and kept."""
    names = {_key(pk, on): pk for pk in contract_ids}
    known = {names[key]: view for key, view in cache.get_many(list(names)).items()}
    missing = [pk for pk in contract_ids if pk not in known]
    if missing:
        fresh = credit_view(contract_ids=missing, on=on)
        credit_keep(fresh, on=on)
        known |= fresh
    return known


def _key(pk: int, on: date) -> str:
    return f"finance:credit:{_SHAPE}:{on:%Y%m%d}:{pk}"
