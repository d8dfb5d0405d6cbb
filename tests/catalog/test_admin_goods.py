"""What an administrator keeps beside 1C's goods: trees, filters, relations, applications, papers."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import (
    Application,
    Brand,
    Classifier,
    ClassifierKind,
    Product,
    ProductApplication,
    ProductPaper,
    ProductRelation,
    ProductSection,
    Section,
    SectionFacet,
    Stock,
)
from catalog.services.papers import MOST_BYTES
from portal.lib.sorting import name_sort_key
from tests.catalog.samples import make_property, make_section
from tests.factories import World, make_product

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


@pytest.fixture
def own_tree() -> Classifier:
    return Classifier.objects.create(name="По применению", kind=ClassifierKind.OWN)


def own_section(tree: Classifier, name: str = "Склад", parent: Section | None = None) -> Section:
    return Section.objects.create(classifier=tree, name=name, sort_key=name.lower(), parent=parent)


OWN = {"priority": 0, "margin_class": "B"}
"""What a product's form must say of itself."""


def change(name: str, pk: int) -> str:
    return reverse(f"admin:catalog_{name}_change", args=[pk])


def emptied(client: Client, target: str) -> dict[str, object]:
    """The management forms of a page's inlines, without rows."""
    page = client.get(target)
    return {
        f"{one.formset.prefix}-{name}": 0
        for one in page.context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }


# --- trees ------------------------------------------------------------------------------------------
def test_tree_made_by_hand_is_own_and_may_be_deleted(administrator: Client) -> None:
    administrator.post(reverse("admin:catalog_classifier_add"), {"name": "По технике", "position": 2})

    tree = Classifier.objects.get(name="По технике")
    assert (tree.kind, tree.position) == (ClassifierKind.OWN, 2)
    administrator.post(reverse("admin:catalog_classifier_delete", args=[tree.pk]), {"post": "yes"})
    assert not Classifier.objects.filter(pk=tree.pk).exists()


@pytest.mark.parametrize("kind", [ClassifierKind.ERP, ClassifierKind.BRANDS])
def test_tree_of_1c_or_brands_is_only_placed_and_hidden(administrator: Client, kind: str) -> None:
    tree = Classifier.objects.create(name="Группы", kind=kind)

    administrator.post(change("classifier", tree.pk), {"name": "Чужое", "position": 7, "is_hidden": "on"})
    deleted = administrator.post(reverse("admin:catalog_classifier_delete", args=[tree.pk]), {"post": "yes"})

    tree.refresh_from_db()
    assert (tree.name, tree.position, tree.is_hidden, deleted.status_code) == ("Группы", 7, True, 403)


def test_section_of_1c_is_only_placed_and_hidden(administrator: Client) -> None:
    section = make_section("Крепёж")
    target = change("section", section.pk)
    form = {"name": "Другое", "position": 3, "is_hidden": "on", "articles": "A-1"}

    administrator.post(target, form | emptied(administrator, target))
    deleted = administrator.post(reverse("admin:catalog_section_delete", args=[section.pk]), {"post": "yes"})

    section.refresh_from_db()
    assert (section.name, section.position, section.is_hidden) == ("Крепёж", 3, True)
    assert deleted.status_code == 403
    assert not ProductSection.objects.exists()


def test_section_is_added_to_own_tree_with_goods_by_articles(
    administrator: Client, own_tree: Classifier
) -> None:
    product = make_product(article="A-1")
    form = {"classifier": own_tree.pk, "name": "Ёмкости", "position": 0, "articles": "A-1\r\nнет такого\r\n"}

    page = administrator.post(reverse("admin:catalog_section_add"), form, follow=True).content.decode()

    section = Section.objects.get(name="Ёмкости")
    assert (section.classifier, section.sort_key) == (own_tree, name_sort_key("Ёмкости"))
    assert list(section.products.all()) == [product]
    assert "Найдено товаров: 1." in page
    assert "нет такого" in page


def test_section_is_not_added_to_a_tree_of_1c(administrator: Client) -> None:
    tree = make_section("Крепёж").classifier

    page = administrator.post(
        reverse("admin:catalog_section_add"), {"classifier": tree.pk, "name": "Моё", "position": 0}
    )

    assert page.status_code == 200
    assert not Section.objects.filter(name="Моё").exists()


@pytest.mark.parametrize("case", ["circle", "itself", "another tree"])
def test_section_lies_in_its_own_tree_and_in_no_circle(
    administrator: Client, own_tree: Classifier, case: str
) -> None:
    top = own_section(own_tree, "Верх")
    below = own_section(own_tree, "Низ", parent=top)
    other = own_section(Classifier.objects.create(name="Другой", kind=ClassifierKind.OWN))
    parent = {"circle": below, "itself": top, "another tree": other}[case]
    target = change("section", top.pk)
    form = {"name": "Верх", "position": 0, "parent": parent.pk, "articles": ""}

    page = administrator.post(target, form | emptied(administrator, target))

    assert page.status_code == 200
    top.refresh_from_db()
    assert top.parent is None


