"""Many people order the last goods of thirty while 1C tells of stock: suite S4, in any size."""

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from uuid import uuid4

from django.db import OperationalError, connection
from django.db.models import F, Sum
from django.test import Client

from accounts.models import User
from catalog.models import City, CityWarehouse, Sku, Stock, Warehouse
from counterparties.models import Contract
from orders.models import OrderLine
from orders.refusals import StockShort
from orders.selectors import cart_view
from orders.services import order_submit
from pricing.models import CityPriceType, PriceType
from tests.factories import AT, TODAY, actor_of, make_cart, make_contract, make_legal_entity, make_person
from tests.integrations.onec_talk import (
    KAZAN,
    MOSCOW,
    Talk,
    catalog,
    changes,
    good,
    make_node,
    offer,
    package,
    rest,
)
from tests.races.crowd import crowd, crowds

GOODS = 30
LINES = 10


@dataclass(frozen=True)
class Shop:
    """A base of 1C, thirty goods of it and those who buy them."""

    talk: Talk
    city: City
    contract: Contract
    skus: tuple[Sku, ...]
    buyers: tuple[User, ...]


def guid(number: int) -> str:
    return f"bd8c4e15-18f9-11e7-80c2-{number:012}"


def make_shop(*, buyers: int, stock: int) -> Shop:
    """Goods come with the exchange, so that its later files find them; each of two warehouses has `stock`."""
    talk = Talk(Client(), make_node()).start()
    lying = rest(MOSCOW, str(stock)) + rest(KAZAN, str(stock))
    assert (
        talk.load("import.xml", catalog(*(good(guid(n), f"Гайка {n}") for n in range(GOODS))))[:7]
        == "success"
    )
    offers = package(*(offer(guid(n), name=f"Гайка {n}", rests=lying) for n in range(GOODS)))
    assert talk.load("offers.xml", offers).startswith("success")
    city = City.objects.create(name="Москва")
    for warehouse in Warehouse.objects.order_by("pk"):
        CityWarehouse.objects.create(city=city, warehouse=warehouse)
    PriceType.objects.update(is_open=True)
    CityPriceType.objects.create(city=city, price_type=PriceType.objects.get(name="Оптовая"))
    contract = make_contract(make_legal_entity())
    holding = contract.legal_entity.holding
    people = tuple(make_person(holding) for _number in range(buyers))
    return Shop(talk, city, contract, tuple(Sku.objects.order_by("pk")), people)


def buying(shop: Shop, buyer: User, *, orders: int, seed: int) -> Callable[[], Counter[str]]:
    """One connection that sends its orders one after another; counts what came of them."""
    dice = random.Random(seed)

    def send() -> str:
        with connection.cursor() as cursor:  # threads of one process take turns: they hold locks for long
            cursor.execute("SET lock_timeout = '60s'")
        wanted = {sku: dice.randint(1, 3) for sku in dice.sample(shop.skus, LINES)}
        cart = make_cart(buyer, shop.contract, shop.city, wanted)
        try:
            order_submit(
                actor=actor_of(buyer),
                cart_id=cart.pk,
                delivery_address_id=None,
                comment="",
                client_reference="",
                idempotency_key=uuid4(),
                expected_total=cart_view(cart, on=TODAY).total.gross,
                at=AT,
            )
        except StockShort:
            return "short"
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)
        finally:
            cart.delete()
        return "sent"

    return lambda: Counter(send() for _number in range(orders))


def told_by_1c(shop: Shop, stock: int, done: Callable[[], bool]) -> Counter[str]:
    """Files of changed stock, each one piece more than before: less than was sold is 1C's own affair."""
    told: Counter[str] = Counter()
    with connection.cursor() as cursor:  # a worker would load the file again; here nobody does
        cursor.execute("SET lock_timeout = '60s'")
    while not done() and told["files"] < 50:
        stock += 1
        lying = rest(MOSCOW, str(stock)) + rest(KAZAN, str(stock))
        moment = f"2026-11-21T10:{told['files']:02}:00"
        offers = (offer(guid(n), name=f"Гайка {n}", prices="-", rests=lying) for n in range(GOODS))
        answer = shop.talk.load(f"changes{told['files']}.xml", changes(*offers, formed=moment))
        told["files" if answer.startswith("success") else answer] += 1
    return told


def race(shop: Shop, *, orders: int, stock: int, processes: int = 1) -> tuple[Counter[str], Counter[str]]:
    """What became of all orders, and of the files that came meanwhile."""
    ended = multiprocessing.get_context("fork").Value("i", 0)

    def counted(act: Callable[[], Counter[str]]) -> tuple[str, Counter[str]]:
        try:
            return "orders", act()
        finally:
            with ended.get_lock():
                ended.value += 1

    def telling() -> tuple[str, Counter[str]]:
        return "files", told_by_1c(shop, stock, lambda: ended.value == len(shop.buyers))

    buyers = [
        partial(counted, buying(shop, buyer, orders=orders, seed=seed))
        for seed, buyer in enumerate(shop.buyers)
    ]
    acts = [*buyers, telling]
    outcomes = crowd(acts) if processes == 1 else crowds(acts, processes=processes)
    told = {"orders": Counter[str](), "files": Counter[str]()}
    for one in outcomes:
        if isinstance(one, Exception):
            raise one
        told[one[0]] += one[1]
    return told["orders"], told["files"]


def oversold() -> int:
    """Rows of stock of which more is promised than there is."""
    return Stock.objects.filter(reserved__gt=F("free")).count()


def misreserved() -> list[tuple[int, int]]:
    """Places whose reserve is not what the orders hold there."""
    held: dict[tuple[int, int | None], Decimal] = {
        (sku, warehouse): quantity
        for sku, warehouse, quantity in OrderLine.objects.values_list("sku", "part__warehouse").annotate(
            held=Sum("quantity")
        )
    }
    return [
        (row.sku_id, row.warehouse_id)
        for row in Stock.objects.all()
        if row.reserved != held.get((row.sku_id, row.warehouse_id), Decimal(0))
    ]
