"""Nodes that a formula is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Value = Decimal | bool | str


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    position: int


@dataclass(frozen=True, slots=True)
class Name:
    """A quantity by its name; `boiler.power` is a property of what was chosen for a slot."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands one after another with the signs between them, counted from the left."""

    first: "Node"
    rest: tuple[tuple[str, int, "Node"], ...]
    position: int


@dataclass(frozen=True, slots=True)
class Power:
    base: "Node"
    exponent: "Node"
    position: int


@dataclass(frozen=True, slots=True)
class Negative:
    operand: "Node"
    position: int


@dataclass(frozen=True, slots=True)
class Comparison:
    left: "Node"
    sign: str
    right: "Node"
    position: int


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold; those after the first that does not are not looked at."""

    operands: tuple["Node", ...]
    position: int


@dataclass(frozen=True, slots=True)
class Any:
    """One of them holds."""

    operands: tuple["Node", ...]
    position: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Node", ...]
    position: int


Node = Literal | Name | Chain | Power | Negative | Comparison | Every | Any | Not | Call


def parts(node: Node) -> tuple[Node, ...]:
    """Nodes right below this one."""
    match node:
        case Chain():
            return (node.first, *(operand for _sign, _position, operand in node.rest))
        case Power():
            return (node.base, node.exponent)
        case Comparison():
            return (node.left, node.right)
        case Every() | Any():
            return node.operands
        case Negative() | Not():
            return (node.operand,)
        case Call():
            return node.arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(parts(one)))


def tables_in(node: Node) -> dict[str, int]:
    """Tables that a formula looks values up in, each with the position where it is first named."""
    found: dict[str, int] = {}
    for one in walk(node):
        if isinstance(one, Call) and one.function == "lookup" and isinstance(one.arguments[0], Name):
            found.setdefault(one.arguments[0].name, one.arguments[0].position)
    return found


def names_in(node: Node) -> dict[str, int]:
    """Names of quantities that a formula needs, tables left out, each with its first position."""
    tables = {
        id(one.arguments[0]) for one in walk(node) if isinstance(one, Call) and one.function == "lookup"
    }
    found: dict[str, int] = {}
    for one in walk(node):
        if isinstance(one, Name) and id(one) not in tables:
            found.setdefault(one.name, one.position)
    return found
