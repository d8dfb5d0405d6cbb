"""Real exports of 1C, as they lie in the folder of samples."""

from decimal import Decimal
from pathlib import Path

import pytest

from catalog.models import (
    Brand,
    Picture,
    Product,
    ProductSection,
    PropertyValue,
    Section,
    Sku,
    Stock,
    Warehouse,
)
from integrations.models import PendingOffer
from pricing.models import Price, PriceType
from tests.integrations.onec_talk import Talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def exports(shared_data: Path) -> Path:
    return shared_data / "commerceml"


def test_real_ut_export_gives_goods_prices_and_stock(talk: Talk, exports: Path) -> None:
    folder = exports / "dobromyslov+commerceml-parser/data"

    goods = talk.load("import0_1.xml", (folder / "import0_1.xml").read_bytes())
    offers = talk.load("offers0_1.xml", (folder / "offers0_1.xml").read_bytes())

    assert goods.startswith("success\nimport0_1.xml: ")
    assert offers.startswith("success\noffers0_1.xml: ")
    assert talk.file("import0_1.xml").report["counts"]["goods"] == 36
    assert talk.file("offers0_1.xml").report["counts"]["offers"] == 44
    assert Product.objects.filter(is_hidden=False).count() == 35
    assert list(Product.objects.filter(is_hidden=True).values_list("article", flat=True)) == ["KM-245-BC"]
    assert set(Warehouse.objects.values_list("name", flat=True)) == {"Владивосток", "Новосибирск", "Москва"}
    assert list(PriceType.objects.values_list("name", "currency", "is_open")) == [("BASE", "RUB", False)]
    assert (Sku.objects.count(), PendingOffer.objects.count()) == (36, 8)
    assert (Price.objects.count(), Stock.objects.count()) == (36, 108)
    assert (Section.objects.get().name, ProductSection.objects.count()) == ("Коврики для дома", 36)
    assert Brand.objects.get().name == "Crazy Boom"
    assert (
        PropertyValue.objects.filter(property__name="Страна производства").first().text == "КОРЕЯ, РЕСПУБЛИКА"
    )
    horses = Sku.objects.get(product__article="PM-421-WP")
    assert horses.prices.get().amount == 100
    assert dict(horses.stocks.values_list("warehouse__name", "free")) == {
        "Владивосток": Decimal(1),
        "Новосибирск": Decimal(0),
        "Москва": Decimal(376),
    }
    assert horses.product.unit.name == "шт"
    assert horses.product.vat_percent == 20


@pytest.mark.parametrize(
    ("path", "products", "sections"),
    [
        ("dobromyslov+commerceml-parser/data/import0_1_with_nested_groups.xml", 283, None),
        ("ArtemiusUA+django-cml/cml/tests_fixtures/import.xml", 282, 36),
        ("oslrz+ndjs_site/import0_1.xml", 271, None),
        ("carono+php-commerceml/tests/xml/import.xml", 2, None),
    ],
)
def test_real_catalogs_load_whole_and_twice_alike(
    talk: Talk, exports: Path, path: str, products: int, sections: int | None
) -> None:
    body = (exports / path).read_bytes()

    first = talk.load("import0_1.xml", body)
    moments = dict(Product.objects.values_list("pk", "updated_at"))
    values = PropertyValue.objects.count()
    second = talk.load("import0_2.xml", body)

    assert first.startswith("success")
    assert second.startswith("success")
    assert Product.objects.count() == products
    assert sections is None or Section.objects.exclude(name="Без группы").count() == sections
    assert dict(Product.objects.values_list("pk", "updated_at")) == moments
    assert PropertyValue.objects.count() == values
    assert "goods_changed" not in talk.file("import0_2.xml").report["counts"]
    assert "values_changed" not in talk.file("import0_2.xml").report["counts"]
    assert Picture.objects.count() == 0
