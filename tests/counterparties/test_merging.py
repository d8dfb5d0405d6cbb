"""Merging legal entities and holdings, splitting holdings: everything moves, nothing is lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from accounts.permissions import Permission, Stage
from counterparties import merging as registry
from counterparties.actor import AccessDenied
from counterparties.merging_refusals import (
    AlreadyMerged,
    HoldingLeftEmpty,
    MergeRefused,
    NothingChosen,
    ReasonMissing,
    RequisitesClash,
    SameParty,
)
from counterparties.models import (
    ChangeRequest,
    ChangeState,
    ChangeSubject,
    Contract,
    Holding,
    Invitation,
    InvitationState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    MergeRecord,
    Role,
    StageGrant,
)
from counterparties.permissions import ReadyRole
from counterparties.selectors import actor_for, client_rows, served_holding_ids
from counterparties.selectors.merging import entities_preview, holdings_preview, merge_records
from counterparties.services.merging import entities_merge, holding_split, holdings_merge
from counterparties.services.relocating import Fate
from documents.models import Document
from documents.services import invoice_issue
from finance.models import Payment
from finance.services import payment_record
from integrations.models import ExternalId
from orders.models import Cart, CartLine, ClientCode, Order, PickSheet
from orders.services.cart import cart_add
from orders.services.picks import picks_set
from orders.services.steps import order_confirm
from tests.counterparties.merging_samples import known_in_1c, make_account, send, strays, totals
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_address,
    make_cart,
    make_code,
    make_contract,
    make_inn,
    make_legal_entity,
    make_manager,
    make_person,
)


@pytest.fixture
def double(world: World) -> LegalEntity:
    """The same firm once more in the holding, with a contract of its own."""
    entity = make_legal_entity(world.holding, name="ООО «Север» (дубль)", inn=world.entity.inn)
    make_contract(entity, organization=world.organization)
    return entity


def merge(world: World, source: LegalEntity, target: LegalEntity, **changes: Any) -> MergeRecord:
    arguments = {
        "actor": actor_of(world.administrator),
        "source_id": source.pk,
        "target_id": target.pk,
        "requisites_from_source": [],
        "fates": {},
        "reason": "Завели дважды",
        "at": AT,
    }
    return entities_merge(**(arguments | changes))  # type: ignore[arg-type]


def merge_clients(world: World, **changes: Any) -> MergeRecord:
    arguments = {
        "actor": actor_of(world.administrator),
        "source_id": world.other_holding.pk,
        "target_id": world.holding.pk,
        "reason": "Один владелец",
        "at": AT,
    }
    return holdings_merge(**(arguments | changes))  # type: ignore[arg-type]


def split(world: World, entities: list[LegalEntity], **changes: Any) -> MergeRecord:
    arguments = {
        "actor": actor_of(world.administrator),
        "holding_id": world.holding.pk,
        "entity_ids": [one.pk for one in entities],
        "name": "Группа «Отдельная»",
        "fates": {},
        "reason": "Сменился владелец",
        "at": AT,
    }
    return holding_split(**(arguments | changes))  # type: ignore[arg-type]


def membership(world: World, person: Any, holding: Holding | None = None) -> Membership:
    return Membership.objects.get(user=person, holding=holding or world.holding)


# --- legal entities ------------------------------------------------------------------------------
def test_merge_moves_what_hangs_on_the_legal_entity(world: World, double: LegalEntity) -> None:
    contract = double.contracts.get()
    order = send(make_cart(world.buyer, contract, world.city, {world.skus[0]: 2}))
    cart = make_cart(world.head, contract, world.city, {world.skus[1]: 3})
    address, account = make_address(double), make_account(double)
    guid = known_in_1c(double, "guid-a")
    before = totals()

    record = merge(world, double, world.entity)

    for row in (order, cart, contract, address, account, guid, double):
        row.refresh_from_db()
    assert {order.legal_entity_id, cart.legal_entity_id, contract.legal_entity_id} == {world.entity.pk}
    assert {address.legal_entity_id, account.legal_entity_id, guid.object_id} == {world.entity.pk}
    assert double.merged_into == world.entity
    assert (totals(), strays()) == (before, [])
    assert {row["what"]: row["ids"] for row in record.moved if row["ids"]} == {
        "Договоры": [contract.pk],
        "Счета в банках": [account.pk],
        "Адреса доставки": [address.pk],
        "Корзины с товарами": [cart.pk],
        "Заказы": [order.pk],
        "Идентификаторы в 1С": [guid.pk],
    }


def test_ids_of_both_in_1c_lead_to_the_survivor(world: World, double: LegalEntity) -> None:
    known_in_1c(double, "guid-a")
    known_in_1c(world.entity, "guid-b")

    merge(world, double, world.entity)

    assert dict(ExternalId.objects.values_list("external_id", "object_id")) == {
        "guid-a": world.entity.pk,
        "guid-b": world.entity.pk,
    }


def test_papers_and_payments_stay_and_show_with_the_survivor(world: World, double: LegalEntity) -> None:
    order = send(make_cart(world.buyer, double.contracts.get(), world.city, {world.skus[0]: 2}))
    order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=AT)
    invoice = invoice_issue(order_id=order.pk, at=AT)
    payment = pay(world, order)
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[world.entity])
    before = totals()

    merge(world, double, world.entity)

    invoice.refresh_from_db()
    assert (invoice.legal_entity, totals()) == (double, before)
    for person in (accountant, world.head, world.buyer, world.manager):
        assert list(Document.objects.visible_to(actor_of(person))) == [invoice]
    for person in (accountant, world.head, world.manager):
        assert list(Payment.objects.visible_to(actor_of(person))) == [payment]
    assert list(Document.objects.visible_to(actor_of(world.other_buyer))) == []
    assert list(Payment.objects.visible_to(actor_of(world.other_buyer))) == []


def pay(world: World, order: Order, **changes: Any) -> Payment:
    order.refresh_from_db()
    arguments = {
        "actor": actor_of(world.manager),
        "organization_id": order.organization_id,
        "legal_entity_id": order.legal_entity_id,
        "contract_id": order.contract_id,
        "reference": order.reference,
        "amount": order.total,
        "paid_on": TODAY,
        "document_number": "17",
        "at": AT,
    }
    return payment_record(**(arguments | changes))  # type: ignore[arg-type]


def test_payment_recorded_again_after_the_merge_is_the_same_one(world: World, double: LegalEntity) -> None:
    order = send(make_cart(world.buyer, double.contracts.get(), world.city, {world.skus[0]: 2}))
    payment = pay(world, order)
    merge(world, double, world.entity)

    again = pay(world, order)

    assert again == payment
    assert Payment.objects.count() == 1


def test_merged_legal_entity_is_nobodys_choice(world: World, double: LegalEntity) -> None:
    merge(world, double, world.entity)

    for person in (world.head, world.buyer, world.manager, world.administrator):
        seen = LegalEntity.objects.visible_to(actor_of(person)).filter(holding=world.holding)
        assert list(seen) == [world.entity]
    row = next(one for one in client_rows(actor=actor_of(world.manager)) if one.pk == world.holding.pk)
    assert row.legal_entities == [world.entity]


def test_contract_that_both_have_stays_with_the_survivors_terms(world: World, double: LegalEntity) -> None:
    twin = make_contract(double, number=world.contract.number, is_default=False)
    order = send(make_cart(world.buyer, twin, world.city, {world.skus[0]: 1}))
    cart = make_cart(world.head, twin, world.city, {world.skus[1]: 1})

    merge(world, double, world.entity)

    for row in (order, cart, twin):
        row.refresh_from_db()
    assert (order.contract, cart.contract) == (world.contract, world.contract)
    assert twin.legal_entity == double
    assert list(Contract.objects.filter(legal_entity=world.entity, is_default=True)) == [world.contract]
    assert strays() == []


@pytest.mark.parametrize(("is_filled", "current"), [(True, "own"), (False, "coming")])
def test_two_carts_under_one_contract_are_not_mixed(
    world: World, double: LegalEntity, is_filled: bool, current: str
) -> None:
    twin = make_contract(double, number=world.contract.number, is_default=False)
    own = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5} if is_filled else {})
    coming = make_cart(world.buyer, twin, world.city, {world.skus[0]: 7})

    merge(world, double, world.entity)

    carts = {"own": own, "coming": coming}
    for cart in carts.values():
        cart.refresh_from_db()
    assert [name for name, cart in carts.items() if cart.is_current] == [current]
    assert CartLine.objects.get(cart=coming).quantity == 7


@pytest.mark.parametrize("has_own", [True, False])
def test_typed_quantities_follow_and_those_of_the_target_stay(
    world: World, double: LegalEntity, has_own: bool
) -> None:
    twin = make_contract(double, number=world.contract.number, is_default=False)
    for contract, quantities in ((world.contract, [5]), (twin, [7, 3])):
        if contract == twin or has_own:
            picks_set(
                actor=actor_of(world.buyer),
                legal_entity_id=contract.legal_entity_id,
                contract_id=contract.pk,
                city_id=world.city.pk,
                seen_round=0,
                quantities={
                    sku.pk: Decimal(number) for sku, number in zip(world.skus, quantities, strict=False)
                },
                at=AT,
            )

    merge(world, double, world.entity)

    sheet = PickSheet.objects.get()
    assert (sheet.legal_entity, sheet.contract) == (world.entity, world.contract)
    assert [int(pick.quantity) for pick in sheet.picks.order_by("sku")] == [5 if has_own else 7, 3]


def test_people_named_for_the_source_are_named_for_the_target(world: World, double: LegalEntity) -> None:
    only_double = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[double])
    of_both = make_person(world.holding, ReadyRole.BUYER, legal_entities=[double, world.entity])
    invitation = Invitation.objects.create(
        holding=world.holding,
        email="new@example.com",
        role=Role.objects.get(code=ReadyRole.BUYER),
        token_hash="x",
        invited_by=world.head,
        invited_at=AT,
        expires_at=AT,
    )
    invitation.legal_entities.set([double])

    merge(world, double, world.entity)

    assert actor_of(only_double).legal_entity_ids == {world.entity.pk}
    assert actor_of(only_double).grants[Permission.FINANCE_VIEW].legal_entity_ids == {world.entity.pk}
    assert actor_of(of_both).legal_entity_ids == {world.entity.pk}
    assert world.entity in invitation.legal_entities.all()
    assert LegalEntityUserObjectPermission.objects.filter(content_object=double).count() == 0


def test_requisites_are_taken_field_by_field(world: World, double: LegalEntity) -> None:
    LegalEntity.objects.filter(pk=double.pk).update(phone="+7 812 000-00-00", email="new@dealer.example")
    kept = world.entity.email

    merge(world, double, world.entity, requisites_from_source=["phone", "no_such_field", "holding"])

    world.entity.refresh_from_db()
    assert (world.entity.phone, world.entity.email) == ("+7 812 000-00-00", kept)
    assert world.entity.holding == world.holding


def test_requisites_that_do_not_fit_one_another_are_refused(world: World, double: LegalEntity) -> None:
    LegalEntity.objects.filter(pk=double.pk).update(kind="ip", kpp="", inn="500100732259")
    before = list(LegalEntity.objects.order_by("pk").values())

    with pytest.raises(RequisitesClash):
        merge(world, double, world.entity, requisites_from_source=["inn"])

    assert list(LegalEntity.objects.order_by("pk").values()) == before
    assert MergeRecord.objects.count() == 0


def test_two_waiting_requests_become_one(world: World, double: LegalEntity) -> None:
    for entity in (double, world.entity):
        ChangeRequest.objects.create(
            legal_entity=entity, subject=ChangeSubject.REQUISITES, created_by=world.head, created_at=AT
        )

    merge(world, double, world.entity)

    states = ChangeRequest.objects.filter(legal_entity=world.entity).order_by("pk")
    assert list(states.values_list("state", flat=True)) == [ChangeState.REPLACED, ChangeState.WAITING]


def test_main_legal_entity_is_replaced_and_chains_stay_short(world: World, double: LegalEntity) -> None:
    third = make_legal_entity(world.holding)
    merge(world, double, world.entity)

    merge(world, world.entity, third)

    world.holding.refresh_from_db()
    double.refresh_from_db()
    assert (world.holding.main_entity, double.merged_into) == (third, third)


def test_merge_of_two_holdings_entities_brings_chosen_people(world: World) -> None:
    stays = make_legal_entity(world.other_holding)
    accountant = make_person(world.other_holding, ReadyRole.ACCOUNTANT)
    order = send(make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1}))
    fates = {membership(world, accountant, world.other_holding).pk: Fate.BOTH}

    merge(world, world.other_entity, world.entity, fates=fates)

    order.refresh_from_db()
    assert (order.holding, order.legal_entity) == (world.holding, world.entity)
    came = actor_of_in(accountant, world.holding)
    assert (came.legal_entity_ids, came.grants[Permission.FINANCE_VIEW].legal_entity_ids) == (
        {world.entity.pk},
        {world.entity.pk},
    )
    assert actor_of_in(accountant, world.other_holding).legal_entity_ids == {stays.pk}
    assert actor_of(world.other_buyer).legal_entity_ids == {stays.pk}
    world.other_holding.refresh_from_db()
    assert world.other_holding.main_entity == stays
    assert strays() == []


def actor_of_in(person: Any, holding: Holding) -> Any:
    return actor_for(person, on=TODAY, holding_id=holding.pk)


def test_last_legal_entity_of_a_client_is_not_taken_from_it(world: World) -> None:
    with pytest.raises(HoldingLeftEmpty):
        merge(world, world.other_entity, world.entity)

    world.other_entity.refresh_from_db()
    assert (world.other_entity.merged_into, world.other_entity.holding) == (None, world.other_holding)


# --- holdings ------------------------------------------------------------------------------------
def test_holdings_merge_moves_entities_orders_people_and_managers(world: World) -> None:
    order = send(make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1}))
    CartLine.objects.create(cart=Cart.objects.get(), sku=world.skus[1], quantity=2)
    before = totals()

    merge_clients(world)

    order.refresh_from_db()
    world.other_holding.refresh_from_db()
    assert order.holding == world.holding
    assert (world.other_holding.is_active, world.other_holding.merged_into) == (False, world.holding)
    assert served_holding_ids(world.other_manager, on=TODAY) >= {world.holding.pk}
    assert list(Cart.objects.visible_to(actor_of(world.other_buyer))) == [Cart.objects.get()]
    assert {row.pk for row in client_rows(actor=actor_of(world.other_manager))} == {world.holding.pk}
    assert (totals(), strays()) == (before, [])


def test_codes_of_a_client_come_along_and_those_of_the_target_stay(world: World) -> None:
    for holding, code, sku in (
        (world.other_holding, "А-1", world.skus[0]),
        (world.other_holding, "Б-2", world.skus[0]),
        (world.holding, "б2", world.skus[1]),
    ):
        make_code(holding, sku, code=code)

    merge_clients(world)

    codes = ClientCode.objects.in_use().filter(holding=world.holding).order_by("code")
    assert list(codes.values_list("code", "sku")) == [("А-1", world.skus[0].pk), ("б2", world.skus[1].pk)]


def test_people_who_come_see_no_more_legal_entities_than_before(world: World) -> None:
    accountant = make_person(world.other_holding, ReadyRole.ACCOUNTANT)

    merge_clients(world)

    actor = actor_of(accountant)
    assert actor.holding_id == world.holding.pk
    assert actor.legal_entity_ids == {world.other_entity.pk}
    assert actor.grants[Permission.FINANCE_VIEW].legal_entity_ids == {world.other_entity.pk}
    assert actor_of(world.head).legal_entity_ids == {world.entity.pk, world.other_entity.pk}


def test_person_of_both_holdings_keeps_the_role_of_the_target(world: World) -> None:
    there = Membership.objects.create(
        user=world.other_buyer,
        holding=world.holding,
        role=Role.objects.get(code=ReadyRole.BUYER),
    )
    assign_perm("act_for_legal_entity", world.other_buyer, world.entity)

    merge_clients(world)

    active = Membership.objects.filter(user=world.other_buyer, is_active=True)
    assert list(active) == [there]
    assert actor_of(world.other_buyer).legal_entity_ids == {world.entity.pk, world.other_entity.pk}
    assert actor_of(world.other_buyer).grants[Permission.DOCUMENT_VIEW].legal_entity_ids == {
        world.other_entity.pk
    }


def test_own_role_comes_along_with_its_matrix(world: World) -> None:
    for holding in (world.holding, world.other_holding):
        Role.objects.create(holding=holding, name="Кладовщик", first_stage=Stage.ORDERS)
    own = Role.objects.get(holding=world.other_holding)
    own.permissions.create(permission=Permission.ORDER_VIEW, scope="own")
    person = make_person(world.other_holding)
    Membership.objects.filter(user=person).update(role=own)

    merge_clients(world)

    role = Membership.objects.get(user=person, is_active=True).role
    assert (role.holding, role.name) == (world.holding, "Кладовщик (Группа «Юг»)")
    assert list(role.permissions.values_list("permission", "scope")) == [("order_view", "own")]


def test_invitations_follow_unless_the_person_is_known(world: World) -> None:
    def invite(holding: Holding, email: str) -> Invitation:
        return Invitation.objects.create(
            holding=holding,
            email=email,
            role=Role.objects.get(code=ReadyRole.BUYER),
            is_whole_holding=True,
            token_hash="x",
            invited_by=world.head,
            invited_at=AT,
            expires_at=AT,
        )

    new, known = (
        invite(world.other_holding, "new@example.com"),
        invite(world.other_holding, world.buyer.email),
    )

    merge_clients(world)

    new.refresh_from_db()
    known.refresh_from_db()
    assert (new.holding, new.is_whole_holding) == (world.holding, False)
    assert list(new.legal_entities.all()) == [world.other_entity]
    assert known.state == InvitationState.REVOKED


# --- split ---------------------------------------------------------------------------------------
def test_split_takes_entities_orders_and_chosen_people(world: World, double: LegalEntity) -> None:
    order = send(make_cart(world.buyer, double.contracts.get(), world.city, {world.skus[0]: 1}))
    stays = send(make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}))
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[double, world.entity])
    fates = {
        membership(world, world.buyer).pk: Fate.GO,
        membership(world, accountant).pk: Fate.BOTH,
    }
    before = totals()

    record = split(world, [double], fates=fates)

    target = record.target_holding
    order.refresh_from_db()
    stays.refresh_from_db()
    assert (order.holding, stays.holding) == (target, world.holding)
    assert actor_of(world.buyer).holding_id == target.pk
    assert actor_of_in(accountant, target).grants[Permission.FINANCE_VIEW].legal_entity_ids == {double.pk}
    assert actor_of_in(accountant, world.holding).grants[Permission.FINANCE_VIEW].legal_entity_ids == {
        world.entity.pk
    }
    assert actor_of(world.head).legal_entity_ids == {world.entity.pk}
    assert served_holding_ids(world.manager, on=TODAY) == {world.holding.pk, target.pk}
    assert (target.name, target.main_entity) == ("Группа «Отдельная»", double)
    assert (totals(), strays()) == (before, [])


def test_person_who_stays_loses_what_has_left_for_good(world: World, double: LegalEntity) -> None:
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[double, world.entity])

    target = split(world, [double]).target_holding
    holdings_merge(
        actor=actor_of(world.administrator),
        source_id=target.pk,
        target_id=world.holding.pk,
        reason="Обратно",
        at=AT,
    )

    actor = actor_of(accountant)
    assert actor.legal_entity_ids == {world.entity.pk}
    assert actor.grants[Permission.FINANCE_VIEW].legal_entity_ids == {world.entity.pk}


def test_merged_legal_entity_leaves_with_its_survivor(world: World, double: LegalEntity) -> None:
    third = make_legal_entity(world.holding)
    merge(world, double, world.entity)

    target = split(world, [world.entity]).target_holding

    double.refresh_from_db()
    world.holding.refresh_from_db()
    assert (double.holding, world.holding.main_entity) == (target, third)


def test_person_who_comes_back_has_what_he_has_now(world: World, double: LegalEntity) -> None:
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[double, world.entity])
    fates = {membership(world, accountant).pk: Fate.GO}
    target = split(world, [double], fates=fates).target_holding

    holdings_merge(
        actor=actor_of(world.administrator),
        source_id=target.pk,
        target_id=world.holding.pk,
        reason="Обратно",
        at=AT,
    )

    actor = actor_of(accountant)
    assert (actor.holding_id, actor.legal_entity_ids) == (world.holding.pk, {double.pk})
    assert actor.grants[Permission.FINANCE_VIEW].legal_entity_ids == {double.pk}


@pytest.mark.parametrize(
    ("entities", "name", "refusal"),
    [
        ("none", "Новый", NothingChosen),
        ("double", " ", NothingChosen),
        ("all", "Новый", HoldingLeftEmpty),
        ("foreign", "Новый", LegalEntity.DoesNotExist),
    ],
)
def test_split_refuses_what_makes_no_client(
    world: World, double: LegalEntity, entities: str, name: str, refusal: type[Exception]
) -> None:
    chosen = {
        "none": [],
        "double": [double],
        "all": [double, world.entity],
        "foreign": [world.other_entity],
    }[entities]

    with pytest.raises(refusal):
        split(world, chosen, name=name)

    assert Holding.objects.count() == 2


# --- who may, and what is refused ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        ("manager", LegalEntity.DoesNotExist),
        ("other_manager", LegalEntity.DoesNotExist),
        ("head", AccessDenied),
        ("buyer", AccessDenied),
    ],
)
def test_only_who_serves_both_clients_merges_them(
    world: World, person: str, refusal: type[Exception]
) -> None:
    make_legal_entity(world.other_holding)

    with pytest.raises(refusal):
        merge(world, world.other_entity, world.entity, actor=actor_of(getattr(world, person)))

    assert LegalEntity.objects.in_use().count() == 3


def test_manager_of_both_clients_merges_them(world: World) -> None:
    both = make_manager(world.holding, world.other_holding)

    record = merge_clients(world, actor=actor_of(both))

    assert (record.decided_by, record.at) == (both, AT)


def test_manager_inside_a_cabinet_merges_nothing(world: World, double: LegalEntity) -> None:
    with pytest.raises(AccessDenied):
        merge(world, double, world.entity, actor=actor_of(world.head, impersonator=world.manager))

    assert LegalEntity.objects.in_use().count() == 3


def test_merge_refuses_itself_twice_and_without_reason(world: World, double: LegalEntity) -> None:
    with pytest.raises(SameParty):
        merge(world, double, double)
    with pytest.raises(ReasonMissing):
        merge(world, double, world.entity, reason="  ")
    merge(world, double, world.entity)
    with pytest.raises(AlreadyMerged):
        merge(world, double, world.entity)

    assert MergeRecord.objects.count() == 1


def test_record_of_a_merge_cannot_be_changed(world: World, double: LegalEntity) -> None:
    record = merge(world, double, world.entity)

    for change in (record.delete, lambda: MergeRecord.objects.update(reason="Иначе")):
        with pytest.raises(Error), transaction.atomic():
            change()

    assert MergeRecord.objects.get().reason == "Завели дважды"


def test_records_are_seen_by_those_who_serve(world: World, double: LegalEntity) -> None:
    record = merge(world, double, world.entity)

    assert merge_records(actor=actor_of(world.manager), holding_id=world.holding.pk) == [record]
    assert merge_records(actor=actor_of(world.other_manager), holding_id=world.holding.pk) == []


# --- preview -------------------------------------------------------------------------------------
def test_preview_tells_what_moves_and_what_collides(world: World, double: LegalEntity) -> None:
    make_contract(double, number=world.contract.number, is_default=False)
    send(make_cart(world.buyer, double.contracts.get(is_default=True), world.city, {world.skus[0]: 2}))
    LegalEntity.objects.filter(pk=double.pk).update(phone="+7 812 000-00-00", inn=make_inn())

    preview = entities_preview(actor=actor_of(world.manager), source_id=double.pk, target_id=world.entity.pk)

    assert {row.what: (len(row.ids), row.total) for row in preview.held} == {
        "Договоры": (2, None),
        "Заказы": (1, Decimal("200.00")),
    }
    assert {one.name for one in preview.differences} == {"name", "full_name", "inn", "email", "phone"}
    assert len(preview.warnings) == 3
    assert "ИНН разные" in preview.warnings[0]


def test_preview_names_people_who_will_see_more(world: World) -> None:
    Membership.objects.create(
        user=world.other_buyer, holding=world.holding, role=Role.objects.get(code=ReadyRole.BUYER)
    )

    preview = holdings_preview(
        actor=actor_of(world.administrator), source_id=world.other_holding.pk, target_id=world.holding.pk
    )

    staying, known = preview.warnings
    assert "Олег Главный" in staying
    assert world.other_buyer.full_name in known


def test_preview_is_for_those_who_serve_both(world: World) -> None:
    with pytest.raises(Holding.DoesNotExist):
        holdings_preview(
            actor=actor_of(world.manager), source_id=world.other_holding.pk, target_id=world.holding.pk
        )


# --- all or nothing ------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_merge_that_fails_in_the_last_app_leaves_everything(
    world: World, double: LegalEntity, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def held(self, entity_ids: object) -> list[registry.Held]:
            return []

        def absorb(self, absorption: object) -> None:
            raise RuntimeError("1C is away")

        def relocate(self, relocation: object) -> None:
            raise RuntimeError("1C is away")

    send(make_cart(world.buyer, double.contracts.get(), world.city, {world.skus[0]: 2}))
    make_cart(world.buyer, world.other_contract, world.city, {world.skus[1]: 1})
    before = snapshot()
    monkeypatch.setattr(registry, "_followers", [*registry._followers, Broken()])

    for act in (
        lambda: merge(world, double, world.entity, requisites_from_source=["name"]),
        lambda: merge_clients(world),
        lambda: split(world, [double]),
    ):
        with pytest.raises(RuntimeError):
            act()

    assert snapshot() == before


def snapshot() -> list[list[dict[str, Any]]]:
    models = (
        LegalEntity, Holding, Membership, Contract, Cart, Order, StageGrant, MergeRecord,
        LegalEntityUserObjectPermission,
    )  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_every_refusal_has_words_for_the_manager() -> None:
    refusals = (SameParty(), AlreadyMerged("А"), ReasonMissing(), NothingChosen(), HoldingLeftEmpty("А"))

    assert all(isinstance(one, MergeRefused) and str(one).endswith(".") for one in refusals)


def test_new_order_goes_under_the_survivor(world: World, double: LegalEntity) -> None:
    contract = double.contracts.get()
    merge(world, double, world.entity)

    with pytest.raises(Contract.DoesNotExist):
        cart_add(
            actor=actor_of(world.buyer),
            legal_entity_id=double.pk,
            contract_id=contract.pk,
            city_id=world.city.pk,
            sku_id=world.skus[0].pk,
            quantity=Decimal(1),
            at=AT,
        )

    assert Cart.objects.count() == 0


def test_order_of_a_merged_legal_entity_is_repeated_for_its_heir(
    client: Client, world: World, double: LegalEntity
) -> None:
    contract = make_contract(double, organization=world.organization, is_default=False)
    order = send(make_cart(world.head, contract, world.city, {world.skus[0]: 3}))
    merge(world, double, world.entity)
    client.force_login(world.head)

    answer = client.post(reverse("orders:repeat", args=[order.pk]), follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == reverse("orders:cart")
    line = CartLine.objects.select_related("cart__legal_entity").get()
    assert (line.cart.legal_entity, line.quantity) == (world.entity, 3)
