"""Соглашения: kept for the administrator to see."""

from collections.abc import Collection

from integrations.models import ErpAgreement
from integrations.push.items.agreements import AgreementItem
from integrations.services.incoming.work import Work


def agreement_take(work: Work, item: AgreementItem) -> None:
    """Keep an agreement. Idempotent."""
    ErpAgreement.objects.update_or_create(
        node=work.node,
        external_id=item.ref,
        defaults={
            "partner_external_id": item.partner_ref,
            "price_type_external_id": item.price_type_ref,
            "warehouse_external_id": item.warehouse_ref,
            "minimum_amount": item.min_order,
            "payment_stages": [stage.model_dump(mode="json") for stage in item.payment_stages],
            "is_deleted": item.deleted,
            "seen_at": work.at,
        },
    )


def agreements_missing(work: Work, refs: Collection[str]) -> None:
    """Mark those that 1C has no more."""
    ErpAgreement.objects.filter(node=work.node, external_id__in=refs).update(is_deleted=True)
