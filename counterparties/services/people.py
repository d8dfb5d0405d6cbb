"""Changing what a client's people may do, and closing their access."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Stage
from counterparties.actor import Actor
from counterparties.events import PersonDeactivated
from counterparties.models import (
    GrantState,
    Invitation,
    InvitationState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    StageGrant,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY
from counterparties.rights_refusals import AlreadyDecided, RightsRefused, WrongHeir
from counterparties.selectors import memberships_valid, trusted_stages
from counterparties.services.giving import (
    area_of,
    membership_locked,
    require_area,
    require_manager,
    require_may_give,
    require_until,
    role_for,
)
from portal import outbox
from portal.lib.dates import moscow_date


@transaction.atomic
def membership_change(
    *,
    actor: Actor,
    membership_id: int,
    role_id: int,
    legal_entity_ids: Collection[int] | None,
    valid_until: date | None,
    at: datetime,
) -> Membership:
    """Give a colleague another role, other legal entities (None: the whole holding) or another end.

    Stages that he was granted stay. Raises AccessDenied, Membership.DoesNotExist, Role.DoesNotExist,
    and what `giving` refuses (OwnRights, AboveOwnRights, NoLegalEntities, TooLong, InThePast).
    """
    require_manager(actor)
    on = moscow_date(at)
    member = membership_locked(actor, membership_id, on=on)
    role, area = role_for(actor, role_id), area_of(legal_entity_ids)
    chosen = require_area(actor, area)
    require_may_give(actor, role=role, area=area, trusted=trusted_stages(member, on=on))
    require_until(actor, stage=Stage.ORDERS, entity_ids=chosen, until=valid_until, on=on)
    member.role, member.is_whole_holding, member.valid_until = role, area.ids is None, valid_until
    member.save(update_fields=["role", "is_whole_holding", "valid_until"])
    _entities_set(member.user, member.holding_id, area.ids or frozenset())
    return member


@transaction.atomic
def membership_deactivate(
    *, actor: Actor, membership_id: int, heir_membership_id: int | None, at: datetime
) -> Membership:
    """Close a colleague's access to the holding; his carts go to the heir, if there is one.

    His open requests are declined and invitations to his address taken back. Granted stages sleep
    with the membership. Raises AccessDenied, Membership.DoesNotExist, OwnRights, AboveOwnRights,
    AlreadyDecided (closed before), WrongHeir.
    """
    holding_id = require_manager(actor)
    on = moscow_date(at)
    member = membership_locked(actor, membership_id, on=on)
    if not member.is_active:
        raise AlreadyDecided
    heir = _heir(holding_id, member, heir_membership_id, on=on)
    member.is_active = False
    member.save(update_fields=["is_active"])
    StageGrant.objects.filter(membership=member, state=GrantState.REQUESTED).update(
        state=GrantState.DECLINED, decided_by_id=actor.user_id, decided_at=at, answer="Доступ закрыт"
    )
    Invitation.objects.filter(
        holding_id=holding_id, email=member.user.email, state=InvitationState.PENDING
    ).update(state=InvitationState.REVOKED, ended_at=at)
    outbox.publish(
        PersonDeactivated(
            user_id=member.user_id, holding_id=holding_id, heir_id=heir.user_id if heir else None
        )
    )
    return member


@transaction.atomic
def membership_reactivate(*, actor: Actor, membership_id: int, at: datetime) -> Membership:
    """Open a closed access again, with the role, legal entities and stages that it had.

    Raises AccessDenied, Membership.DoesNotExist, OwnRights, AboveOwnRights, AlreadyDecided (open).
    """
    require_manager(actor)
    on = moscow_date(at)
    member = membership_locked(actor, membership_id, on=on)
    if member.is_active:
        raise AlreadyDecided
    if member.valid_until is not None and member.valid_until < on:
        raise RightsRefused("Срок доступа прошел: сначала измените его.")
    member.is_active = True
    member.save(update_fields=["is_active"])
    return member


def _heir(holding_id: int, member: Membership, heir_id: int | None, *, on: date) -> Membership | None:
    if heir_id is None:
        return None
    heir = memberships_valid(on).filter(holding_id=holding_id, pk=heir_id, user__is_active=True).first()
    if heir is None or heir.pk == member.pk:
        raise WrongHeir
    return heir


def _entities_set(user: User, holding_id: int, chosen: frozenset[int]) -> None:
    """Make the person's object permissions in this holding exactly the chosen; other holdings stay."""
    held = LegalEntityUserObjectPermission.objects.filter(
        user=user, permission__codename=ACT_FOR_LEGAL_ENTITY, content_object__holding_id=holding_id
    )
    held.exclude(content_object_id__in=chosen).delete()
    missing = chosen - set(held.values_list("content_object_id", flat=True))
    if missing:
        LegalEntityUserObjectPermission.objects.bulk_assign_perm(
            ACT_FOR_LEGAL_ENTITY, user, LegalEntity.objects.filter(pk__in=missing)
        )
