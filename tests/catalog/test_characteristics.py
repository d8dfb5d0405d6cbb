"""Characteristics as a table of two axes."""

import pytest

from catalog.characteristics import characteristic_matrix


def test_two_parts_become_rows_and_columns_in_the_order_of_numbers() -> None:
    names = ["М10, 40", "М8, 40", "М8, 100", "М10, 100", "М12, 40"]

    matrix = characteristic_matrix(names)

    assert matrix is not None
    assert (matrix.rows, matrix.columns) == (("М8", "М10", "М12"), ("40", "100"))
    assert matrix.lines(names) == [
        ("М8", ["М8, 40", "М8, 100"]),
        ("М10", ["М10, 40", "М10, 100"]),
        ("М12", ["М12, 40", None]),
    ]


def test_longer_axis_goes_down() -> None:
    matrix = characteristic_matrix(
        ["красный / 42", "красный / 44", "красный / 46", "синий / 42", "синий / 44"]
    )

    assert matrix is not None
    assert (matrix.rows, matrix.columns) == (("42", "44", "46"), ("красный", "синий"))


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["", ""],
        ["белый", "синий"],
        ["М8, 40", "М8, 60"],
        ["М8, 40", "М10, 60", "М12, 80"],
        ["М8, 40", "М8, 40", "М10, 40"],
        ["М8, 40", "М10 / 40", "М8, 60", "М10, 60"],
        ["М8, 40, оц.", "М8, 60, оц.", "М10, 40, оц."],
        ["М8, ", "М10, 40", "М8, 60", "М10, 60"],
    ],
    ids=["none", "empty", "one part", "one row", "sparse", "twice", "mixed", "three parts", "half"],
)
def test_names_that_are_no_table_stay_a_list(names: list[str]) -> None:
    assert characteristic_matrix(names) is None
