"""Carts that managers gathered for a client's person."""

from django.db.models import Count, QuerySet

from accounts.permissions import Permission
from counterparties.actor import Actor
from orders.models import Cart


def drafts_waiting(actor: Actor) -> QuerySet[Cart]:
    """Drafts with goods that the person has neither taken nor put away, newest first; one query.

    While a manager gathers in a draft himself, none is shown to him.
    """
    if not actor.is_client or not actor.can(Permission.ORDER_CREATE) or actor.is_drafting:
        return Cart.objects.none()
    return (
        Cart.objects.owned_by(actor)
        .filter(is_current=True, drafted_by__isnull=False)
        .select_related("legal_entity", "contract__organization", "city", "drafted_by")
        .annotate(line_count=Count("lines"))
        .filter(line_count__gt=0)
        .order_by("-updated_at", "-pk")
    )