def test_goods_leave_a_section_from_the_list(administrator: Client, own_tree: Classifier) -> None:
    section = own_section(own_tree)
    kept, gone = make_product(), make_product()
    ProductSection.objects.bulk_create(ProductSection(section=section, product=one) for one in (kept, gone))
    target = reverse("admin:catalog_product_changelist") + f"?own_section={section.pk}"

    page = administrator.get(target)
    administrator.post(target, {"action": "take_out", "_selected_action": [gone.pk]})

    assert page.context["cl"].result_count == 2
    assert list(section.products.all()) == [kept]


def test_brand_tree_is_built_from_the_list(administrator: Client, world: World) -> None:
    brand = Brand.objects.create(name="Метизар", normalized_name="метизар")
    Product.objects.filter(pk=world.skus[0].product_id).update(brand=brand)
    target = reverse("admin:catalog_classifier_brands")

    refused = administrator.get(target).status_code
    administrator.post(target)

    assert refused == 405
    assert ProductSection.objects.get(section__classifier__kind=ClassifierKind.BRANDS).product_id == (
        world.skus[0].product_id
    )


# --- filters ----------------------------------------------------------------------------------------
def test_filters_are_chosen_from_properties_of_the_sections_goods(
    administrator: Client, world: World
) -> None:
    top = make_section("Крепёж")
    make_section("Болты", parent=top, goods=[world.skus[0]])
    length = make_property(world.skus[0].product, "Длина", "40")
    make_property(world.skus[1].product, "Длина провода", "3")
    query = {"app_label": "catalog", "model_name": "sectionfacet", "field_name": "property", "term": "длина"}

    offered = administrator.get(reverse("admin:autocomplete"), query | {"of_section": top.pk}).json()
    page = administrator.get(change("section", top.pk)).content.decode()

    assert [one["text"] for one in offered["results"]] == ["Длина"]
    assert "Длина – 100%" in page
    assert re.search(r'class="readonly">Длина</div>', page)
    assert f"of_section={top.pk}" in page
    target = change("section", top.pk)
    form = emptied(administrator, target) | {
        "position": 0, "facets-TOTAL_FORMS": 1, "facets-0-section": top.pk, "facets-0-position": 1,
        "facets-0-property": length.pk, "facets-0-kind": "range", "facets-0-unit": "мм",
    }  # fmt: skip
    administrator.post(target, form)
    facet = SectionFacet.objects.get()
    assert (facet.section, facet.property, facet.kind, facet.unit) == (top, length, "range", "мм")


# --- beside a product -------------------------------------------------------------------------------
def test_product_gets_relations_applications_and_places(
    administrator: Client, world: World, own_tree: Classifier
) -> None:
    own, other = world.skus[0].product, world.skus[1].product
    fits = Application.objects.create(kind="Погрузчик")
    section = own_section(own_tree)
    target = change("product", own.pk)
    form = emptied(administrator, target) | OWN | {
        "relations-TOTAL_FORMS": 1, "relations-0-product": own.pk, "relations-0-related": other.pk,
        "relations-0-kind": "analog", "relations-0-position": 0,
        "applications-TOTAL_FORMS": 1, "applications-0-product": own.pk,
        "applications-0-application": fits.pk, "applications-0-note": "ось",
        "places-TOTAL_FORMS": 1, "places-0-product": own.pk, "places-0-section": section.pk,
    }  # fmt: skip

    administrator.post(target, form)
    others_page = administrator.get(change("product", other.pk)).content.decode()

    assert ProductRelation.objects.get().related == other
    assert ProductApplication.objects.get().note == "ось"
    assert ProductSection.objects.get(section=section).product == own
    assert "Этот товар указан у других" in others_page
    assert str(own) in others_page


def test_product_is_not_its_own_analog(administrator: Client, world: World) -> None:
    own = world.skus[0].product
    target = change("product", own.pk)
    form = emptied(administrator, target) | OWN | {
        "relations-TOTAL_FORMS": 1, "relations-0-product": own.pk, "relations-0-related": own.pk,
        "relations-0-kind": "analog", "relations-0-position": 0,
    }  # fmt: skip

    assert administrator.post(target, form).status_code == 200
    assert not ProductRelation.objects.exists()


def test_application_gets_goods_by_articles(administrator: Client) -> None:
    product = make_product(article="A-1")
    form = {"kind": "Погрузчик", "make": "Тягач", "year_from": 2015, "articles": "A-1\nA-2"}

    page = administrator.post(reverse("admin:catalog_application_add"), form, follow=True).content.decode()

    assert ProductApplication.objects.get().product == product
    assert "Артикулов без товара: 1. A-2" in page


