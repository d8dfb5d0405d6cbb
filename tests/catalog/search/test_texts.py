"""Search over texts that people read: any form, slip and layout; what of them is marked."""

from __future__ import annotations

import pytest

from catalog.search.prose import Pieces, excerpt, marked
from catalog.search.texts import FoundTexts, TextSet
from tests.catalog.search.conftest import Shop

ARTICLES = {
    "iron": "Как выбрать паяльник\nМощность 60 Вт подходит для плат, жало вечное.",
    "cart": "Уход за тачкой\nКолесо накачивают до 2 атм. Паяльник не нужен.",
    "grout": "Затирка швов\nШов 3 × 2,5 мм затирают за два прохода.",
    "long": "Всё сразу\n" + "слово " * 400 + "напоследок герметик",
}


def told(shop: Shop, text: str, *, literally: bool = False) -> FoundTexts[str]:
    found = TextSet(ARTICLES)
    return found.find(text, lexicon=shop.lexicon, synonyms=shop.synonyms, literally=literally)


def sought(pieces: Pieces) -> list[str]:
    return [text for text, is_sought in pieces if is_sought]


@pytest.mark.parametrize(
    ("query", "keys", "correction"),
    [
        ("паяльниками", ("iron", "cart"), None),
        ("пояльник", ("iron", "cart"), "паяльник"),
        ("gfzkmybr", ("iron", "cart"), "паяльник"),
        ("колесо тачки", ("cart",), None),
        ("затир", ("grout",), None),
        ("60 ватт", ("iron",), None),
        ("3x2.5", ("grout",), None),
        ("герметика", ("long",), None),
        ("холодильник", (), None),
        ("", (), None),
    ],
)
def test_texts_answer(shop: Shop, query: str, keys: tuple[str, ...], correction: str | None) -> None:
    found = told(shop, query)

    assert (found.keys, found.correction) == (keys, correction)


def test_literal_query_is_not_mended(shop: Shop) -> None:
    assert told(shop, "пояльник", literally=True).keys == ()
    assert told(shop, "паяльники", literally=True).keys == ("iron", "cart")


def test_word_of_the_catalogue_is_no_slip_of_another(shop: Shop) -> None:
    found = TextSet({1: "Винты и гайки", 2: "Бинт и зелёнка"})

    only_slip = found.find("болт", lexicon=shop.lexicon, synonyms=shop.synonyms)
    known = TextSet({2: "Бинт и зелёнка"}).find("винт", lexicon=shop.lexicon, synonyms=shop.synonyms)

    assert (only_slip.keys, known.keys) == ((), ())


def test_set_without_texts_finds_nothing(shop: Shop) -> None:
    found = TextSet({}).find("болт", lexicon=shop.lexicon, synonyms=shop.synonyms)

    assert found == FoundTexts()


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("Паяльники и паяльника жало", "паяльник", ["Паяльники", "паяльника"]),
        ("Шов 3 × 2,5 мм и шов 3х2.5", "3x2.5", ["3 × 2,5 мм", "3х2.5"]),
        ("Мощность 60 Вт, не 600", "60ватт", ["60 Вт"]),
        ("жало вечное", "болт", []),
    ],
)
def test_words_that_were_sought_are_marked(shop: Shop, text: str, query: str, words: list[str]) -> None:
    one = TextSet({1: text}).find(query, lexicon=shop.lexicon, synonyms=shop.synonyms)
    pieces = marked(text, one.lemmas)

    assert sought(pieces) == words
    assert "".join(piece for piece, _is_sought in pieces) == text


@pytest.mark.parametrize("most", [40, 200])
def test_excerpt_goes_around_the_first_word(most: int) -> None:
    text = "начало " * 50 + "герметик " + "конец " * 50

    pieces = excerpt(text, {"герметик"}, most=most)

    whole = "".join(piece for piece, _is_sought in pieces)
    assert sought(pieces) == ["герметик"]
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert len(whole) <= most + 2


def test_excerpt_without_the_word_is_the_beginning() -> None:
    assert excerpt("один два три", {"герметик"}, most=9) == (("один два", False), ("…", False))
    assert excerpt("", {"герметик"}, most=8) == ()


def test_excerpt_of_one_endless_word_is_cut() -> None:
    assert excerpt("а" * 300, (), most=240) == (("а" * 240, False), ("…", False))


def test_only_the_first_unknown_words_are_mended(shop: Shop) -> None:
    slips = "пояльник затирко герметек накачивоют подхадит"

    found = told(shop, slips)

    assert (found.correction or "").split()[-1] == "подхадит"
    assert "подхадит" not in (told(shop, "подхадит").correction or "")
