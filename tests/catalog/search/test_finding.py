"""Queries over a dozen goods."""

import random
from decimal import Decimal

import pytest
from pyroaring import BitMap

from catalog.search.phrases import PHRASE, SECTION, Phrases
from catalog.search.texts import find_texts
from tests.catalog.search.conftest import GOODS, Shop


@pytest.mark.parametrize(
    ("text", "first", "correction"),
    [
        ("паяльников электрических", 0, None),
        ("пояльник 60вт", 0, "паяльник 60вт"),
        ("паяльнки импульный", 1, "паяльник импульсный"),
        ("gfzkmybr 100dn", 1, "паяльник 100вт"),
        ("паяльник элитех", 1, "паяльник elitech"),
        ("zatirka 2кг", 7, "затирка 2кг"),
        ("вентиль геберит", 2, "вентиль geberit"),
        ("вентиль 1 1/4", 2, None),
        ("шпагат 2 на 100", 4, None),
        ("шпагат 2x100", 4, None),
        ("винт 8х30", 9, None),
        ("m8x30", 9, None),
        ("доска обрезная", 8, None),
        ("бечевка", 4, None),
        ("123456789", 2, None),
        ("Е1234", 1, None),
        ("зн-10", 0, None),
        ("3.456.7", 2, None),
        ("4600000000012", 9, None),
        ("светильник без датчика", 11, None),
        ("светильник с датчиком", 10, None),
    ],
)
def test_find(shop: Shop, text: str, first: int, correction: str | None) -> None:
    assert shop.names(text)[0] == GOODS[first].name
    assert shop.find(text).correction == correction


@pytest.mark.parametrize("goods", GOODS, ids=lambda goods: goods.name)
def test_a_right_name_is_never_changed(shop: Shop, goods: object) -> None:
    name = goods.name  # type: ignore[attr-defined]

    found = shop.find(name)

    assert found.correction is None
    assert found.dropped == ()
    assert shop.names(name)[0] == name


def test_literally_nothing_is_guessed(shop: Shop) -> None:
    assert shop.find("пояльник").goods
    assert not shop.find("пояльник", literally=True).goods


def test_nothing_is_found_outside_what_is_sold(shop: Shop) -> None:
    among = BitMap([1, 4])

    assert shop.find("паяльник", among=among).goods == BitMap([1])
    assert shop.find("паяльник зенит", among=among).goods <= among
    assert not shop.find("затирка", among=among).goods


def test_quantity_is_no_filter(shop: Shop) -> None:
    found = shop.find("паяльник 10 шт")

    assert (found.goods, found.quantity, found.unit) == (BitMap([0, 1]), Decimal(10), "шт")


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("паяльник зенит 200 ш", Decimal(200), "шт"),
        ("паяльник зенит 200шту", Decimal(200), "шт"),
        ("паяльник зенит 3 к", None, ""),  # a unit of its own
        ("паяльник зенит 3 па", Decimal(3), "па"),
        ("паяльник зенит 60 вт", None, ""),
        ("паяльник 100 э", None, ""),
    ],
)
def test_unit_that_is_not_typed_to_its_end_is_one_in_the_making(
    shop: Shop, text: str, quantity: Decimal | None, unit: str
) -> None:
    found = shop.find(text)

    assert (found.quantity, found.unit) == (quantity, unit)
    assert quantity is None or (found.goods, found.dropped, found.correction) == (BitMap([0]), (), None)


def test_a_measure_is_a_quantity_of_goods_sold_by_it_only(shop: Shop) -> None:
    nails, grout = shop.find("гвоздь 5 кг"), shop.find("затирка 5 кг")

    assert (nails.goods, nails.quantity, nails.unit) == (BitMap([5]), Decimal(5), "кг")
    assert (grout.goods, grout.quantity) == (BitMap([6]), None)


def test_the_least_telling_words_are_dropped(shop: Shop) -> None:
    found = shop.find("тачка джутовая 85л")

    assert found.dropped == ("джутовая",)
    assert found.goods == BitMap([3])


def test_known_goods_are_asked_for_once(shop: Shop) -> None:
    shop.postings.statements = 0

    shop.find("затирка белая mapei")

    assert shop.postings.statements == 1


