"""Answers to the questions of a calculator at the bounds of what its fields can hold."""

from decimal import Decimal

import pytest

from catalog.calculators.definition import Definition, Input, InputKind
from catalog.calculators.running import answers_read, value_text

MOST = "999999999999999.999999"
"""What the fields of a question hold at most; an answer may have six digits more."""


def error_of(typed: str, *, minimum: str | None, step: str) -> str:
    asked = Input(
        "x", "Длина", InputKind.NUMBER, minimum=Decimal(minimum) if minimum else None, step=Decimal(step)
    )
    return dict(answers_read(Definition(inputs=(asked,)), {"x": typed}, is_sent=True).errors).get("x", "")


@pytest.mark.parametrize("typed", [MOST, f"{MOST}999999", f"-{MOST}", "0", "0,000000000001"])
@pytest.mark.parametrize("minimum", [None, f"-{MOST}", "0.5"])
@pytest.mark.parametrize("step", ["0.000001", "0.000003", "0.1", MOST])
def test_no_answer_breaks_the_step(typed: str, minimum: str | None, step: str) -> None:
    told = error_of(typed, minimum=minimum, step=step)

    assert told == "" or told.startswith(("Шаг значения", "Не меньше"))


@pytest.mark.parametrize(
    ("typed", "is_taken"),
    [(MOST, True), (f"-{MOST}", True), (f"{MOST}5", False), ("0,0000005", False), ("0,000002", True)],
)
def test_least_step_is_kept_over_the_widest_range(typed: str, is_taken: bool) -> None:
    assert (error_of(typed, minimum=f"-{MOST}", step="0.000001") == "") is is_taken


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("22.883295", "22,88"), ("1.1254", "1,125"), ("0.0456789", "0,04568"), ("1234.5678", "1 234,57"),
        ("0.5", "0,5"), ("-2.00004", "-2"), ("0", "0"), ("0E-30", "0"), (MOST, "1 000 000 000 000 000"),
    ],
)  # fmt: skip
def test_a_number_is_read_by_four_digits(value: str, text: str) -> None:
    assert value_text(Decimal(value)) == text.replace(" ", "\u00a0")


def test_a_bound_is_told_to_its_last_digit() -> None:
    assert error_of("1", minimum="12.3456", step="1") == "Не меньше 12,3456."
