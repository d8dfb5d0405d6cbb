"""Carts that managers gathered for a client's person."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Visit, VisitCart
from orders.models import Cart, CartLine

# Not by a join: every column of the carts and of what they name would be grouped.
_LINES = CartLine.objects.filter(cart=OuterRef("pk")).order_by().values("cart").values(lines=Count("pk"))

_NAMES = ("legal_entity__name", "city__name", "drafted_by__full_name", "drafted_by__email")


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
        .filter(Exists(CartLine.objects.filter(cart=OuterRef("pk"))))
        .annotate(line_count=Subquery(_LINES))
        .order_by("-updated_at", "-pk")
    )


def drafts_live(actor: Actor, *, at: datetime) -> QuerySet[Cart]:
    """The same drafts, each with `is_live`: its manager is in the cabinet and gathers now; one query.

    With names alone: each page of a client asks for it, and mostly there is no draft.
    """
    gathering = Visit.objects.open_at(at).filter(
        employee=OuterRef("drafted_by"), person=OuterRef("user"), cart=VisitCart.DRAFT
    )
    named = drafts_waiting(actor).select_related(None).select_related("legal_entity", "city", "drafted_by")
    return named.only(*_NAMES).annotate(is_live=Exists(gathering))
