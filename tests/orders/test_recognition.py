"""What rows of files, pastes and quick orders are taken for."""

import time
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from catalog.models import Pack, Product
from catalog.search.letters import code_key
from orders.models import ClientCode, CodeSource, RowState
from orders.recognition.matching import Asked, Recognised, rows_recognised
from orders.recognition.place import Place
from pricing.models import IndividualPrice
from tests.factories import TODAY, World, make_product, make_sku, make_unit, make_warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(world: World) -> Place:
    return Place(world.holding.pk, world.contract, world.city, StockMask.EXACT, TODAY)


def recognised(place: Place, *asked: Asked) -> list[Recognised]:
    return rows_recognised(asked, place=place, index=catalog_index())


def one(place: Place, **row: str) -> Recognised:
    [found] = recognised(place, Asked(**{"quantity": "1"} | row))
    return found


def remember(world: World, code: str, sku_id: int) -> None:
    ClientCode.objects.create(
        holding=world.holding, code=code, key=code_key(code), sku_id=sku_id, source=CodeSource.HAND
    )


def told(found: Sequence[Recognised]) -> list[tuple[str, str]]:
    return [(row.state, row.message.replace("\N{NO-BREAK SPACE}", " ")) for row in found]


@pytest.mark.parametrize("code", ["ВА47-29", "BA47.29", "ва 47 29", "Ba47/29"])
def test_article_is_found_however_it_is_written(world: World, place: Place, code: str) -> None:
    sku = make_sku("Автомат", article="ВА47-29", stock={world.main_warehouse: 5})

    found = one(place, code=code, quantity="3")

    assert found == Recognised(RowState.READY, sku_id=sku.pk, quantity=Decimal(3), found_by="article")


def test_each_way_to_a_good_is_told(world: World, place: Place) -> None:
    sku = world.skus[0]
    Product.objects.filter(pk=sku.product_id).update(barcode="4601234567893", code="НФ-00000017")
    remember(world, "Наш/болт 1", sku.pk)

    found = recognised(
        place,
        Asked(sku_id=sku.pk, quantity="1"),
        Asked(code="наш болт-1", quantity="1"),
        Asked(code="4601234567893", quantity="1"),
        Asked(code=sku.article, quantity="1"),
        Asked(code="нф00000017", quantity="1"),
        Asked(name="  болт   м8х40 ", quantity="1"),
        Asked(code="Болт М8х40", quantity="1"),
    )

    assert [(row.sku_id, row.found_by) for row in found] == [
        (sku.pk, way) for way in ("id", "client", "barcode", "article", "code", "name", "name")
    ]


def test_codes_of_another_holding_do_not_count(world: World, place: Place) -> None:
    ClientCode.objects.create(
        holding=world.other_holding, code="777", key="777", sku=world.skus[0], source=CodeSource.HAND
    )

    assert one(place, code="777").state == RowState.CHOICE


def test_removed_code_does_not_count(world: World, place: Place) -> None:
    remember(world, "777", world.skus[0].pk)
    ClientCode.objects.update(removed_at="2026-11-20T10:00Z")

    assert one(place, code="777").sku_id is None


def test_code_of_the_client_goes_before_an_article_of_ours(world: World, place: Place) -> None:
    remember(world, world.skus[1].article, world.skus[0].pk)

    assert one(place, code=world.skus[1].article).sku_id == world.skus[0].pk


def test_one_article_of_several_goods_is_a_choice_unless_the_name_decides(world: World, place: Place) -> None:
    product = make_product("Плащ", article="P-1")
    small, large = (
        make_sku(product=product, characteristic=size, stock={world.main_warehouse: 1}) for size in ("S", "L")
    )

    choice, chosen = recognised(
        place, Asked(code="P-1", quantity="1"), Asked(code="P-1", name="Плащ (L)", quantity="1")
    )

    assert (choice.state, set(choice.candidates)) == (RowState.CHOICE, {small.pk, large.pk})
    assert (chosen.state, chosen.sku_id) == (RowState.READY, large.pk)


