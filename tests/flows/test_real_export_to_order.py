"""A real export of 1C: goods in by the command line, on the pages, ordered, taken by 1C once."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from catalog.models import CityWarehouse, Sku, Stock, Warehouse
from integrations.models import ExchangeNode, OrderExport
from integrations.onec.client import OneCClient
from orders.models import Order
from pricing.models import CityPriceType, PriceType
from tests.factories import World, make_world
from tests.processes import celery_worker, wait_for

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = "PM-421-WP"
PASSWORD = "exchange-password"


@pytest.fixture
def world() -> World:
    world = make_world()
    node = ExchangeNode(code="ut", name="УТ", username="ut")
    node.set_password(PASSWORD)
    node.save()
    node.organizations.add(world.organization)
    world.organization.confirms_orders_itself = True
    world.organization.save()
    return world


def test_real_export_comes_in_and_its_order_goes_out(
    world: World, shared_data: Path, live_server: object, tmp_path: Path, client: Client
) -> None:
    url = f"{live_server.url}/bitrix/admin/1c_exchange.php"  # type: ignore[attr-defined]
    folder = shared_data / "commerceml" / "dobromyslov+commerceml-parser" / "data"

    with celery_worker(tmp_path):
        command = [sys.executable, "-m", "integrations.onec.client", "upload", "--url", url]
        command += ["--user", "ut", "--password", PASSWORD, str(folder)]
        sent = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert sent.returncode == 0, sent.stdout + sent.stderr
        _map_prices_and_warehouses(world)
        client.force_login(world.buyer)
        sku = Sku.objects.get(product__article=ARTICLE)
        page = client.get(reverse("catalog:product", args=[sku.product_id])).content.decode()
        order = _order(client, sku, quantity=2)
        wait_for(lambda: OrderExport.objects.filter(part__order=order).exists())

    assert "100,00" in page
    stock = Stock.objects.get(sku=sku, warehouse__name="Москва")
    free = stock.free
    assert stock.reserved == Decimal(2)

    one_c = OneCClient(url, "ut", PASSWORD)
    answer = one_c.fetch_orders()
    assert answer.violations == ()
    assert [document.number for document in answer.orders] == [f"{order.number}-1"]
    assert one_c.confirm_orders().ok
    assert OneCClient(url, "ut", PASSWORD).fetch_orders().orders == ()
    stock.refresh_from_db()
    assert (stock.free, stock.reserved) == (free - 2, Decimal(0))


def _map_prices_and_warehouses(world: World) -> None:
    """What an administrator does after the first exchange."""
    base = PriceType.objects.get(name="BASE")
    base.is_open = True
    base.save()
    CityPriceType.objects.filter(city=world.city).update(price_type=base)
    warehouse = Warehouse.objects.get(name="Москва")
    CityWarehouse.objects.create(city=world.city, warehouse=warehouse, position=9, delivery_days=2)


def _order(client: Client, sku: Sku, quantity: int) -> Order:
    """Cart and checkout through the pages, with what the forms themselves hold."""
    client.post(reverse("orders:cart_add"), {"sku": sku.pk, "quantity": quantity})
    form = html.fromstring(client.get(reverse("orders:checkout")).content).forms
    checkout = next(one for one in form if "idempotency_key" in one.fields)
    fields = {name: value for name, value in checkout.form_values() if name != "csrfmiddlewaretoken"}
    assert UUID(fields["idempotency_key"])
    answer = client.post(reverse("orders:checkout"), fields | {"delivery": "pickup"})
    assert answer.status_code == 302, answer.content.decode()
    return Order.objects.get()
