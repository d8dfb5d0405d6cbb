"""The CSV: for another system, in its letters, with no formulas."""

import csv
import io

import pytest

from catalog.models import Product
from documents.price_lists.options import Column, CsvEncoding
from documents.states import ListFormat
from portal.lib.spreadsheets import guarded
from tests.documents.price_lists.lists import list_of, written
from tests.documents.price_lists.test_xlsx import FORMULAS
from tests.factories import World


def read(content: bytes, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding)), delimiter=";"))


@pytest.mark.parametrize("encoding", CsvEncoding)
def test_rows_come_with_their_section_and_numbers_with_a_comma(world: World, encoding: CsvEncoding) -> None:
    columns = (Column.ARTICLE, Column.STOCK)
    content = written(list_of(world, format=ListFormat.CSV, encoding=encoding, columns=columns))

    rows = read(content, encoding)

    assert rows == [
        ["Раздел", "Артикул", "Наименование", "Остаток", "Цена с НДС, руб."],
        ["Метизы", world.skus[1].article, "Кабель ВВГнг 3х2,5", "15", "250,5"],
        ["Болты", world.skus[0].article, "Болт М8х40", "15", "100"],
        ["Прочее", world.skus[2].article, "Книга учёта", "15", "10"],
    ]
    assert content.startswith(b"\xef\xbb\xbf") == (encoding is CsvEncoding.UTF8)


def test_list_without_groups_has_no_column_of_sections(world: World) -> None:
    content = written(list_of(world, format=ListFormat.CSV, is_grouped=False, columns=()))

    assert read(content, "utf-8-sig")[0] == ["Наименование", "Цена с НДС, руб."]


def test_letter_that_the_encoding_lacks_becomes_a_question_mark(world: World) -> None:
    Product.objects.filter(pk=world.skus[0].product_id).update(name="Болт ≥ 8")

    content = written(list_of(world, format=ListFormat.CSV, encoding=CsvEncoding.CP1251))

    assert "Болт ? 8" in content.decode("cp1251")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Болт", "5-10", "", "М8=8", " Болт", "'=1", "#1", "1,5"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
