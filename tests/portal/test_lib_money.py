from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.money import Amount, format_money, format_price, format_quantity, line_amount, q2, vat_label

GOLDEN_LINES = [
    # price, quantity, rate, price includes VAT, net, vat, gross
    ("98.37", "1000", "22", True, "80631.15", "17738.85", "98370.00"),
    ("211.49", "37", "22", True, "6414.04", "1411.09", "7825.13"),
    ("120", "3", "10", True, "327.27", "32.73", "360.00"),
    ("33.33", "3", "22", False, "99.99", "22.00", "121.99"),
    ("0.01", "1", "22", True, "0.01", "0.00", "0.01"),
    ("0.03", "1", "22", True, "0.02", "0.01", "0.03"),
    ("99.99", "7", "7", True, "654.14", "45.79", "699.93"),
    ("99.99", "7", "5", True, "666.60", "33.33", "699.93"),
    ("1234.56", "0.125", "22", True, "126.49", "27.83", "154.32"),
    ("100", "2", "0", True, "200.00", "0.00", "200.00"),
    ("100", "2", None, True, "200.00", "0.00", "200.00"),
    ("100", "2", None, False, "200.00", "0.00", "200.00"),
]

money = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.125", "0.13"), ("2.675", "2.68"), ("0.115", "0.12"), ("-0.125", "-0.13"), ("1", "1.00")],
)
def test_q2_rounds_half_up(value: str, rounded: str) -> None:
    assert str(q2(Decimal(value))) == rounded


def test_q2_refuses_float() -> None:
    with pytest.raises(TypeError):
        q2(2.675)  # type: ignore[arg-type]


@pytest.mark.parametrize(("price", "quantity", "rate", "inside", "net", "vat", "gross"), GOLDEN_LINES)
def test_line_amount_matches_golden_lines(
    price: str, quantity: str, rate: str | None, inside: bool, net: str, vat: str, gross: str
) -> None:
    amount = line_amount(Decimal(price), Decimal(quantity), Decimal(rate) if rate else None, inside)

    assert (str(amount.net), str(amount.vat), str(amount.gross)) == (net, vat, gross)


def test_line_amount_takes_discount_off_before_vat() -> None:
    amount = line_amount(Decimal("100"), Decimal("3"), Decimal("20"), True, discount=Decimal("60"))

    assert amount == Amount(Decimal("200.00"), Decimal("40.00"), Decimal("240.00"))


def test_amount_total_is_the_sum_of_lines() -> None:
    lines = [
        line_amount(Decimal(price), Decimal(quantity), Decimal(rate or 0), inside)
        for price, quantity, rate, inside, *_ in GOLDEN_LINES[:3]
    ]

    total = sum(lines, Amount.zero())

    assert total == Amount(Decimal("87372.46"), Decimal("19182.67"), Decimal("106555.13"))


@pytest.mark.parametrize(
    "parts", [("100", "22", "121.99"), ("100", "22", "122.001"), ("0.005", "0.005", "0.01")]
)
def test_amount_refuses_parts_that_do_not_add_up(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="is not"):
        Amount(*(Decimal(part) for part in parts))


def test_amount_refuses_float() -> None:
    with pytest.raises(TypeError):
        Amount(Decimal(1), Decimal(0), 1.0)  # type: ignore[arg-type]


@given(
    price=st.decimals(min_value=0, max_value=10**6, places=4),
    quantity=st.decimals(min_value=0, max_value=10**4, places=3),
    rate=st.sampled_from([None, Decimal(0), Decimal(5), Decimal(7), Decimal(10), Decimal(22)]),
    inside=st.booleans(),
)
def test_line_amount_keeps_the_sum_the_price_speaks_of(
    price: Decimal, quantity: Decimal, rate: Decimal | None, inside: bool
) -> None:
    amount = line_amount(price, quantity, rate, inside)

    assert (amount.gross if inside else amount.net) == q2(price * quantity)


@given(money)
def test_format_money_reads_back(value: Decimal) -> None:
    text = format_money(value)

    assert Decimal(text.replace("\u00a0", "").replace(",", ".")) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1234567.89", "1\u00a0234\u00a0567,89"),
        ("0", "0,00"),
        ("999.995", "1\u00a0000,00"),
        ("-0.5", "-0,50"),
        ("-1234.5", "-1\u00a0234,50"),
    ],
)
def test_format_money_prints_russian_sum(value: str, text: str) -> None:
    assert format_money(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("98.37", "98,37"), ("98.3700", "98,37"), ("1098.375", "1\u00a0098,3750")]
)
def test_format_price_uses_four_decimals_only_where_needed(value: str, text: str) -> None:
    assert format_price(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("37.000", "37"), ("0.125", "0,125"), ("1000", "1\u00a0000"), ("1E+3", "1\u00a0000"), ("0.000", "0")],
)
def test_format_quantity_drops_idle_zeros(value: str, text: str) -> None:
    assert format_quantity(Decimal(value)) == text


@pytest.mark.parametrize(
    ("rate", "label"), [("22.00", "22%"), ("0", "0%"), ("16.67", "16,67%"), (None, "без НДС")]
)
def test_vat_label_tells_zero_from_no_vat(rate: str | None, label: str) -> None:
    assert vat_label(None if rate is None else Decimal(rate)) == label
