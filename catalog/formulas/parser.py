"""A tree out of a formula's text."""

from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from catalog.formulas.faults import FormulaFault
from catalog.formulas.tokens import FUNCTIONS, Kind, Token, tokens
from catalog.formulas.tree import (
    Any,
    Call,
    Chain,
    Comparison,
    Every,
    Literal,
    Name,
    Negative,
    Node,
    Not,
    Power,
)

DEEPEST: Final = 40
MOST_ARGUMENTS: Final = 50

_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_COUNTS: Final = {
    "if": (3, 3), "round": (1, 2), "ceil": (1, 1), "floor": (1, 1), "roundup": (2, 2), "sqrt": (1, 1),
    "abs": (1, 1), "lookup": (2, 2),
}  # fmt: skip


@lru_cache(maxsize=2_000)
def parse(text: str) -> Node:
    """Read a formula. Raises FormulaFault with the position of the first thing that is wrong."""
    reader = _Reader(tokens(text))
    if reader.is_over():
        raise FormulaFault(_("Формула пуста"))
    node = reader.either()
    if not reader.is_over():
        raise reader.unexpected()
    return node


class _Reader:
    """Goes over the tokens once; every bracket, function and sign before an operand is one level deeper."""

    def __init__(self, cut: list[Token]) -> None:
        self._cut = cut
        self._place = 0
        self._depth = 0

    @property
    def now(self) -> Token:
        return self._cut[self._place]

    def is_over(self) -> bool:
        return self.now.kind is Kind.END

    def unexpected(self) -> FormulaFault:
        token = self.now
        if token.kind is Kind.END:
            return FormulaFault(_("Формула оборвана"), token.position)
        return FormulaFault(_("Здесь не ожидается «{text}»").format(text=token.text), token.position)

    def either(self) -> Node:
        self._deeper()
        token, found = self.now, [self._every()]
        while self._took(Kind.WORD, "or"):
            found.append(self._every())
        self._depth -= 1
        return found[0] if len(found) == 1 else Any(tuple(found), token.position)

    def _every(self) -> Node:
        token, found = self.now, [self._denied()]
        while self._took(Kind.WORD, "and"):
            found.append(self._denied())
        return found[0] if len(found) == 1 else Every(tuple(found), token.position)

    def _denied(self) -> Node:
        token = self.now
        if not self._took(Kind.WORD, "not"):
            return self._compared()
        self._deeper()
        node = Not(self._denied(), token.position)
        self._depth -= 1
        return node

    def _compared(self) -> Node:
        left, token = self._chain(("+", "-")), self.now
        if token.kind is not Kind.SIGN or token.text not in _COMPARISONS:
            return left
        self._place += 1
        node = Comparison(left, token.text, self._chain(("+", "-")), token.position)
        if self.now.kind is Kind.SIGN and self.now.text in _COMPARISONS:
            raise FormulaFault(_("Сравнения соединяют словом and: a < b and b < c"), self.now.position)
        return node

    def _chain(self, signs: tuple[str, ...]) -> Node:
        """Sums of products, each counted from the left, however long."""
        first, rest = self._link(signs), []
        while self.now.kind is Kind.SIGN and self.now.text in signs:
            token = self.now
            self._place += 1
            rest.append((token.text, token.position, self._link(signs)))
        return Chain(first, tuple(rest), rest[0][1]) if rest else first

    def _link(self, signs: tuple[str, ...]) -> Node:
        return self._signed() if "*" in signs else self._chain(("*", "/", "%"))

    def _signed(self) -> Node:
        token = self.now
        if self._took(Kind.SIGN, "-"):
            self._deeper()
            node: Node = Negative(self._signed(), token.position)
            self._depth -= 1
            return node
        if self._took(Kind.SIGN, "+"):
            self._deeper()
            node = self._signed()
            self._depth -= 1
            return node
        base, sign = self._one(), self.now
        if not self._took(Kind.SIGN, "^"):
            return base
        self._deeper()
        node = Power(base, self._signed(), sign.position)
        self._depth -= 1
        return node

    def _one(self) -> Node:
        token = self.now
        if token.kind is Kind.NUMBER:
            self._place += 1
            return Literal(token.number, token.position)
        if token.kind is Kind.TEXT:
            self._place += 1
            return Literal(token.text, token.position)
        if token.kind is Kind.WORD and token.text in {"true", "false"}:
            self._place += 1
            return Literal(token.text == "true", token.position)
        if token.kind is Kind.NAME:
            self._place += 1
            return self._call(token) if self._took(Kind.SIGN, "(") else self._name(token)
        if self._took(Kind.SIGN, "("):
            node = self.either()
            self._need(")")
            return node
        raise self.unexpected()

    def _name(self, token: Token) -> Node:
        if token.text in FUNCTIONS:
            raise FormulaFault(_("После {name} нужны скобки").format(name=token.text), token.position)
        return Name(token.text, token.position)

    def _call(self, token: Token) -> Node:
        if token.text not in FUNCTIONS:
            raise FormulaFault(_("Нет такой функции: {name}").format(name=token.text), token.position)
        arguments: list[Node] = []
        while not self._took(Kind.SIGN, ")"):
            if arguments:
                self._need(",")
            arguments.append(self.either())
        least, most = _COUNTS.get(token.text, (1, MOST_ARGUMENTS))
        if not least <= len(arguments) <= most:
            told = _("У функции {name} другое число значений: нужно {count}").format(
                name=token.text, count=least if least == most else f"{least}–{most}"
            )
            raise FormulaFault(told, token.position)
        if token.text == "lookup" and not isinstance(arguments[0], Name):
            raise FormulaFault(_("Первым в lookup пишут название таблицы"), token.position)
        return Call(token.text, tuple(arguments), token.position)

    def _need(self, sign: str) -> None:
        if not self._took(Kind.SIGN, sign):
            if self.now.kind is Kind.END:
                raise FormulaFault(_("Не хватает «{sign}»").format(sign=sign), self.now.position)
            raise self.unexpected()

    def _took(self, kind: Kind, text: str) -> bool:
        if self.now.kind is kind and self.now.text == text:
            self._place += 1
            return True
        return False

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaFault(
                _("Слишком много вложенных скобок: больше {most}").format(most=DEEPEST), self.now.position
            )
