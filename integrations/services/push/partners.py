"""Партнеры: kept as told. Which holding one is follows from its counterparties."""

from collections.abc import Collection

from integrations.models import ErpPartner
from integrations.push.items.partners import PartnerItem
from integrations.services.incoming.work import Work


def partner_take(work: Work, item: PartnerItem) -> None:
    """Keep a partner. Idempotent."""
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


def partners_missing(work: Work, refs: Collection[str]) -> None:
    """Mark those that 1C has no more."""
    ErpPartner.objects.filter(node=work.node, external_id__in=refs).update(is_deleted=True)
