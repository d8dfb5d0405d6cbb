"""The PDF: contents with pages, bookmarks, running heads, «Страница N из M»."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from catalog.models import Picture, Section
from documents.price_lists.options import Column
from documents.price_lists.pdf_contents import contents_of
from documents.price_lists.pdf_text import rulers
from documents.price_lists.shelves import Shelf
from documents.states import ListFormat
from portal.files.services import store
from tests.documents.price_lists.lists import list_of, put, written
from tests.factories import World, make_sku


def pdf_of(world: World, **options: Any) -> PdfReader:
    return PdfReader(BytesIO(written(list_of(world, format=ListFormat.PDF, **options))))


def text_of(reader: PdfReader, page: int) -> str:
    return reader.pages[page].extract_text().replace("\u00a0", " ")


def fill(world: World, count: int) -> None:
    section = Section.objects.get(name="Болты")
    for number in range(count):
        put(make_sku(f"Болт особый {number:03d}", stock={world.main_warehouse: 1}), section)


def test_first_page_tells_whose_prices_and_what_is_inside(world: World) -> None:
    reader = pdf_of(world)

    told = text_of(reader, 0)

    for line in (
        "Прайс-лист на 23.11.2026 10:41 (МСК)",
        "Клиент: ООО «Север»",
        "Не является публичной офертой",
        "Содержание",
        "Метизы",
        "Болты",
        "Прочее",
    ):
        assert line in told
    assert "Страница 1 из" in told


def test_pages_have_heads_and_goods(world: World) -> None:
    fill(world, 120)
    reader = pdf_of(world)
    last = len(reader.pages)

    assert last >= 4
    assert "Наименование" in text_of(reader, 1)
    assert "Метизы / Болты" in text_of(reader, 2)
    assert "Болт особый 119" in text_of(reader, last - 1)
    for number in range(last):
        told = text_of(reader, number)
        assert f"Страница {number + 1} из" in told
        assert str(last) in told.split()


def test_bookmarks_lead_to_their_sections(world: World) -> None:
    fill(world, 120)
    reader = pdf_of(world)

    def walk(marks: list[Any], level: int = 0) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for mark in marks:
            if isinstance(mark, list):
                found += walk(mark, level + 1)
            else:
                found.append((mark.title, level, reader.get_destination_page_number(mark) or 0))
        return found

    marks = walk(reader.outline)

    assert [(title, level) for title, level, _page in marks] == [("Метизы", 0), ("Болты", 1), ("Прочее", 0)]
    assert [page for _title, _level, page in marks] == [1, 1, len(reader.pages) - 1]


def test_contents_lead_to_their_pages(world: World) -> None:
    fill(world, 120)
    reader = pdf_of(world)

    links = [note.get_object() for note in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    pages = [reader.get_page_number(link["/Dest"][0].get_object()) for link in links]

    assert pages == [1, 1, len(reader.pages) - 1]
    assert str(len(reader.pages)) in text_of(reader, 0).split()


def test_list_without_groups_begins_on_the_first_page(world: World) -> None:
    reader = pdf_of(world, is_grouped=False)

    assert len(reader.pages) == 1
    assert "Содержание" not in text_of(reader, 0)
    assert "Болт М8х40" in text_of(reader, 0)


def test_long_name_takes_three_lines_at_most(world: World) -> None:
    regular, _bold = rulers()

    lines = regular.lines("Очень длинное наименование товара " * 10, 7.5, 100, 3)

    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(regular.width(line, 7.5) <= 100 for line in lines)


def test_word_longer_than_the_line_is_broken() -> None:
    regular, _bold = rulers()

    assert "".join(regular.lines("Ш" * 40, 10, 100, 9)) == "Ш" * 40


def test_contents_leave_deep_sections_out_of_many() -> None:
    shelves = [Shelf(f"Раздел {number}", level, ()) for number in range(250) for level in (0, 1)]  # type: ignore[arg-type]

    assert {line.level for line in contents_of(shelves).lines.values()} == {0}
    assert {line.level for line in contents_of(shelves[:300]).lines.values()} == {0, 1}


def test_pictures_are_drawn(world: World) -> None:
    drawn = BytesIO()
    Image.new("RGB", (300, 200), "red").save(drawn, "JPEG")
    Picture.objects.create(
        product=world.skus[0].product,
        source_path="1.jpg",
        file=store(content=drawn.getvalue(), name="1.jpg", mime="image/jpeg"),
    )

    reader = pdf_of(world, columns=(Column.PICTURE, Column.LINK))

    assert len(reader.pages[1].images) == 1
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[1]["/Annots"]]  # type: ignore[attr-defined]
    assert f"/catalog/product/{world.skus[0].product_id}/" in links[1]


@pytest.mark.parametrize("name", ["<b>жирный</b>", "Болт & гайка", "(скобка", "\\", "\x07звонок"])
def test_any_name_is_printed(world: World, name: str) -> None:
    world.skus[0].product.name = name
    world.skus[0].product.save(update_fields=["name"])

    assert name.replace("\x07", "").strip() in text_of(pdf_of(world), 1).replace("\x07", "")
