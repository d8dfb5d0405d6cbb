"""Which word of a full name is the first name; a surname is never told in its place."""

import pytest

from portal.lib.names import first_name


@pytest.mark.parametrize(
    ("full", "first"),
    [
        ("Иванова Ирина", "Ирина"),
        ("Ирина Иванова", "Ирина"),
        ("Петров Пётр Сергеевич", "Пётр"),
        ("Артём Лебедев", "Артём"),
        ("МАРИНА СКВОРЦОВА", "МАРИНА"),
        ("Ли Енисей Маркович", "Енисей"),
        ("Волков П. С.", ""),
        ("Гримм Эхнатон", ""),
        ("Закупки", ""),
        ("buyer@dealer.example", ""),
        ("", ""),
    ],
)
def test_first_name_is_told_in_either_order_or_not_at_all(full: str, first: str) -> None:
    assert first_name(full) == first
