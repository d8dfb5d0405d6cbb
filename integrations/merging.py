"""1C's ids of a merged legal entity lead to its heir: «GUID A replaced by B»."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from integrations.models import ErpParty, ErpRequest, ExternalId, ExternalKind
from integrations.services.incoming.stops import stops_settle


class ExternalIdRows:
    """A legal entity may have many ids in one base; what 1C sends under any of them comes to the heir."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        ids = ExternalId.objects.filter(kind=ExternalKind.LEGAL_ENTITY, object_id__in=entity_ids)
        parties = ErpParty.objects.filter(legal_entity__in=entity_ids)
        requests = ErpRequest.objects.filter(legal_entity__in=entity_ids)
        return [
            Held(_("Идентификаторы в 1С"), tuple(ids.order_by("pk").values_list("pk", flat=True))),
            Held(_("Контрагенты 1С"), tuple(parties.order_by("pk").values_list("pk", flat=True))),
            Held(_("Запросы в 1С"), tuple(requests.order_by("pk").values_list("pk", flat=True)), stays=True),
        ]

    def absorb(self, absorption: Absorption) -> None:
        ExternalId.objects.filter(kind=ExternalKind.LEGAL_ENTITY, object_id=absorption.source_id).update(
            object_id=absorption.target_id
        )
        ErpParty.objects.filter(legal_entity_id=absorption.source_id).update(
            legal_entity_id=absorption.target_id
        )
        stops_settle([absorption.source_id, absorption.target_id])

    def relocate(self, relocation: Relocation) -> None:
        return


follow(ExternalIdRows())
