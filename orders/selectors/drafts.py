"""Carts that managers gathered for a client's person."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Visit, VisitCart
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


def drafts_live(actor: Actor, *, at: datetime) -> QuerySet[Cart]:
    """The same drafts, each with `is_live`: its manager is in the cabinet and gathers now; one query."""
    gathering = Visit.objects.open_at(at).filter(
        employee=OuterRef("drafted_by"), person=OuterRef("user"), cart=VisitCart.DRAFT
    )
    return drafts_waiting(actor).annotate(is_live=Exists(gathering))
