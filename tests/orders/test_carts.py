"""Many carts: names, sharing, lines between them, the same for other legal entities, all sent at once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from catalog.models import Product, ProductRelation, RelationKind, Sku, Stock
from counterparties.actor import AccessDenied
from counterparties.models import Contract, ContractState
from orders.models import Cart, CartLine, CartSharing, Order, OrderMinimum
from orders.refusals import (
    BelowMinimum,
    CartsMoved,
    CartStillCurrent,
    ContractClosed,
    DraftNotShared,
    NothingChosen,
    StockShort,
    TooManyPlaces,
)
from orders.selectors import cart_view
from orders.selectors.cart import carts_whole
from orders.selectors.cart_diffs import cart_changes, cart_put_view
from orders.selectors.cart_places import cart_places
from orders.selectors.saved import cart_rows
from orders.services.cart_moves import cart_merge, lines_move, lines_move_out, lines_remove
from orders.services.cart_places import MOST_PLACES, cart_duplicate
from orders.services.cart_puts import Choice, Put, cart_put, cart_update
from orders.services.carts import cart_copy, cart_create, cart_delete, cart_rename, cart_share
from orders.services.sending import Sending, orders_submit
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_city,
    make_contract,
    make_legal_entity,
    make_price,
    make_price_type,
    make_sku,
)

LATER = AT + timedelta(hours=1)


def saved_cart(
    world: World, lines: dict[Sku, int], *, owner: User | None = None, sharing: str = "own"
) -> Cart:
    cart = Cart.objects.create(
        user=owner or world.buyer,
        legal_entity=world.entity,
        contract=world.contract,
        city=world.city,
        name="Ремонт",
        is_current=False,
        sharing=sharing,
    )
    CartLine.objects.bulk_create(CartLine(cart=cart, sku=sku, quantity=many) for sku, many in lines.items())
    return cart


def held(cart: Cart) -> dict[int, Decimal]:
    return dict(cart.lines.values_list("sku_id", "quantity"))


# --- a cart as a whole ---------------------------------------------------------------------------
def test_cart_is_made_named_and_removed(world: World) -> None:
    actor = actor_of(world.buyer)
    place = {"legal_entity_id": world.entity.pk, "contract_id": world.contract.pk, "city_id": world.city.pk}

    cart = cart_create(actor=actor, name="На склад", at=AT, **place)
    cart_rename(actor=actor, cart_id=cart.pk, name="На объект", at=LATER)

    cart.refresh_from_db()
    assert (cart.name, cart.is_current, cart.updated_at) == ("На объект", False, LATER)
    cart_delete(actor=actor, cart_id=cart.pk)
    assert not Cart.objects.exists()


def test_cart_under_a_closed_contract_is_not_made(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    with pytest.raises(ContractClosed):
        cart_create(
            actor=actor_of(world.buyer),
            legal_entity_id=world.entity.pk,
            contract_id=world.contract.pk,
            city_id=world.city.pk,
            name="Новая",
            at=AT,
        )

    assert not Cart.objects.exists()


def test_copy_keeps_words_and_the_price_of_then(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})
    cart.lines.update(price_when_added=90, comment="Синий", client_reference="17")

    copied = cart_copy(actor=actor_of(world.buyer), cart_id=cart.pk, name="Каждый месяц", at=LATER)

    line = copied.lines.get()
    assert (line.quantity, line.price_when_added, line.comment, line.client_reference) == (
        3,
        90,
        "Синий",
        "17",
    )
    assert (copied.is_current, held(cart)) == (False, held(copied))


def test_draft_of_a_manager_is_not_shared(world: World) -> None:
    draft = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3}, drafted_by=world.manager)
    Cart.objects.filter(pk=draft.pk).update(is_current=False)

    with pytest.raises(DraftNotShared):
        cart_share(actor=actor_of(world.buyer), cart_id=draft.pk, sharing=CartSharing.VIEW, at=AT)

    draft.refresh_from_db()
    assert draft.sharing == CartSharing.OWN


def test_current_cart_is_not_shared(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})

    with pytest.raises(CartStillCurrent):
        cart_share(actor=actor_of(world.buyer), cart_id=cart.pk, sharing=CartSharing.VIEW, at=AT)

    cart.refresh_from_db()
    assert cart.sharing == CartSharing.OWN


@pytest.mark.parametrize(
    ("sharing", "may_see", "may_change"), [("own", 0, 0), ("view", 1, 0), ("edit", 1, 1)]
)
def test_sharing_opens_a_cart_to_colleagues_only(
    world: World, sharing: str, may_see: int, may_change: int
) -> None:
    cart = saved_cart(world, {world.skus[0]: 3})
    cart_share(actor=actor_of(world.buyer), cart_id=cart.pk, sharing=CartSharing(sharing), at=AT)
    colleague, stranger = actor_of(world.head), actor_of(world.other_buyer)

    rows = cart_rows(actor=colleague, on=TODAY)

    assert [(row.is_own, row.is_writable) for row in rows] == [(False, bool(may_change))] * may_see
    assert cart_rows(actor=stranger, on=TODAY) == []
    for actor in (colleague, stranger):
        with pytest.raises(Cart.DoesNotExist):
            cart_delete(actor=actor, cart_id=cart.pk)


def test_whoever_only_looks_changes_nothing(world: World) -> None:
    cart = saved_cart(world, {world.skus[0]: 3})
    looking = replace(actor_of(world.buyer), is_read_only=True)

    with pytest.raises(AccessDenied):
        cart_delete(actor=looking, cart_id=cart.pk)
    with pytest.raises(AccessDenied):
        cart_copy(actor=looking, cart_id=cart.pk, name="Копия", at=AT)

    assert Cart.objects.count() == 1


@pytest.mark.parametrize("carts", [1, 3])
def test_table_of_carts_asks_the_database_the_same(
    world: World, carts: int, django_assert_num_queries: Any
) -> None:
    for _number in range(carts):
        saved_cart(world, dict.fromkeys(world.skus, 2))
    actor = actor_of(world.buyer)

    with django_assert_num_queries(8):
        rows = cart_rows(actor=actor, on=TODAY)

    assert [row.view.total.gross for row in rows] == [Decimal("721.00")] * carts


# --- lines between carts -------------------------------------------------------------------------
def test_lines_move_on_top_of_what_is_there(world: World) -> None:
    source = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, world.skus[1]: 1})
    source.lines.update(price_when_added=90, comment="Синий")
    target = saved_cart(world, {world.skus[0]: 2})

    moved = lines_move(
        actor=actor_of(world.buyer),
        cart_id=source.pk,
        line_ids=[source.lines.get(sku=world.skus[0]).pk],
        target_id=target.pk,
        is_copy=False,
        at=LATER,
    )

    line = target.lines.get()
    assert (moved.count, line.quantity, line.price_when_added, line.comment) == (1, 5, 90, "Синий")
    assert held(source) == {world.skus[1].pk: 1}


def test_copied_lines_stay(world: World) -> None:
    source = saved_cart(world, {world.skus[0]: 3}, owner=world.head, sharing="view")
    target = make_cart(world.buyer, world.contract, world.city, {})
    arguments: dict[str, Any] = {
        "actor": actor_of(world.buyer), "cart_id": source.pk, "target_id": target.pk, "at": AT,
        "line_ids": list(source.lines.values_list("pk", flat=True)),
    }  # fmt: skip

    with pytest.raises(Cart.DoesNotExist):
        lines_move(is_copy=False, **arguments)
    lines_move(is_copy=True, **arguments)

    assert held(source) == held(target) == {world.skus[0].pk: 3}


def test_lines_never_go_into_a_cart_that_is_only_seen(world: World) -> None:
    source = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})
    for target in (
        saved_cart(world, {}, owner=world.head, sharing="view"),
        make_cart(world.other_buyer, world.other_contract, world.city, {}),
    ):
        with pytest.raises(Cart.DoesNotExist):
            lines_move(
                actor=actor_of(world.buyer),
                cart_id=source.pk,
                line_ids=list(source.lines.values_list("pk", flat=True)),
                target_id=target.pk,
                is_copy=True,
                at=AT,
            )
        assert held(target) == {}


def test_withdrawn_goods_stay_where_they_are(world: World) -> None:
    source = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, world.skus[1]: 1})
    Product.objects.filter(pk=world.skus[0].product_id).update(is_hidden=True)
    target = saved_cart(world, {})

    moved = cart_merge(actor=actor_of(world.buyer), cart_id=source.pk, target_id=target.pk, at=AT)

    assert (moved.count, moved.left_out) == (1, ("Болт М8х40 (снято с продажи)",))
    assert (held(source), held(target)) == ({world.skus[0].pk: 3}, {world.skus[1].pk: 1})


def test_merged_saved_cart_is_gone(world: World) -> None:
    source, target = saved_cart(world, {world.skus[0]: 3}), saved_cart(world, {world.skus[0]: 1})

    cart_merge(actor=actor_of(world.buyer), cart_id=source.pk, target_id=target.pk, at=AT)

    assert list(Cart.objects.values_list("pk", flat=True)) == [target.pk]
    assert held(target) == {world.skus[0].pk: 4}


def test_lines_go_into_a_new_cart_or_away(world: World) -> None:
    source = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, world.skus[1]: 1})
    first, second = source.lines.order_by("pk").values_list("pk", flat=True)
    actor = actor_of(world.buyer)

    moved = lines_move_out(
        actor=actor, cart_id=source.pk, line_ids=[first], name="Срочное", is_copy=False, at=AT
    )
    removed = lines_remove(actor=actor, cart_id=source.pk, line_ids=[second, first], at=AT)

    assert (moved.cart.name, held(moved.cart), removed) == ("Срочное", {world.skus[0].pk: 3}, 1)
    assert held(source) == {}
    with pytest.raises(NothingChosen):
        lines_move_out(actor=actor, cart_id=source.pk, line_ids=[], name="Пустая", is_copy=False, at=AT)


# --- a saved cart and the current one ------------------------------------------------------------
def put(world: World, saved: Cart, choices: dict[int, Choice]) -> Any:
    current = Cart.objects.filter(user=world.buyer, is_current=True).first()
    return cart_put(
        actor=actor_of(world.buyer),
        cart_id=saved.pk,
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        choices=choices,
        seen_at=(saved.updated_at, current.updated_at if current else None),
        at=LATER,
    )


@pytest.mark.parametrize("has_current", [True, False])
def test_second_click_puts_nothing_twice(world: World, has_current: bool) -> None:
    saved = saved_cart(world, {world.skus[0]: 3})
    seen: list[Any] = [saved.updated_at, None]
    if has_current:
        seen[1] = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}).updated_at
    arguments: dict[str, Any] = {
        "actor": actor_of(world.buyer), "cart_id": saved.pk, "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk, "city_id": world.city.pk,
        "choices": {saved.lines.get().pk: Choice(Put.SUM)}, "seen_at": tuple(seen),
    }  # fmt: skip

    done = cart_put(at=LATER, **arguments)
    with pytest.raises(CartsMoved):
        cart_put(at=LATER + timedelta(seconds=1), **arguments)

    assert held(done.cart) == {world.skus[0].pk: 4 if has_current else 3}


def test_each_line_is_put_as_chosen(world: World) -> None:
    saved = saved_cart(world, dict.fromkeys(world.skus, 3))
    current = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:2], 1))
    lines = {line.sku_id: line.pk for line in saved.lines.all()}
    ways = zip(world.skus, (Put.REPLACE, Put.SUM, Put.SKIP), strict=True)

    done = put(world, saved, {lines[sku.pk]: Choice(way) for sku, way in ways})

    assert (done.added, held(current)) == (2, {world.skus[0].pk: 3, world.skus[1].pk: 4})
    assert held(saved) == {sku.pk: 3 for sku in world.skus}


def test_analog_goes_in_place_of_what_is_withdrawn(world: World) -> None:
    saved = saved_cart(world, {world.skus[0]: 3})
    analog = make_sku("Болт М8х40 А2", stock={world.main_warehouse: 10})
    ProductRelation.objects.create(
        product=analog.product, related=world.skus[0].product, kind=RelationKind.ANALOG
    )
    Product.objects.filter(pk=world.skus[0].product_id).update(is_hidden=True)

    compared = cart_put_view(
        carts_whole(Cart.objects.all()).get(pk=saved.pk),
        contract=world.contract,
        city=world.city,
        current=None,
        on=TODAY,
    )
    (line,) = compared.lines
    done = put(world, saved, {line.line.pk: Choice(Put.SUM, line.analogs[0].sku_id)})

    assert [one.name for one in line.analogs] == ["Болт М8х40 А2"]
    assert held(done.cart) == {analog.pk: 3}


def test_nothing_is_put_from_a_cart_of_another_client(world: World) -> None:
    theirs = make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 3})

    with pytest.raises(Cart.DoesNotExist):
        put(world, theirs, {theirs.lines.get().pk: Choice(Put.SUM)})

    assert CartLine.objects.count() == 1


def test_saved_cart_of_another_contract_takes_withdrawn_goods_too(world: World) -> None:
    other = make_contract(make_legal_entity(world.holding))
    saved = make_cart(world.buyer, other, world.city, {world.skus[1]: 1})
    Cart.objects.filter(pk=saved.pk).update(is_current=False)
    current = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5, world.skus[2]: 2})
    Product.objects.filter(pk=world.skus[0].product_id).update(is_hidden=True)

    cart_update(
        actor=actor_of(world.buyer),
        cart_id=saved.pk,
        source_id=current.pk,
        seen_at=(saved.updated_at, current.updated_at),
        at=LATER,
    )

    assert held(saved) == held(current) == {world.skus[0].pk: 5, world.skus[2].pk: 2}


def test_saved_cart_takes_what_the_current_one_holds(world: World) -> None:
    saved = saved_cart(world, {world.skus[0]: 3, world.skus[1]: 1})
    current = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5, world.skus[2]: 2})
    changes = cart_changes(saved, current)
    arguments: dict[str, Any] = {
        "actor": actor_of(world.buyer), "cart_id": saved.pk, "source_id": current.pk, "at": LATER
    }  # fmt: skip

    with pytest.raises(CartsMoved):
        cart_update(seen_at=(saved.updated_at, AT), **arguments)
    assert held(saved) == {world.skus[0].pk: 3, world.skus[1].pk: 1}
    cart_update(seen_at=(saved.updated_at, current.updated_at), **arguments)

    assert [(one.change, one.before, one.after) for one in changes] == [
        ("changed", 3, 5), ("removed", 1, None), ("added", None, 2)
    ]  # fmt: skip
    assert held(saved) == held(current) == {world.skus[0].pk: 5, world.skus[2].pk: 2}


# --- other legal entities ------------------------------------------------------------------------
def test_cart_is_priced_for_each_contract(world: World, django_assert_num_queries: Any) -> None:
    cheap = make_price_type("Дилерская")
    make_price(world.skus[0], 80, price_type=cheap)
    second = make_contract(make_legal_entity(world.holding, name="ООО «Юг-2»"), price_type=cheap)
    Contract.objects.filter(pk=second.pk).update(deferral_days=14)
    OrderMinimum.objects.create(contract=second, amount=1000)
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    cart = carts_whole(Cart.objects.all()).get()
    actor = actor_of(world.buyer)

    with django_assert_num_queries(13):
        places = cart_places(cart, actor=actor, on=TODAY)

    assert [(one.contract, one.view.total.gross, one.difference) for one in places] == [
        (world.contract, 200, 0),
        (second, 160, -40),
    ]
    assert [one.view.may_be_ordered for one in places] == [True, False]


def test_cart_is_saved_for_each_chosen_contract(world: World) -> None:
    second = make_contract(make_legal_entity(world.holding))
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    places = [(one.legal_entity_id, one.pk) for one in (world.contract, second)]

    done = cart_duplicate(actor=actor_of(world.buyer), cart_id=cart.pk, places=[*places, places[0]], at=AT)

    made = [one.cart for one in done]
    assert [(one.contract_id, one.is_current) for one in made] == [
        (world.contract.pk, False),
        (second.pk, False),
    ]
    assert [held(one) for one in made] == [{world.skus[0].pk: 2}] * 2
    assert held(cart) == {world.skus[0].pk: 2}


def test_what_other_contracts_cannot_have_is_named(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2, world.skus[1]: 1})
    Product.objects.filter(pk=world.skus[0].product_id).update(is_hidden=True)
    places = [(world.entity.pk, world.contract.pk)]

    (done,) = cart_duplicate(actor=actor_of(world.buyer), cart_id=cart.pk, places=places, at=AT)

    assert (done.added, done.left_out) == (1, ("Болт М8х40 (снято с продажи)",))


def test_cart_is_saved_for_all_or_for_none(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    own = (world.entity.pk, world.contract.pk)
    theirs = (world.other_entity.pk, world.other_contract.pk)
    actor = actor_of(world.buyer)

    for places, refusal in (
        ([own, theirs], Contract.DoesNotExist),
        ([], NothingChosen),
        ([own] * (MOST_PLACES + 1), TooManyPlaces),
    ):
        with pytest.raises(refusal):
            cart_duplicate(actor=actor, cart_id=cart.pk, places=places, at=AT)

    assert Cart.objects.count() == 1


# --- sending many --------------------------------------------------------------------------------
def sending(cart: Cart) -> Sending:
    loaded = carts_whole(Cart.objects.all()).get(pk=cart.pk)
    return Sending(cart.pk, None, "", "", uuid4(), cart_view(loaded, on=TODAY).total.gross)


def test_carts_go_one_by_one_and_what_fails_is_told(world: World) -> None:
    Stock.objects.filter(sku=world.skus[0]).update(free=3)
    carts = [saved_cart(world, {world.skus[0]: 2}), saved_cart(world, {world.skus[0]: 2}),
             saved_cart(world, {world.skus[1]: 1})]  # fmt: skip
    Stock.objects.filter(sku=world.skus[0], warehouse=world.second_warehouse).update(free=0)

    sendings = [sending(cart) for cart in carts]
    sent = orders_submit(actor=actor_of(world.buyer), sendings=sendings, at=AT)
    again = orders_submit(actor=actor_of(world.buyer), sendings=sendings, at=AT)

    assert [type(one.refusal) for one in sent] == [type(None), StockShort, type(None)]
    assert [one.order for one in again] == [one.order for one in sent]
    assert Order.objects.count() == 2
    assert [held(cart) for cart in carts] == [{}, {world.skus[0].pk: 2}, {}]


def test_minimum_is_asked_of_each_cart(world: World) -> None:
    OrderMinimum.objects.create(city=world.city, amount=150)
    carts = [saved_cart(world, {world.skus[0]: 1}), saved_cart(world, {world.skus[0]: 2})]

    sent = orders_submit(actor=actor_of(world.buyer), sendings=[sending(cart) for cart in carts], at=AT)

    assert [type(one.refusal) for one in sent] == [BelowMinimum, type(None)]


def test_nothing_goes_with_a_cart_of_somebody_else(world: World) -> None:
    own = saved_cart(world, {world.skus[0]: 1})
    shared = saved_cart(world, {world.skus[0]: 1}, owner=world.head, sharing="edit")

    with pytest.raises(Cart.DoesNotExist):
        orders_submit(actor=actor_of(world.buyer), sendings=[sending(own), sending(shared)], at=AT)

    assert not Order.objects.exists()


def test_other_city_prices_the_copy_there(world: World) -> None:
    """Two places in one table: each cart at its own city's stock."""
    kazan = make_city("Казань")
    saved_cart(world, {world.skus[0]: 1})
    far = saved_cart(world, {world.skus[0]: 1})
    Cart.objects.filter(pk=far.pk).update(city=kazan)

    rows = {row.cart.city_id: row.view.problems for row in cart_rows(actor=actor_of(world.buyer), on=TODAY)}

    assert rows == {world.city.pk: 0, kazan.pk: 1}
