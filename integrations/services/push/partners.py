"""Партнеры: kept as told. Which holding one is follows from its counterparties."""

from collections.abc import Collection

from integrations.models import ErpPartner, ErpParty
from integrations.push.items.partners import PartnerItem
from integrations.services.incoming.stops import stops_settle
from integrations.services.incoming.work import Work


def partner_take(work: Work, item: PartnerItem) -> None:
    """Keep a partner; one in the stop list orders nothing. Idempotent."""
    before = ErpPartner.objects.filter(node=work.node, external_id=item.ref, is_stopped=True).exists()
    ErpPartner.objects.update_or_create(
        node=work.node,
        external_id=item.ref,
        defaults={
            "parent_external_id": item.parent_ref,
            "name": item.name,
            "is_stopped": item.stop_list,
            "stop_reason": item.stop_reason,
            "manager": item.manager,
            "is_deleted": item.deleted,
            "seen_at": work.at,
        },
    )
    if before != item.stop_list:
        own = ErpParty.objects.filter(
            node=work.node, partner_external_id=item.ref, legal_entity__isnull=False
        )
        stops_settle(own.values_list("legal_entity", flat=True))


def partners_missing(work: Work, refs: Collection[str]) -> None:
    """Mark those that 1C has no more."""
    ErpPartner.objects.filter(node=work.node, external_id__in=refs).update(is_deleted=True)
