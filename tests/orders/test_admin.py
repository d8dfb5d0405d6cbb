"""Orders in the administrator's hands."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from counterparties.models import Contract
from orders import services
from orders.models import Order, OrderStep
from orders.states import OrderState
from tests.factories import AT, World, actor_of, make_cart
from tests.money import make_line
from tests.orders.past import make_order

LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def order(world: World) -> Order:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12})
    return services.order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=Decimal(1200),
        at=AT,
    )


@pytest.fixture
def admin_browser(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def test_admin_shows_an_order_with_parts_and_lines(order: Order, admin_browser: Client) -> None:
    page = admin_browser.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    for text in (order.number, f"{order.number}-2", "Болт М8х40", "Дальний склад"):
        assert text in page
    assert 'name="_save"' not in page


def test_admin_shows_a_part(order: Order, admin_browser: Client) -> None:
    part = order.parts.get(number=f"{order.number}-1")

    page = admin_browser.get(reverse("admin:orders_orderpart_change", args=[part.pk])).content.decode()

    assert "Болт М8х40" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize("act", ["add", "change", "delete"])
def test_admin_never_edits_orders(order: Order, admin_browser: Client, act: str) -> None:
    arguments = [] if act == "add" else [order.pk]
    url = reverse(f"admin:orders_order_{act}", args=arguments)

    assert admin_browser.post(url, {"total": "1", "post": "yes"}).status_code == 403
    assert Order.objects.get().total == 1200


def test_admin_confirms_chosen_orders(world: World, order: Order, admin_browser: Client) -> None:
    chosen = {"action": "confirm", "_selected_action": [order.pk]}

    admin_browser.post(LIST, chosen)
    again = admin_browser.post(LIST, chosen, follow=True)

    order.refresh_from_db()
    assert order.state == OrderState.CONFIRMED
    assert OrderStep.objects.filter(order=order, state=OrderState.CONFIRMED).get().user == world.administrator
    assert f"Уже не ждут подтверждения: {order.number}" in again.content.decode()


def test_admin_is_told_which_of_the_chosen_orders_does_not_go_and_why(
    world: World, admin_browser: Client
) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=14)
    first, second = (
        make_order(world.buyer, world.contract, world, {world.skus[0]: count}) for count in ("2", "1")
    )
    make_line(world.contract, first.total)  # enough for one of the two
    chosen = {"action": "confirm", "_selected_action": [first.pk, second.pk]}

    page = admin_browser.post(LIST, chosen, follow=True).content.decode()

    states = dict(Order.objects.values_list("pk", "state"))
    assert states == {first.pk: OrderState.CONFIRMED, second.pk: OrderState.SUBMITTED}
    assert "Подтверждено заказов: 1." in page
    assert f"{second.number}: " in page


def test_admin_finds_orders_by_number(order: Order, admin_browser: Client) -> None:
    assert order.number in admin_browser.get(LIST, {"q": order.number}).content.decode()
    assert order.number not in admin_browser.get(LIST, {"q": "B9999999"}).content.decode()


@pytest.mark.parametrize(("who", "count"), [("manager", 1), ("other_manager", 0)])
def test_admin_with_rights_shows_and_confirms_only_orders_of_ones_clients(
    world: World, order: Order, who: str, count: int
) -> None:
    employee = getattr(world, who)
    employee.user_permissions.set(
        Permission.objects.filter(codename__in=["view_order", "change_order", "view_orderpart"])
    )
    client = Client()
    client.force_login(employee)

    listed = client.get(LIST).context["cl"].queryset.count()
    parts = client.get(reverse("admin:orders_orderpart_changelist")).context["cl"].queryset.count()
    client.post(LIST, {"action": "confirm", "_selected_action": [order.pk]})

    assert (listed, parts) == (count, count * 2)
    assert Order.objects.filter(state=OrderState.CONFIRMED).count() == count
