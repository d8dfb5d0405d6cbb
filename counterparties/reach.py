"""How far an actor's permission reaches, as a condition on rows: the one piece under every `visible_to`."""

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.permissions import Permission, Scope
from counterparties.actor import Actor

if TYPE_CHECKING:
    from counterparties.models import LegalEntity

NOTHING = Q(pk__in=[])


def reach(actor: Actor, permission: Permission, *, entity: str = "legal_entity", author: str = "") -> Q:
    """Rows that the permission lets the actor see; those of a merged legal entity show with its heir's.

    `entity` is the path from the row to its legal entity ("" for the legal entity itself), `author` to
    the person whose own it is; a row without an author is shared by those who may act for its firm.
    An administrator reaches everything, a manager the clients he serves.
    """
    grant = actor.grants.get(permission)
    if grant is None:
        return NOTHING
    if actor.is_administrator:
        return Q()
    prefix = f"{entity}__" if entity else ""
    if not actor.is_client:
        return Q(**{f"{prefix}holding_id__in": actor.served_holding_ids})
    reached = Q(**{f"{prefix}pk__in": grant.legal_entity_ids})
    if entity:
        reached |= Q(**{f"{prefix}merged_into__in": grant.legal_entity_ids})
    inside = Q(**{f"{prefix}holding_id": actor.holding_id}) & reached
    if grant.scope == Scope.OWN and author:
        return inside & Q(**{f"{author}_id": actor.user_id})
    return inside


def reaches(actor: Actor, permission: Permission, *, entity: "LegalEntity", author_id: int | None) -> bool:
    """The same for one thing that is at hand already: a page leaves out what the actor may not see of it."""
    grant = actor.grants.get(permission)
    if grant is None or not actor.is_client:
        return grant is not None
    if grant.scope == Scope.OWN and author_id != actor.user_id:
        return False
    return bool(grant.legal_entity_ids & {entity.pk, entity.merged_into_id})
