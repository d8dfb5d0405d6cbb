"""Партнеры: kept as told. Which holding one is follows from its counterparties."""

from collections.abc import Collection

from integrations.models import ErpPartner, ErpParty
from integrations.push.items.partners import PartnerItem
from integrations.services.incoming.stops import stops_settle
from integrations.services.incoming.work import Work


def partner_take(work: Work, item: PartnerItem) -> None:
    """Keep a partner; one in the stop list orders nothing. Idempotent."""
    stopping = ErpPartner.objects.filter(
        node=work.node, external_id=item.ref, is_stopped=True, is_deleted=False
    )
    before = stopping.exists()
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
    if before != (item.stop_list and not item.deleted):
        _settle(work, [item.ref])


def partners_missing(work: Work, refs: Collection[str]) -> None:
    """Mark those that 1C has no more: they stop nobody."""
    ErpPartner.objects.filter(node=work.node, external_id__in=refs).update(is_deleted=True)
    _settle(work, refs)


def _settle(work: Work, refs: Collection[str]) -> None:
    own = ErpParty.objects.filter(node=work.node, partner_external_id__in=refs, legal_entity__isnull=False)
    stops_settle(own.values_list("legal_entity", flat=True))