def test_name_with_an_unknown_characteristic_is_only_a_guess(world: World, place: Place) -> None:
    sku = make_sku("Плащ", stock={world.main_warehouse: 1})

    found = one(place, name="Плащ (XXL)")

    assert (found.state, found.sku_id, found.candidates) == (RowState.CHOICE, None, (sku.pk,))


def test_code_that_stands_in_a_name_only_is_a_guess(world: World, place: Place) -> None:
    sku = make_sku("Автомат ВА47-29 16А", stock={world.main_warehouse: 1})

    found = one(place, code="ВА47-29")

    assert (found.state, found.sku_id, found.candidates) == (RowState.CHOICE, None, (sku.pk,))


def test_short_article_is_found_among_many_names_with_that_number(world: World, place: Place) -> None:
    for number in range(45):
        make_sku(f"Труба 110 вид {number}")
    sku = make_sku("Отвод", article="110", stock={world.main_warehouse: 1})

    assert one(place, code="110").sku_id == sku.pk


def test_what_is_not_sold_says_why(world: World, place: Place) -> None:
    hidden = make_sku("Снятый", article="OLD-1", is_hidden=True, stock={world.main_warehouse: 1})
    make_sku("Далёкий", article="FAR-1", stock={make_warehouse(): 9})
    make_sku("Без цены", article="FREE-1", price=None, stock={world.main_warehouse: 9})

    found = recognised(
        place,
        Asked(code="OLD-1", quantity="1"),
        Asked(code="FAR-1", quantity="1"),
        Asked(code="FREE-1", quantity="1"),
        Asked(code="нет такого", quantity="1"),
        Asked(quantity="1"),
        Asked(code="4,60123E+12", quantity="1"),
    )

    assert found[0].sku_id == hidden.pk
    assert told(found) == [
        ("fault", "Снято с продажи"),
        ("fault", "Не продаётся в городе: Москва"),
        ("fault", "Нет цены: запросите её у менеджера"),
        ("choice", "Такого товара не нашли: выберите похожий или укажите другой код"),
        ("fault", "Нет ни кода, ни наименования"),
        ("fault", "Excel испортил код «4,60123E+12»: сделайте столбец текстовым и введите код целиком"),
    ]


def test_shortage_tells_how_much_there_is_and_counts_rows_above(world: World, place: Place) -> None:
    article = world.skus[0].article

    found = recognised(
        place,
        Asked(code=article, quantity="10"),
        Asked(code=article, quantity="10"),
        Asked(code=world.skus[2].article, quantity="16"),
    )

    assert told(found) == [
        ("ready", ""),
        ("short", "Не хватает: в наличии 5 шт с учётом строк выше"),
        ("short", "Не хватает: в наличии 15 шт"),
    ]


def test_masked_stock_is_not_told_by_a_shortage_either(world: World) -> None:
    place = Place(world.holding.pk, world.contract, world.city, StockMask.OVER_10, TODAY)
    article = world.skus[0].article

    found = recognised(place, Asked(code=article, quantity="8"), Asked(code=article, quantity="8"))

    assert told(found)[1] == (
        "short",
        "Столько сейчас нет. Уменьшите количество или спросите менеджера",
    )


@pytest.mark.parametrize(
    ("quantity", "state", "message"),
    [
        ("2,5", "choice", "2,5 шт заказать нельзя, только целое число. Заказать 2 или 3?"),
        ("2.5 шт", "choice", "2,5 шт заказать нельзя, только целое число. Заказать 2 или 3?"),
        ("0", "fault", "Количество должно быть больше нуля."),
        ("-3", "fault", "Количество должно быть больше нуля."),
        ("", "fault", "Не указано количество"),
        ("много", "fault", "Количество «много» – не число"),
        ("1.000,50", "fault", "Количество «1.000,50» – не число"),
        ("10,000", "ready", ""),
        (" 1 0 ", "ready", ""),
        ("10 шт.", "ready", ""),
    ],
)
def test_quantity_is_never_rounded(
    world: World, place: Place, quantity: str, state: str, message: str
) -> None:
    found = one(place, code=world.skus[0].article, quantity=quantity)

    assert told([found]) == [(state, message)]
    assert found.quantity == (Decimal(10) if state == "ready" else None)


