"""Quantities typed beside goods: kept, summed, put into the cart once."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Product
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract
from counterparties.permissions import ReadyRole
from counterparties.selectors import Workplace
from orders.models import Cart, CartLine, Pick, PickSheet
from orders.refusals import ContractClosed, PicksTooMany, PicksWentAlready
from orders.selectors.picks import PickDesk, PicksTotal, pick_desk, picks_total
from orders.services import picks as services
from orders.services.picks import picks_clear, picks_set, picks_to_cart
from tests.factories import AT, World, actor_of, make_cart, make_city, make_person, make_sku, make_unit

pytestmark = pytest.mark.django_db


def place(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "actor": actor_of(world.buyer),
        "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk,
        "city_id": world.city.pk,
        "at": AT,
        "seen_round": 0,
    } | changes


def desk(world: World, actor: Actor | None = None) -> PickDesk:
    workplace = Workplace(legal_entity=world.entity, contract=world.contract, city=world.city)
    return pick_desk(actor=actor or actor_of(world.buyer), workplace=workplace)


def kept(world: World, actor: Actor | None = None) -> dict[int, Decimal]:
    return {sku_id: line.quantity for sku_id, line in desk(world, actor).lines.items()}


# --- typing --------------------------------------------------------------------------------------
def test_picks_are_set_changed_and_taken_away(world: World) -> None:
    bolt, cable, book = (sku.pk for sku in world.skus)
    picks_set(**place(world), quantities={bolt: Decimal(3), cable: Decimal("2.5")})

    wrong = picks_set(**place(world), quantities={bolt: Decimal(0), cable: Decimal(7), book: Decimal(1)})

    assert wrong == {}
    assert kept(world) == {cable: Decimal(7), book: Decimal(1)}
    assert Cart.objects.count() == 0


def test_picks_set_twice_are_the_same(world: World) -> None:
    for _time in range(2):
        picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})

    assert kept(world) == {world.skus[0].pk: Decimal(3)}
    assert PickSheet.objects.count() == 1


def test_wrong_quantities_are_told_and_the_others_kept(world: World) -> None:
    bolt, cable = world.skus[0].pk, world.skus[1].pk
    piece = make_sku("Гайка", unit=make_unit(), stock={world.main_warehouse: 5})
    hidden = make_sku("Снятая", is_hidden=True)
    picks_set(**place(world), quantities={piece.pk: Decimal(2)})

    wrong = picks_set(
        **place(world),
        quantities={
            piece.pk: Decimal("1.5"),
            hidden.pk: Decimal(1),
            10**9: Decimal(1),
            bolt: Decimal(10**9),
            cable: Decimal(-1),
        },
    )

    assert set(wrong) == {piece.pk, hidden.pk, 10**9, bolt, cable}
    assert wrong[hidden.pk] == "Снято с продажи: Снятая."
    assert kept(world) == {piece.pk: Decimal(2)}


def test_picks_are_kept_apart_by_city_contract_person_and_draft(world: World) -> None:
    bolt = world.skus[0].pk
    colleague = make_person(world.holding)
    manager = Actor(
        **{**_fields(actor_of(world.buyer)), "impersonator_id": world.manager.pk, "is_drafting": True}
    )
    elsewhere = make_city("Казань")

    picks_set(**place(world), quantities={bolt: Decimal(1)})
    picks_set(**place(world, actor=actor_of(colleague)), quantities={bolt: Decimal(2)})
    picks_set(**place(world, actor=manager), quantities={bolt: Decimal(3)})
    picks_set(**place(world, city_id=elsewhere.pk), quantities={bolt: Decimal(4)})

    assert kept(world) == {bolt: Decimal(1)}
    assert kept(world, actor_of(colleague)) == {bolt: Decimal(2)}
    assert kept(world, manager) == {bolt: Decimal(3)}
    assert kept(world, actor_of(world.other_buyer)) == {}
    assert PickSheet.objects.count() == 4


def _fields(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


@pytest.mark.parametrize("act", [picks_set, picks_to_cart, picks_clear])
def test_strangers_and_viewers_are_refused(world: World, act: Any) -> None:
    more: dict[str, Any] = {"quantities": {world.skus[0].pk: Decimal(1)}} if act is picks_set else {}
    viewer = make_person(world.holding, ReadyRole.VIEWER)
    ours, theirs = (place(world, actor=actor_of(person)) for person in (viewer, world.other_buyer))
    if act is picks_clear:
        del ours["seen_round"], theirs["seen_round"]

    with pytest.raises(AccessDenied):
        act(**ours, **more)
    with pytest.raises(Contract.DoesNotExist):
        act(**theirs, **more)

    assert PickSheet.objects.count() == 0


def test_too_many_picks_are_refused_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PICKS", 2)
    picks_set(**place(world), quantities={world.skus[0].pk: Decimal(1)})

    with pytest.raises(PicksTooMany):
        picks_set(**place(world), quantities={sku.pk: Decimal(2) for sku in world.skus})

    assert kept(world) == {world.skus[0].pk: Decimal(1)}


# --- into the cart -------------------------------------------------------------------------------
def test_picks_go_to_the_cart_on_top_of_what_it_holds(world: World) -> None:
    bolt, cable, _book = world.skus
    cart = make_cart(world.buyer, world.contract, world.city, {bolt: 5})
    picks_set(**place(world), quantities={bolt.pk: Decimal(3), cable.pk: Decimal(2)})

    filled = picks_to_cart(**place(world))

    assert (filled.cart, filled.added, filled.left_out) == (cart, 2, ())
    assert dict(CartLine.objects.values_list("sku_id", "quantity")) == {bolt.pk: 8, cable.pk: 2}
    assert (kept(world), desk(world).round, desk(world).cart_lines) == ({}, 1, 2)


def test_picks_sent_twice_are_added_once(world: World) -> None:
    picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})
    picks_to_cart(**place(world))

    with pytest.raises(PicksWentAlready):
        picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})
    with pytest.raises(PicksWentAlready):
        picks_to_cart(**place(world))

    assert CartLine.objects.get().quantity == 3
    assert Pick.objects.count() == 0


def test_what_was_withdrawn_meanwhile_is_left_out_by_name(world: World) -> None:
    bolt, cable, _book = world.skus
    picks_set(**place(world), quantities={bolt.pk: Decimal(3), cable.pk: Decimal(2)})
    bolt.is_hidden = True
    bolt.save(update_fields=["is_hidden"])

    filled = picks_to_cart(**place(world))

    assert (filled.added, filled.left_out) == (1, (f"{bolt.name} (снято с продажи)",))
    assert kept(world) == {}


def test_closed_contract_leaves_the_picks(world: World) -> None:
    picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})
    Contract.objects.filter(pk=world.contract.pk).update(state="closed")

    with pytest.raises(ContractClosed):
        picks_to_cart(**place(world))

    assert kept(world) == {world.skus[0].pk: Decimal(3)}


@pytest.mark.django_db(transaction=True)
def test_fault_on_the_way_to_the_cart_leaves_all_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})

    def broken(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "_touch", broken)
    with pytest.raises(RuntimeError):
        picks_to_cart(**place(world))

    assert (kept(world), CartLine.objects.count()) == ({world.skus[0].pk: Decimal(3)}, 0)


def test_cleared_picks_do_not_come_back_from_an_old_page(world: World) -> None:
    picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})
    here = place(world)
    del here["seen_round"]

    picks_clear(**here)

    with pytest.raises(PicksWentAlready):
        picks_set(**place(world), quantities={world.skus[0].pk: Decimal(3)})
    assert kept(world) == {}


# --- what they come to ---------------------------------------------------------------------------
class Price:
    def __init__(self, amount: str, *, is_vat_included: bool = True) -> None:
        self.amount, self.is_vat_included = Decimal(amount), is_vat_included


def test_picks_are_summed_with_vat_line_by_line(world: World) -> None:
    bolt, cable, book = (sku.pk for sku in world.skus)
    picks_set(**place(world), quantities={bolt: Decimal(3), cable: Decimal("0.5"), book: Decimal(1)})

    total = picks_total(desk(world), {bolt: Price("10.005"), cable: Price("100", is_vat_included=False)})

    rate = desk(world).lines[cable].vat_percent or Decimal(0)
    gross = Decimal("30.02") + 50 * (100 + rate) / 100
    assert total == PicksTotal(count=3, gross=gross, unpriced=1, weight=Decimal(0), unweighed=3)


def test_picks_weigh_as_much_as_is_known(world: World) -> None:
    bolt, cable, book = (sku.pk for sku in world.skus)
    Product.objects.filter(skus=bolt).update(weight=Decimal("0.085"))
    Product.objects.filter(skus=cable).update(weight=Decimal("0.2"))
    picks_set(**place(world), quantities={bolt: Decimal(3), cable: Decimal("0.5"), book: Decimal(1)})

    total = picks_total(desk(world), {})

    assert (total.weight, total.unweighed) == (Decimal("0.355"), 1)


def test_pick_that_is_no_multiple_is_refused_with_an_offer(world: World) -> None:
    Product.objects.filter(skus=world.skus[0]).update(order_multiple=5)

    wrong = picks_set(**place(world), quantities={world.skus[0].pk: Decimal(7), world.skus[1].pk: Decimal(2)})

    assert "Заказать 5 или 10?" in wrong[world.skus[0].pk]
    assert kept(world) == {world.skus[1].pk: Decimal(2)}


@pytest.mark.parametrize("picks", [0, 1, 3])
def test_desk_takes_one_query(world: World, picks: int, django_assert_num_queries: Any) -> None:
    actor = actor_of(world.buyer)
    if picks:
        picks_set(**place(world), quantities={sku.pk: Decimal(1) for sku in world.skus[:picks]})

    with django_assert_num_queries(1):
        found = desk(world, actor)

    assert len(found.lines) == picks
