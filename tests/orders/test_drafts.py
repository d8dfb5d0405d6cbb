"""Drafts of managers: beside the client's cart, taken over or put away, never emptied."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from counterparties.models import Visit, VisitCart
from orders.models import Cart, CartLine
from orders.services.drafts import draft_take
from tests.factories import AT, World, actor_of, make_cart, make_person

ADD = reverse("orders:cart_add")
CART = reverse("orders:cart")
NOTICE = "Менеджер собрал корзину"


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def visit(world: World, cart: str) -> Client:
    client = browser(world.manager)
    client.post(reverse("hijack:acquire"), {"user_pk": world.buyer.pk, "cart": cart})
    return client


def add(client: Client, world: World, number: int, quantity: str) -> None:
    data = {"sku": world.skus[number].pk, "quantity": quantity, "visit_person": world.buyer.pk}
    assert client.post(ADD, data).status_code == 302


def contents() -> dict[str, dict[str, Decimal]]:
    """What lies in the current carts: the person's own and the draft."""
    found: dict[str, dict[str, Decimal]] = {"own": {}, "draft": {}}
    for line in CartLine.objects.filter(cart__is_current=True).select_related("sku__product", "cart"):
        found["draft" if line.cart.drafted_by_id else "own"][line.sku.name] = line.quantity
    return found


@pytest.mark.parametrize(("mode", "place"), [("own", "own"), ("draft", "draft")])
def test_goods_go_where_the_manager_chose(world: World, mode: str, place: str) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[1]: 2})
    before = {"own": {"Кабель ВВГнг 3х2,5": Decimal(2)}, "draft": {}}
    client = visit(world, mode)

    add(client, world, 0, "3")
    shown = client.get(CART).context["view"]

    before[place] |= {"Болт М8х40": Decimal(3)}
    assert contents() == before
    assert {line.sku.name for line in shown.lines} == set(before[place])


def test_draft_stays_after_the_visit_and_the_client_is_told(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[1]: 2})
    client = visit(world, "draft")
    add(client, world, 0, "3")
    client.post(reverse("hijack:release"))
    mine = browser(world.buyer)

    pages = {
        "cart": NOTICE in mine.get(CART).content.decode(),
        "home": NOTICE in mine.get(reverse("home")).content.decode(),
        "colleague": NOTICE in browser(make_person(world.holding)).get(CART).content.decode(),
    }

    assert pages == {"cart": True, "home": True, "colleague": False}
    assert [line.sku.name for line in mine.get(CART).context["view"].lines] == ["Кабель ВВГнг 3х2,5"]


def test_next_visit_goes_on_with_the_draft(world: World) -> None:
    add(visit(world, "draft"), world, 0, "3")
    add(visit(world, "draft"), world, 0, "1")

    assert contents()["draft"] == {"Болт М8х40": Decimal(4)}
    assert Cart.objects.count() == 1


def test_taken_draft_comes_on_top_of_the_own_cart(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1, world.skus[1]: 2})
    draft = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3}, drafted_by=world.manager)
    mine = browser(world.buyer)

    answer = mine.post(reverse("orders:draft_take", args=[draft.pk]))
    again = mine.post(reverse("orders:draft_take", args=[draft.pk]))

    assert (answer["Location"], again.status_code) == (CART, 404)
    assert contents() == {"own": {"Болт М8х40": Decimal(4), "Кабель ВВГнг 3х2,5": Decimal(2)}, "draft": {}}
    draft.refresh_from_db()
    assert (draft.is_current, draft.lines.count()) == (False, 1)
    assert NOTICE not in mine.get(CART).content.decode()


def test_dismissed_draft_leaves_the_own_cart_alone(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[1]: 2})
    draft = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3}, drafted_by=world.manager)
    mine = browser(world.buyer)

    shown = mine.get(reverse("orders:draft", args=[draft.pk])).content.decode()
    mine.post(reverse("orders:draft_dismiss", args=[draft.pk]))

    assert "Болт М8х40" in shown
    assert contents() == {"own": {"Кабель ВВГнг 3х2,5": Decimal(2)}, "draft": {}}
    assert draft.lines.count() == 1


def test_own_cart_is_no_draft(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})

    with pytest.raises(Cart.DoesNotExist):
        draft_take(actor=actor_of(world.buyer), cart_id=cart.pk, at=AT)

    assert contents()["own"] == {"Болт М8х40": Decimal(3)}


def test_words_of_the_manager_come_with_the_draft(world: World) -> None:
    draft = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3}, drafted_by=world.manager)
    draft.lines.update(client_reference="17", comment="Синий")

    taken = draft_take(actor=actor_of(world.buyer), cart_id=draft.pk, at=AT)

    assert taken.cart.lines.values_list("client_reference", "comment").get() == ("17", "Синий")


@pytest.mark.parametrize(("minutes", "is_live"), [(0, True), (14, True), (15, False)])
def test_client_sees_how_many_goods_the_manager_gathers_now(
    world: World, minutes: int, is_live: bool
) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}, drafted_by=world.manager)
    seen_at = timezone.now() - timedelta(minutes=minutes)
    Visit.objects.create(
        employee=world.manager, person=world.buyer, holding=world.holding, cart=VisitCart.DRAFT,
        started_at=seen_at, seen_at=seen_at,
    )  # fmt: skip
    client = browser(world.buyer)

    page = client.get(reverse("orders:drafts_live"), headers={"HX-Request": "true"}).content.decode()

    assert ("Менеджер собирает заказ: 1 позиция" in page, "Менеджер собрал корзину" in page) == (
        is_live, not is_live,
    )  # fmt: skip


def test_colleague_sees_nothing_of_what_is_gathered(world: World) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}, drafted_by=world.manager)
    client = browser(world.head)

    assert (
        "Менеджер"
        not in client.get(reverse("orders:drafts_live"), headers={"HX-Request": "true"}).content.decode()
    )


def test_client_confirms_a_draft_and_goes_on_to_order(world: World) -> None:
    draft = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}, drafted_by=world.manager)
    client = browser(world.buyer)

    answer = client.post(reverse("orders:draft_take", args=[draft.pk]), {"then": "checkout"})
    again = client.post(reverse("orders:draft_take", args=[draft.pk]), {"then": "checkout"})

    assert (answer["Location"], again.status_code) == (reverse("orders:checkout"), 404)
    assert [line.quantity for line in CartLine.objects.filter(cart__drafted_by=None)] == [1]
