"""The gate before every change of rights: nobody gives more than he has, nobody changes himself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounts.permissions import Permission, Scope, Stage
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Membership, Role
from counterparties.rights_refusals import AboveOwnRights, InThePast, NoLegalEntities, OwnRights, TooLong
from counterparties.selectors import grants_of
from counterparties.selectors.giving import (
    covers,
    covers_person,
    holding_entity_ids,
    managed_entity_ids,
    manages_whole,
    rights_end,
)


@dataclass(frozen=True, slots=True)
class Area:
    """Legal entities that a right is given for; `ids=None` is the whole holding, present and to come."""

    ids: frozenset[int] | None

    def within(self, whole: frozenset[int]) -> frozenset[int]:
        return whole if self.ids is None else self.ids


def area_of(legal_entity_ids: Collection[int] | None) -> Area:
    return Area(None if legal_entity_ids is None else frozenset(legal_entity_ids))


def require_manager(actor: Actor) -> int:
    """Let only a client's person who manages people pass, and in his own name; return the holding.

    Raises AccessDenied, also for those who entered the cabinet in somebody's name or only look.
    """
    actor.require(Permission.PEOPLE_MANAGE)
    if actor.holding_id is None or actor.impersonator_id is not None or actor.is_read_only:
        raise AccessDenied("Права меняют только от своего имени")
    return actor.holding_id


def membership_locked(actor: Actor, membership_id: int, *, on: date) -> Membership:
    """Lock a colleague whose rights are no more than the actor's own.

    Raises Membership.DoesNotExist (also for another client's), OwnRights, AboveOwnRights.
    """
    member = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "role")
        .visible_to(actor)
        .get(pk=membership_id)
    )
    if member.user_id == actor.user_id:
        raise OwnRights
    if not covers_person(actor, member, on=on):
        raise AboveOwnRights
    return member


def role_for(actor: Actor, role_id: int) -> Role:
    """A ready role or one of the actor's holding. Raises Role.DoesNotExist."""
    return Role.objects.visible_to(actor).get(pk=role_id)


def require_area(actor: Actor, area: Area) -> frozenset[int]:
    """The legal entities of an area that the actor manages.

    Raises NoLegalEntities, AboveOwnRights (also for legal entities of other clients).
    """
    whole = holding_entity_ids(actor.holding_id or 0)
    chosen = area.within(whole)
    if not chosen:
        raise NoLegalEntities
    if area.ids is None and not manages_whole(actor, whole):
        raise AboveOwnRights
    if not chosen <= managed_entity_ids(actor) & whole:
        raise AboveOwnRights
    return chosen


def require_may_give(actor: Actor, *, role: Role, area: Area, trusted: dict[Stage, frozenset[int]]) -> None:
    """Refuse a role with legal entities and stages that together are more than the actor has.

    Raises NoLegalEntities, AboveOwnRights.
    """
    chosen = require_area(actor, area)
    given = grants_of(
        role_scopes(role), mine=chosen, whole=holding_entity_ids(actor.holding_id or 0), trusted=trusted
    )
    if not covers(actor, given, chosen):
        raise AboveOwnRights


def require_until(
    actor: Actor, *, stage: Stage, entity_ids: Collection[int], until: date | None, on: date
) -> None:
    """A right ends in the future, and no later than the giver's own. Raises InThePast, TooLong."""
    if until is not None and until < on:
        raise InThePast
    limit = rights_end(actor, stage, entity_ids, on=on)
    if limit is not None and (until is None or until > limit):
        raise TooLong(limit)


def role_scopes(role: Role) -> dict[Permission, Scope]:
    return {Permission(one.permission): Scope(one.scope) for one in role.permissions.all()}


def stage_trust(stage: Stage, entity_ids: frozenset[int]) -> dict[Stage, frozenset[int]]:
    """What a stage opens for legal entities: itself and all stages below it."""
    return {one: entity_ids for one in Stage if Stage.ORDERS < one <= stage}
