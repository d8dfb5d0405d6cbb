"""The administrator's lists of goods, cities, prices."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import (
    AbsentPolicy,
    Application,
    City,
    CityWarehouse,
    Product,
    ProductApplication,
    SearchPin,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SuggestedPhrase,
)
from counterparties.models import ClientGroup, Holding
from tests.catalog.samples import make_paper, make_picture, make_property, make_section
from tests.factories import (
    World,
    make_city,
    make_contract,
    make_price_type,
    make_product,
    make_sku,
    make_warehouse,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "catalog_city", "catalog_warehouse", "catalog_classifier", "catalog_section", "catalog_brand",
    "catalog_unit", "catalog_property", "catalog_product", "catalog_sku",
    "catalog_application", "catalog_productpaper", "counterparties_clientgroup", "catalog_searchsynonym",
    "catalog_searchpin", "catalog_searchredirect", "catalog_searchstopword", "catalog_suggestedphrase",
    "pricing_pricetype", "pricing_citypricetype", "pricing_contractpricing",
]  # fmt: skip


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


def queries_of(client: Client, target: str, django_assert_max: object) -> int:
    with django_assert_max as seen:  # type: ignore[attr-defined]
        assert client.get(target).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", LISTS)
def test_admin_list_takes_the_same_queries_whatever_its_rows(
    administrator: Client, world: World, name: str, django_assert_max_num_queries: object
) -> None:
    target = reverse(f"admin:{name}_changelist")
    _one_more_of_everything(world)
    few = queries_of(administrator, target, django_assert_max_num_queries(30))  # type: ignore[operator]
    for _ in range(2):
        _one_more_of_everything(world)

    many = queries_of(administrator, target, django_assert_max_num_queries(30))  # type: ignore[operator]

    assert many == few


def _one_more_of_everything(world: World) -> None:
    number = Product.objects.count()
    city = make_city(f"Город {number}", price_type=make_price_type(f"Вид цен {number}"))
    sku = make_sku(product=make_product(f"Товар {number}"), stock={make_warehouse(city): 1})
    make_section(f"Раздел {number}", parent=make_section(f"Верх {number}"), goods=[sku])
    make_property(sku.product, f"Свойство {number}", "да")
    fits = Application.objects.create(kind=f"Объект {number}")
    ProductApplication.objects.create(product=sku.product, application=fits)
    make_paper(sku.product, number=str(number))
    SearchSynonym.objects.create(phrase=f"слово {number}", meaning="товар")
    SearchPin.objects.create(query=f"слово {number}", product=sku.product)
    SearchRedirect.objects.create(query=f"слово {number}", section=sku.product.sections.get())
    SearchStopWord.objects.create(word=f"слово{number}")
    SuggestedPhrase.objects.create(text=f"слово {number}")
    group = ClientGroup.objects.create(name=f"Группа {number}")
    Holding.objects.filter(pk=world.other_holding.pk).update(group=group)
    make_contract(world.other_entity, price_type=world.price_type, is_default=False)


@pytest.mark.parametrize("name", ["catalog_product", "catalog_sku", "catalog_warehouse", "pricing_pricetype"])
def test_what_1c_sends_is_neither_added_nor_deleted(administrator: Client, world: World, name: str) -> None:
    pk = {
        "catalog_product": world.skus[0].product_id,
        "catalog_sku": world.skus[0].pk,
        "catalog_warehouse": world.main_warehouse.pk,
        "pricing_pricetype": world.price_type.pk,
    }[name]

    assert administrator.get(reverse(f"admin:{name}_add")).status_code == 403
    assert administrator.post(reverse(f"admin:{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert administrator.get(reverse(f"admin:{name}_change", args=[pk])).status_code == 200


def test_product_is_found_by_article_and_only_hidden(administrator: Client, world: World) -> None:
    product = world.skus[0].product
    make_picture(product)
    target = reverse("admin:catalog_product_change", args=[product.pk])

    found = administrator.get(reverse("admin:catalog_product_changelist"), {"q": product.article})
    page = administrator.get(target)
    inlines = {
        f"{formset.formset.prefix}-{name}": value
        for formset in page.context["inline_admin_formsets"]
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    own = {"is_hidden": "on", "priority": 5, "margin_class": "A"}
    administrator.post(target, {"name": "Другое", **own, **inlines})

    assert [row.pk for row in found.context["cl"].result_list] == [product.pk]
    product.refresh_from_db()
    assert (product.name, product.is_hidden) == ("Болт М8х40", True)
    assert (product.priority, product.margin_class) == (5, "A")


def test_city_gets_warehouses_and_prices_on_one_page(administrator: Client, world: World) -> None:
    city = City.objects.create(name="Казань")
    form = {
        "name": "Казань", "position": 3, "is_active": "on", "absent_policy": "order", "order_days": 9,
        "pricing-TOTAL_FORMS": 1, "pricing-INITIAL_FORMS": 0, "pricing-MAX_NUM_FORMS": 1,
        "pricing-0-price_type": world.price_type.pk, "pricing-0-city": city.pk,
        "served_by-TOTAL_FORMS": 1, "served_by-INITIAL_FORMS": 0,
        "served_by-0-warehouse": world.main_warehouse.pk, "served_by-0-position": 1,
        "served_by-0-delivery_days": 4, "served_by-0-cutoff_time": "15:00", "served_by-0-city": city.pk,
    }  # fmt: skip

    answer = administrator.post(reverse("admin:catalog_city_change", args=[city.pk]), form)

    assert answer.status_code == 302
    city.refresh_from_db()
    assert city.pricing.price_type == world.price_type
    assert (city.absent_policy, city.order_days) == (AbsentPolicy.TO_ORDER, 9)
    served = CityWarehouse.objects.filter(city=city)
    assert list(served.values_list("warehouse", "delivery_days", "cutoff_time")) == [
        (world.main_warehouse.pk, 4, time(15))
    ]
