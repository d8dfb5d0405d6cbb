"""What people decide of an order that waits: approval inside the client, hold and refusal by a manager."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, Scope, Stage
from catalog.models import Stock
from counterparties.actor import AccessDenied
from counterparties.models import Membership, Role, RolePermission
from documents.services import invoice_issue
from orders import services
from orders.models import Order, OrderLine, OrderStep, OrderView
from orders.refusals import WhyMissing
from orders.selectors import bought_before, last_bought
from orders.selectors.purchases import orders_bought
from orders.selectors.reviews import purchase_of
from orders.services.changes import order_change
from orders.services.shipment_requests import shipment_request_create
from orders.shipping import ShipmentWish
from orders.states import OrderState, StepSource
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_person
from tests.orders.past import make_order

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def clerk(world: World) -> User:
    """A person of the client who gathers orders and may not send them."""
    person = make_person(world.holding, full_name="Пётр Сборщиков", stage=Stage.ORDERS)
    role = Role.objects.create(holding=world.holding, name="Сборщик")
    for permission, scope in ((Permission.ORDER_CREATE, Scope.ENTITIES), (Permission.ORDER_VIEW, Scope.OWN)):
        RolePermission.objects.create(role=role, permission=permission, scope=scope)
    Membership.objects.filter(user=person).update(role=role)
    return person


@pytest.fixture
def unsent(world: World, clerk: User) -> Order:
    """3 bolts that wait for a colleague's approval."""
    return make_order(clerk, world.contract, world, {world.skus[0]: 3})


@pytest.fixture
def order(world: World) -> Order:
    return make_order(world.buyer, world.contract, world, {world.skus[0]: 3})


def reserved(world: World) -> Decimal:
    return sum((row.reserved for row in Stock.objects.filter(sku=world.skus[0])), Decimal(0))


def history(order: Order) -> list[tuple[Any, ...]]:
    steps = OrderStep.objects.filter(order=order).order_by("pk")
    return list(steps.values_list("state", "source", "user", "acting_user", "comment"))


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- approval -------------------------------------------------------------------------------------
def test_order_of_one_who_may_not_send_waits_reserved_and_priced(
    world: World, clerk: User, unsent: Order
) -> None:
    assert (unsent.state, unsent.total, reserved(world)) == (OrderState.ON_APPROVAL, 300, 3)
    assert history(unsent) == [("on_approval", "portal", clerk.pk, None, "")]


def test_order_of_one_who_may_not_send_asks_even_where_orders_confirm_themselves(
    world: World, clerk: User
) -> None:
    world.organization.confirms_orders_itself = True
    world.organization.save()

    unsent = make_order(clerk, world.contract, world, {world.skus[0]: 3})
    approved = services.order_approve(order_id=unsent.pk, actor=actor_of(world.head), at=LATER)

    assert unsent.state == OrderState.ON_APPROVAL
    assert (approved.state, approved.confirmed_at) == (OrderState.CONFIRMED, LATER)


def test_order_approve_sends_it_and_keeps_both_in_history(world: World, clerk: User, unsent: Order) -> None:
    services.order_approve(order_id=unsent.pk, actor=actor_of(world.head), at=LATER)

    unsent.refresh_from_db()
    assert (unsent.state, unsent.created_by) == (OrderState.SUBMITTED, clerk)
    assert history(unsent) == [
        ("on_approval", "portal", clerk.pk, None, ""),
        ("submitted", "portal", world.head.pk, None, ""),
    ]
    assert reserved(world) == 3


def test_order_approve_by_a_manager_in_the_cabinet_keeps_both_ids(world: World, unsent: Order) -> None:
    actor = actor_of(world.head, impersonator=world.manager)

    services.order_approve(order_id=unsent.pk, actor=actor, at=LATER)

    assert history(unsent)[-1] == ("submitted", "portal", world.head.pk, world.manager.pk, "")


def test_order_decline_frees_the_reserve_and_tells_why(world: World, unsent: Order) -> None:
    services.order_decline(order_id=unsent.pk, actor=actor_of(world.head), reason=" дорого ", at=LATER)

    unsent.refresh_from_db()
    assert (unsent.state, reserved(world)) == (OrderState.REJECTED, 0)
    assert history(unsent)[-1] == ("rejected", "portal", world.head.pk, None, "дорого")


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        ("clerk", AccessDenied),
        ("manager", AccessDenied),
        ("buyer", Order.DoesNotExist),
        ("other_head", Order.DoesNotExist),
    ],
)
def test_order_approve_is_for_those_who_may_send_and_see_it(
    world: World, clerk: User, unsent: Order, person: str, refusal: type[Exception]
) -> None:
    people = {"clerk": clerk, "other_head": make_person(world.other_contract.legal_entity.holding, "head")}
    who = people.get(person) or getattr(world, person)

    with pytest.raises(refusal):
        services.order_approve(order_id=unsent.pk, actor=actor_of(who), at=LATER)

    unsent.refresh_from_db()
    assert unsent.state == OrderState.ON_APPROVAL


