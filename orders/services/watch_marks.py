"""Several watches at once, as a form marks them: `a17` goods, `p5` a price, `l3` a list."""

import re
from collections.abc import Collection

from django.db import transaction

from counterparties.actor import Actor
from orders.models import ArrivalWatch, ListWatch, PriceWatch

_MARK = re.compile(r"([apl])([1-9][0-9]{0,17})")


@transaction.atomic
def watches_drop(*, actor: Actor, marks: Collection[str]) -> int:
    """Wait no more for what is marked; return how many. Others' and unknown ones are passed over."""
    ids: dict[str, list[int]] = {"a": [], "p": [], "l": []}
    for mark in marks:
        if found := _MARK.fullmatch(mark):
            ids[found[1]].append(int(found[2]))
    dropped = 0
    for letter, watches in (
        ("a", ArrivalWatch.objects.visible_to(actor)),
        ("p", PriceWatch.objects.visible_to(actor)),
        ("l", ListWatch.objects.visible_to(actor)),
    ):
        if ids[letter]:
            dropped += watches.filter(pk__in=ids[letter]).delete()[0]
    return dropped
