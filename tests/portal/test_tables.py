"""Tables of people's files: read as they stand, or refused with a reason."""

import contextlib
import json
import random
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from portal.lib.tables import Layout, TableRefused, table_read
from tests.portal.hostile_tables import packed, plain_ods, plain_xlsx, unpacked

PROJECT = Path(__file__).resolve().parents[2]
BROKEN = "Файл повреждён: откройте его в Excel и сохраните заново"
MOST_SECONDS, MOST_MEGABYTES = 10, 300


def cells(content: bytes, layout: Layout | None = None) -> list[tuple[str, ...]]:
    return [row.cells for row in table_read(content, layout=layout).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8-r", "cp866"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    rows = [("Артикул", "Наименование", "Кол-во"), ("ВА47-29", "Автомат однополюсный", "10")]
    text = "\r\n".join(delimiter.join(row) for row in rows)

    assert cells(text.encode(encoding)) == rows


def test_cell_with_the_delimiter_in_quotes_is_one() -> None:
    assert cells('"Кабель; 3х2,5";10\r\n"Труба ""ПНД""";7'.encode("cp1251")) == [
        ("Кабель; 3х2,5", "10"),
        ('Труба "ПНД"', "7"),
    ]


def test_delimiter_is_that_of_most_lines_and_not_of_the_first() -> None:
    text = "Заказ, срочный, на ноябрь\nВА47-29;10\nВА47-30;2,5\nВА47-31;7\n"

    assert cells(text.encode())[1:] == [("ВА47-29", "10"), ("ВА47-30", "2,5"), ("ВА47-31", "7")]


def test_inch_sign_swallows_no_rows() -> None:
    text = 'Пруток 1/2";5\n"Труба 3/4;6\nУголок;7'

    assert cells(text.encode()) == [('Пруток 1/2"', "5"), ('"Труба 3/4', "6"), ("Уголок", "7")]


def test_cell_of_two_lines_is_one_row() -> None:
    assert cells('"Болт\nМ8";5\nГайка;6'.encode()) == [("Болт М8", "5"), ("Гайка", "6")]


def test_blank_rows_keep_their_numbers() -> None:
    table = table_read(b"a;1\n\n;;\nb;2\n\n\n")

    assert [(row.number, row.cells) for row in table.rows] == [
        (1, ("a", "1")),
        (2, ()),
        (3, ()),
        (4, ("b", "2")),
    ]


def test_book_reads_as_people_see_it() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in {"B3": "00012", "C3": 10.0, "D3": 2.5, "E3": 4601234567893, "F3": True}.items():
        sheet[place] = value
    meta = book.create_sheet("_meta")
    meta.sheet_state = "veryHidden"
    meta.append(["version", "1"])
    file = BytesIO()
    book.save(file)

    table = table_read(file.getvalue(), hidden=("_meta",))

    assert [row.cells for row in table.rows] == [
        (),
        (),
        ("", "00012", "10", "2.5", "4601234567893", "ИСТИНА"),
    ]
    assert (table.sheets, table.hidden) == (("Sheet",), {"_meta": [["version", "1"]]})


def test_first_sheet_with_rows_is_read_unless_another_is_chosen() -> None:
    book = Workbook()
    for name in ("Второй", "Третий"):
        book.create_sheet(name).append([name])
    file = BytesIO()
    book.save(file)

    assert cells(file.getvalue()) == [("Второй",)]
    assert cells(file.getvalue(), Layout(sheet="Третий")) == [("Третий",)]


def test_ods_is_read() -> None:
    assert cells(plain_ods())[0:2] == [("ВА47-0", "0"), ("ВА47-1", "1")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Файл пустой"),
        (b"  \n ", "Файл пустой"),
        (b"%PDF-1.4", "Это не таблица: пришлите CSV, XLSX, XLS или ODS"),
        (bytes(range(1, 9)) * 100, "Это не таблица: пришлите CSV, XLSX, XLS или ODS"),
        (b"a" * 10_000_001, "Файл больше 10 МБ: разделите его на несколько"),
        (
            b"PK\x03\x04" + b"a" * 5_000_000,
            "Файл XLSX или ODS больше 5 МБ: уберите картинки или разделите его",
        ),
        (b"PK\x03\x04garbage", "Файл повреждён: откройте его в Excel и сохраните заново"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1garbage",
            "Файл повреждён: откройте его в Excel и сохраните заново",
        ),
        (b"a;1\n" * 10_001, "В файле больше 10 000 строк: разделите его на несколько"),
        (b"\n" * 200_000 + b"a;1", "В файле больше 10 000 строк: разделите его на несколько"),
        (b";".join([b"a"] * 51), "В строке 1 больше 50 столбцов: оставьте нужные"),
        (b"a" * 1_001, "В строке 1 ячейка длиннее 1000 знаков"),
        ((b"a" * 999 + b";") * 49 + b"\n", None),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes, reason: str | None) -> None:
    if reason is None:
        assert len(cells(content)) == 1
        return
    with pytest.raises(TableRefused) as refusal:
        table_read(content)

    assert str(refusal.value) == reason


def with_entry(name: str, content: bytes) -> bytes:
    return packed(unpacked(plain_xlsx()) | {name: content})


def lying_about_its_size() -> bytes:
    """An entry that says it has a hundred bytes and unfolds into sixty megabytes."""
    file = BytesIO(with_entry("xl/worksheets/sheet1.xml", b"<row/>" * 10_000_000))
    content = bytearray(file.getvalue())
    size = (60_000_000).to_bytes(4, "little")
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def far_cell() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = sheet["XFD1048576"] = 1
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def encrypted() -> bytes:
    content = bytearray(plain_xlsx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + place] |= 1
    return bytes(content)


def repeated_rows() -> bytes:
    entries = unpacked(plain_ods())
    entries["content.xml"] = entries["content.xml"].replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
    )
    return packed(entries)


