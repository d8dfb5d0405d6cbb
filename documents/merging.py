"""Issued papers stay with the legal entity that they name."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from documents.models import Document


class DocumentRows:
    """Frozen by the database: party, number and content never change. Lists of the heir show them."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        documents = Document.objects.filter(legal_entity__in=entity_ids)
        total = documents.aggregate(total=Sum("total"))["total"] or Decimal("0.00")
        ids = tuple(documents.order_by("pk").values_list("pk", flat=True))
        return [Held(_("Выписанные документы"), ids, total=total, stays=True)]

    def absorb(self, absorption: Absorption) -> None:
        return

    def relocate(self, relocation: Relocation) -> None:
        return


follow(DocumentRows())
