"""Who may open papers at all; which of them is for `visible_to`."""

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor


def require_reader(actor: Actor) -> None:
    """Papers and acts are of two permissions. Raises AccessDenied."""
    if not (actor.can(Permission.DOCUMENT_VIEW) or actor.can(Permission.FINANCE_VIEW)):
        raise AccessDenied(Permission.DOCUMENT_VIEW.label)


def reading_person(actor: Actor) -> int:
    """The key of the person who takes papers. Raises AccessDenied."""
    require_reader(actor)
    if actor.user_id is None:
        raise AccessDenied("Документы получают только люди")
    return actor.user_id