# --- papers -----------------------------------------------------------------------------------------
def paper_form(client: Client, product: Product, upload: SimpleUploadedFile) -> dict[str, object]:
    return emptied(client, change("product", product.pk)) | OWN | {
        "papers-TOTAL_FORMS": 1, "papers-0-product": product.pk, "papers-0-kind": "certificate",
        "papers-0-number": "77", "papers-0-valid_until": "2027-01-31", "papers-0-upload": upload,
    }  # fmt: skip


def test_paper_is_kept_by_its_content(administrator: Client, world: World) -> None:
    product = world.skus[0].product
    upload = SimpleUploadedFile("сертификат.exe", PDF, content_type="application/octet-stream")

    administrator.post(change("product", product.pk), paper_form(administrator, product, upload))

    paper = ProductPaper.objects.select_related("file").get()
    assert (paper.product, paper.number, paper.file.mime, paper.file.size) == (
        product, "77", "application/pdf", len(PDF),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><script>alert(1)</script>", "Нужен файл PDF, JPEG или PNG."),
        (PDF + b"\0" * MOST_BYTES, "Файл больше 20 МБ."),
    ],
    ids=["no paper", "too large"],
)
def test_what_is_no_paper_is_refused(
    administrator: Client, world: World, content: bytes, reason: str
) -> None:
    product = world.skus[0].product
    upload = SimpleUploadedFile("сертификат.pdf", content, content_type="application/pdf")

    page = administrator.post(change("product", product.pk), paper_form(administrator, product, upload))

    assert reason in page.content.decode()
    assert not ProductPaper.objects.exists()


def test_new_paper_needs_a_file(administrator: Client, world: World) -> None:
    form = {"product": world.skus[0].product_id, "kind": "other"}

    page = administrator.post(reverse("admin:catalog_productpaper_add"), form)

    assert "Выберите файл." in page.content.decode()
    assert not ProductPaper.objects.exists()


def test_papers_that_run_out_are_found(administrator: Client, world: World) -> None:
    product, today = world.skus[0].product, timezone.localdate()
    for number, days in (("вчера", -1), ("сегодня", 0), ("скоро", 30), ("потом", 31)):
        upload = SimpleUploadedFile("1.pdf", PDF + number.encode())
        form = {
            "product": product.pk, "kind": "other", "number": number, "upload": upload,
            "valid_until": today + timedelta(days=days),
        }  # fmt: skip
        administrator.post(reverse("admin:catalog_productpaper_add"), form)

    def found(expiry: str) -> list[str]:
        page = administrator.get(reverse("admin:catalog_productpaper_changelist"), {"expiry": expiry})
        return [paper.number for paper in page.context["cl"].result_list]

    assert found("soon") == ["сегодня", "скоро"]
    assert found("expired") == ["вчера"]
    assert found("valid") == ["сегодня", "скоро", "потом"]


# --- stock ------------------------------------------------------------------------------------------
def test_expected_stock_is_told_by_hand_and_the_rest_is_1cs(administrator: Client, world: World) -> None:
    sku = world.skus[0]
    stock = Stock.objects.get(sku=sku, warehouse=world.main_warehouse)
    other = Stock.objects.get(sku=sku, warehouse=world.second_warehouse)
    target = change("sku", sku.pk)
    form = emptied(administrator, target) | {
        "stocks-TOTAL_FORMS": 2, "stocks-INITIAL_FORMS": 2,
        "stocks-0-id": stock.pk, "stocks-0-sku": sku.pk, "stocks-0-free": 999,
        "stocks-0-expected": 120, "stocks-0-expected_date": "2026-12-05",
        "stocks-1-id": other.pk, "stocks-1-sku": sku.pk, "stocks-1-expected": 0,
    }  # fmt: skip
    rows = administrator.get(target).context["inline_admin_formsets"][0].formset.queryset
    if rows[0].pk != stock.pk:
        form |= {"stocks-0-id": other.pk, "stocks-1-id": stock.pk}
        form |= {"stocks-0-expected": 0, "stocks-0-expected_date": "", "stocks-1-expected": 120}
        form["stocks-1-expected_date"] = "2026-12-05"

    administrator.post(target, form)

    stock.refresh_from_db()
    assert (stock.free, stock.expected, f"{stock.expected_date:%d.%m}") == (10, 120, "05.12")


@pytest.mark.parametrize("section", ["", "999999", "²", "x" * 300])
def test_no_goods_leave_a_section_that_was_not_offered(
    administrator: Client, own_tree: Classifier, section: str
) -> None:
    product = make_product()
    ProductSection.objects.create(section=own_section(own_tree), product=product)
    target = reverse("admin:catalog_product_changelist") + f"?own_section={section}"

    answer = administrator.post(target, {"action": "take_out", "_selected_action": [product.pk]})

    assert answer.status_code == 302
    assert product.places.count() == 1
