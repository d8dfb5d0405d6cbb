"""Letting a person of an application into a client's cabinet."""

from collections.abc import Collection
from datetime import datetime

from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Stage
from counterparties.models import Holding, LegalEntity, Membership, Registration, Role
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, ReadyRole
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_give


def member_add(
    *,
    user: User,
    holding: Holding,
    role_code: str,
    legal_entities: Collection[LegalEntity],
    decided_by_id: int | None,
    at: datetime,
) -> tuple[Membership, Role]:
    """Make the person a member: a head for the whole holding with all stages, others for named firms.

    Others begin at the first stage: the head grants the rest. Who is a member already keeps his role
    and is let to the named firms. Runs in the caller's transaction.
    """
    role = ready_role(role_code)
    is_head = role_code == ReadyRole.HEAD
    membership, is_new = Membership.objects.get_or_create(
        user=user, holding=holding, defaults={"role": role, "is_whole_holding": is_head}
    )
    if not membership.is_active:
        membership.is_active, membership.valid_until = True, None
        membership.role, membership.is_whole_holding = role, is_head
        membership.save(update_fields=["is_active", "valid_until", "role", "is_whole_holding"])
        is_new = True
    if is_new and is_head:
        stage_give(
            membership=membership,
            stage=Stage.AUTHORITY,
            legal_entity_ids=None,
            valid_until=None,
            decided_by_id=decided_by_id,
            at=at,
        )
    if not membership.is_whole_holding:
        for entity in legal_entities:
            assign_perm(ACT_FOR_LEGAL_ENTITY, user, entity)
    return membership, membership.role


def legal_entity_of(registration: Registration, holding: Holding) -> LegalEntity:
    """Make the legal entity of an application in a holding."""
    names = (
        "kind", "name", "inn", "kpp", "ogrn", "legal_address", "head_position", "head_name", "phone", "email",
    )  # fmt: skip
    values = {name: getattr(registration, name) for name in names}
    return LegalEntity.objects.create(
        holding=holding, full_name=registration.full_name or registration.name, **values
    )