def doubled_entry() -> bytes:
    file = BytesIO(plain_xlsx())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return file.getvalue()


STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
BOMBS = {
    "many entries": lambda: packed({f"{number}.xml": b"" for number in range(201)}),
    "sixty megabytes": lambda: with_entry("xl/worksheets/sheet1.xml", b" " * 60_000_000),
    "a dense entry": lambda: with_entry("xl/worksheets/sheet1.xml", b" " * 40_000_000),
    "a lying size": lying_about_its_size,
    "one long string": lambda: with_entry("xl/sharedStrings.xml", STRINGS + b"<si><t>" + b"a" * 21_000_000),
    "a million strings": lambda: with_entry("xl/sharedStrings.xml", STRINGS + b"<si><t/></si>" * 1_500_000),
    "a far cell": far_cell,
    "a password": encrypted,
    "repeated rows": repeated_rows,
    "a doubled entry": doubled_entry,
    "entities": lambda: with_entry(
        "xl/sharedStrings.xml",
        b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><sst><si><t>&c;</t></si></sst>',
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_go_off_in_the_fence(bomb: str) -> None:
    content, began = BOMBS[bomb](), time.monotonic()

    with contextlib.suppress(TableRefused):  # any other exception is a page 500
        table_read(content)

    assert time.monotonic() - began < MOST_SECONDS


def hostile(count: int, seed: int) -> None:
    """A negative control is in the program: what is read well is counted too."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.hostile_tables", str(count), str(seed)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)

    assert told["count"] == count
    assert all(said in {"read", "text", "killed"} or said.startswith("refused: ") for said in told["said"])
    assert told["said"]["read"] > count // 20
    assert told["slowest"] < MOST_SECONDS
    assert told["largest"] < MOST_MEGABYTES


def test_broken_spreadsheets_are_read_or_refused_in_bounds() -> None:
    hostile(300, seed=20261127)


@pytest.mark.sweep
def test_ten_thousand_broken_spreadsheets_are_read_or_refused_in_bounds() -> None:
    hostile(10_000, seed=1)


def test_hidden_sheet_is_told_in_part() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", 1])
    meta = book.create_sheet("_meta")
    chance = random.Random(1)
    for _number in range(105):
        meta.append(["".join(chance.choices("абвгдежз", k=1_050)) for _place in range(11)])
    file = BytesIO()
    book.save(file)

    rows = table_read(file.getvalue(), hidden=("_meta",)).hidden["_meta"]

    assert (len(rows), {len(row) for row in rows}) == (100, {10})
    assert {len(cell) for row in rows for cell in row} == {1_000}


@pytest.mark.parametrize(
    "content",
    [b'"' * 9_000_001 + b"\na" * 30, (b'"' * 99_001 + b"\na" * 30 + b"\n") * 90],
    ids=["one line", "lines"],
)
def test_quotes_without_end_are_looked_through_once(content: bytes) -> None:
    began = time.monotonic()

    with pytest.raises(TableRefused):
        table_read(content)

    assert time.monotonic() - began < 5
