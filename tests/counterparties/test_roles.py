"""Roles of a holding's own."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts.permissions import Permission, Scope, Stage
from counterparties.actor import AccessDenied
from counterparties.models import Membership, Role
from counterparties.permissions import READY_ROLES, ReadyRole
from counterparties.rights_refusals import (
    AboveOwnRights,
    RoleFixed,
    RoleInUse,
    RoleNameTaken,
)
from counterparties.selectors.matrix import role_columns
from counterparties.services.giving import role_scopes
from counterparties.services.roles import (
    ready_role,
    ready_roles_ensure,
    role_change,
    role_create,
    role_delete,
)
from tests.factories import World, actor_of, make_legal_entity, make_person

SCOPES = {Permission.ORDER_VIEW: Scope.HOLDING}


def create(world: World, name: str = "Логист", sample: str = ReadyRole.BUYER) -> Role:
    return role_create(actor=actor_of(world.head), name=name, sample_id=ready_role(sample).pk)


def change(world: World, role: Role, **changes: object) -> Role:
    arguments = {"name": role.name, "first_stage": Stage.ORDERS, "scopes": SCOPES} | changes
    return role_change(actor=actor_of(world.head), role_id=role.pk, **arguments)  # type: ignore[arg-type]


def test_role_begins_as_a_copy_of_its_sample(world: World) -> None:
    role = create(world)

    assert role_scopes(role) == READY_ROLES[ReadyRole.BUYER]
    assert (role.holding, role.code) == (world.holding, "")


def test_changed_role_works_for_its_people_at_once(world: World) -> None:
    role = create(world)
    Membership.objects.filter(user=world.buyer).update(role=role)

    change(world, role, name="Кладовщик")

    actor = actor_of(world.buyer)
    assert actor.grants[Permission.ORDER_VIEW].scope == Scope.HOLDING
    assert not actor.can(Permission.ORDER_CREATE)
    assert Role.objects.get(pk=role.pk).name == "Кладовщик"


def test_ready_role_and_ones_own_are_fixed(world: World) -> None:
    mine = create(world, sample=ReadyRole.HEAD)
    Membership.objects.filter(user=world.head).update(role=mine)

    for role in (mine, ready_role(ReadyRole.VIEWER)):
        with pytest.raises(RoleFixed):
            change(world, role)
        with pytest.raises(RoleFixed):
            role_delete(actor=actor_of(world.head), role_id=role.pk)

    assert role_scopes(Role.objects.get(pk=mine.pk)) == READY_ROLES[ReadyRole.HEAD]
    assert role_scopes(ready_role(ReadyRole.VIEWER)) == READY_ROLES[ReadyRole.VIEWER]


def test_role_of_another_holding_is_not_found(world: World) -> None:
    foreign = Role.objects.create(holding=world.other_holding, name="Чужая")

    with pytest.raises(Role.DoesNotExist):
        change(world, foreign)
    with pytest.raises(Role.DoesNotExist):
        role_delete(actor=actor_of(world.head), role_id=foreign.pk)
    with pytest.raises(Role.DoesNotExist):
        role_create(actor=actor_of(world.head), name="Копия", sample_id=foreign.pk)

    assert list(Role.objects.filter(holding__isnull=False)) == [foreign]


def test_role_reaches_no_further_than_its_maker(world: World) -> None:
    role = create(world, sample=ReadyRole.VIEWER)
    keeper = make_person(world.holding, ReadyRole.HEAD)
    own = Role.objects.create(holding=world.holding, name="Кадры")
    own.permissions.create(permission=Permission.ORDER_VIEW, scope=Scope.ENTITIES)
    Membership.objects.filter(user=keeper).update(role=own)
    actor = actor_of(keeper)

    for scopes in (
        {Permission.ORDER_VIEW: Scope.HOLDING},
        {Permission.ORDER_SUBMIT: Scope.OWN},
        {Permission.FINANCE_VIEW: Scope.HOLDING},
    ):
        with pytest.raises(AboveOwnRights):
            role_change(actor=actor, role_id=role.pk, name="Новая", first_stage=Stage.ORDERS, scopes=scopes)
    with pytest.raises(AboveOwnRights):
        role_create(actor=actor, name="Новая", sample_id=ready_role(ReadyRole.HEAD).pk)

    assert role_scopes(Role.objects.get(pk=role.pk)) == READY_ROLES[ReadyRole.VIEWER]
    assert not Role.objects.filter(name="Новая").exists()


def test_roles_are_made_by_those_who_manage_the_whole_holding(world: World) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")
    lesser = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])
    sample = ready_role(ReadyRole.VIEWER).pk

    with pytest.raises(AboveOwnRights):
        role_create(actor=actor_of(lesser), name="Новая", sample_id=sample)
    with pytest.raises(AccessDenied):
        role_create(actor=actor_of(world.buyer), name="Новая", sample_id=sample)

    assert not Role.objects.filter(holding__isnull=False).exists()


@pytest.mark.parametrize("name", ["Логист", "логист", "Закупщик", " ", ""])
def test_role_name_is_taken_once(world: World, name: str) -> None:
    create(world)

    with pytest.raises(RoleNameTaken):
        create(world, name=name)

    assert [role.name for role in Role.objects.filter(holding=world.holding)] == ["Логист"]


def test_role_in_use_is_not_deleted(world: World) -> None:
    role = create(world)
    Membership.objects.filter(user=world.buyer).update(role=role)

    with pytest.raises(RoleInUse):
        role_delete(actor=actor_of(world.head), role_id=role.pk)
    Membership.objects.filter(user=world.buyer).update(role=ready_role(ReadyRole.BUYER))
    role_delete(actor=actor_of(world.head), role_id=role.pk)

    assert not Role.objects.filter(holding=world.holding).exists()


def test_new_installation_has_its_ready_roles(db: None) -> None:
    Role.objects.all().delete()  # a test with real transactions may have emptied the tables, too
    import_module("counterparties.migrations.0003_ready_roles").make(apps, None)

    made = {role.code: role_scopes(role) for role in Role.objects.all()}

    assert made == READY_ROLES


def test_first_ready_role_brings_the_others(db: None) -> None:
    Role.objects.all().delete()

    ready_role(ReadyRole.HEAD)

    made = {role.code: role_scopes(role) for role in Role.objects.all()}

    assert made == READY_ROLES


def test_matrix_shows_ready_roles_then_own_ones(world: World) -> None:
    ready_roles_ensure()
    create(world)
    Role.objects.create(holding=world.other_holding, name="Чужая")

    columns = role_columns(actor_of(world.head))

    names = [column.role.name for column in columns]
    buyer = next(column for column in columns if column.role.code == ReadyRole.BUYER)
    assert len(names) == 6
    assert names[-1] == "Логист"
    assert (buyer.people, buyer.scopes[Permission.ORDER_VIEW], buyer.scopes[Permission.FINANCE_VIEW]) == (
        1,
        "own",
        "",
    )
