"""Every real file of the samples goes through the exchange of goods twice; counts are literal."""

from pathlib import Path
from typing import Any

import pytest

from catalog.models import Product
from integrations.models import FileState
from pricing.models import Price
from tests.integrations.onec_talk import Talk

pytestmark = pytest.mark.django_db

Counts = dict[str, int]
_HELD: Counts = {"orders": 1, "orders_held": 1, "parties_waiting": 1}
DOCUMENT: tuple[Counts, Counts] = (_HELD, _HELD)
# Path -> counts of the first load and of the second one; files of a folder build on one another.
SAMPLES: dict[str, tuple[Counts, Counts]] = {
    "ArtemiusUA+django-cml/cml/tests_fixtures/import.xml": (
        {
            "goods": 282,
            "sections": 36,
            "skus_new": 282,
            "goods_new": 282,
            "properties": 3,
            "values_changed": 5,
        },
        {"goods": 282, "sections": 36, "properties": 3},
    ),
    "carono+php-commerceml/tests/xml/classifier.xml": (
        {"sections": 22, "properties": 10},
        {"sections": 22, "properties": 10},
    ),
    "carono+php-commerceml/tests/xml/import.v-788bfa9.xml": (
        {"goods": 2, "sections": 22, "skus_new": 2, "goods_new": 2, "properties": 10, "values_changed": 6},
        {"goods": 2, "sections": 22, "properties": 10},
    ),
    "carono+php-commerceml/tests/xml/import.v-d43cd50.xml": (
        {"goods": 2, "sections": 22, "properties": 10},
        {"goods": 2, "sections": 22, "properties": 10},
    ),
    "carono+php-commerceml/tests/xml/import.xml": (
        {"goods": 2, "sections": 22, "properties": 10, "values_changed": 1},
        {"goods": 2, "sections": 22, "properties": 10},
    ),
    "carono+php-commerceml/tests/xml/import_wo_classifier.xml": (
        {"goods": 2, "values_changed": 1},
        {"goods": 2},
    ),
    "carono+php-commerceml/tests/xml/offers.v-078e7c4.xml": (
        {
            "offers": 5,
            "skus_new": 5,
            "prices_changed": 5,
            "stocks_changed": 5,
            "warehouses_new": 5,
            "price_types_new": 1,
        },
        {"offers": 5},
    ),
    "carono+php-commerceml/tests/xml/offers.xml": ({"offers": 5}, {"offers": 5}),
    "carono+php-commerceml/tests/xml/orders.xml": DOCUMENT,
    "carono+yii2-1c-exchange/files/xml/from.v-547b1ae.xml": DOCUMENT,
    "carono+yii2-1c-exchange/files/xml/from.xml": DOCUMENT,
    "carono+yii2-1c-exchange/files/xml/to.v-8fcab98.xml": DOCUMENT,
    "dobromyslov+commerceml-parser/data/bitrix-query-response-empty.xml": ({}, {}),
    "dobromyslov+commerceml-parser/data/bitrix-query-response-full.xml": (
        {"orders": 2, "orders_held": 2, "parties_waiting": 2},
        {"orders": 2, "orders_held": 2, "parties_waiting": 2},
    ),
    "dobromyslov+commerceml-parser/data/import0_1.xml": (
        {
            "goods": 36,
            "sections": 1,
            "skus_new": 36,
            "goods_new": 36,
            "properties": 12,
            "goods_hidden": 1,
            "values_changed": 415,
        },
        {"goods": 36, "sections": 1, "properties": 12, "goods_hidden": 1},
    ),
    "dobromyslov+commerceml-parser/data/import0_1_with_nested_groups.xml": (
        {
            "goods": 283,
            "sections": 13,
            "skus_new": 247,
            "goods_new": 247,
            "properties": 20,
            "goods_changed": 36,
            "values_changed": 2122,
        },
        {"goods": 283, "sections": 13, "properties": 20},
    ),
    "dobromyslov+commerceml-parser/data/offers0_1.xml": (
        {
            "offers": 44,
            "prices_changed": 44,
            "stocks_changed": 132,
            "warehouses_new": 3,
            "price_types_new": 1,
        },
        {"offers": 44},
    ),
    "oslrz+ndjs_site/import0_1.xml": (
        {"goods": 271, "sections": 19, "skus_new": 271, "goods_new": 271},
        {"goods": 271, "sections": 19},
    ),
    "sosloow+node-CommerceML-parser/spec/files/import.test.xml": (
        {"goods": 1, "sections": 7, "skus_new": 1, "goods_new": 1, "properties": 2, "values_changed": 2},
        {"goods": 1, "sections": 7, "properties": 2},
    ),
    "sosloow+node-CommerceML-parser/spec/files/offers.test.xml": (
        {"offers": 3, "offers_pending": 3, "price_types_new": 1},
        {"offers": 3, "offers_pending": 3},
    ),
}
BROKEN = "sosloow+node-CommerceML-parser/spec/files/xml/test.v-5df580f.xml"  # two documents in one file


@pytest.fixture
def samples(shared_data: Path) -> Path:
    return shared_data / "commerceml"


def test_every_sample_loads_twice_and_the_second_time_changes_nothing(talk: Talk, samples: Path) -> None:
    first, second = Talk(talk.client, talk.node).start(), Talk(talk.client, talk.node).start()
    told: dict[str, Any] = {}
    products: list[int] = []

    for path in SAMPLES:
        body = (samples / path).read_bytes()
        answers = [one.load(path, body).partition("\n")[0] for one in (first, second)]
        told[path] = tuple(one.file(path).report.get("counts") for one in (first, second))
        products.append(Product.objects.count())
        assert answers == ["success", "success"], path

    assert told == SAMPLES
    assert products[-1] == 839
    assert Price.objects.count() == 49


def test_sample_that_is_two_documents_in_one_is_refused_with_its_place(talk: Talk, samples: Path) -> None:
    answers = [talk.load(BROKEN, (samples / BROKEN).read_bytes()) for _again in range(2)]

    assert answers[0] == answers[1]
    assert answers[0].startswith(f"failure\n{BROKEN}: файл обрезан или повреждён, строка 140 (")
    assert talk.file(BROKEN).state == FileState.FAILED
    assert Product.objects.count() == 0


def test_no_sample_is_forgotten(samples: Path) -> None:
    found = {str(path.relative_to(samples)) for path in samples.rglob("*.xml")}

    assert found - set(SAMPLES) == {BROKEN}
