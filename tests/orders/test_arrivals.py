"""«Сообщить о поступлении»: asked for once, told once, seen by nobody else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from accounts.services.notices import notice_settings_save
from catalog.models import City, Sku, Stock
from orders.models import ArrivalWatch
from orders.refusals import WatchesTooMany
from orders.services import arrivals
from orders.services.arrivals import arrival_mail, arrival_watch, arrivals_tell
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


def told() -> list[dict[str, object]]:
    return list(Job.objects.filter(handler="orders.handlers.send_arrival").values_list("payload", flat=True))


def test_arrival_is_told_once(world: World, absent: Sku) -> None:
    watch(world, absent)
    watch(world, absent)

    assert arrivals_tell(at=AT) == 0
    arrive(absent)
    assert arrivals_tell(at=AT) == 1
    assert arrivals_tell(at=AT + timedelta(minutes=5)) == 0

    (payload,) = told()
    assert payload == {
        "user_id": world.buyer.pk,
        "city_id": world.city.pk,
        "sku_ids": [absent.pk],
        "at": AT.isoformat(),
    }
    assert not ArrivalWatch.objects.exists()


def test_second_wait_for_the_same_goods_is_told_again(world: World, absent: Sku) -> None:
    for day in range(2):
        watch(world, absent)
        arrive(absent)
        arrivals_tell(at=AT + timedelta(days=day))

    assert len(told()) == 2


@pytest.mark.parametrize("case", ["reserved", "another city", "closed city", "hidden"])
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

    assert arrivals_tell(at=AT) == 0
    assert ArrivalWatch.objects.count() == 1


def test_letter_names_goods_and_leads_to_them(world: World, absent: Sku) -> None:
    assert (
        arrival_mail(user_id=world.buyer.pk, city_id=world.city.pk, sku_ids=[absent.pk], at=AT, key="k") == 1
    )

    (letter,) = mail.outbox
    assert letter.to == [world.buyer.email]
    assert absent.name in letter.body
    assert reverse("catalog:product", args=[absent.product_id]) in letter.body


def test_dismissed_person_gets_no_letter(world: World, absent: Sku) -> None:
    world.buyer.is_active = False
    world.buyer.save()

    sent = arrival_mail(user_id=world.buyer.pk, city_id=world.city.pk, sku_ids=[absent.pk], at=AT, key="k")

    assert (sent, mail.outbox) == (0, [])


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


def test_who_refused_such_letters_finds_it_in_the_inbox(world: World, absent: Sku) -> None:
    notice_settings_save(user_id=world.buyer.pk, mailed=set(), quiet_hours=None)

    for _attempt in range(2):
        arrival_mail(user_id=world.buyer.pk, city_id=world.city.pk, sku_ids=[absent.pk], at=AT, key="k")

    notice = Notice.objects.get()
    assert (notice.user, notice.kind, mail.outbox) == (world.buyer, "goods_arrived", [])
    assert absent.name in notice.text
    assert notice.address == reverse("catalog:product", args=[absent.product_id])


def test_letter_of_arrival_can_be_refused(world: World, absent: Sku) -> None:
    arrival_mail(user_id=world.buyer.pk, city_id=world.city.pk, sku_ids=[absent.pk], at=AT, key="k")

    assert "/accounts/unsubscribe/" in mail.outbox[0].message()["List-Unsubscribe"]
