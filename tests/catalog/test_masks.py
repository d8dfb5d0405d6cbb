"""How exactly stock is told."""

from decimal import Decimal

import numpy as np
import pytest

from catalog.masks import StockMask, is_told_exactly, levels_told, masked_quantity, shortage_text, stock_text
from portal.lib.money import NBSP


@pytest.mark.parametrize(
    ("quantity", "exact", "over_10", "over_100", "words"),
    [
        ("0", "нет", "нет", "нет", "нет"),
        ("0.5", "0,5", "0,5", "0,5", "мало"),
        ("10", "10", "10", "10", "мало"),
        ("10.001", "10,001", ">10", "10,001", "много"),
        ("100", "100", ">10", "100", "много"),
        ("1237", f"1{NBSP}237", ">10", ">100", "много"),
    ],
)
def test_masked_quantity_tells_what_the_group_may_see(
    quantity: str, exact: str, over_10: str, over_100: str, words: str
) -> None:
    masks = (StockMask.EXACT, StockMask.OVER_10, StockMask.OVER_100, StockMask.WORDS)

    told = [masked_quantity(Decimal(quantity), mask) for mask in masks]

    assert told == [exact, over_10, over_100, words]


def test_stock_text_adds_the_unit_to_numbers_only() -> None:
    assert stock_text(Decimal(37), "шт", StockMask.EXACT) == f"37{NBSP}шт"
    assert stock_text(Decimal(37), "шт", StockMask.OVER_10) == f">10{NBSP}шт"
    assert stock_text(Decimal(37), "шт", StockMask.WORDS) == "много"
    assert stock_text(Decimal(0), "шт", StockMask.EXACT) == "нет"


@pytest.mark.parametrize(
    ("available", "mask", "is_number_told"),
    [("7", "exact", True), ("7", "over10", True), ("70", "over10", False), ("7", "words", False)],
)
def test_shortage_text_keeps_the_number_that_the_group_may_not_see(
    available: str, mask: str, is_number_told: bool
) -> None:
    text = shortage_text(Decimal(available), "шт", mask)

    assert is_told_exactly(Decimal(available), mask) is is_number_told
    assert (available in text) is is_number_told


@pytest.mark.parametrize(
    ("mask", "levels"),
    [
        ("exact", [0, 0.5, 10, 11, 100, 101]),
        ("over10", [0, 0.5, 10, np.inf, np.inf, np.inf]),
        ("over100", [0, 0.5, 10, 11, 100, np.inf]),
        ("words", [0, 1, 1, 2, 2, 2]),
    ],
)
def test_levels_told_are_equal_where_pages_tell_the_same(mask: str, levels: list[float]) -> None:
    quantities = np.array([0, 0.5, 10, 11, 100, 101], np.float32)

    assert levels_told(quantities, mask).tolist() == levels
