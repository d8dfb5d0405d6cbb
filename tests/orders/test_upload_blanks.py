"""Order blanks come back: rows by their hidden ids, and what has changed since."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import Workbook

from catalog.models import Product, Sku
from orders.blank import META_SHEET, ORDER_HEAD, PRICE_HEAD, SKU_HEAD, meta_rows, row_add, rows_digest
from orders.models import Upload, UploadSource
from orders.selectors.blank_changes import BlankChanges, blank_changes
from orders.services.upload_rows import Decision, upload_row_decide
from orders.services.uploads import upload_receive
from pricing.models import Price
from tests.factories import AT, TODAY, World, actor_of

pytestmark = pytest.mark.django_db


def blank(world: World, ordered: dict[Sku, str], *, is_sorted: bool = False, contract_id: int = 0) -> bytes:
    """A price list with quantities typed, as it comes back."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["ООО «Опт-Портал»"])
    page.append(["Артикул", "Наименование", ORDER_HEAD, "Сумма", SKU_HEAD, PRICE_HEAD])
    page.append(["Крепёж"])
    digest = rows_digest()
    rows = []
    for sku in world.skus:
        price = Price.objects.get(sku=sku).amount
        row_add(digest, sku.pk, price)
        quantity = ordered.get(sku, "")
        rows.append(
            [sku.article, sku.name, float(quantity) if quantity else None, None, sku.pk, float(price)]
        )
    for row in reversed(rows) if is_sorted else rows:
        page.append(row)
    meta = book.create_sheet(META_SHEET)
    meta.sheet_state = "veryHidden"
    for pair in meta_rows(
        price_list=uuid4(),
        city_id=world.city.pk,
        contract_id=contract_id or world.contract.pk,
        currency="RUB",
        generated_at=datetime.fromisoformat("2026-11-01T10:00:00+03:00"),
        rows_sha256=digest.hexdigest(),
    ):
        meta.append(pair)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def send(world: World, content: bytes) -> Upload:
    return upload_receive(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        content=content,
        name="прайс.xlsx",
        source=UploadSource.FILE,
        at=AT,
    )


UNCHANGED = BlankChanges(prices=0, percent=Decimal(0), ended=0, is_intact=True, is_elsewhere=False)


def test_rows_with_a_quantity_are_ordered_by_their_hidden_ids(world: World) -> None:
    first, second, _third = world.skus
    content = blank(world, {first: "2", second: "2.5"})
    Sku.objects.filter(pk=first.pk).update(article="ДРУГОЙ")

    upload = send(world, content)

    rows = upload.rows.filter(state="ready").order_by("position")
    assert [(row.sku_id, row.quantity, row.found_by) for row in rows] == [
        (first.pk, Decimal(2), "id"),
        (second.pk, Decimal("2.5"), "id"),
    ]
    assert (upload.source, upload.row_count) == (UploadSource.BLANK, 6)
    assert blank_changes(upload, on=TODAY) == UNCHANGED


def test_what_has_changed_since_the_download_is_told(world: World) -> None:
    first, second, third = world.skus
    content = blank(world, {first: "2", second: "3", third: "1"})
    Price.objects.filter(sku=first).update(amount=110)
    third.stocks.update(free=0)

    upload = send(world, content)

    assert blank_changes(upload, on=TODAY) == replace(UNCHANGED, prices=1, percent=Decimal("10.0"), ended=1)


def test_moved_rows_are_ordered_and_their_prices_not_compared(world: World) -> None:
    content = blank(world, {world.skus[0]: "2"}, is_sorted=True)
    Price.objects.filter(sku=world.skus[0]).update(amount=110)

    upload = send(world, content)

    assert upload.rows.filter(state="ready").count() == 1
    assert blank_changes(upload, on=TODAY) == replace(UNCHANGED, is_intact=False)


def test_blank_of_another_contract_says_so(world: World) -> None:
    upload = send(world, blank(world, {world.skus[0]: "2"}, contract_id=world.other_contract.pk))

    assert blank_changes(upload, on=TODAY) == replace(UNCHANGED, is_elsewhere=True)


def test_fractions_of_pieces_in_a_blank_are_a_question_too(world: World) -> None:
    upload = send(world, blank(world, {world.skus[0]: "2.5"}))

    assert upload.rows.get(state="choice").sku_id == world.skus[0].pk


def test_file_without_the_hidden_columns_is_an_ordinary_one(world: World) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["Артикул", "Заказ"])
    page.append([world.skus[0].article, 2])
    meta = book.create_sheet(META_SHEET)
    meta.append(["version", "1"])
    file = BytesIO()
    book.save(file)

    upload = send(world, file.getvalue())

    assert (upload.source, upload.rows.filter(state="ready").count()) == (UploadSource.FILE, 1)


def test_row_of_a_blank_that_is_put_back_is_found_by_its_hidden_id_again(world: World) -> None:
    first = world.skus[0]
    upload = send(world, blank(world, {first: "2"}))
    row = upload.rows.get(state="ready")
    Product.objects.filter(pk=first.product_id).update(name="Под другим именем")

    for decision in (Decision(is_skipped=True), Decision(is_reset=True)):
        upload_row_decide(
            actor=actor_of(world.buyer),
            upload_uid=str(upload.uid),
            seen_round=0,
            position=row.position,
            decision=decision,
            at=AT,
        )

    row.refresh_from_db()
    assert (row.state, row.sku_id, row.found_by) == ("ready", first.pk, "id")
