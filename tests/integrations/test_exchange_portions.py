"""A set in portions is the set in one file: in any order of the portions, offers before goods, zip or not."""

import io
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from catalog.models import (
    Pack,
    Product,
    ProductSection,
    Property,
    PropertyValue,
    Section,
    Sku,
    Stock,
    Warehouse,
)
from integrations.demo.generate import generate
from integrations.demo.options import DemoOptions
from integrations.models import ExternalId, PendingOffer, PendingTerm
from integrations.onec.loading.classifier import PARKING_ID
from pricing.models import Price, PriceType
from tests.integrations.onec_talk import Talk, make_node

pytestmark = pytest.mark.django_db

GOODS, PORTION = 60, 16
State = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same goods in one file and in portions."""
    whole, parts = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("parts")
    for folder, portion in ((whole, GOODS), (parts, PORTION)):
        generate(folder, DemoOptions(goods=GOODS, portion=portion, pictures=False))
    assert len(list(whole.glob("*.xml"))) == 2
    assert len(list(parts.glob("*.xml"))) == 8
    return whole, parts


@contextmanager
def forgotten() -> Iterator[None]:
    """Whatever the block writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def content() -> State:
    """All that an exchange brings, by names and ids of 1C, never by keys of the portal.

    The section for goods whose group is not known yet is the portal's own; in the end nothing lies there.
    """
    rows = ExternalId.objects.exclude(external_id=PARKING_ID)
    ids = {(row.kind, row.object_id): row.external_id for row in rows}

    def sku(pk: int) -> str:
        return ids["sku", pk]

    def product(pk: int) -> str:
        return ids["product", pk]

    return {
        "ids": sorted((kind, told) for (kind, _pk), told in ids.items()),
        "products": sorted(
            (product(pk), *rest)
            for pk, *rest in Product.objects.values_list(
                "pk", "name", "sort_key", "full_name", "article", "code", "barcode", "description", "kind",
                "item_type", "brand__name", "unit__code", "unit__name", "vat_percent", "weight", "volume",
                "order_multiple", "is_hidden",
            )
        ),
        "skus": sorted(
            (sku(pk), product(owner), *rest)
            for pk, owner, *rest in Sku.objects.values_list(
                "pk", "product", "characteristic", "article", "barcode", "is_hidden"
            )
        ),
        "sections": sorted(
            (ids["section", pk], name, parent and ids["section", parent], is_hidden)
            for pk, name, parent, is_hidden in Section.objects.values_list(
                "pk", "name", "parent", "is_hidden"
            )
            if ("section", pk) in ids
        ),
        "places": sorted(
            (product(owner), ids["section", section])
            for owner, section in ProductSection.objects.values_list("product", "section")
        ),
        "packs": sorted(
            (product(owner), *rest)
            for owner, *rest in Pack.objects.values_list("product", "unit__code", "unit__name", "coefficient")
        ),
        "properties": sorted(Property.objects.values_list("name", "value_type")),
        "values": sorted(
            (product(owner), ids["property", own], *map(str, rest))
            for owner, own, *rest in PropertyValue.objects.values_list(
                "product", "property", "raw", "text", "number", "option__value"
            )
        ),
        "price types": sorted(PriceType.objects.values_list("name", "currency", "is_vat_included")),
        "prices": sorted(
            (sku(pk), ids["price_type", own], amount)
            for pk, own, amount in Price.objects.values_list("sku", "price_type", "amount")
        ),
        "warehouses": sorted(Warehouse.objects.values_list("name")),
        "stock": sorted(
            (sku(pk), ids["warehouse", own], str(free), str(expected), str(on))
            for pk, own, free, expected, on in Stock.objects.values_list(
                "sku", "warehouse", "free", "expected", "expected_date"
            )
        ),
        "waiting": [
            *PendingOffer.objects.values_list("external_id"),
            *PendingTerm.objects.values_list("external_id"),
        ],
    }  # fmt: skip


def shuffled(folder: Path, seed: int) -> list[Path]:
    """Files in an order of chance in which an offer comes before all goods."""
    files = sorted(folder.glob("*.xml"))
    chance = random.Random(seed)
    while not files[0].name.startswith("offers"):
        chance.shuffle(files)
    return files


def plain(talk: Talk, files: list[Path]) -> None:
    for file in files:
        answer = talk.load(file.name, file.read_bytes())
        assert answer.startswith("success"), answer


def zipped(talk: Talk, files: list[Path]) -> None:
    """All in one archive, imported one by one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    assert talk.post("v8_1.zip", packed.getvalue()) == "success"
    for file in files:
        answer = talk.finish(file.name)
        assert answer.startswith("success"), answer


@pytest.fixture
def whole(client: Client, node: object, sets: tuple[Path, Path]) -> State:
    """What the set in one file comes to."""
    with forgotten():
        plain(Talk(client, make_node("whole")).start(), sorted(sets[0].glob("*.xml")))
        return content()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("send", [plain, zipped])
def test_portions_in_any_order_are_the_whole(
    client: Client, node: object, sets: tuple[Path, Path], whole: State, send: object, seed: int
) -> None:
    files = shuffled(sets[1], seed)
    print(f"seed {seed}:", *(file.stem for file in files))

    send(Talk(client, make_node("parts", is_zip_accepted=True)).start(), files)  # type: ignore[operator]

    found = content()
    assert {name for name in whole if found[name] != whole[name]} == set()
    assert (len(whole["products"]), whole["waiting"]) == (GOODS, [])


def test_lost_portion_is_seen(client: Client, node: object, sets: tuple[Path, Path], whole: State) -> None:
    """The comparison itself can fail."""
    files = sorted(sets[1].glob("*.xml"))

    plain(Talk(client, make_node("parts")).start(), files[:-1])

    found = content()
    assert found["products"] == whole["products"]
    assert found["prices"] != whole["prices"]
    assert found["stock"] != whole["stock"]
