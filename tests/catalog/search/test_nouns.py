"""Letters, tokens, quantities, keyboard, sounds, slips, synonyms, packing."""

from decimal import Decimal

import numpy as np
import pytest

from catalog.search.edits import edit_cost
from catalog.search.keyboard import typed_in_latin, typed_in_russian
from catalog.search.letters import clean, code_key
from catalog.search.morphology import fold, lemmas
from catalog.search.packing import Deletes, Texts, pack, unpack
from catalog.search.quantities import Asked, split_quantity
from catalog.search.sounds import russian_spellings, skeleton, sound
from catalog.search.synonyms import Synonyms, shipped_lines
from catalog.search.tokens import spell, tokens
from catalog.search.units import measured, plain_number


def test_clean_makes_one_spelling() -> None:
    assert clean("Ёлка ½” 5×6 м² «Weidmüller»\u00ad–й") == 'елка  1/2" 5*6 м2  weidmuller -й'


def test_code_key_folds_letters_and_drops_separators() -> None:
    assert code_key("ВА47-29 А") == "ba4729a"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("кабель ввгнг(а)-ls 3х1,5", ["word кабель", "word ввгнг", "word а", "word ls", "size 3x1.5"]),
        ("5w-30 4 л", ["code 5w30", "measure 4000ml"]),
        ("насос 25-60 180", ["word насос", "range 25-60", "number 180"]),
        ('1 1/4" 500/100', ["inch 1-1/4", "code 500100"]),
        ("кат.6 3-полюсный", ["code cat6", "code 3p"]),
    ],
)
def test_tokens(text: str, kinds: list[str]) -> None:
    assert [f"{token.kind.value} {token.key}" for token in tokens(spell(text))] == kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("болт м8х30 100 шт.", Asked("болт м8х30", Decimal(100), "шт")),
        ("2 мешков клей 5кг", Asked("клей 5кг", Decimal(2), "меш")),
        ("10 упаковок рукавицы 1пар", Asked("рукавицы 1пар", Decimal(10), "уп")),
        ("реле 5-60 x2", Asked("реле 5-60", Decimal(2), "шт")),
        ("плита 38 x 100", Asked("плита 38 x 100")),
        ("кабель 2х4 - 150м.", Asked("кабель 2х4", Decimal(150), "м", "150000mm")),
        ("17a-8l", Asked("17a-8l")),
        ("100 шт", Asked("100 шт")),
    ],
)
def test_split_quantity(text: str, expected: Asked) -> None:
    assert split_quantity(text) == expected


def test_keyboard_keeps_signs_between_digits() -> None:
    assert typed_in_russian("rf,tkm 7,5dn 3/4@") == 'кабель 7,5вт 3/4"'
    assert typed_in_latin("ыефнук") == "stayer"


@pytest.mark.parametrize(
    ("one", "other"),
    [("бош", "bosch"), ("абб", "abb"), ("дкс", "dkc"), ("церсанит", "cersanit"), ("роквул", "rockwool")],
)
def test_one_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_one_skeleton() -> None:
    assert skeleton(sound("штиль")) == skeleton(sound("stihl"))


def test_russian_spellings() -> None:
    assert russian_spellings("shtukaturka")[0] == "штукатурка"


def test_a_slip_by_ear_is_cheaper_than_any_letter() -> None:
    assert edit_cost("розетка", "розетка") == 0.0
    assert edit_cost("разетка", "розетка") == 0.5
    assert edit_cost("розеттка", "розетка") == 0.4
    assert edit_cost("рзоетка", "розетка") == 0.55
    assert edit_cost("розедка", "розетка") < edit_cost("розефка", "розетка")


def test_lemmas_name_things_only() -> None:
    assert lemmas("гаек") == ("гайка",)
    assert lemmas("шаровой")[0] == lemmas("шаровый")[0] == "шаровый"
    assert "вить" not in lemmas("вило")


def test_fold_follows_letters_without_a_twin() -> None:
    assert fold("cтaль") == "сталь"
    assert fold("нр") == "hp"
    assert fold("ресанта") == "ресанта"


def test_units_have_one_base() -> None:
    assert measured("0.5", "квт") == measured("500", "вт") == "500w"
    assert plain_number("016.50") == "16.5"


def test_synonyms_are_found_by_lemmas_in_either_order() -> None:
    synonyms = Synonyms.parse([("диски отрезные", "круг отрезной", False), ("болгарка", "ушм", True)])

    assert synonyms.of(("диск", "отрезной")) == synonyms.of(("отрезной", "диск"))
    assert synonyms.of(("ушм",)) == (("болгарка",),)
    assert synonyms.of(("круг",)) == ()


def test_the_shipped_dictionary_is_of_the_trade() -> None:
    lines = list(shipped_lines())

    assert len(lines) >= 250
    assert ("болгарка", "ушм", True) in lines


def test_packed_arrays_come_back() -> None:
    arrays = list(unpack(pack([np.array([1, 2, 3], np.uint8), np.array([7], np.uint64)])))

    assert [array.tolist() for array in arrays] == [[1, 2, 3], [7]]
    assert [array.dtype.str for array in arrays] == ["|u1", "<u8"]


def test_texts_and_deletes_find_what_is_near() -> None:
    texts = Texts.of(["гайка", "замок"])

    assert list(texts) == ["гайка", "замок"]
    assert Deletes.of(texts, 2).near("зомок", 2).tolist() == [1]
