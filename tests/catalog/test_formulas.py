"""The language of formulas: what it counts, what it refuses, and that nothing gets out of it."""

import string
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.formulas import (
    LARGEST,
    FormulaFault,
    LookupWay,
    Scope,
    Value,
    evaluate,
    names_in,
    parse,
    plain_number,
    table_read,
    tables_in,
)
from catalog.formulas.tokens import FUNCTIONS, KEYWORDS

AMPERES = table_read("19 = 1,5\n27 = 2,5\n38 = 4", LookupWay.UP_TO)
WALLS = table_read("кирпич = 1.2\nбетон = 0.9", LookupWay.EXACT)
FLOORS = table_read("0 = низкий\n10 = высокий", LookupWay.FROM)
SCOPE = Scope(
    {"a": Decimal(2), "b": Decimal("0.5"), "way": "труба", "is_wet": True, "boiler.power": Decimal(24)},
    {"amperes": AMPERES, "walls": WALLS, "floors": FLOORS},
)


def counted(text: str) -> Value:
    return evaluate(parse(text), SCOPE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("10 - 4 - 3", Decimal(3)),
        ("-2 ^ 2", Decimal(-4)),
        ("2 ^ 3 ^ 2", Decimal(512)),
        ("2 ^ -1", Decimal("0.5")),
        ("7 % 3", Decimal(1)),
        ("-7 % 3", Decimal(2)),
        ("a / b", Decimal(4)),
        ("2 × 3 ÷ 4 − 1", Decimal("0.5")),
        ("min(3; a, 5)", Decimal(2)),
        ("max(3, a)", Decimal(3)),
        ("sum(1, 2, 3)", Decimal(6)),
        ("round(2.5)", Decimal(3)),
        ("round(-2.5)", Decimal(-3)),
        ("round(2.345, 2)", Decimal("2.35")),
        ("ceil(2.01)", Decimal(3)),
        ("ceil(2 / 3 * 9)", Decimal(6)),
        ("floor(-0.5)", Decimal(-1)),
        ("roundup(7, 5)", Decimal(10)),
        ("roundup(10, 2.5)", Decimal(10)),
        ("sqrt(16)", Decimal(4)),
        ("abs(-3)", Decimal(3)),
        ("if(a > 1, 10, 1 / 0)", Decimal(10)),
        ("lookup(amperes, 19)", Decimal("1.5")),
        ("lookup(amperes, 19.1)", Decimal("2.5")),
        ('lookup(walls, "Бетон")', Decimal("0.9")),
        ("lookup(floors, 10)", "высокий"),
        ("lookup(floors, 9.9)", "низкий"),
        ('way = "ТРУБА"', True),
        ('way != "труба" or is_wet', True),
        ("not is_wet and 1 / 0 = 1", False),
        ("1 / 3 * 3 = 1", True),
        ("a ≥ 2 and b ≤ 0.5", True),
        ("boiler.power >= 20", True),
        ("true = is_wet", True),
    ],
)
def test_formula_is_counted(text: str, value: Value) -> None:
    assert counted(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Формула пуста"),
        ("1 +", "Формула оборвана (знак 4)"),
        ("(1", "Не хватает «)» (знак 3)"),
        ("1 2", "Здесь не ожидается «2» (знак 3)"),
        ("2,5", "Здесь не ожидается «,» (знак 2)"),
        ("1 / 0", "Деление на ноль (знак 3)"),
        ("a / (b - 0.5)", "Деление на ноль (знак 3)"),
        ("5 % 0", "Деление на ноль (знак 3)"),
        ("0 ^ -1", "Деление на ноль (знак 3)"),
        ("sqrt(-1)", "Корень из отрицательного числа (знак 1)"),
        ("(-8) ^ 0.5", "Дробная степень отрицательного числа (знак 6)"),
        ("2 ^ 101", "Слишком большая степень: допустимо от −100 до 100 (знак 3)"),
        ("9 ^ 99", "Слишком большое число: допустимо до 10^15 (знак 3)"),
        ("10 ^ 15 + 1", "Слишком большое число: допустимо до 10^15 (знак 9)"),
        ("roundup(1, 0)", "Шаг округления должен быть больше нуля (знак 1)"),
        ("round(1, 40)", "Знаков после запятой может быть от 0 до 12 (знак 1)"),
        ("unknown + 1", "Неизвестно: unknown (знак 1)"),
        ("sin(1)", "Нет такой функции: sin (знак 1)"),
        ("min", "После min нужны скобки (знак 1)"),
        ("if(1, 2, 3)", "Здесь нужно условие: сравнение или отметка (знак 4)"),
        ('1 + "a"', "Здесь нужно число (знак 5)"),
        ('1 < "a"', "Так можно сравнивать только числа (знак 3)"),
        ("1 < 2 < 3", "Сравнения соединяют словом and: a < b and b < c (знак 7)"),
        ("lookup(1, 2)", "Первым в lookup пишут название таблицы (знак 1)"),
        ("lookup(none, 2)", "Нет такой таблицы (знак 1)"),
        ("lookup(amperes, 100)", "В таблице amperes нет строки для значения 100 (знак 1)"),
        ("round(1, 2, 3)", "У функции round другое число значений: нужно 1–2 (знак 1)"),
        ("__import__", "Непонятное место: «__import__» (знак 1)"),
        ("a.__class__", "Непонятное место: «a.__class__» (знак 1)"),
        ("a.b.c", "Непонятное место: «a.b.c» (знак 1)"),
        ("lambda: 1", "Непонятное место: «: 1» (знак 7)"),
        ("1e9", "Непонятное место: «1e9» (знак 1)"),
        ("1" * 16, "Непонятное место: «111111111111» (знак 1)"),
        ("(" * 41 + "1" + ")" * 41, "Слишком много вложенных скобок: больше 40 (знак 41)"),
        ("-" * 41 + "1", "Слишком много вложенных скобок: больше 40 (знак 41)"),
        ("not " * 41 + "true", "Слишком много вложенных скобок: больше 40 (знак 161)"),
        ("1" + "+1" * 1_000, "Формула длиннее 2000 знаков"),
    ],
)
def test_formula_that_cannot_be_counted_says_where(text: str, message: str) -> None:
    with pytest.raises(FormulaFault) as refused:
        counted(text)

    assert str(refused.value) == message


