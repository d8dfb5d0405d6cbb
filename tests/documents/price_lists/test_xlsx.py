"""The Excel file: what stands in it, what may be typed, what it remembers for its way back."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image

from catalog.models import Picture, Product, Sku
from documents.price_lists import xlsx
from documents.price_lists.options import Column
from orders.blank import KEYS, META_SHEET, row_add, rows_digest
from portal.files.services import store
from portal.lib.spreadsheets import text_cell
from pricing.models import Price
from tests.documents.price_lists.lists import UID, list_of, written
from tests.factories import World, make_sku

HEAD_ROW = 9
FORMULAS = [
    "=1+1", "=cmd|'/C calc'!A0", '=HYPERLINK("http://x","y")', '=IMPORTXML("http://x","//a")', "=", "@=1",
    '=DDE("cmd";"/C calc";"x")', "+1", "+cmd|' /C calc'!A0", "+7 900 000-00-00", "-1", "-5A", "@SUM(1)", "@",
    "-2+3+cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", " =1+1", "  +1", "\u00a0=1", "＝1+1", "＋1", "－1",
    "＠SUM(1)", '="a"&"b"', "=A1", "=1;2", "-", "+", "=@x", "=[1]Лист!A1", '=WEBSERVICE("http://x")',
    "=ФОРМУЛА()",
]  # fmt: skip


def sheet_of(content: bytes) -> Any:
    return load_workbook(BytesIO(content)).worksheets[0]


def table(sheet: Any) -> list[dict[str, Any]]:
    """Rows of goods by the heads of their columns."""
    heads = [cell.value for cell in sheet[HEAD_ROW]]
    found = (
        dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True)
    )
    return [row for row in found if row["sku"]]


def test_heading_tells_whose_prices_these_are(world: World) -> None:
    sheet = sheet_of(written(list_of(world)))

    assert [sheet.cell(row, 1).value for row in range(1, 7)] == [
        "ООО «Опт-Портал», +7 495 000-00-00",
        "Прайс-лист на 23.11.2026 10:41 (МСК)",
        "Город: Москва, вид цен: Оптовая, валюта: RUB, цены указаны с учётом НДС",
        f"Клиент: ООО «Север», договор {world.contract}",
        f"Ваш менеджер: Мария Менеджерова, {world.manager.email}",
        "Прайс-лист действителен до 30.11.2026. Не является публичной офертой (ст. 437 ГК РФ).",
    ]


def test_table_holds_numbers_and_stays_in_sight(world: World) -> None:
    Price.objects.filter(sku=world.skus[1]).update(amount=Decimal("1250.1234"))
    sheet = sheet_of(written(list_of(world)))

    rows = table(sheet)

    assert [(row["№"], row["Наименование"], row["Остаток"], row["Цена с НДС, руб."]) for row in rows] == [
        (1, "Кабель ВВГнг 3х2,5", 15, 1250.1234),
        (2, "Болт М8х40", 15, 100),
        (3, "Книга учёта", 15, 10),
    ]
    assert sheet.cell(HEAD_ROW + 4, 8).number_format == "#,##0.00"
    assert sheet.cell(HEAD_ROW + 2, 8).number_format == "#,##0.0000"
    assert sheet.freeze_panes == f"A{HEAD_ROW + 1}"
    assert sheet.auto_filter.ref == f"A{HEAD_ROW}:K{HEAD_ROW + 6}"


def test_sections_fold(world: World) -> None:
    sheet = sheet_of(written(list_of(world)))

    levels = [sheet.row_dimensions[row].outlineLevel for row in range(HEAD_ROW + 1, HEAD_ROW + 7)]

    assert [sheet.cell(HEAD_ROW + row, 1).value for row in (1, 3, 5)] == ["Метизы", "Болты", "Прочее"]
    assert levels == [0, 1, 1, 2, 0, 1]
    assert sheet.sheet_properties.outlinePr.summaryBelow is False


def test_only_the_yellow_column_may_be_typed_into(world: World) -> None:
    sheet = sheet_of(written(list_of(world)))

    unlocked = {
        cell.coordinate
        for row in sheet.iter_rows(min_row=1, max_row=HEAD_ROW + 6)
        for cell in row
        if not cell.protection.locked
    }
    (validation,) = sheet.data_validations.dataValidation

    assert sheet.protection.sheet is True
    assert unlocked == {"J11", "J13", "J15"}
    assert str(validation.sqref) == "J10:J15"
    assert validation.formula1 == "AND(ISNUMBER(J10),J10>=0,MOD(ROUND(J10*1000,0),ROUND(N10*1000,0))=0)"
    assert [row["step"] for row in table(sheet)] == [0.001, 1, 1]


def test_sums_are_formulas(world: World) -> None:
    Product.objects.update(weight=Decimal("0.25"))
    sheet = sheet_of(written(list_of(world)))

    assert sheet["K11"].value == '=IF(N(J11)>0,ROUND(J11*H11,2),"")'
    assert sheet["K8"].value == "=SUM(K10:K16)"
    assert sheet["J8"].value == "=SUMPRODUCT(J10:J16,O10:O16)"
    assert {row["weight"] for row in table(sheet)} == {0.25}


def test_price_on_request_has_no_sum(world: World) -> None:
    Price.objects.filter(sku=world.skus[1]).delete()
    sheet = sheet_of(written(list_of(world)))

    row = table(sheet)[0]

    assert (row["Цена с НДС, руб."], row["Сумма, руб."], row["price"]) == ("по запросу", None, None)


def test_blank_remembers_what_it_was_made_of(world: World) -> None:
    content = written(list_of(world))
    book = load_workbook(BytesIO(content))
    meta = dict(book[META_SHEET].iter_rows(values_only=True))
    rows = table(book.worksheets[0])
    digest = rows_digest()
    for row in rows:
        row_add(digest, row["sku"], Decimal(str(row["price"])))

    assert book[META_SHEET].sheet_state == "veryHidden"
    assert tuple(meta) == KEYS
    assert (meta["price_list"], meta["version"], meta["currency"]) == (str(UID), "1", "RUB")
    assert (meta["city"], meta["contract"]) == (str(world.city.pk), str(world.contract.pk))
    assert meta["sha256"] == digest.hexdigest()
    assert [row["sku"] for row in rows] == [world.skus[1].pk, world.skus[0].pk, world.skus[2].pk]
    hidden = book.worksheets[0].column_dimensions["L"]
    assert (hidden.min, hidden.max, hidden.hidden) == (12, 15, True)


def test_quantities_typed_with_openpyxl_are_read_back(world: World) -> None:
    book = load_workbook(BytesIO(written(list_of(world))))
    book.worksheets[0]["J11"] = 2.5
    book.worksheets[0]["J15"] = 3
    typed = BytesIO()
    book.save(typed)

    back = load_workbook(BytesIO(typed.getvalue()))
    ordered = {row["sku"]: row["Заказ"] for row in table(back.worksheets[0]) if row["Заказ"]}

    assert ordered == {world.skus[1].pk: 2.5, world.skus[2].pk: 3}
    assert dict(back[META_SHEET].iter_rows(values_only=True))["price_list"] == str(UID)


def test_prices_without_vat_keep_the_own_price_beside(world: World) -> None:
    row = table(sheet_of(written(list_of(world, is_vat_included=False))))[1]

    assert (row["Цена без НДС, руб."], row["price"]) == (81.97, 100)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_stays_a_text(world: World, text: str) -> None:
    Product.objects.filter(pk=world.skus[0].product_id).update(name=text)
    Sku.objects.filter(pk=world.skus[0].pk).update(article=text)
    sheet = sheet_of(written(list_of(world)))

    name, article = sheet["C13"], sheet["B13"]

    told = name.value.replace("_x000D_", "\r")  # openpyxl leaves it so, Excel reads it
    assert (name.data_type, told, name.quotePrefix) == ("s", text, True)
    assert (article.data_type, article.quotePrefix) == ("s", True)


def test_corpus_of_formulas_is_large_enough() -> None:
    assert len(set(FORMULAS)) >= 30


def test_letters_that_xml_does_not_take_are_left_out(world: World) -> None:
    put_name = "Болт\x0b <b>&amp;</b> _x0041_ \U0001f600"
    Product.objects.filter(pk=world.skus[0].product_id).update(name=put_name)

    sheet = sheet_of(written(list_of(world)))

    assert sheet["C13"].value.replace("_x005F_", "_") == put_name.replace("\x0b", "")
    assert "_x005F_x0041_" in text_cell("A1", put_name, 1, 2)


def test_pictures_stand_in_their_rows(world: World) -> None:
    drawn = BytesIO()
    Image.new("RGBA", (300, 200), (200, 30, 30, 120)).save(drawn, "PNG")
    Picture.objects.create(
        product=world.skus[0].product,
        source_path="1.png",
        file=store(content=drawn.getvalue(), name="1.png", mime="image/png"),
    )

    sheet = sheet_of(written(list_of(world, columns=(Column.PICTURE,))))

    (image,) = sheet._images
    assert image.anchor._from.row == HEAD_ROW + 3
    assert image.anchor.to.row == HEAD_ROW + 3
    assert sheet.row_dimensions[HEAD_ROW + 4].height == 48


def test_book_of_many_portions_is_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.price_lists.goods.PORTION", 2)
    for number in range(5):
        make_sku(f"Шайба {number}", stock={world.main_warehouse: 1})

    rows = table(sheet_of(written(list_of(world))))

    assert [row["№"] for row in rows] == list(range(1, 9))


def test_list_that_is_no_blank_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_BLANK_ROWS", 1)

    sheet = sheet_of(written(list_of(world)))

    assert sheet.cell(7, 1).value == xlsx.TOO_LONG