def test_order_approve_comes_too_late(world: World, order: Order) -> None:
    for decide in (services.order_approve, services.order_decline):
        more = {"reason": "нет"} if decide is services.order_decline else {}
        with pytest.raises(services.WrongState):
            decide(order_id=order.pk, actor=actor_of(world.head), at=LATER, **more)

    assert (reserved(world), len(history(order))) == (3, 1)


def test_author_gives_up_his_unsent_order_only(world: World, clerk: User, unsent: Order) -> None:
    own = actor_of(clerk)
    services.order_cancel(order_id=unsent.pk, actor=own, at=LATER)
    assert reserved(world) == 0

    second = make_order(clerk, world.contract, world, {world.skus[0]: 2})
    services.order_approve(order_id=second.pk, actor=actor_of(world.head), at=LATER)
    with pytest.raises(services.WrongState):
        services.order_cancel(order_id=second.pk, actor=own, at=LATER)
    assert reserved(world) == 2


# --- a manager's word -----------------------------------------------------------------------------
def test_order_hold_keeps_the_reserve_and_release_lets_it_wait_again(world: World, order: Order) -> None:
    actor = actor_of(world.manager)

    services.order_hold(order_id=order.pk, actor=actor, reason="ждём оплату", at=LATER)
    held = Order.objects.get(pk=order.pk).state
    services.order_release(order_id=order.pk, actor=actor, at=LATER)

    assert (held, Order.objects.get(pk=order.pk).state) == (OrderState.ON_HOLD, OrderState.SUBMITTED)
    assert reserved(world) == 3
    assert history(order)[1:] == [
        ("on_hold", "portal", world.manager.pk, None, "ждём оплату"),
        ("submitted", "portal", world.manager.pk, None, ""),
    ]


def test_order_on_hold_is_confirmed_or_turned_down(world: World, order: Order) -> None:
    actor = actor_of(world.manager)
    services.order_hold(order_id=order.pk, actor=actor, reason="ждём оплату", at=LATER)

    services.order_confirm(order_id=order.pk, actor=actor, at=LATER)

    assert Order.objects.get(pk=order.pk).state == OrderState.CONFIRMED


def test_order_reject_frees_the_reserve(world: World, order: Order) -> None:
    services.order_reject(order_id=order.pk, actor=actor_of(world.manager), reason="снят", at=LATER)

    order.refresh_from_db()
    assert (order.state, reserved(world)) == (OrderState.REJECTED, 0)
    assert history(order)[-1] == ("rejected", StepSource.PORTAL, world.manager.pk, None, "снят")


def test_order_turned_down_was_never_bought_and_gets_no_invoice(world: World, order: Order) -> None:
    actor, sku = actor_of(world.buyer), world.skus[0]
    bought = last_bought(actor=actor, sku_ids=[sku.pk])
    services.order_reject(order_id=order.pk, actor=actor_of(world.manager), reason="снят", at=LATER)

    assert bought[sku.pk].order_id == order.pk
    assert last_bought(actor=actor, sku_ids=[sku.pk]) == {}
    assert bought_before(actor=actor, sku_ids=[sku.pk]) == []
    assert not orders_bought(actor).exists()
    assert purchase_of(actor=actor, product_id=sku.product_id) is None
    with pytest.raises(services.WrongState):
        invoice_issue(order_id=order.pk, at=LATER)


@pytest.mark.parametrize("act", [services.order_reject, services.order_hold])
def test_a_word_why_is_needed(world: World, order: Order, act: Any) -> None:
    with pytest.raises(WhyMissing):
        act(order_id=order.pk, actor=actor_of(world.manager), reason="  ", at=LATER)

    order.refresh_from_db()
    assert (order.state, reserved(world), len(history(order))) == (OrderState.SUBMITTED, 3, 1)


