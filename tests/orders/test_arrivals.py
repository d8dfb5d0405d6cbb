"""«Сообщить о поступлении»: asked for once, told once, seen by nobody else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from catalog.models import City, Sku, Stock
from orders.models import ArrivalWatch
from orders.refusals import WatchesTooMany
from orders.services import arrivals
from orders.services.arrivals import arrival_watch
from orders.services.watch_runs import watches_tell
from portal.outbox.models import Job
from tests.factories import AT, World, actor_of, make_city, make_sku, make_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def absent(world: World) -> Sku:
    """A sku that has run out where the buyer is."""
    sku = make_sku()
    make_stock(sku, world.main_warehouse, 0)
    return sku


@pytest.fixture
def buyer(world: World) -> Client:
    client = Client()
    client.force_login(world.buyer)
    return client


def watch(world: World, sku: Sku) -> None:
    arrival_watch(actor=actor_of(world.buyer), city_id=world.city.pk, sku_id=sku.pk, at=AT)


def arrive(sku: Sku) -> None:
    Stock.objects.filter(sku=sku).update(free=5)


def told() -> list[str]:
    return list(Notice.objects.filter(kind="goods_arrived").order_by("pk").values_list("text", flat=True))


def test_arrival_is_told_once(world: World, absent: Sku) -> None:
    watch(world, absent)
    watch(world, absent)

    assert watches_tell(at=AT) == 0
    arrive(absent)
    assert watches_tell(at=AT) == 1
    assert watches_tell(at=AT + timedelta(minutes=5)) == 0

    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (world.buyer, "goods_arrived")
    assert notice.text == f"В наличии ({world.city.name}): {absent.name}"
    assert notice.address == reverse("catalog:product", args=[absent.product_id])
    assert not ArrivalWatch.objects.exists()


def test_second_wait_for_the_same_goods_is_told_again(world: World, absent: Sku) -> None:
    for _time in range(2):
        watch(world, absent)
        arrive(absent)
        watches_tell(at=AT)

    assert len(told()) == 2


@pytest.mark.parametrize("case", ["reserved", "another city", "closed city", "hidden", "too little"])
def test_what_the_person_cannot_have_is_not_told(world: World, absent: Sku, case: str) -> None:
    watch(world, absent)
    arrive(absent)
    if case == "reserved":
        Stock.objects.filter(sku=absent).update(reserved=5)
    if case == "another city":
        ArrivalWatch.objects.update(city=make_city("Казань"))
    if case == "closed city":
        City.objects.filter(pk=world.city.pk).update(is_active=False)
    if case == "hidden":
        Sku.objects.filter(pk=absent.pk).update(is_hidden=True)
    if case == "too little":
        ArrivalWatch.objects.update(quantity=6)

    assert watches_tell(at=AT) == 0
    assert (ArrivalWatch.objects.count(), told()) == (1, [])


def test_quantity_is_summed_over_the_warehouses_of_the_city(world: World, absent: Sku) -> None:
    arrival_watch(
        actor=actor_of(world.buyer), city_id=world.city.pk, sku_id=absent.pk, quantity=Decimal(8), at=AT
    )
    arrive(absent)
    assert watches_tell(at=AT) == 0

    make_stock(absent, world.second_warehouse, 3)

    assert watches_tell(at=AT) == 1


def test_many_arrivals_make_one_letter(world: World, absent: Sku) -> None:
    for number in range(15):
        sku = make_sku(f"Гайка М{number}")
        make_stock(sku, world.main_warehouse, 5)
        watch(world, sku)

    watches_tell(at=AT)

    (text,) = told()
    assert text.endswith("и ещё 3")
    assert Notice.objects.get().address == reverse("orders:waited")
    assert Job.objects.filter(handler="accounts.services.notices.notice_mail").count() == 1


def test_dismissed_person_is_told_nothing(world: World, absent: Sku) -> None:
    watch(world, absent)
    arrive(absent)
    world.buyer.is_active = False
    world.buyer.save()

    assert watches_tell(at=AT) == 0
    assert told() == []


def test_nobody_waits_for_more_than_he_could(
    world: World, absent: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MOST_WATCHES", 1)
    watch(world, absent)
    watch(world, absent)

    with pytest.raises(WatchesTooMany):
        watch(world, make_sku())


def test_product_page_offers_to_wait_and_takes_it_back(buyer: Client, world: World, absent: Sku) -> None:
    page = reverse("catalog:product", args=[absent.product_id])
    assert "Сообщить о поступлении" in buyer.get(page).content.decode()

    buyer.post(reverse("orders:watch"), {"sku": absent.pk, "next": page})

    mine = ArrivalWatch.objects.get(user=world.buyer, sku=absent, city=world.city)
    assert "Сообщим о поступлении" in buyer.get(page).content.decode()
    assert absent.name in buyer.get(reverse("orders:waited")).content.decode()
    answer = buyer.post(reverse("orders:unwatch", args=[mine.pk]), {"next": page})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert not ArrivalWatch.objects.exists()


def test_goods_at_hand_are_not_waited_for(buyer: Client, world: World) -> None:
    page = reverse("catalog:product", args=[world.skus[0].product_id])

    assert "Сообщить о поступлении" not in buyer.get(page).content.decode()


@pytest.mark.parametrize("sku", ["", "0", "-1", "x", "99999999999999999999", "4242424"])
def test_wait_for_nothing_known_is_not_found(buyer: Client, world: World, sku: str) -> None:
    assert buyer.post(reverse("orders:watch"), {"sku": sku}).status_code == 404


def test_anothers_wait_is_not_found(world: World, absent: Sku) -> None:
    watch(world, absent)
    stranger = Client()
    stranger.force_login(world.other_buyer)

    answer = stranger.post(reverse("orders:unwatch", args=[ArrivalWatch.objects.get().pk]))

    assert answer.status_code == 404
    assert ArrivalWatch.objects.count() == 1
    assert "Вы ничего не ждёте" in stranger.get(reverse("orders:waited")).content.decode()


def test_product_page_tells_sizes_recommended_price_and_markup(buyer: Client, world: World) -> None:
    sku = world.skus[0]
    product = sku.product
    product.weight, product.order_multiple = Decimal("0.085"), Decimal(5)
    product.save()
    own = sku.prices.get(price_type__is_recommended=False)
    retail = type(own.price_type).objects.create(name="РРЦ", is_recommended=True)
    sku.prices.create(price_type=retail, amount=own.amount * 2, updated_at=AT)

    page = buyer.get(reverse("catalog:product", args=[product.pk])).content.decode().replace("&nbsp;", " ")

    assert "85\N{NO-BREAK SPACE}г" in page
    assert "Отпускаем по" in page
    assert "наценка 100%" in page
