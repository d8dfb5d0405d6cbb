"""Legal entities that 1C takes no new orders of: its stop list, its marks of deletion."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from counterparties.models import LegalEntity
from integrations.models import ErpPartner, ErpParty


def stops_settle(entity_ids: Collection[int]) -> None:
    """Stop new orders of legal entities, or let them go, by all that 1C has told of them. Idempotent.

    A partner in the stop list stops his counterparties; a legal entity is stopped too once every counterparty
    that it is in 1C is marked for deletion. Two queries.
    """
    parties = ErpParty.objects.filter(legal_entity=OuterRef("pk"))
    alive = parties.filter(is_deleted=False)
    listed = ErpPartner.objects.filter(
        node=OuterRef("node"), external_id=OuterRef("partner_external_id"), is_stopped=True, is_deleted=False
    )
    is_stopped = Exists(alive.filter(Exists(listed))) | (Exists(parties) & ~Exists(alive))
    entities = LegalEntity.objects.filter(pk__in=entity_ids)
    entities.filter(is_stopped, is_stopped_by_erp=False).update(is_stopped_by_erp=True)
    entities.filter(~is_stopped, is_stopped_by_erp=True).update(is_stopped_by_erp=False)
