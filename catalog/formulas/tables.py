"""Tables of reference values: thresholds with what goes with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from catalog.formulas.faults import FormulaFault
from catalog.formulas.numbers import significant

MOST_ROWS: Final = 500

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,12})?")


class LookupWay(StrEnum):
    """Which row of a table a number falls into."""

    UP_TO = "up_to"
    """The first row whose threshold is not less."""
    FROM = "from"
    """The last row whose threshold is not more."""
    EXACT = "exact"
    """The row with this very number or word."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by threshold, those with numbers in their order; values are numbers or words."""

    way: LookupWay
    numbers: tuple[tuple[Decimal, Decimal | str], ...] = ()
    words: Mapping[str, Decimal | str] = field(default_factory=dict)

    def value(self, asked: Decimal | str) -> Decimal | str | None:
        """What stands in the row; None where there is none."""
        if isinstance(asked, str):
            return self.words.get(asked.casefold())
        number = significant(asked)
        if self.way is LookupWay.UP_TO:
            return next((value for threshold, value in self.numbers if number <= threshold), None)
        if self.way is LookupWay.FROM:
            return next((value for threshold, value in reversed(self.numbers) if threshold <= number), None)
        return next((value for threshold, value in self.numbers if threshold == number), None)


def table_read(text: str, way: LookupWay) -> Table:
    """Read rows «порог = значение», one a line. Raises FormulaFault that names the line."""
    numbers: dict[Decimal, Decimal | str] = {}
    words: dict[str, Decimal | str] = {}
    lines = [(place, line.strip()) for place, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise FormulaFault(_("В таблице нет строк"))
    if len(lines) > MOST_ROWS:
        raise FormulaFault(_("В таблице больше {most} строк").format(most=MOST_ROWS))
    for place, line in lines:
        key, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not key or not value:
            raise FormulaFault(_("Строка {place}: пишите «порог = значение»").format(place=place))
        number, held = number_read(key), number_read(value)
        if number is None and way is not LookupWay.EXACT:
            raise FormulaFault(_("Строка {place}: порог должен быть числом").format(place=place))
        if (number in numbers) if number is not None else (key.casefold() in words):
            raise FormulaFault(_("Строка {place}: такой порог уже есть").format(place=place))
        kept = value if held is None else held
        if number is None:
            words[key.casefold()] = kept
        else:
            numbers[number] = kept
    return Table(way, tuple(sorted(numbers.items(), key=lambda row: row[0])), words)


def number_read(text: str) -> Decimal | None:
    """A number as people write it, with a comma or a point, or None."""
    plain = "".join(text.split()).replace("−", "-")
    return Decimal(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None
