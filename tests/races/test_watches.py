"""Two runs look at the same watches at once: each is told once."""

from decimal import Decimal

import pytest

from accounts.models import Notice
from catalog.models import Sku, Stock
from orders.models import ArrivalWatch, ListWatch, ListWatchKind, PriceWatch
from orders.services.arrivals import arrival_watch
from orders.services.list_watches import list_watch
from orders.services.price_watches import price_watch
from orders.services.watch_runs import watches_tell
from pricing.models import Price
from tests.factories import AT, World, actor_of, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(world: World) -> None:
    place = {
        "actor": actor_of(world.buyer),
        "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk,
        "city_id": world.city.pk,
        "at": AT,
    }
    Stock.objects.update(free=0)
    for sku in world.skus:
        arrival_watch(actor=actor_of(world.buyer), city_id=world.city.pk, sku_id=sku.pk, at=AT)
        price_watch(sku_id=sku.pk, price_below=Decimal(5), **place)
    list_watch(kind=ListWatchKind.STOCK, name="Всё", address="/catalog/", asked={}, **place)
    Stock.objects.update(free=5)
    Price.objects.update(amount=1)


def test_runs_at_once_tell_each_watch_once() -> None:
    waiting(make_world())

    outcomes = crowd([lambda: watches_tell(at=AT)] * 4)

    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) >= 3
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    told = " ".join(Notice.objects.values_list("text", flat=True))
    for sku in Sku.objects.select_related("product"):
        assert told.count(sku.name) == 3  # its stock, its price, its place in the list
    assert not ArrivalWatch.objects.exists()
    assert not PriceWatch.objects.exists()
    assert ListWatch.objects.count() == 1