@pytest.mark.parametrize("act", [services.order_reject, services.order_hold])
@pytest.mark.parametrize(
    ("person", "refusal"), [("head", AccessDenied), ("other_manager", Order.DoesNotExist)]
)
def test_a_word_of_a_stranger_changes_nothing(
    world: World, order: Order, act: Any, person: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        act(order_id=order.pk, actor=actor_of(getattr(world, person)), reason="снят", at=LATER)

    order.refresh_from_db()
    assert (order.state, reserved(world)) == (OrderState.SUBMITTED, 3)


def test_order_that_the_client_has_not_sent_is_not_the_managers(world: World, unsent: Order) -> None:
    actor = actor_of(world.manager)

    for act in (services.order_reject, services.order_hold):
        with pytest.raises(services.WrongState):
            act(order_id=unsent.pk, actor=actor, reason="снят", at=LATER)
    with pytest.raises(services.WrongState):
        services.order_release(order_id=unsent.pk, actor=actor, at=LATER)
    with pytest.raises(services.WrongState):
        services.order_confirm(order_id=unsent.pk, actor=actor, at=LATER)


# --- pages ----------------------------------------------------------------------------------------
def test_page_offers_approval_to_those_who_may_send(world: World, clerk: User, unsent: Order) -> None:
    url = reverse("orders:detail", args=[unsent.pk])
    approve = reverse("orders:approve", args=[unsent.pk])

    pages = {
        name: browser(person).get(url).content.decode()
        for name, person in (("clerk", clerk), ("head", world.head), ("manager", world.manager))
    }

    assert {name: approve in page for name, page in pages.items()} == {
        "clerk": False,
        "head": True,
        "manager": False,
    }
    assert reverse("orders:cancel", args=[unsent.pk]) in pages["clerk"]
    assert reverse("orders:confirm", args=[unsent.pk]) not in pages["manager"]
    answer = browser(world.head).post(approve, follow=True).content.decode()
    assert "Заказ согласован и отправлен." in answer
    assert "Ждет подтверждения" in answer


def test_page_refuses_without_a_word_why_and_takes_it_with_one(world: World, order: Order) -> None:
    client, hold = browser(world.manager), reverse("orders:hold", args=[order.pk])

    silent = client.post(hold, follow=True).content.decode()
    told = client.post(hold, {"reason": "ждём оплату"}, follow=True).content.decode()

    assert "Напишите причину" in silent
    assert "Приостановлен" in told
    assert "ждём оплату" in told


def test_clerk_sends_for_approval_from_the_checkout(world: World, clerk: User) -> None:
    cart = make_cart(clerk, world.contract, world.city, {world.skus[0]: 2})
    client = browser(clerk)
    page = client.get(reverse("orders:checkout"))

    assert "Отправить на согласование" in page.content.decode()
    form = page.context["form"].initial
    answer = client.post(
        reverse("orders:checkout"),
        {
            "cart": cart.pk,
            "delivery": "pickup",
            "expected_total": form["expected_total"],
            "idempotency_key": form["idempotency_key"],
        },
        follow=True,
    )

    assert "ждёт согласования" in answer.content.decode()
    assert Order.objects.get().state == OrderState.ON_APPROVAL


def test_right_for_own_orders_moves_no_colleagues_orders(world: World) -> None:
    """Who sees the holding's orders and sends only his own neither changes, ships nor cancels others'."""
    person = make_person(world.holding, full_name="Пётр Свойский", stage=Stage.ORDERS)
    role = Role.objects.create(holding=world.holding, name="Сам за себя")
    for permission, scope in (
        (Permission.ORDER_CREATE, Scope.ENTITIES),
        (Permission.ORDER_SUBMIT, Scope.OWN),
        (Permission.ORDER_VIEW, Scope.HOLDING),
    ):
        RolePermission.objects.create(role=role, permission=permission, scope=scope)
    Membership.objects.filter(user=person).update(role=role)
    actor = actor_of(person)
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 3})
    services.order_confirm(order_id=order.pk, actor=None, at=AT)
    line = OrderLine.objects.get(part__order=order)
    assert Order.objects.visible_to(actor).filter(pk=order.pk).exists()

    with pytest.raises(Order.DoesNotExist), transaction.atomic():
        order_change(actor=actor, order_id=order.pk, quantities={line.pk: Decimal(1)}, at=AT)
    with pytest.raises(OrderLine.DoesNotExist), transaction.atomic():
        shipment_request_create(
            actor=actor,
            quantities={line.pk: Decimal(1)},
            wish=ShipmentWish(method="pickup", desired_date=TODAY),
            idempotency_key=uuid4(),
            at=AT,
        )
    with pytest.raises(AccessDenied), transaction.atomic():
        services.order_cancel(order_id=order.pk, actor=actor, at=AT)
    own = make_order(person, world.contract, world, {world.skus[0]: 1})
    services.order_cancel(order_id=own.pk, actor=actor, at=AT)

    order.refresh_from_db()
    own.refresh_from_db()
    assert (order.state, own.state) == (OrderState.CONFIRMED, OrderState.CANCELLED)


def test_bytes_that_the_database_does_not_keep_are_left_out(world: World, order: Order) -> None:
    client = Client()
    client.force_login(world.manager)

    client.post(reverse("orders:hold", args=[order.pk]), {"reason": "Ждём\0 оплату"})
    client.post(reverse("orders:view_save"), {"view_name": "Мои\0 заказы", "q": "болт"})
    stuck = client.get(reverse("orders:stuck"), {"client": "Сев\0ер"})
    listed = client.get(reverse("orders:list"), {"until": "9999-12-31"})

    assert history(order)[-1][0::4] == ("on_hold", "Ждём оплату")
    assert OrderView.objects.get().name == "Мои заказы"
    assert (stuck.status_code, listed.status_code) == (200, 200)
    assert order.number in stuck.content.decode()
    assert order.number in listed.content.decode()
