"""Whose word counts for a field of an order."""

from dataclasses import dataclass

from integrations.models import FieldTruth, OrderField, TruthOwner


@dataclass(frozen=True, slots=True)
class ErpTruth:
    """What 1C's word does here: without a row in the admin it counts for everything."""

    moves_order: bool
    changes_rows: bool

    @classmethod
    def now(cls) -> "ErpTruth":
        """As the administrator has it at this moment; one query."""
        others = set(FieldTruth.objects.exclude(owner=TruthOwner.ERP).values_list("field", flat=True))
        return cls(
            moves_order=OrderField.STATE not in others,
            changes_rows=not others & {OrderField.ROWS, OrderField.PRICES},
        )
