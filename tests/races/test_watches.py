"""Two runs look at the same watches at once: each is told once."""

from collections.abc import Callable
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from django.db.models import QuerySet

from accounts.models import Notice
from catalog.models import Sku, Stock
from orders.models import ArrivalWatch, ListWatch, ListWatchKind, PriceWatch
from orders.services import arrivals, watch_runs
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


def test_runs_at_once_tell_each_watch_once(settled_index: Callable[[], None]) -> None:
    waiting(make_world())
    settled_index()  # one that is taken over meanwhile would show some of the runs the former stock

    outcomes = crowd([lambda: watches_tell(at=AT)] * 4)

    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) >= 3
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    told = " ".join(Notice.objects.values_list("text", flat=True))
    for sku in Sku.objects.select_related("product"):
        assert told.count(sku.name) == 3  # its stock, its price, its place in the list
    assert not ArrivalWatch.objects.exists()
    assert not PriceWatch.objects.exists()
    assert ListWatch.objects.count() == 1


# --- a run begins while another one has not finished, and more has come meanwhile ------------------------
def arrivals_wait(world: World, sku: Sku) -> None:
    arrival_watch(actor=actor_of(world.buyer), city_id=world.city.pk, sku_id=sku.pk, at=AT)


def prices_wait(world: World, sku: Sku) -> None:
    price_watch(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        sku_id=sku.pk,
        price_below=Decimal(5),
        at=AT,
    )


def comes(sku: Sku) -> None:
    Stock.objects.filter(sku=sku).update(free=5)
    Price.objects.filter(sku=sku).update(amount=1)


def told_by_crossing_runs(
    wait: Callable[[World, Sku], None], monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """How often each of two goods is told; the second one comes while the first run is under way."""
    world = make_world()
    Stock.objects.update(free=0)
    first, second = Sku.objects.select_related("product").filter(prices__isnull=False).order_by("pk")[:2]
    for sku in (first, second):
        wait(world, sku)
    comes(first)
    is_inside, is_over = Event(), Event()
    look = watch_runs.lists_met

    def paused(**told: Any) -> Any:
        if not is_inside.is_set():
            is_inside.set()
            is_over.wait(timeout=2)  # without locks the other run waits for this one
        return look(**told)

    def later() -> int:
        is_inside.wait(timeout=30)
        comes(second)
        try:
            return watches_tell(at=AT)
        finally:
            is_over.set()

    monkeypatch.setattr(watch_runs, "lists_met", paused)
    outcomes = crowd([lambda: watches_tell(at=AT), later])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    watches_tell(at=AT)  # prices that the first run held while the other one looked
    told = " ".join(Notice.objects.values_list("text", flat=True))
    return {sku.name: told.count(sku.name) for sku in (first, second)}


@pytest.mark.parametrize("wait", [arrivals_wait, prices_wait])
def test_what_comes_while_a_run_is_under_way_is_told_once(
    wait: Callable[[World, Sku], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(told_by_crossing_runs(wait, monkeypatch).values()) == [1, 1]


@pytest.mark.parametrize("wait", [arrivals_wait, prices_wait])
def test_it_would_be_told_again_without_the_locks(
    wait: Callable[[World, Sku], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    monkeypatch.setattr(arrivals, "_COME", arrivals._COME.replace("FOR UPDATE OF watch SKIP LOCKED", ""))
    unlocked: Callable[..., object] = lambda queryset, **_options: queryset  # noqa: E731
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)

    assert list(told_by_crossing_runs(wait, monkeypatch).values()) == [2, 1]
