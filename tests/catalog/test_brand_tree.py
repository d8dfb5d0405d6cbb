"""The tree of brands and goods placed by hand."""

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import (
    Application,
    Brand,
    Classifier,
    ClassifierKind,
    Product,
    ProductApplication,
    ProductSection,
    Section,
)
from catalog.services.brand_tree import BrandTree, brand_tree_build, brand_tree_refresh
from catalog.services.placing import (
    NotOwnSection,
    Placed,
    application_goods_add,
    section_goods_add,
    section_goods_remove,
)
from tests.catalog.samples import make_section
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def make_brand(name: str, *products: Product) -> Brand:
    brand = Brand.objects.create(name=name, normalized_name=name.lower())
    Product.objects.filter(pk__in=[product.pk for product in products]).update(brand=brand)
    return brand


def branches() -> dict[str, set[int]]:
    tree: dict[str, set[int]] = {}
    for section in Section.objects.filter(classifier__kind=ClassifierKind.BRANDS):
        places = ProductSection.objects.filter(section=section)
        tree[section.name] = set(places.values_list("product_id", flat=True))
    return tree


def test_tree_has_a_section_for_each_brand_with_goods() -> None:
    first, second, third = make_product(), make_product(), make_product()
    make_brand("Метизар", first, second)
    make_brand("Болтовик", third)
    make_brand("Без товаров")
    make_product()

    built = brand_tree_build()

    assert built == BrandTree(sections=2, placed=3, removed=0)
    assert branches() == {"Метизар": {first.pk, second.pk}, "Болтовик": {third.pk}}
    assert Classifier.objects.get(kind=ClassifierKind.BRANDS).name == "По брендам"


def test_tree_follows_goods_and_a_second_build_changes_nothing() -> None:
    moved, kept = make_product(), make_product()
    make_brand("Метизар", moved)
    brand_tree_build()
    other = make_brand("Болтовик", kept)
    Product.objects.filter(pk=moved.pk).update(brand=other)

    after = brand_tree_build()
    again = brand_tree_build()

    assert (after, again) == (BrandTree(sections=1, placed=2, removed=1), BrandTree())
    assert branches() == {"Метизар": set(), "Болтовик": {moved.pk, kept.pk}}


def test_tree_leaves_places_in_other_trees_and_what_was_hidden() -> None:
    product = make_product()
    brand = make_brand("Метизар", product)
    own = make_section(brand.name)
    ProductSection.objects.create(product=product, section=own)
    brand_tree_build()
    Section.objects.filter(classifier__kind=ClassifierKind.BRANDS).update(is_hidden=True)

    brand_tree_build()

    assert ProductSection.objects.filter(section=own).count() == 1
    assert Section.objects.get(classifier__kind=ClassifierKind.BRANDS).is_hidden is True


def test_refresh_makes_no_tree_that_nobody_asked_for() -> None:
    make_brand("Метизар", make_product())

    assert brand_tree_refresh() == BrandTree()
    assert not Classifier.objects.exists()


@pytest.mark.parametrize("brands", [1, 3])
def test_build_takes_the_same_statements_whatever_there_is(
    brands: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(brands):
        make_brand(f"Бренд {number}", make_product(), make_product())
    Classifier.objects.create(name="По брендам", kind=ClassifierKind.BRANDS)

    with django_assert_num_queries(8):
        brand_tree_build()


# --- by hand ----------------------------------------------------------------------------------------
@pytest.fixture
def own_section() -> Section:
    tree = Classifier.objects.create(name="По применению", kind=ClassifierKind.OWN)
    return Section.objects.create(classifier=tree, name="Склад", sort_key="склад")


def test_goods_are_put_into_a_section_by_articles_once(own_section: Section) -> None:
    twins = [make_product(article="A-1"), make_product(article="A-1")]
    other = make_product(article="B 2")

    first = section_goods_add(section_id=own_section.pk, articles=["A-1", " B 2 ", "", "нет", "A-1"])
    section_goods_add(section_id=own_section.pk, articles=["B 2"])

    assert first == Placed(found=3, unknown=("нет",))
    assert set(ProductSection.objects.values_list("product_id", flat=True)) == {
        *(product.pk for product in twins), other.pk,
    }  # fmt: skip
    assert section_goods_remove(section_id=own_section.pk, product_ids=[other.pk]) == 1
    assert ProductSection.objects.count() == 2


def test_goods_of_1c_sections_are_not_placed_by_hand() -> None:
    product = make_product(article="A-1")
    section = make_section("Крепёж")

    with pytest.raises(NotOwnSection):
        section_goods_add(section_id=section.pk, articles=["A-1"])
    with pytest.raises(NotOwnSection):
        section_goods_remove(section_id=section.pk, product_ids=[product.pk])

    assert not ProductSection.objects.exists()


def test_goods_fit_an_application_by_articles_and_keep_their_notes() -> None:
    product = make_product(article="A-1")
    fits = Application.objects.create(kind="Погрузчик")
    ProductApplication.objects.create(product=product, application=fits, note="ось")
    make_product(article="A-2")

    placed = application_goods_add(application_id=fits.pk, articles=["A-1", "A-2", "A-3"])

    assert placed == Placed(found=2, unknown=("A-3",))
    assert list(ProductApplication.objects.order_by("pk").values_list("note", flat=True)) == ["ось", ""]
