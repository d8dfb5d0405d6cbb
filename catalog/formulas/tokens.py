"""A formula cut into words, numbers and signs."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from django.utils.translation import gettext as _

from catalog.formulas.faults import FormulaFault

LONGEST: Final = 2_000
NAME: Final = r"[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё0-9_]{0,39}"
KEYWORDS: Final = frozenset({"and", "or", "not", "true", "false"})
FUNCTIONS: Final = frozenset(
    {
        "if", "min", "max", "round", "ceil", "floor", "roundup", "sqrt", "abs", "sum", "lookup",
    }
)  # fmt: skip

_TOKEN: Final = re.compile(
    rf"""\s*(?:
        (?P<number>[0-9]{{1,15}}(?:\.[0-9]{{1,12}})?)(?![0-9A-Za-zА-Яа-яЁё_.])
      | (?P<name>{NAME}(?:\.{NAME})?)(?![A-Za-zА-Яа-яЁё0-9_.])
      | "(?P<text>[^"\n]{{0,200}})"
      | (?P<sign><=|>=|<>|!=|==|[-+*/%^()<>=,;×·÷−≤≥≠])
    )""",
    re.VERBOSE,
)
_SAME: Final = {
    "==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "·": "*", "÷": "/", "−": "-", ";": ",",
}  # fmt: skip


class Kind(Enum):
    """What a token is."""

    NUMBER = auto()
    TEXT = auto()
    NAME = auto()
    WORD = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`position` counts signs from one; `number` is what a number means."""

    kind: Kind
    text: str
    position: int
    number: Decimal = Decimal(0)


def tokens(text: str) -> list[Token]:
    """Cut a formula. Raises FormulaFault for what is none: too long, an unknown sign, a number too long."""
    if len(text) > LONGEST:
        raise FormulaFault(_("Формула длиннее {most} знаков").format(most=LONGEST))
    found: list[Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        met = _TOKEN.match(text, place)
        if met is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise FormulaFault(
                _("Непонятное место: «{text}»").format(text=text[place : place + 12]), place + 1
            )
        found.append(_token(met))
        place = met.end()
    found.append(Token(Kind.END, "", end + 1))
    return found


def _token(met: re.Match[str]) -> Token:
    group = met.lastgroup or ""
    text, position = met[group], met.start(group) + 1
    if group == "number":
        return Token(Kind.NUMBER, text, position, Decimal(text))
    if group == "text":
        return Token(Kind.TEXT, text, position - 1)
    if group == "name":
        return Token(Kind.WORD if text in KEYWORDS else Kind.NAME, text, position)
    return Token(Kind.SIGN, _SAME.get(text, text), position)
