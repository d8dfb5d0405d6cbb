"""Who a signed-in person is, and what they may do on a day."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q

from accounts.models import User
from accounts.permissions import STAGE_OF, Permission, Scope, Stage
from counterparties.actor import ANONYMOUS, Actor, Grant
from counterparties.models import HoldingUserObjectPermission, Membership, MembershipQuerySet
from counterparties.permissions import ADMINISTRATOR_PERMISSIONS, SERVE_HOLDING, STAFF_PERMISSIONS
from counterparties.selectors.managers import substituted_on
from counterparties.selectors.rights import memberships_with_rights, rights_of

# The condition is that of `memberships_valid`.
_HELD = """
membership.user_id = %s AND membership.is_active AND holding.is_active
AND (membership.valid_until IS NULL OR membership.valid_until >= %s)
"""


def actor_for(
    user: User,
    *,
    on: date,
    holding_id: int | None = None,
    impersonator_id: int | None = None,
    memberships: Sequence[Membership] | None = None,
) -> Actor:
    """Build the actor of a signed-in person.

    `holding_id` is the holding that they chose to work in; without it, or when they are no longer in
    it, the first one. A person without a membership valid on the date, who is not an employee, may
    do nothing. `memberships` are `memberships_held` where the caller has read them. One query for a
    client's person, one or two for an employee.
    """
    if not user.is_active:
        return ANONYMOUS
    if user.is_staff:
        return Actor(
            user_id=user.pk,
            grants={
                permission: Grant(Scope.HOLDING)
                for permission in (ADMINISTRATOR_PERMISSIONS if user.is_superuser else STAFF_PERMISSIONS)
            },
            served_holding_ids=frozenset() if user.is_superuser else served_holding_ids(user, on=on),
            is_administrator=user.is_superuser,
        )
    held = memberships_held(user, on=on) if memberships is None else memberships
    membership = _chosen(held, holding_id)
    if membership is None:
        return Actor(user_id=user.pk, impersonator_id=impersonator_id)
    return actor_of_membership(membership, on=on, impersonator_id=impersonator_id)


def memberships_held(user: User, *, on: date) -> list[Membership]:
    """Where a person works on the date, the first one first, with role, holding and rights; one query."""
    return memberships_with_rights(_HELD, [user.pk, on], on=on)


def membership_of(user: User, *, on: date, holding_id: int | None = None) -> Membership | None:
    """The person's membership in the holding they chose, else their first one."""
    mine = list(memberships_valid(on).filter(user=user).select_related("role").order_by("pk"))
    return _chosen(mine, holding_id)


def _chosen(memberships: Sequence[Membership], holding_id: int | None) -> Membership | None:
    first = memberships[0] if memberships else None
    return next((one for one in memberships if one.holding_id == holding_id), first)


def actor_of_membership(membership: Membership, *, on: date, impersonator_id: int | None = None) -> Actor:
    """What a person may do in one holding.

    Permissions of the first stage come from the role; later ones need a granted stage too, and reach
    no further than the legal entities it was granted for. A granted stage gives all its permissions,
    also those that the role does not name, for the person's own legal entities.
    """
    rights = rights_of(membership, on=on)
    return Actor(
        user_id=membership.user_id,
        holding_id=membership.holding_id,
        membership_id=membership.pk,
        legal_entity_ids=rights.mine,
        grants=grants_of(rights.role, mine=rights.mine, whole=rights.whole, trusted=rights.trusted),
        impersonator_id=impersonator_id,
    )


def grants_of(
    role: Mapping[Permission, Scope],
    *,
    mine: frozenset[int],
    whole: frozenset[int],
    trusted: Mapping[Stage, frozenset[int]],
) -> dict[Permission, Grant]:
    """What comes of a role, of legal entities and of stages that are trusted for some of them."""
    grants: dict[Permission, Grant] = {}
    for permission, stage in STAGE_OF.items():
        if stage == Stage.ORDERS:
            if permission in role:
                scope = role[permission]
                grants[permission] = Grant(scope, whole if scope == Scope.HOLDING else mine)
        elif trusted.get(stage):
            grants[permission] = Grant(role.get(permission, Scope.ENTITIES), trusted[stage])
    return grants


def trusted_stages(membership: Membership, *, on: date) -> dict[Stage, frozenset[int]]:
    """For each stage above the first, the legal entities that a person is trusted with on the date."""
    return rights_of(membership, on=on).trusted


def memberships_valid(on: date) -> MembershipQuerySet:
    """Memberships that give rights on the date (Moscow date, inclusive)."""
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), is_active=True, holding__is_active=True
    )


def served_holding_ids(user: User, *, on: date) -> frozenset[int]:
    """Holdings that the manager is assigned to, and on the day those of colleagues whom he stands in for."""
    served = HoldingUserObjectPermission.objects.filter(
        Q(user=user) | substituted_on(on, by=user), permission__codename=SERVE_HOLDING
    )
    return frozenset(served.values_list("content_object_id", flat=True))
