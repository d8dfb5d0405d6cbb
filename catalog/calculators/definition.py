"""A calculator or a configurator as administrators have written it, read once and ready to be counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from catalog.formulas import FormulaFault, Node, Table, names_in, parse
from catalog.formulas.tables import number_read

MOST_CONDITIONS: Final = 20
_SIGNS: Final = re.compile(r"(<=|>=|!=|<>|=|<|>)")
_IDENTIFIER: Final = re.compile(r"[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё0-9_]{0,39}")


class InputKind(StrEnum):
    """What a person answers with."""

    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"


class RuleKind(StrEnum):
    """What a rule of a configurator says."""

    CONDITION = "condition"
    REQUIRES = "requires"
    EXCLUDES = "excludes"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what formulas get, and what people read."""

    value: Decimal | str
    label: str


@dataclass(frozen=True, slots=True)
class Input:
    """What is asked; `default` as it is typed."""

    name: str
    label: str
    kind: InputKind
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None
    default: str = ""
    choices: tuple[Choice, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reckoning."""

    name: str
    label: str
    formula: Node
    text: str = ""
    unit: str = ""
    is_shown: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong when the condition holds; a refusal leaves no goods."""

    condition: Node
    is_refusal: bool
    message: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A property of goods (by its name) compared with what a formula gives."""

    property: str
    sign: str
    formula: Node
    text: str


@dataclass(frozen=True, slots=True)
class Goods:
    """Where goods are chosen from: one sku, or those of a section that pass all filters."""

    sku_id: int | None = None
    section_id: int | None = None
    filters: tuple[Filter, ...] = ()
    is_in_stock_first: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A good of the result and how much of it."""

    key: str
    label: str
    quantity: Node
    goods: Goods
    condition: Node | None = None
    is_optional: bool = False
    is_by_pack: bool = True
    alternatives: int = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a configuration; `properties` are names of properties by what formulas call them."""

    name: str
    label: str
    goods: Goods
    quantity: Node
    properties: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = True
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between goods that are chosen; `target` is the slot that is required or excluded."""

    kind: RuleKind
    condition: Node
    message: str
    target: str = ""
    names: frozenset[str] = field(init=False)
    """Values of slots that the condition speaks of: `boiler.power`."""

    def __post_init__(self) -> None:
        names = frozenset(name for name in names_in(self.condition) if "." in name)
        object.__setattr__(self, "names", names)

    @property
    def slots(self) -> frozenset[str]:
        """Slots that the rule is about."""
        named = {name.partition(".")[0] for name in self.names}
        return frozenset(named | {self.target} if self.target else named)


@dataclass(frozen=True, slots=True)
class Definition:
    """All of it, steps in the order in which they are counted."""

    inputs: tuple[Input, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    checks: tuple[Check, ...] = ()
    lines: tuple[Line, ...] = ()
    slots: tuple[Slot, ...] = ()
    rules: tuple[Rule, ...] = ()


def filters_read(text: str) -> tuple[Filter, ...]:
    """Read conditions «Сечение жилы, мм² >= s», one a line. Raises FormulaFault that names the line."""
    found: list[Filter] = []
    for place, line in _lines(text):
        name, sign, rest = _cut(line)
        if not name or not rest:
            raise FormulaFault(_("Строка {place}: пишите «свойство >= формула»").format(place=place))
        try:
            node = parse(rest.strip())
        except FormulaFault as fault:
            raise FormulaFault(_("Строка {place}: {fault}").format(place=place, fault=fault)) from fault
        found.append(Filter(name, "!=" if sign == "<>" else sign, node, line))
    return tuple(found)


def slot_properties_read(text: str) -> dict[str, str]:
    """Read names «power = Мощность, Вт», one a line. Raises FormulaFault that names the line."""
    found: dict[str, str] = {}
    for place, line in _lines(text):
        alias, sign, name = (part.strip() for part in line.partition("="))
        if not sign or not name or not _IDENTIFIER.fullmatch(alias):
            raise FormulaFault(_("Строка {place}: пишите «имя = свойство»").format(place=place))
        if alias in found or alias in {"chosen", "count"}:
            raise FormulaFault(_("Строка {place}: имя {alias} уже занято").format(place=place, alias=alias))
        found[alias] = name
    return found


def choices_read(text: str) -> tuple[Choice, ...]:
    """Read answers «значение = подпись», one a line; a value that is a number counts as one."""
    found: dict[str, Choice] = {}
    for place, line in _lines(text):
        value, _sign, label = (part.strip() for part in line.partition("="))
        if not value or value.casefold() in found:
            raise FormulaFault(_("Строка {place}: такой ответ уже есть или пуст").format(place=place))
        number = number_read(value)
        found[value.casefold()] = Choice(value if number is None else number, label or value)
    return tuple(found.values())


def _cut(line: str) -> tuple[str, str, str]:
    met = _SIGNS.search(line)
    if met is None:
        return line.strip(), "", ""
    return line[: met.start()].strip(), met[0], line[met.end() :].strip()


def _lines(text: str) -> list[tuple[int, str]]:
    lines = [(place, line.strip()) for place, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_CONDITIONS * 5:
        raise FormulaFault(_("Слишком много строк"))
    return lines
