"""Pages of uploads and of clients' codes."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import Product, ProductRelation, RelationKind
from counterparties.models import Organization, TaxRegime
from orders.models import CartLine, ClientCode, CodeSource, Upload, UploadRow, UploadSource
from pricing.models import PriceType
from tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(client: Client, world: World) -> Client:
    client.force_login(world.buyer)
    return client


def send(client: Client, text: str, name: str = "заказ.csv") -> Upload:
    answer = client.post(
        reverse("orders:upload_send"), {"file": SimpleUploadedFile(name, text.encode("cp1251"))}
    )
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("pk")


def page(client: Client, upload: Upload, tab: str = "") -> str:
    answer = client.get(reverse("orders:upload", args=[upload.uid]), {"tab": tab} if tab else {})
    assert answer.status_code == 200
    return answer.content.decode()


def decide(client: Client, upload: Upload, position: int, **told: object) -> HttpResponse:
    address = reverse("orders:upload_row", args=[upload.uid, position])
    return client.post(address, {"round": upload.round} | told)


def order(world: World) -> str:
    bolt, cable, book = (sku.article for sku in world.skus)
    return f"Артикул;Кол-во\n{bolt};2,5\n{cable};3\n{book};99\nнет такого;1\n{bolt};ноль\nИтого;5\n"


def test_tabs_count_all_rows_of_the_file(buyer: Client, world: World) -> None:
    upload = send(buyer, order(world))

    shown = page(buyer, upload)

    for label, count in {"Готово": 1, "Нужен выбор": 2, "Не хватает": 1, "Ошибки": 1, "Пропущено": 2}.items():
        assert f"{label} <b>{count}</b>" in shown
    assert "2,5 шт заказать нельзя" in shown  # the first tab that waits for decisions


@pytest.mark.parametrize("tab", ["ready", "choice", "short", "fault", "skipped"])
def test_each_tab_shows_its_rows(buyer: Client, world: World, tab: str) -> None:
    upload = send(buyer, order(world))

    shown = page(buyer, upload, tab)

    positions = UploadRow.objects.filter(upload=upload, state=tab).values_list("position", flat=True)
    assert [f'id="row-{position}"' in shown for position in range(1, 8)] == [
        position in positions for position in range(1, 8)
    ]


def test_likeliest_goods_are_offered_for_what_was_not_found(buyer: Client, world: World) -> None:
    upload = send(buyer, "Товар;Кол-во\nБолт М8х40 DIN 933;1")

    assert f'<option value="{world.skus[0].pk}">' in page(buyer, upload, "choice")


def test_errors_are_mended_and_the_rest_goes_into_the_cart(buyer: Client, world: World) -> None:
    upload = send(buyer, order(world))

    decide(buyer, upload, 2, action="quantity", quantity="3")
    decide(buyer, upload, 4, action="rest")
    decide(buyer, upload, 5, action="code", code=world.skus[0].article, remember="1", same="1")
    decide(buyer, upload, 6, action="skip")
    answer = buyer.post(
        reverse("orders:upload_cart", args=[upload.uid]), {"round": upload.round, "mode": "add"}
    )

    assert answer.url == reverse("orders:cart")
    held = {line.sku_id: str(line.quantity) for line in CartLine.objects.all()}
    assert held == {world.skus[0].pk: "4.000", world.skus[1].pk: "3.000", world.skus[2].pk: "15.000"}
    assert ClientCode.objects.get().code == "нет такого"


def test_analog_stands_in_for_what_is_short(buyer: Client, world: World) -> None:
    book, bolt = world.skus[2], world.skus[0]
    ProductRelation.objects.create(product=book.product, related=bolt.product, kind=RelationKind.ANALOG)
    upload = send(buyer, f"Артикул;Кол-во\n{book.article};15\n{book.article};7")
    assert "Аналог: Болт М8х40" in page(buyer, upload, "short")

    decide(buyer, upload, 3, analog=bolt.pk)

    row = upload.rows.get(position=3)
    assert (row.state, row.sku_id, row.quantity) == ("ready", bolt.pk, 7)
    assert not ClientCode.objects.exists()


def test_second_press_puts_nothing(buyer: Client, world: World) -> None:
    upload = send(buyer, order(world))
    form = {"round": upload.round, "mode": "add"}

    for _press in range(2):
        buyer.post(reverse("orders:upload_cart", args=[upload.uid]), form)

    assert CartLine.objects.get().quantity == 3


def test_new_cart_needs_a_name(buyer: Client, world: World) -> None:
    upload = send(buyer, order(world))
    address = reverse("orders:upload_cart", args=[upload.uid])

    buyer.post(address, {"round": 0, "cart": "-1", "name": ""})
    assert not CartLine.objects.exists()
    buyer.post(address, {"round": 0, "cart": "-1", "name": "Ноябрь"})

    assert CartLine.objects.get().cart.name == "Ноябрь"


def test_pasted_text_is_recognised(buyer: Client, world: World) -> None:
    buyer.post(
        reverse("orders:upload_send"), {"text": f"{world.skus[0].article}\t2\r\n{world.skus[1].article}\t3 м"}
    )

    upload = Upload.objects.get()
    assert upload.source == UploadSource.PASTE
    assert list(upload.rows.values_list("state", flat=True)) == ["ready", "ready"]


@pytest.mark.parametrize("form", [{}, {"text": ""}, {"text": "  \n "}])
def test_nothing_sent_is_told(buyer: Client, form: dict[str, str]) -> None:
    answer = buyer.post(reverse("orders:upload_send"), form)

    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_bad_file_tells_why_and_may_be_read_another_way(buyer: Client, world: World) -> None:
    text = f"Артикул;Кол-во\n{world.skus[0].article};1\n".encode("utf-16-le")
    buyer.post(reverse("orders:upload_send"), {"file": SimpleUploadedFile("a.csv", text)})
    upload = Upload.objects.get()
    assert "Файл не прочитан" in page(buyer, upload)


def test_columns_are_chosen_without_a_second_upload(buyer: Client, world: World) -> None:
    upload = send(buyer, f"5;{world.skus[0].article};7\n6;{world.skus[1].article};8")
    form = {"round": 0, "encoding": "cp1251", "delimiter": ";", "header": 0}

    buyer.post(
        reverse("orders:upload_read", args=[upload.uid]), form | {"column_code": 1, "column_quantity": 0}
    )

    quantities = upload.rows.order_by("position").values_list("quantity", flat=True)
    assert [str(one) for one in quantities] == ["5.000", "6.000"]


def test_result_file_has_our_columns_and_no_formulas(buyer: Client, world: World) -> None:
    upload = send(buyer, f"Артикул;Кол-во;Примечание\n{world.skus[0].article};2;=1+1\nнет;1;@SUM(A1)")

    answer = buyer.get(reverse("orders:upload_result", args=[upload.uid]))

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][4:] == [
        "Результат", "Наш артикул", "Наименование", "Количество", "Единица", "Цена, ₽", "Остаток",
        "Сообщение",
    ]  # fmt: skip
    assert rows[2][3:8] == ["=1+1", "Готово", world.skus[0].article, "Болт М8х40", 2]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_original_comes_back_as_it_was(buyer: Client, world: World) -> None:
    upload = send(buyer, order(world))

    answer = buyer.get(reverse("orders:upload_original", args=[upload.uid]))

    assert b"".join(answer.streaming_content) == order(world).encode("cp1251")


def test_waiting_upload_shows_its_progress(buyer: Client, world: World) -> None:
    upload = send(buyer, "\n".join([f"{world.skus[0].article};1"] * 2_001))
    address = reverse("orders:upload", args=[upload.uid])

    assert "0 из 2001 строк" in page(buyer, upload)
    fragment = buyer.get(address, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="upload-progress"')


def test_uploads_of_others_are_not_there(client: Client, world: World, buyer: Client) -> None:
    upload = send(buyer, order(world))
    decide(buyer, upload, 5, action="code", code=world.skus[0].article, remember="1")
    code = ClientCode.objects.get()
    before = list(UploadRow.objects.order_by("pk").values_list("state", "sku"))

    for person in (world.head, world.other_buyer):
        client.force_login(person)
        for name in ("upload", "upload_result", "upload_original"):
            assert client.get(reverse(f"orders:{name}", args=[upload.uid])).status_code == 404
        for name in ("upload_read", "upload_cart", "upload_forget"):
            assert client.post(reverse(f"orders:{name}", args=[upload.uid]), {"round": 0}).status_code == 404
        assert decide(client, upload, 2, action="skip").status_code == 404
    for name in ("code_remove", "code_restore"):
        assert client.post(reverse(f"orders:{name}", args=[code.pk])).status_code == 404

    assert list(UploadRow.objects.order_by("pk").values_list("state", "sku")) == before
    code.refresh_from_db()
    assert code.removed_at is None


def test_codes_are_listed_removed_and_put_back(buyer: Client, world: World) -> None:
    code = ClientCode.objects.create(
        holding=world.holding, code="Б-1", key="б1", sku=world.skus[0], source=CodeSource.HAND
    )
    address = reverse("orders:codes")
    assert "Б-1" in buyer.get(address, {"q": "болт"}).content.decode()
    assert "Б-1" not in buyer.get(address, {"q": "кабель"}).content.decode()

    buyer.post(reverse("orders:code_remove", args=[code.pk]))
    assert "Б-1" in buyer.get(address, {"removed": "1"}).content.decode()
    code.refresh_from_db()
    assert (code.removed_by_id, code.removed_at is None) == (world.buyer.pk, False)

    buyer.post(reverse("orders:code_restore", args=[code.pk]))
    code.refresh_from_db()
    assert code.removed_at is None


def test_code_that_means_another_good_by_now_is_not_put_back(buyer: Client, world: World) -> None:
    old, new = (
        ClientCode.objects.create(
            holding=world.holding, code="Б-1", key="б1", sku=sku, source=CodeSource.HAND, removed_at=removed
        )
        for sku, removed in ((world.skus[0], "2026-11-20T10:00Z"), (world.skus[1], None))
    )

    buyer.post(reverse("orders:code_restore", args=[old.pk]))

    assert list(ClientCode.objects.in_use()) == [new]


def test_codes_go_out_and_come_in_as_a_file(buyer: Client, world: World) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Код клиента", "Наш артикул"], ["-Б-1", world.skus[0].article], ["В-2", "нет"], ["", "x"]):
        sheet.append(row)
    file = BytesIO()
    book.save(file)

    sent = SimpleUploadedFile("коды.xlsx", file.getvalue())
    told = buyer.post(reverse("orders:codes_send"), {"file": sent}, follow=True).content.decode()

    assert "Не поняли строки: 3, 4" in told
    answer = buyer.get(reverse("orders:codes_export"))
    page = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows == [
        ["Код клиента", "Наш артикул", "Наименование"],
        ["-Б-1", world.skus[0].article, "Болт М8х40"],
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_whatever_the_rows(
    buyer: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    lines = [f"{sku.article};1" for sku in world.skus[:rows]]
    upload = send(buyer, "\n".join(["Артикул;Кол-во", *lines]))
    page(buyer, upload)
    catalog_index()

    with django_assert_num_queries(24):
        page(buyer, upload)


@pytest.mark.parametrize(
    ("is_vat_included", "regime", "total"),
    [
        (False, TaxRegime.GENERAL, "244,00"),
        (False, TaxRegime.SIMPLIFIED_EXEMPT, "200,00"),
        (True, TaxRegime.GENERAL, "200,00"),
    ],
)
def test_sum_of_a_row_is_that_of_the_cart(
    buyer: Client, world: World, is_vat_included: bool, regime: str, total: str
) -> None:
    PriceType.objects.update(is_vat_included=is_vat_included)
    Organization.objects.update(tax_regime=regime)
    Product.objects.update(vat_percent=22)

    shown = page(buyer, send(buyer, f"Артикул;Кол-во\n{world.skus[0].article};2"))

    assert f"{total}&nbsp;₽" in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_signs_that_no_spreadsheet_takes_do_not_break_the_result(buyer: Client) -> None:
    answer = buyer.post(
        reverse("orders:upload_send"),
        {"file": SimpleUploadedFile("заказ.csv", "Арти\uffffкул;Кол-во\nнет \ufffe\uffffтакого;1".encode())},
    )
    assert answer.status_code == 302

    answer = buyer.get(reverse("orders:upload_result", args=[Upload.objects.get().uid]))

    sheet = load_workbook(BytesIO(answer.getvalue())).active
    assert sheet is not None
    assert [sheet["B1"].value, sheet["B3"].value] == ["Артикул", "нет такого"]


def test_million_of_russian_letters_may_be_pasted(buyer: Client) -> None:
    shown = buyer.get(reverse("orders:uploads")).content.decode()
    answer = buyer.post(reverse("orders:upload_send"), {"text": "Болт Кол\t1\n" * 90_000})

    assert shown.count('enctype="multipart/form-data"') == 2
    assert (answer.status_code, Upload.objects.get().fault[:12]) == (302, "В файле боль")
