"""A list as a file: the person's own prices, stock as told, texts that stay texts."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from catalog.masks import StockMask
from catalog.models import Section
from catalog.web import export
from counterparties.models import ClientGroup
from pricing.models import PriceType
from tests.catalog.samples import address, make_section
from tests.factories import World, make_price, make_product, make_sku

pytestmark = pytest.mark.django_db


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    page = load_workbook(io.BytesIO(body(answer))).active
    return list(page.iter_rows(values_only=True))


def lines(answer: Any) -> list[list[str]]:
    content = body(answer)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def link(section: Section, query: str = "") -> str:
    return f"{address(section)}export/?{query}"


def test_excel_has_the_goods_of_the_filter_at_own_prices(
    buyer: Client, world: World, section: Section
) -> None:
    answer = buyer.get(link(section, "price_to=100&sort=-price"))

    rows = sheet(answer)
    assert rows[0] == (
        "Артикул",
        "Наименование",
        "Бренд",
        "Единица",
        "Упаковка",
        "Цена, ₽ с НДС",
        "В наличии",
    )
    assert [(row[1], row[5], row[6]) for row in rows[1:]] == [
        ("Болт М8х40", 100, 15),
        ("Книга учёта", 10, 15),
    ]
    assert "private" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_csv_is_for_russian_excel(buyer: Client, world: World, section: Section) -> None:
    rows = lines(buyer.get(link(section, "format=csv&sort=price")))

    assert [row[5] for row in rows[1:]] == ["10,0000", "100,0000", "250,5000"]
    assert len(rows) == 4


def test_texts_are_never_formulas(buyer: Client, world: World) -> None:
    evil = make_product("=HYPERLINK(1)\x07", article="+7(1)")
    section = make_section("Х", goods=[make_sku(product=evil, stock={world.main_warehouse: 1})])

    book = load_workbook(io.BytesIO(body(buyer.get(link(section)))))
    row = lines(buyer.get(link(section, "format=csv")))[1]

    cells = list(book.active.iter_rows())[1]
    assert [(cell.value, cell.data_type) for cell in cells[:2]] == [("+7(1)", "s"), ("=HYPERLINK(1)", "s")]
    assert (row[0], row[1][:2]) == ("'+7(1)", "'=")


def test_names_of_warehouses_and_sheets_are_never_formulas_nor_break_the_file(
    buyer: Client, world: World
) -> None:
    world.main_warehouse.name = "=1+1"
    world.main_warehouse.save(update_fields=["name"])
    section = make_section("'Х\x07[1]'", goods=list(world.skus))
    look = {"name": f"section:{section.pk}", "columns": ["warehouses"], "density": "normal"}
    buyer.post("/catalog/look/", look)

    heads = lines(buyer.get(link(section, "format=csv")))[0]
    book = load_workbook(io.BytesIO(body(buyer.get(link(section)))))

    cells = {cell.value: cell.data_type for cell in next(book.active.iter_rows())}
    assert ("'=1+1" in heads, "=1+1" in heads, cells["=1+1"]) == (True, False, "s")
    assert book.active.title == "Х 1"


def test_stock_is_told_as_the_page_tells_it(buyer: Client, world: World, section: Section) -> None:
    world.holding.group = ClientGroup.objects.create(name="Мелкие", stock_mask=StockMask.OVER_10)
    world.holding.save()
    make_price(world.skus[0], 1, price_type=PriceType.objects.create(name="Закупка", is_purchase=True))

    rows = sheet(buyer.get(link(section)))

    assert [row[6] for row in rows[1:]] == [">10", ">10", ">10"]
    assert [row[5] for row in rows[1:]] == [100, Decimal("250.5"), 10]


def test_columns_are_those_of_the_table(buyer: Client, world: World, section: Section) -> None:
    buyer.post(
        "/catalog/look/", {"name": f"section:{section.pk}", "columns": ["warehouses"], "density": "normal"}
    )

    heads = sheet(buyer.get(link(section)))[0]

    assert heads == (
        "Наименование", "Единица", "Цена, ₽ с НДС", "В наличии",
        world.main_warehouse.name, world.second_warehouse.name,
    )  # fmt: skip


def test_recommended_prices_are_exported_where_their_column_is_chosen(
    buyer: Client, world: World, section: Section
) -> None:
    make_price(world.skus[0], 150, price_type=PriceType.objects.create(name="РРЦ", is_recommended=True))
    buyer.post(
        "/catalog/look/", {"name": f"section:{section.pk}", "columns": ["recommended"], "density": "normal"}
    )

    heads, *rows = sheet(buyer.get(link(section)))

    place = heads.index("РРЦ, ₽")
    assert [row[place] for row in rows] == [150, None, None]


def test_unknown_format_and_section_are_not_found(buyer: Client, section: Section) -> None:
    assert buyer.get(link(section, "format=pdf")).status_code == 404
    assert buyer.get("/catalog/99999999/export/").status_code == 404
    assert len(sheet(buyer.get("/catalog/export/?q=болт"))) == 2


def test_file_ends_at_the_most_rows(buyer: Client, section: Section, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    monkeypatch.setattr(export, "PORTION", 1)

    assert len(lines(buyer.get(link(section, "format=csv")))) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_thousand_rows_take_the_same_queries(
    buyer: Client,
    world: World,
    rows: int,
    settled_index: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    section = make_section("Часть", goods=list(world.skus)[:rows])
    settled_index()
    body(buyer.get(link(section, "format=csv")))

    with django_assert_num_queries(9):
        assert len(lines(buyer.get(link(section, "format=csv")))) == rows + 1
