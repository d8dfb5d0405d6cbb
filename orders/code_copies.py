"""Codes go along when legal entities change their holding."""

from counterparties.merging import Relocation
from orders.models import ClientCode


def codes_copy(relocation: Relocation) -> None:
    """Give the new holding the codes of the one that is left; where both know a code, its own one stays.

    Those who stay keep theirs: a firm that leaves takes its words along and takes them from nobody.
    """
    codes = list(ClientCode.objects.in_use().filter(holding=relocation.left_id).order_by("pk"))
    for code in codes:
        code.pk, code.holding_id = None, relocation.holding_id
    ClientCode.objects.bulk_create(codes, ignore_conflicts=True, batch_size=2_000)
