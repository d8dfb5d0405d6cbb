"""What waits for a client or a contract is tried again: by itself, and when a person has decided."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from counterparties.merge_gate import parties_hold
from counterparties.models import LegalEntity
from integrations.models import (
    ErpParty,
    ExchangeNode,
    ExternalId,
    ExternalKind,
    HeldOrder,
    PartyState,
    PushRef,
    RefState,
)
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.services.incoming.documents import DocumentsTaker
from integrations.services.incoming.keeping import document_restored
from integrations.services.incoming.parties import parties_try
from integrations.services.incoming.stops import stops_settle
from integrations.services.incoming.work import Work
from integrations.services.push.waiting import items_retry
from integrations.services.turns import orders_turn


@transaction.atomic
def held_try(*, node_id: int, at: datetime) -> int:
    """Try the orders again that wait for a client or a contract; return how many found their place.

    Idempotent.
    """
    parties_hold()
    orders_turn(node_id)
    return held_retry(ExchangeNode.objects.get(pk=node_id), at=at)


def waiting_retry(*, at: datetime) -> int:
    """Look for the clients that wait, then try the orders, base by base; return how many were placed."""
    waiting = set(ErpParty.objects.filter(state=PartyState.WAITING).values_list("node_id", flat=True))
    waiting |= set(PushRef.objects.filter(state=RefState.WAITING).values_list("node_id", flat=True))
    placed = 0
    for node in ExchangeNode.objects.filter(pk__in=waiting | set(_held_nodes())).order_by("pk"):
        with transaction.atomic():
            parties_hold()
            orders_turn(node.pk)
            work = _work(node, at)
            parties_try(work)
            items_retry(work)
            placed += held_retry(node, at=at)
    return placed


@transaction.atomic
def party_match(*, party_id: int, legal_entity_id: int, at: datetime) -> int:
    """A person says which legal entity a counterparty is; return how many orders had waited for that.

    A counterparty that was matched before is so anew; orders made meanwhile stay where they are.
    Raises ErpParty.DoesNotExist, LegalEntity.DoesNotExist (also of one merged into another).
    """
    parties_hold()
    party = ErpParty.objects.select_related("node").get(pk=party_id)
    orders_turn(party.node_id)
    entity = LegalEntity.objects.in_use().get(pk=legal_entity_id)
    ExternalId.objects.update_or_create(
        node=party.node,
        kind=ExternalKind.LEGAL_ENTITY,
        external_id=party.external_id,
        defaults={"object_id": entity.pk},
    )
    before = party.legal_entity_id
    party.state, party.reason, party.legal_entity = PartyState.MATCHED, "", entity
    party.save(update_fields=["state", "reason", "legal_entity"])
    stops_settle({entity.pk, before or entity.pk})
    items_retry(_work(party.node, at))
    return held_retry(party.node, at=at)


@transaction.atomic
def party_put_aside(*, party_ids: Collection[int], is_aside: bool) -> int:
    """Take counterparties that are no clients here out of the queue, or put them back."""
    before, after = PartyState.WAITING, PartyState.IGNORED
    if not is_aside:
        before, after = after, before
    return ErpParty.objects.filter(pk__in=party_ids, state=before).update(state=after)


def _held_nodes() -> QuerySet[HeldOrder, int]:
    return HeldOrder.objects.values_list("node_id", flat=True)


def _work(node: ExchangeNode, at: datetime, formed_at: datetime | None = None) -> Work:
    return Work(
        node=node, at=at, ids=ExternalIds(node.pk), report=LoadReport(), formed_at=formed_at, is_retry=True
    )


def held_retry(node: ExchangeNode, *, at: datetime) -> int:
    """Try all that wait, in the caller's transaction and turn; return how many found their place."""
    held = list(HeldOrder.objects.filter(node=node, tried_at__lt=at).order_by("pk"))
    for row in held:
        work = Work(node=node, at=at, ids=ExternalIds(node.pk), report=LoadReport(), formed_at=row.formed_at)
        taker = DocumentsTaker(work)
        taker.take_order(document_restored(row.payload))
        taker.finish()
    left = HeldOrder.objects.filter(pk__in=[row.pk for row in held]).count()
    return len(held) - left
