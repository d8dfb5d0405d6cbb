"""Which of our organizations a base means by its id."""

from datetime import datetime

from django.db import transaction

from counterparties.merge_gate import parties_hold
from counterparties.models import Organization
from integrations.models import ExchangeNode, ExternalId, ExternalKind
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.services.incoming.work import Work
from integrations.services.push.waiting import items_retry
from integrations.services.turns import orders_turn


@transaction.atomic
def organization_map(*, node_id: int, external_id: str, organization_id: int, at: datetime) -> int:
    """A person says which organization it is; return how many items had waited for that.

    Contracts that were made by the old meaning stay where they are. Idempotent.
    Raises ExchangeNode.DoesNotExist, Organization.DoesNotExist.
    """
    parties_hold()
    orders_turn(node_id)
    node = ExchangeNode.objects.get(pk=node_id)
    organization = Organization.objects.get(pk=organization_id)
    ExternalId.objects.update_or_create(
        node=node,
        kind=ExternalKind.ORGANIZATION,
        external_id=external_id,
        defaults={"object_id": organization.pk},
    )
    return items_retry(Work(node=node, at=at, ids=ExternalIds(node.pk), report=LoadReport(), is_retry=True))
