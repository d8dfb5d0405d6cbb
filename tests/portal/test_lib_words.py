from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from portal.lib.words import number_in_words, plural, roubles_in_words


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_number_in_words_agrees_with_num2words(number: int) -> None:
    assert number_in_words(number) == num2words(number, lang="ru")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "одна"),
        (2, "две"),
        (12, "двенадцать"),
        (1_000_000, "один миллион"),
        (2_000_002, "два миллиона две"),
        (1_001, "одна тысяча одна"),
    ],
)
def test_number_in_words_bends_only_last_triad_for_feminine(number: int, words: str) -> None:
    assert number_in_words(number, feminine=True) == words


@pytest.mark.parametrize("number", [-1, 10**15])
def test_number_in_words_refuses_what_it_cannot_spell(number: int) -> None:
    with pytest.raises(ValueError, match="No words"):
        number_in_words(number)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "Ноль рублей 00 копеек"),
        ("0.01", "Ноль рублей 01 копейка"),
        ("1", "Один рубль 00 копеек"),
        ("2", "Два рубля 00 копеек"),
        ("11.11", "Одиннадцать рублей 11 копеек"),
        ("21.21", "Двадцать один рубль 21 копейка"),
        ("1001", "Одна тысяча один рубль 00 копеек"),
        ("2002.02", "Две тысячи два рубля 02 копейки"),
        ("101000", "Сто одна тысяча рублей 00 копеек"),
        ("1000000", "Один миллион рублей 00 копеек"),
        (
            "1234567.89",
            "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
        ),
        ("106555.13", "Сто шесть тысяч пятьсот пятьдесят пять рублей 13 копеек"),
    ],
)
def test_roubles_in_words_matches_golden_sums(value: str, words: str) -> None:
    assert roubles_in_words(Decimal(value)) == words


def test_roubles_in_words_refuses_debt() -> None:
    with pytest.raises(ValueError, match="No words"):
        roubles_in_words(Decimal("-0.01"))


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, "товаров"),
        (1, "товар"),
        (3, "товара"),
        (5, "товаров"),
        (11, "товаров"),
        (14, "товаров"),
        (21, "товар"),
        (22, "товара"),
        (101, "товар"),
        (111, "товаров"),
    ],
)
def test_plural_chooses_form(count: int, form: str) -> None:
    assert plural(count, "товар", "товара", "товаров") == form
