"""Who a signed-in person is, and what they may do on a day."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from accounts.models import User
from accounts.permissions import STAGE_OF, Permission, Scope, Stage
from counterparties.actor import ANONYMOUS, Actor, Grant
from counterparties.models import (
    GrantState,
    Holding,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    MembershipQuerySet,
    StageGrant,
)
from counterparties.permissions import SERVE_HOLDING, STAFF_PERMISSIONS


def actor_for(
    user: User, *, on: date, holding_id: int | None = None, impersonator_id: int | None = None
) -> Actor:
    """Build the actor of a signed-in person.

    `holding_id` is the holding that they chose to work in; without it, or when they are no longer in
    it, the first one. A person without a membership valid on the date, who is not an employee, may
    do nothing. Six queries for a client's person, one or two for an employee.
    """
    if not user.is_active:
        return ANONYMOUS
    if user.is_staff:
        return Actor(
            user_id=user.pk,
            grants={permission: Grant(Scope.HOLDING) for permission in STAFF_PERMISSIONS},
            served_holding_ids=frozenset() if user.is_superuser else served_holding_ids(user),
            is_administrator=user.is_superuser,
        )
    membership = membership_of(user, on=on, holding_id=holding_id)
    if membership is None:
        return Actor(user_id=user.pk, impersonator_id=impersonator_id)
    return actor_of_membership(membership, on=on, impersonator_id=impersonator_id)


def membership_of(user: User, *, on: date, holding_id: int | None = None) -> Membership | None:
    """The person's membership in the holding they chose, else their first one."""
    mine = list(memberships_valid(on).filter(user=user).select_related("role").order_by("pk"))
    return next((one for one in mine if one.holding_id == holding_id), mine[0] if mine else None)


def actor_of_membership(membership: Membership, *, on: date, impersonator_id: int | None = None) -> Actor:
    """What a person may do in one holding.

    Permissions of the first stage come from the role; later ones need a granted stage too, and reach
    no further than the legal entities it was granted for. A granted stage gives all its permissions,
    also those that the role does not name, for the person's own legal entities.
    """
    mine = _legal_entity_ids(membership)
    whole = frozenset(
        LegalEntity.objects.in_use().filter(holding_id=membership.holding_id).values_list("pk", flat=True)
    )
    role = {Permission(one.permission): Scope(one.scope) for one in membership.role.permissions.all()}
    trusted = _trusted_entities(stages_valid(on).filter(membership=membership), mine, whole)
    return Actor(
        user_id=membership.user_id,
        holding_id=membership.holding_id,
        membership_id=membership.pk,
        legal_entity_ids=mine,
        grants=grants_of(role, mine=mine, whole=whole, trusted=trusted),
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
    mine = _legal_entity_ids(membership)
    whole = frozenset(
        LegalEntity.objects.in_use().filter(holding_id=membership.holding_id).values_list("pk", flat=True)
    )
    return _trusted_entities(stages_valid(on).filter(membership=membership), mine, whole)


def memberships_valid(on: date) -> MembershipQuerySet:
    """Memberships that give rights on the date (Moscow date, inclusive)."""
    return Membership.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), is_active=True, holding__is_active=True
    )


def stages_valid(on: date) -> QuerySet[StageGrant]:
    """Stages that are granted on the date (Moscow date, inclusive)."""
    return StageGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), state=GrantState.GRANTED
    ).prefetch_related(Prefetch("legal_entities", queryset=LegalEntity.objects.only("pk")))


def served_holding_ids(user: User) -> frozenset[int]:
    """Holdings that the manager is assigned to."""
    served = get_objects_for_user(user, SERVE_HOLDING, Holding, accept_global_perms=False)
    return frozenset(served.values_list("pk", flat=True))


def _legal_entity_ids(membership: Membership) -> frozenset[int]:
    entities = LegalEntity.objects.in_use().filter(holding_id=membership.holding_id)
    if not membership.is_whole_holding:
        assigned = LegalEntityUserObjectPermission.objects.filter(user_id=membership.user_id)
        entities = entities.filter(pk__in=assigned.values("content_object_id"))
    return frozenset(entities.values_list("pk", flat=True))


def _trusted_entities(
    stages: Iterable[StageGrant], mine: frozenset[int], whole: frozenset[int]
) -> dict[Stage, frozenset[int]]:
    """For each stage the legal entities it is granted for; a stage includes those below it."""
    trusted: dict[Stage, frozenset[int]] = {}
    for grant in stages:
        chosen = whole if grant.is_whole_holding else frozenset(one.pk for one in grant.legal_entities.all())
        for stage in Stage:
            if Stage.ORDERS < stage <= grant.stage:
                trusted[stage] = trusted.get(stage, frozenset()) | (chosen & whole)
    return trusted
