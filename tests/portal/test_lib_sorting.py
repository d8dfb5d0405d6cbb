import random

import pytest

from portal.lib.sorting import name_sort_key

IN_ORDER = [
    ["Елка", "ель", "Ёлка", "жёлоб", "Жук"],
    ["е", "ея", "ё", "ж", "юла", "я", "яя"],
    ["Болт М6х20", "Болт М8х4", "Болт М8х40", "Болт М10х20"],
    ["Кабель 2х16", "Кабель 3х1,5", "Кабель 3х2,5", "Кабель 3х16"],
    ["Арго", "«Бета»", "Вега"],
]


def in_bytes(key: str) -> bytes:
    """Collation C compares the bytes of the encoding."""
    return key.encode()


@pytest.mark.parametrize("names", IN_ORDER)
def test_name_sort_key_gives_russian_order(names: list[str]) -> None:
    mixed = random.Random(1).sample(names, len(names))

    assert sorted(mixed, key=lambda name: in_bytes(name_sort_key(name))) == names


@pytest.mark.parametrize(
    ("one", "other"), [("ООО «Вега»", 'ооо  "ВЕГА"'), ("Болт М08", "болт м8"), ("е\u0308ж", "ёж")]
)
def test_name_sort_key_ignores_what_is_not_order(one: str, other: str) -> None:
    assert name_sort_key(one) == name_sort_key(other)
