"""Counting a formula: a walk over its tree within a budget of steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from catalog.formulas import numbers
from catalog.formulas.faults import FormulaFault
from catalog.formulas.tables import Table
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
    Value,
)

MOST_STEPS: Final = 10_000

_SIGNS: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., Decimal]]] = {
    "round": numbers.half_up,
    "ceil": numbers.ceiling,
    "floor": numbers.floor,
    "roundup": numbers.up_to_step,
    "sqrt": numbers.square_root,
    "abs": Decimal.copy_abs,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a formula may name: quantities and tables."""

    values: Mapping[str, Value]
    tables: Mapping[str, Table] = field(default_factory=dict)


def evaluate(node: Node, scope: Scope) -> Value:
    """Count a formula. Raises FormulaFault, and nothing else whatever the formula and the numbers are."""
    return _Walk(scope).value(node)


class _Walk:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._steps = 0

    def value(self, node: Node) -> Value:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise FormulaFault(_("Слишком долгий расчёт"), node.position)
        match node:
            case Literal():
                return node.value
            case Name():
                return self._named(node)
            case Chain():
                return self._chain(node)
            case Power():
                base, exponent = self._number(node.base), self._number(node.exponent)
                return numbers.counted(numbers.power, base, exponent, position=node.position)
            case Negative():
                return self._number(node.operand).copy_negate()
            case Comparison():
                return self._compared(node)
            case Every():
                return all(self._flag(operand) for operand in node.operands)
            case Any():
                return any(self._flag(operand) for operand in node.operands)
            case Not():
                return not self._flag(node.operand)
            case Call():
                return self._called(node)

    def _named(self, node: Name) -> Value:
        found = self._scope.values.get(node.name)
        if found is None:
            raise FormulaFault(_("Неизвестно: {name}").format(name=node.name), node.position)
        if isinstance(found, Decimal):
            return numbers.bounded(found, node.position)
        return found

    def _chain(self, node: Chain) -> Decimal:
        total = self._number(node.first)
        for sign, position, operand in node.rest:
            total = numbers.counted(_SIGNS[sign], total, self._number(operand), position=position)
        return total

    def _compared(self, node: Comparison) -> bool:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return _ordered(node.sign, numbers.significant(left), numbers.significant(right))
        is_alike = type(left) is type(right)
        if not is_alike or node.sign not in {"=", "!="}:
            raise FormulaFault(_("Так можно сравнивать только числа"), node.position)
        a, b = (one.casefold() if isinstance(one, str) else one for one in (left, right))
        return (a == b) is (node.sign == "=")

    def _called(self, node: Call) -> Value:
        name, arguments = node.function, node.arguments
        if name == "if":
            return self.value(arguments[1] if self._flag(arguments[0]) else arguments[2])
        if name == "lookup":
            return self._looked_up(node)
        operands = [self._number(argument) for argument in arguments]
        if name == "min":
            return min(operands)
        if name == "max":
            return max(operands)
        if name == "sum":
            return self._sum(operands, node.position)
        return numbers.counted(_FUNCTIONS[name], *operands, position=node.position)

    def _sum(self, operands: Sequence[Decimal], position: int) -> Decimal:
        total = Decimal(0)
        for one in operands:
            total = numbers.counted(numbers.add, total, one, position=position)
        return total

    def _looked_up(self, node: Call) -> Value:
        named = node.arguments[0]
        table = self._scope.tables.get(named.name) if isinstance(named, Name) else None
        if table is None or not isinstance(named, Name):
            raise FormulaFault(_("Нет такой таблицы"), node.position)
        asked = self.value(node.arguments[1])
        found = None if isinstance(asked, bool) else table.value(asked)
        if found is None:
            told = asked if isinstance(asked, str) else numbers.plain_number(Decimal(asked))
            raise FormulaFault(
                _("В таблице {table} нет строки для значения {asked}").format(table=named.name, asked=told),
                node.position,
            )
        return found

    def _number(self, node: Node) -> Decimal:
        value = self.value(node)
        if isinstance(value, Decimal):
            return value
        raise FormulaFault(_("Здесь нужно число"), node.position)

    def _flag(self, node: Node) -> bool:
        value = self.value(node)
        if isinstance(value, bool):
            return value
        raise FormulaFault(_("Здесь нужно условие: сравнение или отметка"), node.position)


def _ordered(sign: str, left: Decimal, right: Decimal) -> bool:
    match sign:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right