def test_long_sum_is_no_deeper_than_a_short_one() -> None:
    assert counted("+".join(["1"] * 1_000)) == Decimal(1_000)


def test_table_that_cannot_be_read_names_its_row() -> None:
    for text, message in (
        ("", "В таблице нет строк"),
        ("1 = 2\n3", "Строка 2: пишите «порог = значение»"),
        ("слово = 2", "Строка 1: порог должен быть числом"),
        ("1 = 2\n1,0 = 3", "Строка 2: такой порог уже есть"),
        ("\n".join(f"{n} = 1" for n in range(501)), "В таблице больше 500 строк"),
    ):
        with pytest.raises(FormulaFault, match=message):
            table_read(text, LookupWay.UP_TO)


def test_names_and_tables_of_a_formula_are_told_apart() -> None:
    node = parse("lookup(amperes, current) + if(is_wet, boiler.power, current)")

    assert names_in(node) == {"current": 17, "is_wet": 31, "boiler.power": 39}
    assert tables_in(node) == {"amperes": 8}


# --- ten thousand random ones --------------------------------------------------------------------
NAMES = ("a", "b", "way", "is_wet", "boiler.power", "unknown", "__class__", "__import__", "eval", "os")
SIGNS = '( ) , ; + - * / % ^ < > = != . \\ "'
WORDS = st.sampled_from(
    [*FUNCTIONS, *KEYWORDS, *NAMES, *SIGNS.split(), "amperes", "walls", "0", "2.5", "9" * 15, '"труба"']
)
NUMBERS = st.one_of(
    st.integers(0, 10**15).map(str),
    st.decimals(0, 10**6, places=6, allow_nan=False, allow_infinity=False).map(lambda n: f"{n:f}"),
)


