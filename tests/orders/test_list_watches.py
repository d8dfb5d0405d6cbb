"""What comes into a list of the catalogue is told; what was there, or only moved, is not."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from catalog.models import Stock
from orders.models import ListWatch, ListWatchKind
from orders.refusals import ListWatchesTooMany
from orders.services import list_watches
from orders.services.list_watches import list_watch
from orders.services.watch_runs import watches_tell
from tests.factories import AT, World, actor_of, make_sku

pytestmark = pytest.mark.django_db


def watch(world: World, kind: ListWatchKind = ListWatchKind.NEW, **asked: object) -> ListWatch:
    return list_watch(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        kind=kind,
        name="Всё",
        address="/catalog/?stock=all",
        asked=asked,
        at=AT,
    )


def browser(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def test_new_goods_are_told_once(world: World) -> None:
    watch(world)
    assert watches_tell(at=AT) == 0

    sku = make_sku("Новинка", stock={world.main_warehouse: 5})

    assert watches_tell(at=AT) == 1
    assert watches_tell(at=AT) == 0
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.address) == (world.buyer, "list_news", "/catalog/?stock=all")
    assert notice.text == sku.name


def test_what_comes_in_stock_again_is_told_again_and_is_no_new_good(world: World) -> None:
    watch(world)
    watch(world, ListWatchKind.STOCK)

    for _time in range(2):
        Stock.objects.filter(sku=world.skus[0]).update(free=0)
        assert watches_tell(at=AT) == 0
        Stock.objects.filter(sku=world.skus[0]).update(free=5)
        Notice.objects.all().delete()
        assert watches_tell(at=AT) == 1


def test_price_of_the_filter_is_the_persons_own(world: World) -> None:
    watch(world, price=[None, "50"])
    assert watches_tell(at=AT) == 0

    world.skus[0].prices.update(amount=40)

    assert watches_tell(at=AT) == 1
    assert Notice.objects.get().text == world.skus[0].name


def test_same_list_is_watched_once(world: World) -> None:
    watch(world, search="болт")
    watch(world, search="болт")
    watch(world, search="гайка")

    assert ListWatch.objects.count() == 2


def test_nobody_watches_more_lists_than_he_could(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_watches, "MOST_LIST_WATCHES", 1)
    watch(world, search="болт")

    with pytest.raises(ListWatchesTooMany):
        watch(world, search="гайка")
    assert ListWatch.objects.count() == 1


def test_page_of_a_list_offers_to_watch_it(world: World) -> None:
    client = browser(world.buyer)
    found = client.get(reverse("catalog:index"), {"q": "болт", "price_to": "500"})
    assert reverse("orders:list_watch") in found.content.decode()

    client.post(reverse("orders:list_watch"), {"query": "q=болт&price_to=500&page=3", "kind": "new"})

    kept = ListWatch.objects.get()
    assert kept.asked == {"search": "болт", "price": [None, "500"]}
    assert kept.name == "болт"
    assert client.get(kept.address).status_code == 200
    page = client.get(reverse("orders:waited")).content.decode()
    assert "Списки каталога" in page
    assert browser(world.other_buyer).post(reverse("orders:list_unwatch", args=[kept.pk])).status_code == 404
    client.post(reverse("orders:list_unwatch", args=[kept.pk]))
    assert not ListWatch.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "x"},
        {"kind": "new", "section": "987654"},
        {"kind": "new", "section": "-1"},
        {"kind": "new", "query": "q" * 5000},
    ],
)
def test_nonsense_is_not_found(world: World, sent: dict[str, str]) -> None:
    assert browser(world.buyer).post(reverse("orders:list_watch"), sent).status_code == 404
    assert not ListWatch.objects.exists()
