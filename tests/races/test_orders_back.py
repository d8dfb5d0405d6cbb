"""Orders that go out and come back at the same moment."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from django.db import transaction

from catalog.models import Stock
from integrations.models import ExchangeNode, ExchangeSession, OrderExport
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.ids import ExternalIds
from integrations.services.incoming import documents
from integrations.services.incoming.load import incoming_load
from integrations.services.incoming.work import Work
from integrations.services.orders import orders_accept, orders_offer
from orders.models import Order
from orders.services import order_cancel
from orders.states import OrderState
from tests.factories import AT, World, actor_of
from tests.integrations.erp_files import good, message, order
from tests.integrations.erp_world import BOLT, make_erp_world, ordered
from tests.integrations.onec_talk import make_node
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 8


@pytest.fixture
def node(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> ExchangeNode:
    monkeypatch.setattr("portal.outbox.sending.send", len)
    return make_node()


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


def file_of(orders: list[Order], folder: Path, *, state: str = "К отгрузке") -> Path:
    """All orders, the last first: against the order in which `success` locks them."""
    told = [
        order(
            made.parts.get().number,
            good(BOLT, "Болт", "1", "100", "100"),
            "100",
            external_id=f"doc-{made.pk}",
            told=[("Номер по 1С", f"УТ-{made.pk}"), ("Статус заказа", state)],
        )
        for made in reversed(orders)
    ]
    path = folder / f"{uuid4()}.xml"
    path.write_text(message(*told))
    return path


def loading(node: ExchangeNode, path: Path) -> Callable[[], None]:
    def load() -> None:
        context = LoadContext(
            node_id=node.pk,
            file_name="orders.xml",
            at=AT,
            tell=lambda text: None,
            uploads=None,  # type: ignore[arg-type]
            ids=ExternalIds(node.pk),
        )
        with transaction.atomic():
            incoming_load(context, path)

    return load


def test_success_and_the_orders_themselves_arrive_at_once(
    world: World, node: ExchangeNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`success` comes while the file holds the parts and has yet to note them as taken."""
    orders = [ordered(world, {0: "1"}, "100") for _place in range(ORDERS)]
    session = ExchangeSession.objects.create(node=node, kind="sale", started_at=AT, seen_at=AT)
    orders_offer(session=session, at=AT)
    is_there, settle = Event(), documents.settle_exports

    def slowly(work: Work) -> None:
        is_there.set()
        time.sleep(0.5)
        settle(work)

    def confirm() -> int:
        is_there.wait(timeout=30)
        return orders_accept(session=session, at=AT)

    monkeypatch.setattr(documents, "settle_exports", slowly)

    outcomes = crowd([confirm, loading(node, file_of(orders, tmp_path))])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (10 - ORDERS, 0)
    assert set(OrderExport.objects.values_list("state", flat=True)) == {"accepted"}


def test_person_and_1c_cancel_orders_at_once(world: World, node: ExchangeNode, tmp_path: Path) -> None:
    """An order that waits is the person's to cancel, one in work is 1C's; the stock is freed once."""
    orders = [ordered(world, {0: "1"}, "100") for _place in range(2)]
    waiting = orders[0]
    Order.objects.filter(pk=waiting.pk).update(state=OrderState.SUBMITTED, confirmed_at=None)
    buyer = actor_of(world.buyer)
    acts: list[Callable[[], object]] = [
        loading(node, file_of(orders, tmp_path, state="Отменен")),
        lambda: order_cancel(order_id=waiting.pk, actor=buyer, at=AT + timedelta(minutes=1)),
    ]

    outcomes = crowd(acts)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert set(Order.objects.values_list("state", flat=True)) == {OrderState.CANCELLED}
    stock = Stock.objects.get(sku=world.skus[0], warehouse=world.main_warehouse)
    assert (stock.free, stock.reserved) == (10, 0)
