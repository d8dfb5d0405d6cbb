"""Quantities typed into fields `q-17` of a form, by the key of a line."""

from collections.abc import Iterable
from decimal import Decimal

from django.http import QueryDict

from orders.quantities import parse_quantity
from orders.refusals import WrongQuantity

_PREFIX = "q-"
_LONGEST = 60


def typed_quantities(form: QueryDict, keys: Iterable[int]) -> tuple[dict[int, Decimal], dict[int, str]]:
    """What was typed for these lines, and what of it is no number; an empty field is left out."""
    found: dict[int, Decimal] = {}
    faults: dict[int, str] = {}
    for pk in keys:
        text = form.get(f"{_PREFIX}{pk}", "").strip()[:_LONGEST]
        if not text:
            continue
        try:
            found[pk] = parse_quantity(text)
        except WrongQuantity as refusal:
            faults[pk] = str(refusal)
    return found, faults
