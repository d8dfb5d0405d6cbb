"""The demonstration's own additions to 1C's goods."""

import pytest
from django.db import models

from catalog.models import (
    Application,
    Brand,
    ProductApplication,
    ProductPaper,
    ProductRelation,
    ProductSection,
    Property,
    Section,
    SectionFacet,
    SkuPopularity,
    Stock,
)
from integrations.demo.beside import beside_fill
from tests.catalog.samples import make_property, make_section
from tests.factories import make_city, make_product, make_sku, make_warehouse

pytestmark = pytest.mark.django_db

ADDED: tuple[type[models.Model], ...] = (
    Application, ProductApplication, ProductPaper, ProductRelation, ProductSection, Section, SectionFacet,
    SkuPopularity,
)  # fmt: skip


def _of_kind(kind: str, article: str, brand: Brand | None = None) -> object:
    product = make_product(f"{kind} {article}", article=article)
    product.kind, product.brand = kind, brand
    product.save()
    return product


def test_goods_get_everything_beside_them_once() -> None:
    first, second = (
        Brand.objects.create(name=name, normalized_name=name) for name in ("Метизар", "Болтовик")
    )
    warehouse = make_warehouse(make_city())
    bolt = _of_kind("Болты DIN 933", "MTZ-933-M8", first)
    other = _of_kind("Болты DIN 933", "BLT-933-M8", second)
    nut = _of_kind("Гайки", "MTZ-934-M8", first)
    breaker = _of_kind("Автоматы модульные", "VLT-B-16")
    for product in (bolt, other, nut, breaker):
        make_sku(product=product, stock={warehouse: 0})  # type: ignore[arg-type]
    thread = make_property(bolt, "Резьба", "М8")  # type: ignore[arg-type]
    thread.values.create(product=nut, raw="М8", text="М8")
    make_property(bolt, "Длина, мм", "40")  # type: ignore[arg-type]
    make_section("Болты")

    beside_fill()
    once = {model: model._default_manager.count() for model in ADDED}
    beside_fill()

    assert {model: model._default_manager.count() for model in ADDED} == once
    assert set(ProductRelation.objects.values_list("product", "related", "kind")) >= {
        (bolt.pk, other.pk, "analog"),  # type: ignore[attr-defined]
        (bolt.pk, nut.pk, "accessory"),  # type: ignore[attr-defined]
    }
    assert once[ProductPaper] == 2
    assert list(SectionFacet.objects.values_list("property__name", "kind")) == [
        ("Резьба", "list"), ("Длина, мм", "range"),
    ]  # fmt: skip
    assert Property.objects.get(name="Длина, мм").unit == "мм"
    assert set(Section.objects.filter(classifier__kind="brands").values_list("name", flat=True)) == {
        "Метизар", "Болтовик",
    }  # fmt: skip
    assert SkuPopularity.objects.count() == 4
    assert Stock.objects.filter(expected__gt=0, expected_date__isnull=False).exists()
