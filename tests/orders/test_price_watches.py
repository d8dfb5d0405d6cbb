"""A person's own price falls, changes, comes: told once, to those who may see it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from catalog.models import Sku
from counterparties.models import Contract, ContractState, LegalEntity, Membership
from orders.models import ArrivalWatch, PriceWatch
from orders.refusals import WatchesTooMany
from orders.services import price_watches
from orders.services.price_watches import price_watch
from orders.services.watch_runs import watches_tell
from portal.outbox.models import Job
from pricing.models import Price
from tests.factories import AT, World, actor_of, make_contract, make_price_type, make_sku

pytestmark = pytest.mark.django_db


def watch(world: World, sku: Sku, below: str | None = None) -> PriceWatch:
    return price_watch(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        sku_id=sku.pk,
        price_below=None if below is None else Decimal(below),
        at=AT,
    )


def cost(sku: Sku, amount: str) -> None:
    Price.objects.filter(sku=sku).update(amount=Decimal(amount))


def browser(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize(("price", "told"), [("95.01", 0), ("95.00", 0), ("94.99", 1), ("0", 0)])
def test_price_below_a_sum_is_told_once(world: World, price: str, told: int) -> None:
    sku = world.skus[0]
    watch(world, sku, "95")

    cost(sku, price)

    assert watches_tell(at=AT) == told
    assert watches_tell(at=AT) == 0
    assert (Notice.objects.count(), PriceWatch.objects.count()) == (told, 1 - told)


def test_letter_names_the_price_then_and_now(world: World) -> None:
    watch(world, world.skus[0], "95")
    cost(world.skus[0], "90")

    watches_tell(at=AT)

    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (world.buyer, "price_met")
    assert notice.text == f"{world.skus[0].name}: 90,00 ₽, было 100,00 ₽"
    assert notice.address == reverse("catalog:product", args=[world.skus[0].product_id])


def test_any_new_price_is_told_each_time(world: World) -> None:
    watch(world, world.skus[0])
    assert watches_tell(at=AT) == 0

    for price in ("110", "100"):
        cost(world.skus[0], price)
        assert watches_tell(at=AT) == 1
        assert watches_tell(at=AT) == 0

    assert PriceWatch.objects.get().price_then == Decimal(100)


def test_price_is_that_of_the_contract(world: World) -> None:
    dealer = make_price_type("Дилерская")
    contract = make_contract(world.entity, price_type=dealer, is_default=False)
    Price.objects.create(sku=world.skus[0], price_type=dealer, amount=50, updated_at=AT)
    one = watch(world, world.skus[0], "60")
    PriceWatch.objects.filter(pk=one.pk).update(contract=contract)

    watches_tell(at=AT)

    assert "50,00" in Notice.objects.get().text


def test_all_that_one_person_waits_for_makes_one_letter(world: World) -> None:
    for sku in world.skus:
        watch(world, sku, "1")
        cost(sku, "0.50")
    other = make_contract(world.entity, is_default=False)
    again = watch(world, world.skus[0], "1")
    again.pk, again.contract = None, other
    again.save()

    assert watches_tell(at=AT) == 1

    assert Job.objects.filter(handler="accounts.services.notices.notice_mail").count() == 1
    assert not PriceWatch.objects.exists()


def test_who_lost_the_firm_is_told_nothing(world: World) -> None:
    watch(world, world.skus[0], "95")
    cost(world.skus[0], "90")
    Membership.objects.filter(user=world.buyer).update(is_active=False)

    assert watches_tell(at=AT) == 0

    assert (Notice.objects.count(), PriceWatch.objects.count()) == (0, 0)


def test_closed_contract_tells_nothing_and_is_kept(world: World) -> None:
    watch(world, world.skus[0], "95")
    cost(world.skus[0], "90")
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    assert watches_tell(at=AT) == 0
    assert PriceWatch.objects.count() == 1


def test_asked_again_it_waits_for_the_new_sum(world: World) -> None:
    watch(world, world.skus[0], "95")
    watch(world, world.skus[0], "80")

    assert PriceWatch.objects.get().price_below == Decimal(80)


def test_anothers_contract_and_firm_are_not_found(world: World) -> None:
    told = {
        "actor": actor_of(world.buyer), "city_id": world.city.pk, "sku_id": world.skus[0].pk,
        "price_below": None, "at": AT,
    }  # fmt: skip
    with pytest.raises(LegalEntity.DoesNotExist):
        price_watch(legal_entity_id=world.other_entity.pk, contract_id=None, **told)
    with pytest.raises(Contract.DoesNotExist):
        price_watch(legal_entity_id=world.entity.pk, contract_id=world.other_contract.pk, **told)
    assert not PriceWatch.objects.exists()


def test_nobody_waits_for_more_prices_than_he_could(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_watches, "MOST_PRICE_WATCHES", 1)
    watch(world, world.skus[0])
    watch(world, world.skus[0])

    with pytest.raises(WatchesTooMany):
        watch(world, world.skus[1])
    assert PriceWatch.objects.count() == 1


def test_terms_compared_longest_ago_come_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_watches, "MOST_TERMS", 1)
    watch(world, world.skus[0], "95")
    other = watch(world, world.skus[1], "95")
    PriceWatch.objects.filter(pk=other.pk).update(contract=make_contract(world.entity, is_default=False))
    for sku in world.skus:
        cost(sku, "1")

    assert [watches_tell(at=AT) for _run in range(3)] == [1, 1, 0]


# --- pages ---------------------------------------------------------------------------------------
def test_form_keeps_changes_and_drops(world: World) -> None:
    client, sku = browser(world.buyer), world.skus[0]
    address = reverse("orders:watch_sku", args=[sku.pk])

    answer = client.post(address, {"stock": "on", "quantity": "12", "wish": "below", "below": "90,50"})

    assert answer.status_code == 302
    assert ArrivalWatch.objects.get().quantity == Decimal(12)
    assert PriceWatch.objects.get().price_below == Decimal("90.50")
    page = client.get(reverse("orders:waited")).content.decode()
    assert "цену ниже 90,50" in page
    assert "от 12" in page
    form = client.get(address).content.decode()
    assert ('value="12"' in form, 'value="90,50"' in form) == (True, True)
    client.post(address, {"wish": "any"})
    assert not ArrivalWatch.objects.exists()
    assert PriceWatch.objects.get().price_below is None
    client.post(address, {"wish": "no"})
    assert not PriceWatch.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"wish": "below"},
        {"wish": "below", "below": "-1"},
        {"wish": "below", "below": "NaN"},
        {"wish": "below", "below": "9" * 40},
        {"wish": "x"},
        {},
        {"wish": "no", "stock": "on", "quantity": "1.5"},
        {"wish": "no", "stock": "on", "quantity": "9" * 50},
        {"wish": "no", "stock": "on", "quantity": "<b>"},
    ],
)
def test_nonsense_is_refused_and_nothing_kept(world: World, sent: dict[str, str]) -> None:
    answer = browser(world.buyer).post(reverse("orders:watch_sku", args=[world.skus[0].pk]), sent)

    assert answer.status_code == 422
    assert not PriceWatch.objects.exists()
    assert not ArrivalWatch.objects.exists()


def test_form_that_is_refused_in_part_keeps_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.services.price_watches.MOST_PRICE_WATCHES", 0)
    address = reverse("orders:watch_sku", args=[world.skus[0].pk])

    answer = browser(world.buyer).post(address, {"stock": "on", "wish": "any"})

    assert answer.status_code == 422
    assert not ArrivalWatch.objects.exists()
    assert not PriceWatch.objects.exists()


def test_quantity_that_is_not_told_cannot_be_asked_for(world: World) -> None:
    group = world.holding.group or type(world.holding)._meta.get_field("group").related_model.objects.create(
        name="Скрытные", stock_mask="over10"
    )
    type(world.holding).objects.filter(pk=world.holding.pk).update(group=group)
    address = reverse("orders:watch_sku", args=[world.skus[0].pk])
    client = browser(world.buyer)

    assert client.post(address, {"wish": "no", "stock": "on", "quantity": "11"}).status_code == 422
    assert not ArrivalWatch.objects.exists()
    assert client.post(address, {"wish": "no", "stock": "on", "quantity": "10"}).status_code == 302


def test_marked_go_to_the_cart_or_are_dropped(world: World) -> None:
    first, second = watch(world, world.skus[0]), watch(world, world.skus[1])
    client, move = browser(world.buyer), reverse("orders:watches_move")

    client.post(move, {"act": "cart", "mark": [f"p{first.pk}", "p999", "x", "a" * 5000]})
    in_cart = world.buyer.carts.get().lines.values_list("sku_id", flat=True)
    assert list(in_cart) == [world.skus[0].pk]

    client.post(move, {"act": "drop", "mark": [f"p{first.pk}"]})
    assert PriceWatch.objects.get() == second


def test_stranger_drops_nothing_and_sees_nothing(world: World) -> None:
    one = watch(world, world.skus[0])
    stranger = browser(world.other_buyer)

    stranger.post(reverse("orders:watches_move"), {"act": "drop", "mark": [f"p{one.pk}"]})
    answer = stranger.post(reverse("orders:price_unwatch", args=[one.pk]))

    assert answer.status_code == 404
    assert PriceWatch.objects.count() == 1
    assert world.skus[0].name not in stranger.get(reverse("orders:waited")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries(world: World, django_assert_num_queries: object, rows: int) -> None:
    for _row in range(rows):
        watch(world, make_sku(), "1")
    client = browser(world.buyer)
    client.get(reverse("orders:waited"))

    with django_assert_num_queries(14):  # type: ignore[operator]
        client.get(reverse("orders:waited"))
