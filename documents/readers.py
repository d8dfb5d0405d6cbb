"""Who may open papers at all; which of them is for `visible_to`."""

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import LegalEntity
from counterparties.reach import reaches


def require_reader(actor: Actor) -> None:
    """Papers and acts are of two permissions. Raises AccessDenied."""
    if not (actor.can(Permission.DOCUMENT_VIEW) or actor.can(Permission.FINANCE_VIEW)):
        raise AccessDenied(Permission.DOCUMENT_VIEW.label)


def keeps_signed_copies(actor: Actor, entity: LegalEntity) -> bool:
    """Whether the actor may keep signed copies of papers of a firm.

    That is who may sign for it, himself and nobody in his name, and the seller's employee, to whom copies
    come by post.
    """
    if actor.user_id is None or actor.is_read_only or actor.impersonator_id is not None:
        return False
    if not actor.is_client:
        return actor.can(Permission.CLIENT_SERVE)
    return reaches(actor, Permission.DOCUMENT_SIGN, entity=entity, author_id=None)


def reading_person(actor: Actor) -> int:
    """The key of the person who takes papers. Raises AccessDenied."""
    require_reader(actor)
    if actor.user_id is None:
        raise AccessDenied("Документы получают только люди")
    return actor.user_id
