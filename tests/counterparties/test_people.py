"""Changing what colleagues may do, closing and opening their access."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Permission, Stage
from counterparties.actor import AccessDenied
from counterparties.models import GrantState, LegalEntityUserObjectPermission, Membership, Role, StageGrant
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, ReadyRole
from counterparties.rights_refusals import (
    AboveOwnRights,
    AlreadyDecided,
    NoLegalEntities,
    OwnRights,
    RightsRefused,
    WrongHeir,
)
from counterparties.selectors.people import person_rows
from counterparties.services.people import (
    membership_change,
    membership_deactivate,
    membership_reactivate,
)
from counterparties.services.roles import ready_role
from orders.models import Cart
from orders.services.handover import carts_hand_over
from portal.outbox.models import Job
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_legal_entity,
    make_person,
)


def member_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def change(world: World, person: User, by: User | None = None, **changes: Any) -> Membership:
    arguments = {
        "membership_id": member_of(person).pk,
        "role_id": ready_role(ReadyRole.ACCOUNTANT).pk,
        "legal_entity_ids": None,
        "valid_until": None,
        "at": AT,
    } | changes
    return membership_change(actor=actor_of(by or world.head), **arguments)


def close(world: World, person: User, heir: User | None = None, by: User | None = None) -> Membership:
    return membership_deactivate(
        actor=actor_of(by or world.head),
        membership_id=member_of(person).pk,
        heir_membership_id=member_of(heir).pk if heir else None,
        at=AT,
    )


# --- changing ------------------------------------------------------------------------------------
def test_changed_role_and_firms_work_at_once(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")

    change(world, world.buyer, legal_entity_ids=[second.pk], valid_until=date(2026, 12, 31))

    actor = actor_of(world.buyer)
    member = member_of(world.buyer)
    assert actor.legal_entity_ids == {second.pk}
    assert not actor.can(Permission.ORDER_SUBMIT)
    assert (member.role.code, member.is_whole_holding, member.valid_until) == (
        "accountant",
        False,
        date(2026, 12, 31),
    )


def test_change_leaves_firms_of_another_holding_alone(world: World) -> None:
    both = make_person(world.holding, legal_entities=[world.entity])
    Membership.objects.create(user=both, holding=world.other_holding, role=ready_role(ReadyRole.BUYER))
    assign_perm(ACT_FOR_LEGAL_ENTITY, both, world.other_entity)
    member = Membership.objects.get(user=both, holding=world.holding)

    membership_change(
        actor=actor_of(world.head),
        membership_id=member.pk,
        role_id=member.role_id,
        legal_entity_ids=None,
        valid_until=None,
        at=AT,
    )

    held = LegalEntityUserObjectPermission.objects.filter(user=both)
    assert [one.content_object for one in held] == [world.other_entity]


def test_nobody_changes_himself(world: World) -> None:
    with pytest.raises(OwnRights):
        change(world, world.head)
    with pytest.raises(OwnRights):
        close(world, world.head)

    assert (member_of(world.head).role.code, member_of(world.head).is_active) == ("head", True)


def test_head_of_one_firm_does_not_touch_the_head_of_all(world: World) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")
    lesser = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])

    with pytest.raises(AboveOwnRights):
        change(world, world.head, by=lesser)
    with pytest.raises(AboveOwnRights):
        close(world, world.head, by=lesser)
    with pytest.raises(AboveOwnRights):
        change(world, make_person(world.holding, legal_entities=[world.entity]), by=lesser)

    assert (member_of(world.head).role.code, member_of(world.head).is_active) == ("head", True)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"legal_entity_ids": []}, NoLegalEntities),
        ({"legal_entity_ids": "foreign"}, AboveOwnRights),
        ({"role_id": "foreign"}, Role.DoesNotExist),
        ({"membership_id": "foreign"}, Membership.DoesNotExist),
        ({"valid_until": TODAY - timedelta(days=1)}, RightsRefused),
    ],
)
def test_change_beyond_the_holding_is_refused(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    foreign = {
        "legal_entity_ids": [world.other_entity.pk],
        "role_id": Role.objects.create(holding=world.other_holding, name="Чужая").pk,
        "membership_id": member_of(world.other_buyer).pk,
    }
    asked = {name: foreign[name] if value == "foreign" else value for name, value in changes.items()}

    with pytest.raises(refusal):
        change(world, world.buyer, **asked)

    assert (member_of(world.buyer).role.code, member_of(world.other_buyer).role.code) == ("buyer", "buyer")


@pytest.mark.parametrize("person", ["buyer", "manager", "administrator"])
def test_change_needs_the_right_to_manage_people(world: World, person: str) -> None:
    with pytest.raises(AccessDenied):
        change(world, world.buyer, by=getattr(world, person))

    assert member_of(world.buyer).role.code == "buyer"


def test_employee_inside_the_heads_cabinet_changes_no_rights(world: World) -> None:
    inside = replace(actor_of(world.head), impersonator_id=world.manager.pk)

    with pytest.raises(AccessDenied):
        membership_deactivate(
            actor=inside, membership_id=member_of(world.buyer).pk, heir_membership_id=None, at=AT
        )

    assert member_of(world.buyer).is_active


# --- closing and opening -------------------------------------------------------------------------
def test_closed_access_ends_rights_requests_and_tells_the_carts(world: World) -> None:
    heir = make_person(world.holding)
    request = StageGrant.objects.create(
        membership=member_of(world.buyer),
        stage=Stage.FINANCE,
        state=GrantState.REQUESTED,
        requested_at=AT,
    )

    close(world, world.buyer, heir)

    request.refresh_from_db()
    job = Job.objects.get(handler="orders.handlers.hand_carts_over")
    assert dict(actor_of(world.buyer).grants) == {}
    assert (request.state, request.decided_by) == (GrantState.DECLINED, world.head)
    assert job.payload == {
        "user_id": world.buyer.pk,
        "holding_id": world.holding.pk,
        "heir_id": heir.pk,
    }


@pytest.mark.parametrize("kind", ["oneself", "foreign", "dismissed"])
def test_carts_go_to_a_working_colleague_only(world: World, kind: str) -> None:
    dismissed = make_person(world.holding)
    Membership.objects.filter(user=dismissed).update(is_active=False)
    heirs = {"oneself": world.buyer, "foreign": world.other_buyer, "dismissed": dismissed}

    with pytest.raises(WrongHeir):
        close(world, world.buyer, heirs[kind])

    assert member_of(world.buyer).is_active
    assert Job.objects.count() == 0


def test_opened_access_gives_back_what_there_was(world: World) -> None:
    before = actor_of(world.buyer)
    close(world, world.buyer)

    membership_reactivate(actor=actor_of(world.head), membership_id=member_of(world.buyer).pk, at=AT)

    assert actor_of(world.buyer) == before
    with pytest.raises(AlreadyDecided):
        membership_reactivate(actor=actor_of(world.head), membership_id=member_of(world.buyer).pk, at=AT)


# --- carts ---------------------------------------------------------------------------------------
def hand_over(world: World, heir: User) -> int:
    return carts_hand_over(user_id=world.buyer.pk, heir_id=heir.pk, holding_id=world.holding.pk, at=AT)


def test_carts_go_to_the_heir(world: World) -> None:
    heir = make_person(world.holding)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    moved = [hand_over(world, heir), hand_over(world, heir)]

    cart.refresh_from_db()
    assert moved == [1, 0]
    assert (cart.user, cart.is_current, cart.lines.count()) == (heir, True, 1)


def test_heirs_own_cart_is_not_mixed_with_the_new_one(world: World) -> None:
    heir = make_person(world.holding)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    own = make_cart(heir, world.contract, world.city, {world.skus[1]: 1})

    hand_over(world, heir)

    carts = Cart.objects.filter(user=heir).order_by("pk")
    assert [(one.pk, one.is_current, one.name) for one in carts] == [
        (cart.pk, False, "Основная: Ирина Закупкина"),
        (own.pk, True, "Основная"),
    ]


def test_heirs_empty_cart_gives_way(world: World) -> None:
    heir = make_person(world.holding)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    make_cart(heir, world.contract, world.city)

    hand_over(world, heir)

    assert Cart.objects.get(user=heir, is_current=True).pk == cart.pk


def test_cart_of_a_firm_that_the_heir_may_not_order_for_stays(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    heir = make_person(world.holding, legal_entities=[second])
    stays = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    goes = make_cart(world.buyer, make_contract(second), world.city, {world.skus[0]: 1})
    foreign = make_cart(world.buyer, world.other_contract, world.city, {world.skus[0]: 1})

    moved = hand_over(world, heir)

    owners = dict(Cart.objects.values_list("pk", "user_id"))
    assert moved == 1
    assert owners == {stays.pk: world.buyer.pk, goes.pk: heir.pk, foreign.pk: world.buyer.pk}


def test_viewer_inherits_no_carts(world: World) -> None:
    heir = make_person(world.holding, ReadyRole.VIEWER)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    assert hand_over(world, heir) == 0
    assert Cart.objects.get(pk=cart.pk).user == world.buyer


# --- the list ------------------------------------------------------------------------------------
def test_head_of_one_firm_sees_its_people_only(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    lesser = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])
    make_person(world.holding, full_name="Сотрудник второй", legal_entities=[second])

    rows = person_rows(actor=actor_of(lesser), on=TODAY)

    assert {row.membership.user for row in rows} == {world.buyer, world.head, lesser}
    assert {entity for row in rows for entity in row.legal_entities} == {world.entity}


def test_list_needs_the_right_to_manage_people(world: World) -> None:
    with pytest.raises(AccessDenied):
        person_rows(actor=actor_of(world.buyer), on=TODAY)
