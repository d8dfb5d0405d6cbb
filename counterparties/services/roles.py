"""Roles: the ready ones that every installation has, and those that a holding makes of them."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.permissions import Permission, Scope, Stage
from counterparties.actor import Actor
from counterparties.models import InvitationState, Role, RolePermission
from counterparties.permissions import FIRST_STAGE, READY_ROLES, ReadyRole
from counterparties.rights_refusals import AboveOwnRights, RoleFixed, RoleInUse, RoleNameTaken
from counterparties.selectors.giving import covers_role, holding_entity_ids, manages_whole
from counterparties.services.giving import require_manager, role_for, role_scopes


@transaction.atomic
def ready_role(code: str) -> Role:
    """The ready role of the code. An administrator may have changed it.

    A migration makes them all; where one is missing, it is made again with the others that are.
    """
    role = Role.objects.filter(code=ReadyRole(code)).first()
    if role is not None:
        return role
    ready_roles_ensure()
    return Role.objects.get(code=ReadyRole(code))


def ready_roles_ensure() -> None:
    """Make all ready roles that are missing."""
    for ready in ReadyRole:
        role, is_new = Role.objects.get_or_create(
            code=ready.value, defaults={"name": str(ready.label), "first_stage": FIRST_STAGE[ready]}
        )
        if is_new:
            _cells_write(role, READY_ROLES[ready])


@transaction.atomic
def role_create(*, actor: Actor, name: str, sample_id: int) -> Role:
    """Make a role of the holding with the matrix of another one.

    Raises AccessDenied, Role.DoesNotExist, AboveOwnRights (also for who does not manage the whole
    holding: a role is everybody's), RoleNameTaken.
    """
    holding_id = _require_whole(actor)
    sample = role_for(actor, sample_id)
    scopes = role_scopes(sample)
    if not covers_role(actor, scopes):
        raise AboveOwnRights
    role = _saved(Role(holding_id=holding_id, first_stage=sample.first_stage), name)
    _cells_write(role, scopes)
    return role


@transaction.atomic
def role_change(
    *, actor: Actor, role_id: int, name: str, first_stage: Stage, scopes: Mapping[Permission, Scope]
) -> Role:
    """Rename a role of the holding and replace its matrix; it works for its people at once.

    Raises AccessDenied, Role.DoesNotExist (also for another client's), RoleFixed (ready, or the
    actor's own), AboveOwnRights (before or after the change), RoleNameTaken.
    """
    role = _own_locked(actor, role_id)
    if not (covers_role(actor, role_scopes(role)) and covers_role(actor, scopes)):
        raise AboveOwnRights
    role.first_stage = first_stage
    _saved(role, name)
    role.permissions.all().delete()
    _cells_write(role, scopes)
    return role


@transaction.atomic
def role_delete(*, actor: Actor, role_id: int) -> None:
    """Remove a role of the holding that nobody has.

    Raises AccessDenied, Role.DoesNotExist, RoleFixed, RoleInUse.
    """
    role = _own_locked(actor, role_id)
    invited = role.invitations.filter(state=InvitationState.PENDING)
    if role.memberships.exists() or invited.exists():
        raise RoleInUse
    role.delete()


def _require_whole(actor: Actor) -> int:
    holding_id = require_manager(actor)
    if not manages_whole(actor, holding_entity_ids(holding_id)):
        raise AboveOwnRights
    return holding_id


def _own_locked(actor: Actor, role_id: int) -> Role:
    holding_id = _require_whole(actor)
    role = role_for(actor, role_id)
    if role.holding_id != holding_id or role.memberships.filter(pk=actor.membership_id or 0).exists():
        raise RoleFixed
    return Role.objects.select_for_update(of=("self",)).get(pk=role.pk)


def _saved(role: Role, name: str) -> Role:
    role.name = name.strip()
    taken = Role.objects.usable_in(role.holding_id).filter(name__iexact=role.name).exclude(pk=role.pk)
    if not role.name or taken.exists():
        raise RoleNameTaken
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:  # two tabs at the same moment
        raise RoleNameTaken from error
    return role


def _cells_write(role: Role, scopes: Mapping[Permission, Scope]) -> None:
    RolePermission.objects.bulk_create(
        RolePermission(role=role, permission=permission, scope=scope) for permission, scope in scopes.items()
    )
