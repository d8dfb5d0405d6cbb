"""The demonstration's requests of prices."""

from collections.abc import Sequence

import pytest

from catalog.models import City, Sku, Warehouse
from integrations.demo import quotes as demo_quotes
from integrations.demo.company import company_fill
from integrations.demo.quotes import quotes_fill
from orders.models import Quote
from pricing.models import CityPriceType, PriceType
from tests.factories import make_price, make_sku, make_stock, make_warehouse

pytestmark = pytest.mark.django_db


def test_there_is_one_in_each_state(monkeypatch: pytest.MonkeyPatch) -> None:
    company_fill()
    goods = [make_sku(f"Товар {number}", price=None) for number in range(3)]
    kind = PriceType.objects.filter(is_open=True).first() or PriceType.objects.create(
        name="Опт", is_open=True, is_base=True
    )
    PriceType.objects.filter(pk=kind.pk).update(is_base=True)
    CityPriceType.objects.all().delete()
    for city in City.objects.all():
        warehouse: Warehouse = make_warehouse(city, name=f"Склад {city.pk}")
        for sku in goods:
            make_stock(sku, warehouse, 1000)
    for sku in goods:
        make_price(sku, 5000, price_type=kind)

    def sold(*_args: object, **_told: object) -> Sequence[Sku]:
        return list(Sku.objects.select_related("product").filter(pk__in=[sku.pk for sku in goods]))

    monkeypatch.setattr(demo_quotes, "goods_sold", sold)

    quotes_fill()
    quotes_fill()

    states = sorted(Quote.objects.values_list("state", flat=True))
    assert states == [
        "accepted",
        "declined",
        "expired",
        "in_work",
        "offered",
        "partly_accepted",
        "submitted",
        "withdrawn",
    ]