def test_suggest_counts_exactly(shop: Shop) -> None:
    found = shop.suggest("пая")

    assert [(one.text, one.count, one.kind) for one in found.suggestions] == [("паяльник", 2, "phrase")]
    assert found.goods == (0, 1)
    assert found.text is None
    assert [one.count for one in shop.suggest("пая", among=BitMap([1])).suggestions] == [1]


@pytest.mark.parametrize(("typed", "understood"), [("gfz", "пая"), ("пояль", "паяль"), ("све", None)])
def test_suggest_mends_what_is_not_finished(shop: Shop, typed: str, understood: str | None) -> None:
    found = shop.suggest(typed)

    assert found.text == understood
    assert found.suggestions


SECTIONS = ("Кабели и провода", "Кабельные каналы", "Свет", "LED 220", "16")


@pytest.mark.parametrize(
    ("typed", "sections"),
    [
        ("кабель", ["Кабели и провода", "Кабельные каналы"]),
        ("кабелей", ["Кабели и провода"]),
        ("провод", ["Кабели и провода"]),
        ("проводов", ["Кабели и провода"]),
        ("канал", ["Кабельные каналы"]),
        ("силовой кабель", ["Кабели и провода", "Кабельные каналы"]),
        ("каналов кабельных", ["Кабельные каналы"]),
        ("светильник", []),
        ("белый", []),
        ("led", ["LED 220"]),
        ("16", ["16"]),
    ],
)
def test_sections_are_told_by_any_form_of_any_word(typed: str, sections: list[str]) -> None:
    lines = [(name, SECTION, float(9 - place), 0.5, 0.0) for place, name in enumerate(SECTIONS)]
    told = Phrases.unpack(Phrases.build([*lines, ("белый кабель", PHRASE, 99.0, 0.5, 0.0)]).pack())

    assert [told.texts[number] for number in told.sections(typed)] == sections


def test_suggest_sections_that_phrases_leave_no_room_for(shop: Shop) -> None:
    lines = [(f"свет {number}", PHRASE, 99.0, 0.5, 0.0) for number in range(80)]
    crowded = Phrases.build(
        [*lines, ("Светильники", PHRASE, 99.0, 0.5, 0.0), ("Свет", SECTION, 1.0, 0.5, 0.0)]
    )

    told = shop.suggest("свет", phrases=crowded).suggestions

    assert ("Свет", 2, "section") in [(one.text, one.count, one.kind) for one in told]


def test_suggest_sections_by_their_goods(shop: Shop) -> None:
    assert ("Свет", 2, "section") in [
        (one.text, one.count, one.kind) for one in shop.suggest("свет").suggestions
    ]


def test_find_texts(shop: Shop) -> None:
    texts = {
        1: "Как выбрать паяльник\nМощность и жало.",
        2: "Уход за тачкой\nПаяльник не нужен.",
        3: "Затирка швов",
    }
    context = {"lexicon": shop.lexicon, "synonyms": shop.synonyms}

    assert find_texts("паяльники", texts, **context) == [1, 2]
    assert find_texts("зотирка", texts, **context) == [3]
    assert find_texts("nfxrf", texts, **context) == [2]
    assert find_texts("холодильник", texts, **context) == []


def hostile(number: int) -> str:
    """Strings nobody should send, the same at every run."""
    chance = random.Random(number)
    length = chance.choice([1, 2, 5, 30, 300, 5000])
    alphabets = [
        "абвгдежз ийклмнопр", "abc xyz,.;[]'", "0123456789", "0123456789xх*.,/ -", "\x00\x01\x7f\n\t ab",
        "😀🔥\u200d кабель",
        "\u202eשלום عربي", "а\u0301\u0338", "xх*-./,'\"°ºª½²№%µ", "'\";-- DROP TABLE (a+)+$", "ﷺ㍿аеосртух ",
    ]  # fmt: skip
    return "".join(chance.choices(chance.choice(alphabets), k=length))


def test_hostile_strings_are_answered(shop: Shop) -> None:
    for number in range(500):
        text = hostile(number)
        assert shop.find(text).goods <= shop.among
        assert all(one.count for one in shop.suggest(text).suggestions)