def _inside(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "%", "^", "<", "<=", "=", "!=", " and ", " or "])
    return st.one_of(
        st.tuples(inner, signs, inner).map("".join),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"-{one}"),
        inner.map(lambda one: f"not {one}"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=3)).map(
            lambda pair: f"{pair[0]}({', '.join(pair[1])})"
        ),
    )


EXPRESSIONS = st.recursive(
    st.one_of(NUMBERS, st.sampled_from([*NAMES, '"труба"', "true", "amperes"])), _inside, max_leaves=25
)
GARBAGE = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=string.printable, max_size=200),
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(WORDS, max_size=60).map("".join),
    st.integers(1, 3_000).map(lambda depth: "(" * depth + "1" + ")" * depth),
    st.integers(1, 3_000).map(lambda depth: "if(true, " * depth + "1"),
)
VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "way", "is_wet", "boiler.power"]),
    st.one_of(
        st.decimals(allow_nan=True, allow_infinity=True),
        st.decimals(-(10**15), 10**15, allow_nan=False),
        st.booleans(),
        st.text(max_size=20),
    ),
)
TABLES = {"amperes": AMPERES, "walls": WALLS}


@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(EXPRESSIONS, GARBAGE), values=VALUES)
def test_no_formula_gets_out_whatever_is_written(text: str, values: dict[str, Value]) -> None:
    try:
        found = evaluate(parse(text), Scope(values, TABLES))
    except FormulaFault as fault:
        found = str(fault) and str(fault.position <= len(text) + 1)

    assert found != "False"
    assert type(found) in {Decimal, bool, str}
    if isinstance(found, Decimal):
        assert found.is_finite()
        assert abs(found) <= LARGEST
        assert plain_number(found).lstrip("-").replace(".", "", 1).isdigit()


Plain = tuple[str, Fraction | None]
"""A formula, and what it gives by exact fractions; None where it divides by nought."""


def _joined(left: Plain, sign: str, right: Plain) -> Plain:
    text = f"({left[0]} {sign} {right[0]})"
    a, b = left[1], right[1]
    if a is None or b is None or (sign in "/%" and b == 0):
        return text, None
    match sign:
        case "+":
            return text, a + b
        case "-":
            return text, a - b
        case "*":
            return text, a * b
        case "/":
            return text, a / b
        case _:
            return text, a % b


def _arithmetic(inner: st.SearchStrategy[Plain]) -> st.SearchStrategy[Plain]:
    return st.one_of(
        st.builds(_joined, inner, st.sampled_from("+-*/"), inner),
        inner.map(lambda one: (f"(-{one[0]})", None if one[1] is None else -one[1])),
        st.builds(lambda one: (f"abs({one[0]})", None if one[1] is None else abs(one[1])), inner),
        st.builds(
            lambda a, b: (
                f"max({a[0]}, {b[0]})",
                None if a[1] is None or b[1] is None else max(a[1], b[1]),
            ),
            inner,
            inner,
        ),
    )


ARITHMETIC = st.recursive(
    st.integers(0, 1_000).map(lambda n: (str(n), Fraction(n)))
    | st.integers(1, 99_999).map(lambda n: (f"{Decimal(n) / 1000:f}", Fraction(n, 1000))),
    _arithmetic,
    max_leaves=12,
)


@settings(max_examples=3_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=ARITHMETIC)
def test_arithmetic_agrees_with_exact_fractions(case: Plain) -> None:
    text, exact = case
    if len(text) > 2_000:
        return

    try:
        found = evaluate(parse(text), Scope({}))
    except FormulaFault as fault:
        told = fault.message
        # A divisor that cannot be told from nought is refused as nought, a huge number as too large.
        assert "ноль" in told or "большое число" in told or "скобок" in told
        return

    assert isinstance(found, Decimal)
    assert exact is not None
    assert abs(Fraction(found) - exact) <= Fraction(1, 10**6) * max(1, abs(exact))
