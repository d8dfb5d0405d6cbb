"""Rows of files: whatever the encoding, the delimiter, the layout and the faults, none gets lost."""

import csv
import random
import time
from dataclasses import dataclass
from io import StringIO

import pytest

from orders.recognition.columns import Meaning, columns_found
from orders.recognition.sheets import Chosen, sheet_read
from portal.lib.tables import Row

ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8-r")
DELIMITERS = (";", ",", "\t", "|")
LAYOUTS = ("plain", "deep header", "no header", "many columns", "turned")
FAULTS = ("none", "blank rows and totals", "delimiters and breaks in cells")
GOODS = (
    "Автомат однополюсный", "Кабель силовой медный", "Розетка двойная с заземлением", "Болт оцинкованный",
    "Лента клейкая упаковочная", "Труба гофрированная",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A file, how many rows it has, and what it orders."""

    content: bytes
    rows: int
    ordered: list[tuple[str, str]]


def made(encoding: str, delimiter: str, layout: str, fault: str) -> Made:
    chance = random.Random(f"{encoding}{delimiter}{layout}{fault}")
    rows: list[list[str]] = []
    if layout == "deep header":
        rows += [["ООО Ромашка"], [], ["Заказ поставщику", "", "от 23.11.2026"], []]
    if layout != "no header":
        rows.append(_row(layout, 0, "Артикул", "Наименование", "Кол-во"))
    ordered = []
    for number in range(1, chance.randint(8, 40)):
        code = f"ВА{chance.randint(10, 99)}-{number}"
        name = chance.choice(GOODS)
        if fault == "delimiters and breaks in cells":
            name = f"{name}{delimiter} серия А\nбелый" if number % 3 else f'{name} 1/2"'
        quantity = chance.choice(["1", "2,5", "10", "1000", "0.5"])
        rows.append(_row(layout, number, code, name, quantity))
        ordered.append((code, quantity))
        if fault == "blank rows and totals" and number % 5 == 0:
            rows += [[], _row(layout, 0, "", "", "")]
    if fault == "blank rows and totals":
        rows.append(["Итого", "", "", "100"])
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=chance.choice(["\n", "\r\n"])).writerows(rows)
    while rows and not any(rows[-1]):
        rows.pop()
    return Made(text.getvalue().encode(encoding), len(rows), ordered)


def _row(layout: str, number: int, code: str, name: str, quantity: str) -> list[str]:
    match layout:
        case "turned":
            return [quantity, name, code]
        case "many columns":
            head = not number and bool(code)
            return [
                "N п/п" if head else str(number or ""), code, "Бренд" if head else "ИЭК", name,
                "Цена" if head else "12,50", quantity, "Ед." if head else "шт", "Сумма" if head else "125,00",
            ]  # fmt: skip
        case _:
            return [code, name, quantity]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_rows_in_are_rows_out(encoding: str, delimiter: str) -> None:
    """Fifteen files of each encoding and delimiter, three hundred together."""
    for layout in LAYOUTS:
        for fault in FAULTS:
            file = made(encoding, delimiter, layout, fault)

            sheet = sheet_read(file.content, Chosen())

            case = f"{layout}, {fault}"
            assert [row.number for row in sheet.rows] == list(range(1, file.rows + 1)), case
            asked = [(row.asked.code, row.asked.quantity) for row in sheet.rows if row.asked]
            assert asked == file.ordered, case
            assert all(bool(row.skipped) == (row.asked is None) for row in sheet.rows), case


def rows(text: str) -> list[Row]:
    lines = text.strip().split("\n")
    return [Row(number, tuple(line.split(";"))) for number, line in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("text", "header", "places"),
    [
        ("A1;10\nB2;5", 0, {"code": 0, "quantity": 1}),
        ("4601234567893;10\n4601234567894;5", 0, {"code": 0, "quantity": 1}),
        (
            "1;ART-1;Болт М8 оц;10;шт\n2;ART-2;Гайка;5;шт\n3;A;B;6;шт",
            0,
            {"code": 1, "name": 2, "quantity": 3, "unit": 4},
        ),
        ("Болт М8х40 оц\nГайка", 0, {"code": 0}),
        ("Артикул\nA1\nA2", 1, {"code": 0}),
        ("Артикул;\nA1;4\nA2;5", 1, {"code": 0, "quantity": 1}),
        ("Штрих-код;Кол.;Цена;Сумма\n4601234567893;1;2;3", 1, {"barcode": 0, "quantity": 1}),
        (
            "Код товара;Номенклатура;Ед. изм.;К заказу;Остаток\nA;B;шт;1;5",
            1,
            {"code": 0, "name": 1, "unit": 2, "quantity": 3},
        ),
        ("SKU;Qty;Price\nA;1;2", 1, {"code": 0, "quantity": 1}),
        ("Заказ № 5;от 23.11\n№;Артикул;Товар;Кол-во\n1;A;B;3", 2, {"code": 1, "name": 2, "quantity": 3}),
        ("Кол-во;Заказ;Артикул\n7;1;A", 1, {"code": 2, "quantity": 1}),
        ("Болт;5 шт\nГайка;2 шт", 0, {"code": 0, "quantity": 1}),
    ],
)
def test_columns_are_known_by_their_heads_or_by_what_stands_in_them(
    text: str, header: int, places: dict[str, int]
) -> None:
    found = columns_found(rows(text))

    assert (found.header, found.places) == (header, {Meaning(name): place for name, place in places.items()})


def reasons(text: str) -> list[str]:
    return [row.skipped for row in sheet_read(text.encode(), Chosen()).rows]


def test_what_orders_nothing_is_passed_over_with_its_reason() -> None:
    told = reasons(
        "Заказ № 5;;\n\nАртикул;Товар;Кол-во\n;Кабели;\nA-1;Кабель;5\nАртикул;Товар;Кол-во\nA-2;;6\nИтого;;11"
    )

    assert told == [
        "До таблицы", "Пустая строка", "Заголовок", "Название раздела", "", "Заголовок", "", "Итог",
    ]  # fmt: skip


def test_list_with_few_quantities_orders_only_those() -> None:
    assert reasons("Артикул;Кол-во\nA;\nB;2\nC;\nD;0") == [
        "Заголовок", "Количество не указано", "", "Количество не указано", "Количество не указано",
    ]  # fmt: skip


def test_forgotten_quantity_is_not_passed_over() -> None:
    assert reasons("Артикул;Кол-во\nA;1\nB;2\nC;") == ["Заголовок", "", "", ""]


def test_good_that_is_named_like_a_total_stays() -> None:
    assert reasons("Артикул;Товар;Кол-во\nA;Всего понемногу;1\nB;Б;2") == ["Заголовок", "", ""]


SPACES = [";".join(["1" + " " * 900 + "!"] * 50)] * 200
WORDS = ["Артикул;Кол-во"] + ["Код;Заказ;" + ";".join(f"слово {number}" for number in range(48))] * 1_500


@pytest.mark.parametrize("lines", [SPACES, WORDS], ids=["spaces", "words"])
def test_no_file_holds_a_request_for_long(lines: list[str]) -> None:
    content = "\n".join(lines).encode()
    began = time.monotonic()

    sheet = sheet_read(content, Chosen())

    assert len(sheet.rows) == len(lines)
    assert time.monotonic() - began < 5
