"""Names of manufacturers and units, as carelessly as 1C writes them."""

import pytest

from catalog.models import Classifier, ClassifierKind, Product, ProductSection
from integrations.onec.loading.names import brand_key
from tests.integrations.onec_talk import OTHER, Talk, catalog, good


@pytest.mark.parametrize(
    "name",
    [
        "Тёплый дом", "ТЕПЛЫЙ ДОМ", "ООО «Теплый дом»", 'ООО "Тёплый  Дом"', "«Тёплый дом», ООО",
        "Теплый дом®", "Тёплый дом ™", "ТМ Тёплый дом", "торговая марка «Тёплый дом»", "Теплый дом (R)",
        "ТД «Тёплый дом»", " теплый\tдом ",
    ],
)  # fmt: skip
def test_one_manufacturer_under_many_spellings_is_one(name: str) -> None:
    assert brand_key(name) == "теплый дом"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", ""),
        ("ООО", "ооо"),
        ("«»", ""),
        ("Аоки", "аоки"),
        ("Иваново", "иваново"),
        ("Forgenta Ltd.", "forgenta"),
        ("S+P", "s+p"),
        ("3М", "3м"),
    ],
)
def test_different_names_stay_different(name: str, key: str) -> None:
    assert brand_key(name) == key


def test_spellings_of_one_manufacturer_make_one_brand(talk: Talk) -> None:
    talk.load(
        "import0_1.xml",
        catalog(good(brand="ООО «Тёплый дом»"), good(OTHER, "Гайка", brand="ТЕПЛЫЙ ДОМ®")),
    )

    assert set(Product.objects.values_list("brand__name", flat=True)) == {"ООО «Тёплый дом»"}


def test_brand_tree_follows_the_exchange(talk: Talk) -> None:
    Classifier.objects.create(name="По брендам", kind=ClassifierKind.BRANDS)

    talk.load("import0_1.xml", catalog(good(brand="Метизар")))

    places = ProductSection.objects.filter(section__classifier__kind=ClassifierKind.BRANDS)
    assert list(places.values_list("section__name", flat=True)) == ["Метизар"]