@pytest.mark.parametrize(
    ("unit", "factor", "message"),
    [
        ("", "1", ""),
        ("ШТ.", "1", ""),
        ("штук", "1", ""),
        ("796", "1", ""),
        ("упак", "2", ""),
        ("кор", None, "Сколько в одной «кор»: 3 или 5 шт? Укажите количество в шт."),
        ("бочка", None, "Единица «бочка» непонятна: продаём в шт. Укажите количество в шт."),
    ],
)
def test_unit_of_the_row_is_turned_into_base_units(
    world: World, place: Place, unit: str, factor: str | None, message: str
) -> None:
    sku = world.skus[0]
    Pack.objects.create(product=sku.product, unit=make_unit("778", "упак"), coefficient=2)
    for size in (3, 5):
        Pack.objects.create(product=sku.product, unit=make_unit("", "кор"), coefficient=size)

    found = one(place, code=sku.article, quantity="2", unit=unit)

    assert told([found]) == [("ready" if factor else "choice", message)]
    assert found.quantity == (2 * Decimal(factor) if factor else None)


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_take_the_same_queries_whatever_their_number(
    world: World, place: Place, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    index = catalog_index()
    asked = [Asked(code=sku.article, name=sku.name, quantity="1") for sku in world.skus[:rows]]
    rows_recognised(asked, place=place, index=index)

    with django_assert_num_queries(5):
        found = rows_recognised(asked, place=place, index=index)

    assert [row.state for row in found] == [RowState.READY] * rows


def test_many_rows_take_no_more_than_twelve_queries_by_a_cold_index(world: World, place: Place) -> None:
    index = catalog_index()
    codes = [*(f"X-{number}" for number in range(300)), *(sku.article for sku in world.skus)]

    with CaptureQueriesContext(connection) as queries:
        found = rows_recognised([Asked(code=code, quantity="1") for code in codes], place=place, index=index)

    assert [row.state for row in found] == [RowState.CHOICE] * 300 + [RowState.READY] * 3
    assert len(queries) <= 12


def test_price_from_a_larger_quantity_on_counts_for_that_quantity_only(world: World, place: Place) -> None:
    sku = make_sku("Анкер", article="ANK-1", price=None, stock={world.main_warehouse: 100})
    IndividualPrice.objects.create(contract=world.contract, sku=sku, amount=9, minimum_quantity=10)

    few, many = (one(place, code="ANK-1", quantity=quantity) for quantity in ("9", "10"))

    assert told([few, many]) == [("fault", "Нет цены: запросите её у менеджера"), ("ready", "")]


def test_unit_beside_another_one_in_the_quantity_is_a_question(world: World, place: Place) -> None:
    sku = world.skus[0]
    Pack.objects.create(product=sku.product, unit=make_unit("778", "упак"), coefficient=5)

    found = recognised(
        place,
        Asked(code=sku.article, quantity="2 шт", unit="упак"),
        Asked(code=sku.article, quantity="2 упак", unit="упак."),
        Asked(code=sku.article, quantity="2 шт.", unit="штук"),
    )

    assert [(row.state, row.quantity) for row in found] == [
        (RowState.CHOICE, None),
        (RowState.READY, Decimal(10)),
        (RowState.READY, Decimal(2)),
    ]
    assert found[0].message == "Количество «2 шт», а единица «упак». Укажите количество в шт."


def test_many_spaces_in_a_quantity_are_read_at_once(world: World, place: Place) -> None:
    asked = Asked(code=world.skus[0].article, quantity="1" + " " * 900 + "!")
    began = time.monotonic()

    found = recognised(place, *[asked] * 200)

    assert {row.state for row in found} == {RowState.FAULT}
    assert time.monotonic() - began < 3
