"""Issued papers stay with the legal entity that they name."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from documents.models import Act, ActSchedule, Document, PriceListProfile, ReceivedDocument


class DocumentRows:
    """Ours are frozen by the database: lists of the heir show them. Those of 1C and price lists follow."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        documents = Document.objects.filter(legal_entity__in=entity_ids)
        total = documents.aggregate(total=Sum("total"))["total"] or Decimal("0.00")
        ids = tuple(documents.order_by("pk").values_list("pk", flat=True))
        received = ReceivedDocument.objects.filter(legal_entity__in=entity_ids).order_by("pk")
        return [
            Held(_("Выписанные документы"), ids, total=total, stays=True),
            Held(_("Документы из 1С"), tuple(received.values_list("pk", flat=True))),
        ]

    def absorb(self, absorption: Absorption) -> None:
        received = ReceivedDocument.objects.filter(legal_entity_id=absorption.source_id)
        list(received.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        for own, twin in absorption.contracts.items():
            received.filter(contract_id=own).update(contract_id=twin)
        received.update(legal_entity_id=absorption.target_id)
        lists = PriceListProfile.objects.filter(legal_entity_id=absorption.source_id)
        for own, twin in absorption.contracts.items():
            lists.filter(contract_id=own).update(contract_id=twin)
        lists.update(legal_entity_id=absorption.target_id)
        _schedules_move(absorption)
        _acts_look_again(absorption)

    def relocate(self, relocation: Relocation) -> None:
        """Price lists go with their firm; who does not work in the new holding gets no more of them."""
        lists = PriceListProfile.objects.filter(legal_entity__in=relocation.entity_ids)
        lists.update(holding_id=relocation.holding_id)


def _acts_look_again(absorption: Absorption) -> None:
    """Entries of the merged firm are older than what the heir's acts have seen, and of his books now."""
    firms = (absorption.source_id, absorption.target_id)
    Act.objects.filter(legal_entity__in=firms, is_stale=False).update(seen_entry=0)


def _schedules_move(absorption: Absorption) -> None:
    """Acts by the clock go to the heir; where he has such a schedule already, his stays."""
    schedules = ActSchedule.objects.filter(legal_entity_id=absorption.source_id)
    for own, twin in absorption.contracts.items():
        schedules.filter(contract_id=own).update(contract_id=twin)
    held = ActSchedule.objects.filter(legal_entity_id=absorption.target_id)
    known = set(held.values_list("organization_id", "contract_id"))
    doubles = [one.pk for one in schedules if (one.organization_id, one.contract_id) in known]
    schedules.filter(pk__in=doubles).delete()
    schedules.update(legal_entity_id=absorption.target_id)


follow(DocumentRows())
