"""Statuses of orders in 1C: what an administrator has told of them, else what their usual names mean."""

from collections import Counter

from django.db.models import Q

from integrations.models import ForeignSystem, OrderStateMapping, StateTarget
from integrations.onec.incoming.requisites import state_key

USUAL = {
    "Не согласован": StateTarget.KEEP,
    "Ожидается согласование": StateTarget.KEEP,
    "Принят": StateTarget.KEEP,
    "Принят, ожидается оплата": StateTarget.KEEP,
    "В работе": StateTarget.KEEP,
    "К обеспечению": StateTarget.KEEP,
    "К отгрузке": StateTarget.RESERVED,
    "В процессе отгрузки": StateTarget.RESERVED,
    "Отгружен": StateTarget.KEEP,
    "Доставлен": StateTarget.KEEP,
    "Выполнен": StateTarget.COMPLETED,
    "Завершен": StateTarget.COMPLETED,
    "Закрыт": StateTarget.COMPLETED,
    "Согласован": StateTarget.CONFIRMED,
    "Подтвержден": StateTarget.CONFIRMED,
    "Отменен": StateTarget.CANCELLED,
    "Аннулирован": StateTarget.CANCELLED,
}
"""Names that UT, UNF and Bitrix' module bring along; a row in the admin overrules its name here.

«Отгружен» and «Доставлен» move nothing: what has left is known by papers and sums.
"""


class StateWords:
    """Statuses of one base; `unknown` counts those that nobody has explained."""

    def __init__(self, node_id: int) -> None:
        rows = OrderStateMapping.objects.filter(Q(node_id=node_id) | Q(node=None), system=ForeignSystem.ERP)
        told = {state_key(name): target for name, target in USUAL.items()}
        # The base's own words come last and overrule those for all bases.
        for name, target in rows.order_by("node_id").reverse().values_list("name", "target"):
            told[state_key(name)] = StateTarget(target)
        self._told = told
        self.unknown: Counter[str] = Counter()

    def target(self, text: str) -> StateTarget:
        """What the status means; an unknown one changes nothing."""
        if not text:
            return StateTarget.KEEP
        found = self._told.get(state_key(text))
        if found is None:
            self.unknown[text] += 1
            return StateTarget.KEEP
        return found
