"""«Быстрый заказ» as a browser meets it, with scripts and without."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.masks import StockMask
from catalog.models import Pack, Product
from counterparties.models import ClientGroup, Contract, ContractState, Holding
from orders.models import CartLine, ClientCode, Pad
from tests.factories import World, make_city, make_sku, make_unit

ADDRESS, ROWS = reverse("orders:pad"), reverse("orders:pad_rows")
Row = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.buyer)
    return client


@pytest.fixture
def codes(world: World) -> list[str]:
    """Articles of the bolt, the cable and the book."""
    return [sku.article for sku in world.skus]


def padded(row: Row) -> list[str]:
    return [*row, *[""] * (4 - len(row))]


def form(world: World, *rows: Row, **told: Any) -> dict[str, Any]:
    """What a page without scripts sends."""
    columns = list(zip(*map(padded, rows), strict=True)) or [()] * 4
    cells = dict(zip(("code", "quantity", "unit", "sku"), columns, strict=True))
    return cells | {"place": f"{world.contract.pk}-{world.city.pk}", "round": "0"} | told


def whole(world: World, *rows: Row, **told: Any) -> dict[str, Any]:
    """What scripts send."""
    sent = form(world, **told)
    changed = ",".join(str(number) for number in range(1, len(rows) + 1))
    return sent | {"rows": json.dumps([padded(row) for row in rows]), "changed": changed} | told


def kept() -> list[tuple[str, str, str, int | None]]:
    rows = Pad.objects.get().rows
    return [(row["code"], row["quantity"], row["unit"], row["sku"]) for row in rows]


def in_cart() -> dict[int, Decimal]:
    return dict(CartLine.objects.values_list("sku_id", "quantity"))


def text(answer: Any) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


# --- the page ------------------------------------------------------------------------------------
def test_empty_page_has_twenty_rows_and_more_on_request(client: Client) -> None:
    assert client.get(ADDRESS).content.count(b"data-pad-row") == 20
    assert client.get(ADDRESS, {"rows": "40"}).content.count(b"data-pad-row") == 40


@pytest.mark.parametrize("rows", ["abc", "-1", "1" + "0" * 20, ""])
def test_page_bears_any_number_of_rows(client: Client, rows: str) -> None:
    assert client.get(ADDRESS, {"rows": rows}).status_code == 200


def test_page_without_a_contract_says_so(world: World, client: Client) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    assert "Нет действующего договора" in text(client.get(ADDRESS))
    assert client.post(ADDRESS, form(world, ("A", "1"))).status_code == 302
    assert client.post(ROWS, whole(world, ("A", "1"))).status_code == 409
    assert not Pad.objects.exists()


def test_typed_rows_are_kept_and_shown_with_price_and_stock(
    world: World, client: Client, codes: list[str]
) -> None:
    answer = client.post(ADDRESS, form(world, (codes[0], "3"), ("", ""), (codes[1], "2,5"), ("", "")))

    page = text(client.get(ADDRESS))
    assert answer["Location"] == ADDRESS
    assert kept() == [(codes[0], "3", "", None), ("", "", "", None), (codes[1], "2,5", "", None)]
    assert page.count("is-ok") == 2
    assert "Болт М8х40" in page
    assert "626,25" in page
    assert "15 шт" in page
    assert "Готово строк: <b>2</b>" in page
    assert "<b>926,25 ₽</b>" in page


def test_more_rows_keep_what_is_typed(world: World, client: Client, codes: list[str]) -> None:
    answer = client.post(ADDRESS, form(world, (codes[0], "3"), more="40"))

    assert answer["Location"] == f"{ADDRESS}?rows=40"
    assert kept() == [(codes[0], "3", "", None)]


@pytest.mark.parametrize(
    ("pasted", "rows"),
    [
        ("A-1\t5\nA-2\t6\tуп", [("A-1", "5", ""), ("A-2", "6", "уп")]),
        ("A-1;5\r\n\r\nA-2;6", [("A-1", "5", ""), ("A-2", "6", "")]),
        ("Болт М8 10", [("Болт М8", "10", "")]),
        ("A-1", [("A-1", "", "")]),
    ],
)
def test_a_pasted_list_goes_below_what_is_typed(
    world: World, client: Client, pasted: str, rows: list[tuple[str, str, str]]
) -> None:
    client.post(ADDRESS, form(world, ("B-1", "1"), ("", ""), paste=pasted))

    assert [row[:3] for row in kept()] == [("B-1", "1", ""), *rows]


def test_buttons_of_a_row_drop_it_or_take_what_there_is(
    world: World, client: Client, codes: list[str]
) -> None:
    rows = [(codes[0], "40"), (codes[1], "1")]
    client.post(ADDRESS, form(world, *rows))
    page = text(client.get(ADDRESS))

    client.post(ADDRESS, form(world, *rows, fix="1:15"))
    after_fix = kept()
    client.post(ADDRESS, form(world, *rows, drop="2"))

    assert "Не хватает: в наличии 15 шт" in page
    assert 'name="fix" value="1:15"' in page
    assert after_fix[0][:2] == (codes[0], "15")
    assert [row[0] for row in kept()] == [codes[0]]


# --- states --------------------------------------------------------------------------------------
def states(client: Client, world: World, *rows: Row) -> list[str]:
    answer = client.post(ROWS, whole(world, *rows))
    assert answer.status_code == 200
    return [part.split('"')[0] for part in text(answer).split('class="pad-row is-')[1:]]


def test_each_state_of_a_row(world: World, client: Client, codes: list[str]) -> None:
    stock = {world.main_warehouse: 5}
    make_sku("Гайка одна", article="DOUBLE", stock=stock)
    make_sku("Гайка другая", article="DOUBLE", stock=stock)
    make_sku("Без цены", article="NOPRICE", price=None, stock=stock)
    make_sku("Не здесь", article="AWAY")

    assert states(
        client,
        world,
        ("", ""),
        (codes[0], "3"),
        (codes[0], ""),
        (codes[2], "100"),
        (codes[2], "0,5"),
        ("NOPRICE", "1"),
        ("DOUBLE", "1"),
        ("AWAY", "1"),
        (codes[0], "0"),
        ("нет такого кода", "1"),
    ) == ["empty", "ok", "open", "warning", "warning", "warning", "choice", "error", "error", "error"]


def test_a_choice_is_kept_for_its_code_only(world: World, client: Client) -> None:
    stock = {world.main_warehouse: 5}
    first = make_sku("Гайка одна", article="DOUBLE", stock=stock)
    make_sku("Гайка другая", article="DOUBLE", stock=stock)
    asked = text(client.post(ROWS, whole(world, ("DOUBLE", "1"))))

    chosen = text(client.post(ROWS, whole(world, ("DOUBLE", "1", "", f"{first.pk}:DOUBLE"))))
    after_choice = kept()
    client.post(ROWS, whole(world, ("DOUBLE-2", "1", "", f"{first.pk}:DOUBLE")))

    assert f'<option value="{first.pk}:DOUBLE">' in asked
    assert "is-ok" in chosen
    assert f'value="{first.pk}:DOUBLE"' in chosen
    assert after_choice == [("DOUBLE", "1", "", first.pk)]
    assert kept() == [("DOUBLE-2", "1", "", None)]


def test_packs_are_turned_into_base_units(world: World, client: Client, codes: list[str]) -> None:
    Pack.objects.create(product=world.skus[0].product, unit=make_unit("778", "уп"), coefficient=5)

    page = text(client.post(ROWS, whole(world, (codes[0], "2", "уп"))))

    assert "is-ok" in page
    assert "уп 5" in page
    assert "1 000,00" in page
    assert "10 шт" in page


def test_rows_of_one_good_share_its_stock(world: World, client: Client, codes: list[str]) -> None:
    answer = text(client.post(ROWS, whole(world, (codes[0], "10"), (codes[0], "8"))))

    assert [part.split('"')[0] for part in answer.split('class="pad-row is-')[1:]] == ["ok", "warning"]
    assert "Взять 5" in answer


def test_stock_is_told_as_exactly_as_the_client_may_see_it(
    world: World, client: Client, codes: list[str]
) -> None:
    group = ClientGroup.objects.create(name="Скрытные", stock_mask=StockMask.WORDS)
    Holding.objects.filter(pk=world.holding.pk).update(group=group)

    page = text(client.post(ROWS, whole(world, (codes[0], "3"), (codes[1], "100"))))

    assert "много" in page
    assert "15 шт" not in page
    assert "Взять" not in page


def test_weight_and_volume_are_summed(world: World, client: Client, codes: list[str]) -> None:
    Product.objects.filter(pk=world.skus[0].product_id).update(weight="0.5", volume="0.001")

    page = text(client.post(ROWS, whole(world, (codes[0], "10"))))

    assert "5 кг" in page
    assert "0,01 м³" in page


def test_a_code_that_was_chosen_by_hand_is_remembered(world: World, client: Client) -> None:
    chosen = ("наш болт", "3", "", f"{world.skus[0].pk}:наш болт")
    before = text(client.post(ROWS, whole(world, chosen)))

    client.post(ADDRESS, form(world, chosen, remember="1"))

    page = text(client.get(ADDRESS))
    code = ClientCode.objects.get()
    assert 'name="remember" value="1"' in before
    assert (code.code, code.sku, code.source, code.author) == ("наш болт", world.skus[0], "pad", world.buyer)
    assert "Код «наш болт» запомнен." in page
    assert "is-ok" in page
    assert 'name="remember"' not in page
    assert kept() == [("наш болт", "3", "", None)]


@pytest.mark.parametrize("number", ["2", "3", "0", "abc"])
def test_nothing_is_remembered_of_a_row_without_a_choice(
    world: World, client: Client, codes: list[str], number: str
) -> None:
    client.post(ADDRESS, form(world, ("", ""), (codes[0], "3"), remember=number))

    assert not ClientCode.objects.exists()


# --- keeping -------------------------------------------------------------------------------------
def test_answer_holds_the_changed_rows_only(world: World, client: Client, codes: list[str]) -> None:
    sent = whole(world, (codes[0], "3"), (codes[1], "1"), changed="2")

    page = text(client.post(ROWS, sent))

    assert 'id="pad-2"' in page
    assert 'id="pad-1"' not in page
    assert "Готово строк: <b>2</b>" in page


def test_a_page_of_an_older_round_writes_nothing(world: World, client: Client, codes: list[str]) -> None:
    client.post(ADDRESS, form(world, (codes[0], "3"), to_cart="1"))

    late = client.post(ROWS, whole(world, (codes[1], "1")))
    again = client.post(ADDRESS, form(world, (codes[0], "3"), to_cart="1"), follow=True)

    assert (late.status_code, late["HX-Refresh"]) == (409, "true")
    assert "уже отправлены в корзину" in text(again)
    assert (kept(), in_cart()) == ([], {world.skus[0].pk: Decimal(3)})


def test_a_page_of_another_city_writes_nothing(world: World, client: Client, codes: list[str]) -> None:
    other = make_city("Тверь")

    answer = client.post(ROWS, whole(world, (codes[0], "1"), place=f"{world.contract.pk}-{other.pk}"))

    assert answer.status_code == 409
    assert not Pad.objects.exists()


@pytest.mark.parametrize(
    "rows", ["{", "{}", "1", '[["a","1",""]]', '[["a","1","",5]]', "[" * 100_000, '["abcd"]']
)
def test_rows_that_no_page_sends_are_refused(world: World, client: Client, rows: str) -> None:
    assert client.post(ROWS, form(world) | {"rows": rows}).status_code == 400
    assert not Pad.objects.exists()


def test_too_many_rows_are_told(world: World, client: Client) -> None:
    answer = client.post(ROWS, whole(world, *[("A", "1")] * 2_001))

    assert (answer.status_code, Pad.objects.filter(rows=[]).count()) == (422, 0)
    assert "Строк больше 2" in text(answer)


def test_cells_are_cut_and_cleaned(world: World, client: Client) -> None:
    client.post(ROWS, whole(world, ("\x00 a \n b ", "1" * 500, "ш" * 500)))

    assert kept() == [("a b", "1" * 100, "ш" * 50, None)]


def test_rows_beyond_the_named_ones_outlive_a_form_without_scripts(world: World, client: Client) -> None:
    client.post(ROWS, whole(world, *[(f"A-{number}", "1") for number in range(250)]))

    page = client.get(ADDRESS).content.decode()
    client.post(ADDRESS, form(world, *[(f"B-{number}", "1") for number in range(200)]))

    assert page.count('name="code"') == 200
    assert [row[0] for row in kept()] == [
        *(f"B-{number}" for number in range(200)),
        *(f"A-{number}" for number in range(200, 250)),
    ]


# --- to the cart ---------------------------------------------------------------------------------
def test_good_rows_go_and_the_first_of_the_others_is_shown(
    world: World, client: Client, codes: list[str]
) -> None:
    rows = [(codes[0], "3"), ("нет такого кода", "1"), (codes[1], "2,5"), (codes[0], "2"), (codes[2], "99")]

    answer = client.post(ADDRESS, form(world, *rows, to_cart="1"))

    page = text(client.get(answer["Location"]))
    assert in_cart() == {world.skus[0].pk: Decimal(5), world.skus[1].pk: Decimal("2.5")}
    assert [row[:2] for row in kept()] == [("нет такого кода", "1"), (codes[2], "99")]
    assert "Строк добавлено в корзину: 3." in page
    assert "Осталось строк с вопросами: 2." in page
    assert page.count(" autofocus") == 1
    assert page.index('id="pad-1"') < page.index(" autofocus") < page.index('id="pad-2"')


def test_nothing_to_send_is_told(world: World, client: Client) -> None:
    page = client.post(ADDRESS, form(world, ("", ""), to_cart="1"), follow=True)

    assert "Сначала введите код и количество" in text(page)
    assert in_cart() == {}


def test_clearing_takes_all_rows_away(world: World, client: Client, codes: list[str]) -> None:
    client.post(ADDRESS, form(world, (codes[0], "3")))

    client.post(ADDRESS, form(world, (codes[0], "3"), clear="1"))

    assert (kept(), in_cart()) == ([], {})


def test_a_pad_is_the_persons_own(world: World, client: Client, codes: list[str]) -> None:
    client.post(ADDRESS, form(world, (codes[0], "3")))
    colleague = Client()
    colleague.force_login(world.head)

    assert codes[0] not in text(colleague.get(ADDRESS))


@pytest.mark.parametrize("rows", [1, 3])
def test_page_and_answer_ask_the_database_the_same(
    world: World,
    client: Client,
    codes: list[str],
    rows: int,
    settled_index: Any,
    django_assert_num_queries: Any,
) -> None:
    settled_index()
    sent = whole(world, *[(code, "1") for code in codes[:rows]])
    client.post(ROWS, sent)
    client.get(ADDRESS)

    with django_assert_num_queries(16):
        client.get(ADDRESS)
    with django_assert_num_queries(22):
        client.post(ROWS, sent)


def test_half_of_a_sign_is_left_out(client: Client, world: World, codes: list[str]) -> None:
    answer = client.post(ROWS, whole(world, ("\ud800" + codes[0], "1\uffff"), ("\udfff", "")))

    assert answer.status_code == 200
    assert kept() == [(codes[0], "1", "", None)]
