"""«Как видит этот человек»: one's own session, but with a colleague's rights, and nothing may be changed."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Membership
from counterparties.selectors import actor_of_membership, memberships_valid
from counterparties.selectors.giving import covers_person

if TYPE_CHECKING:
    from counterparties.web.middleware import PortalRequest

PREVIEW_KEY = "preview_membership_id"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def look_as_chosen(request: "PortalRequest", *, on: date) -> None:
    """Replace the actor while a preview is on. Raises PermissionDenied for whatever would change something.

    Asked at every request: the preview ends as soon as one of the two loses the rights.
    """
    chosen = request.session.get(PREVIEW_KEY)
    if chosen is None:
        return
    membership = previewable(request.actor, membership_id=chosen, on=on)
    if membership is None:
        del request.session[PREVIEW_KEY]
        return
    request.previewed = membership
    if request.method not in _SAFE and request.path != reverse("counterparties:preview_leave"):
        raise PermissionDenied(_("Вы смотрите глазами сотрудника: изменить ничего нельзя"))
    seen = actor_of_membership(membership, on=on, impersonator_id=request.actor.user_id)
    request.actor = replace(seen, is_read_only=True)


def previewable(actor: Actor, *, membership_id: int, on: date) -> Membership | None:
    """The working colleague at whose cabinet the actor may look: his rights are no more than the actor's."""
    if not actor.is_client or actor.impersonator_id is not None or not actor.can(Permission.PEOPLE_MANAGE):
        return None
    membership = (
        memberships_valid(on)
        .visible_to(actor)
        .filter(pk=membership_id, user__is_active=True)
        .exclude(pk=actor.membership_id or 0)
        .select_related("user", "role", "holding")
        .first()
    )
    if membership is None or not covers_person(actor, membership, on=on):
        return None
    return membership
