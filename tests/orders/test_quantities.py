"""Quantities as people type them."""

from decimal import Decimal

import pytest

from catalog.models import Product, Unit
from orders.quantities import check_quantity, is_whole_unit, parse_quantity
from orders.refusals import WrongQuantity

PIECES = Product(unit=Unit(code="796", name="шт"))
METRES = Product(unit=Unit(code="006", name="м"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10", "10"), ("2,5", "2.5"), ("2.5", "2.5"), (" 1\N{NO-BREAK SPACE}000 ", "1000"), ("-1", "-1")],
)
def test_parse_quantity_reads_what_people_type(text: str, expected: str) -> None:
    assert parse_quantity(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "1e5", "NaN", "Infinity", "٣", "½", "--1", "0x10"])
def test_parse_quantity_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(WrongQuantity, match="числом"):
        parse_quantity(text)


@pytest.mark.parametrize("code", ["796", "778", "839", "715"])
def test_whole_units_cannot_be_cut(code: str) -> None:
    assert is_whole_unit(code)


@pytest.mark.parametrize("code", ["006", "166", "798", ""])
def test_measured_units_may_be_cut(code: str) -> None:
    assert not is_whole_unit(code)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("2.5", "2,5 шт заказать нельзя, только целое число. Заказать 2 или 3?"),
        ("0.5", "0,5 шт заказать нельзя, только целое число. Заказать 1?"),
        ("0", "Количество должно быть больше нуля."),
        ("-1", "Количество должно быть больше нуля."),
        ("1" + "0" * 20, "Слишком большое количество: не больше 99 999 999."),
    ],
)
def test_check_quantity_asks_back_about_pieces(quantity: str, text: str) -> None:
    with pytest.raises(WrongQuantity) as refusal:
        check_quantity(Decimal(quantity), PIECES)

    assert str(refusal.value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_check_quantity_allows_parts_of_a_metre_to_a_thousandth() -> None:
    check_quantity(Decimal("2.125"), METRES)

    with pytest.raises(WrongQuantity, match="трех знаков"):
        check_quantity(Decimal("2.1255"), METRES)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("7", "7 шт заказать нельзя: отпускаем по 5 шт. Заказать 5 или 10?"),
        ("2", "2 шт заказать нельзя: отпускаем по 5 шт. Заказать 5?"),
        ("2.5", "2,5 шт заказать нельзя, только целое число. Заказать 5?"),
        ("99999999", "99 999 999 шт заказать нельзя: отпускаем по 5 шт. Заказать 99 999 995?"),
    ],
)
def test_check_quantity_offers_the_nearest_multiples(quantity: str, text: str) -> None:
    in_fives = Product(unit=PIECES.unit, order_multiple=Decimal(5))

    check_quantity(Decimal(10), in_fives)
    with pytest.raises(WrongQuantity) as refusal:
        check_quantity(Decimal(quantity), in_fives)

    assert str(refusal.value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_check_quantity_knows_multiples_that_are_no_whole_number() -> None:
    in_reels = Product(unit=METRES.unit, order_multiple=Decimal("6.1"))

    check_quantity(Decimal("12.2"), in_reels)
    with pytest.raises(WrongQuantity, match="6,1 или 12,2"):
        check_quantity(Decimal(10), in_reels)
