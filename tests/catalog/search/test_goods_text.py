"""What the index writes of a name."""

import pytest

from catalog.search.goods_text import GoodsText, naming_words, terms_of


def terms(name: str, **more: object) -> set[str]:
    return set(terms_of(GoodsText(name, **more)).terms)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Болт М8 х 30", {"w:болт", "h:болт", "s:m8x30", "s:8x30", "p:m8", "p:8", "p:30"}),
        ("болт M8*30", {"w:болт", "h:болт", "s:m8x30", "s:8x30", "p:m8", "p:8", "p:30"}),
        ("Кран 1½”", {"w:кран", "h:кран", "i:1-1/2"}),
        ("Лоток 80 на 300", {"w:лоток", "h:лоток", "s:80x300", "p:80", "p:300"}),
        ("Краска 0,90л", {"w:краска", "h:краска", "u:900ml", "n:0.9"}),
        ("Дрель 0.5 кВт", {"w:дрель", "h:дрель", "u:500w", "n:0.5"}),
        ("Автомат C16А", {"w:автомат", "h:автомат", "c:c16a", "c:c16", "u:16a", "n:16"}),
        ("Задвижка ду 100", {"w:задвижка", "h:задвижка", "c:dn100"}),
        ("Доска обрезн.", {"w:доска", "h:доска", "a:обрезн", "w:обрезна"}),
    ],
)
def test_terms_of_a_name(name: str, expected: set[str]) -> None:
    assert terms(name) >= expected
    assert {term for term in terms(name) if term[0] in "suipz"} == {
        term for term in expected if term[0] in "suipz"
    }


def test_terms_of_codes_and_brand() -> None:
    found = terms(
        "Реле", brand="Phoenix Contact", articles=("VT.7-A",), barcodes=("4600000000012",), unit="шт."
    )

    assert found == {
        "w:реле", "h:реле", "b:phoenix", "b:contact", "b:phoenixcontact", "w:phoenix", "w:contact", "c:vt7a",
        "t:vt7a", "t:t7a$",
        "e:4600000000012", "y:шт",
    }  # fmt: skip


def test_inflections_are_one_lemma() -> None:
    assert terms("гаек розеток оцинкованной") == terms("гайки розетки оцинкованные") | {"h:гайка"}


def test_look_alike_letters_of_a_code_are_one() -> None:
    assert terms("", articles=("ВА47-29",)) == terms("", articles=("BA47 29",))


def test_a_name_is_named_by_its_noun() -> None:
    found = terms("Зенит Автоматический выключатель 16А", brand="Зенит")

    assert {term for term in found if term[0] == "h"} == {"h:выключатель"}


def test_naming_words_stop_at_the_brand_and_at_a_size() -> None:
    assert naming_words("Пена монтажная Tytan 750мл", "Tytan") == ("пена", "монтажная")
    assert naming_words("Tytan Пена 750мл", "Tytan") == ("пена",)
