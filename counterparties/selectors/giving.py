"""How far a person's own rights let him give rights to others."""

from collections.abc import Iterable, Mapping
from datetime import date

from accounts.permissions import Permission, Scope, Stage
from counterparties.actor import Actor, Grant
from counterparties.models import LegalEntity, Membership, StageGrant
from counterparties.selectors.actors import actor_of_membership
from counterparties.selectors.rights import stages_valid

_RANK = {Scope.OWN: 0, Scope.ENTITIES: 1, Scope.HOLDING: 2}


def managed_entity_ids(actor: Actor) -> frozenset[int]:
    """Legal entities whose people the actor manages."""
    grant = actor.grants.get(Permission.PEOPLE_MANAGE)
    return grant.legal_entity_ids if grant else frozenset()


def holding_entity_ids(holding_id: int) -> frozenset[int]:
    return frozenset(LegalEntity.objects.in_use().filter(holding_id=holding_id).values_list("pk", flat=True))


def manages_whole(actor: Actor, whole: frozenset[int]) -> bool:
    """Whether the actor works for the whole holding and manages all its people."""
    return whole <= managed_entity_ids(actor) and whole <= actor.legal_entity_ids


def covers(actor: Actor, given: Mapping[Permission, Grant], entity_ids: Iterable[int]) -> bool:
    """Whether the actor has each of the given rights himself, as far, and manages the legal entities."""
    if not frozenset(entity_ids) <= managed_entity_ids(actor):
        return False
    return all(_has(actor, permission, grant) for permission, grant in given.items())


def covers_person(actor: Actor, membership: Membership, *, on: date) -> bool:
    """Whether a person's present rights are no more than the actor's own."""
    person = actor_of_membership(membership, on=on)
    if membership.is_whole_holding and not manages_whole(actor, person.legal_entity_ids):
        return False
    return covers(actor, person.grants, person.legal_entity_ids)


def covers_role(actor: Actor, scopes: Mapping[Permission, Scope]) -> bool:
    """Whether every cell of a role's matrix reaches no further than the actor's own right."""
    return all(
        permission in actor.grants and _RANK[actor.grants[permission].scope] >= _RANK[scope]
        for permission, scope in scopes.items()
    )


def rights_end(actor: Actor, stage: Stage, entity_ids: Iterable[int], *, on: date) -> date | None:
    """Until when the actor himself has a stage for all of the legal entities; None is for ever.

    Moscow date, inclusive. The first stage ends with the membership alone.
    """
    membership = Membership.objects.get(pk=actor.membership_id or 0)
    ends = [membership.valid_until]
    if stage > Stage.ORDERS:
        grants = list(stages_valid(on).filter(membership=membership, stage__gte=stage))
        for entity_id in entity_ids:
            own = [one.valid_until for one in grants if _reaches(one, entity_id)]
            ends.append(None if None in own else max((end for end in own if end is not None), default=on))
    known = [end for end in ends if end is not None]
    return min(known) if known else None


def _reaches(grant: StageGrant, entity_id: int) -> bool:
    return grant.is_whole_holding or any(one.pk == entity_id for one in grant.legal_entities.all())


def _has(actor: Actor, permission: Permission, given: Grant) -> bool:
    own = actor.grants.get(permission)
    if own is None or _RANK[own.scope] < _RANK[given.scope]:
        return False
    return given.legal_entity_ids <= own.legal_entity_ids
