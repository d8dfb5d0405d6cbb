"""Numbers of batches begun anew: a base of 1C restored from a copy counts from where the copy was made."""

from django.db import transaction

from integrations.models import ExchangeNode, PushRef
from integrations.services.turns import orders_turn


@transaction.atomic
def sequence_restart(*, node_id: int) -> int:
    """Take what the base sends next, whatever its number; return how many things had one. Idempotent.

    Raises ExchangeNode.DoesNotExist.
    """
    orders_turn(node_id)
    node = ExchangeNode.objects.get(pk=node_id)
    return PushRef.objects.filter(node=node, seq__gt=0).update(seq=0)
