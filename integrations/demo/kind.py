"""What a kind of good is: a grid of sizes, the properties that follow from them, its price and weight."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import product
from string import Formatter
from types import MappingProxyType

_MIXED = re.compile(r"^(\d+) (\d+)/(\d+)")
_FRACTION = re.compile(r"^(\d+)/(\d+)")
_NUMBER = re.compile(r"\d+(?:,\d+)?")


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal:
    """Read the leading number of a size: М8 is 8, 25х4,2 is 25, 1 1/4 is 1.25; no number is 0."""
    if mixed := _MIXED.match(text):
        whole, above, below = (int(part) for part in mixed.groups())
        return whole + Decimal(above) / below
    if fraction := _FRACTION.match(text):
        return Decimal(fraction[1]) / int(fraction[2])
    found = _NUMBER.search(text)
    return Decimal(found[0].replace(",", ".")) if found else Decimal(0)


class Sizes:
    """The sizes of one good as numbers, for formulas of price, weight and computed properties."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __getitem__(self, name: str) -> Decimal:
        return number(self._texts[name])

    def text(self, name: str) -> str:
        """Return the size as it is written in the trade."""
        return self._texts[name]


Formula = Callable[[Sizes], Decimal]


class ValueType(StrEnum):
    """Types of values of a property, as 1C names them."""

    CHOICE = "Справочник"
    NUMBER = "Число"
    TEXT = "Строка"


@dataclass(frozen=True, slots=True)
class Prop:
    """A property of a kind and the rule of its value: a template of sizes or a formula."""

    name: str
    type: ValueType
    template: str = ""
    formula: Formula | None = None
    digits: int = 0

    def value(self, texts: Mapping[str, str]) -> str:
        """Return the value as 1C writes it: decimal comma, no group separators."""
        if self.formula is None:
            return self.template.format_map(texts)
        return plain(self.formula(Sizes(texts)), self.digits).replace(".", ",")


def plain(value: Decimal, digits: int) -> str:
    """Round half up and drop trailing zeros: 2.50 becomes 2.5, 3.000 becomes 3."""
    text = f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def choice(name: str, template: str) -> Prop:
    """Describe a property whose values are a list (Справочник)."""
    return Prop(name, ValueType.CHOICE, template)


def text(name: str, template: str) -> Prop:
    """Describe a property of free text (Строка)."""
    return Prop(name, ValueType.TEXT, template)


def num(name: str, rule: str | Formula, digits: int = 1) -> Prop:
    """Describe a number (Число), read from a size or computed from the sizes."""
    if isinstance(rule, str):
        return Prop(name, ValueType.NUMBER, rule)
    return Prop(name, ValueType.NUMBER, formula=rule, digits=digits)


@dataclass(frozen=True, slots=True)
class Link:
    """A value that follows from one axis, such as the wrench size from the thread."""

    axis: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """Характеристика of 1C: one good sold in several colours, each with a stock of its own."""

    name: str
    values: tuple[str, ...]


def _always(sizes: Sizes) -> bool:
    return True


def fixed(value: str) -> Formula:
    """Return a formula that does not depend on the sizes."""
    constant = Decimal(value)
    return lambda sizes: constant


def axis(values: str, separator: str | None = None) -> tuple[str, ...]:
    """Split a row of sizes; sizes that hold spaces are separated by a bar."""
    return tuple(part.strip() for part in values.split(separator))


@dataclass(frozen=True)
class Kind:
    """One kind of good with its grid of sizes.

    `name`, `about` and the templates of properties are filled from the axes, the links, `brand`,
    `line` and `country`. `price` is the retail price in RUB with VAT per base unit, `weight` kg per
    base unit. `packs` are (unit code, coefficient) of packages. Goods with a
    `multiple` are sold by so many base units. Empty `warehouses` means all of them.
    `branded` goods carry the maker in their names, `popular` ones keep their whole grid of sizes in
    the small catalogue, `stock` is the usual amount in one warehouse.
    """

    key: str
    path: tuple[str, str, str]
    short: str
    name: str
    code: str
    axes: Mapping[str, tuple[str, ...]]
    props: tuple[Prop, ...]
    price: Formula
    weight: Formula
    brands: tuple[str, ...]
    picture: str
    about: str
    unit: str = "796"
    packs: tuple[tuple[str, int], ...] = ()
    multiple: int = 0
    links: Mapping[str, Link] = field(default_factory=lambda: MappingProxyType({}))
    valid: Callable[[Sizes], bool] = _always
    split: str = ""
    vat: str = "22"
    characteristic: Characteristic | None = None
    warehouses: tuple[str, ...] = ()
    branded: bool = False
    popular: bool = False
    stock: int = 200

    @cached_property
    def cells(self) -> Sequence[Mapping[str, str]]:
        """Sizes that exist, in the order of the trade; the first axis changes slowest."""
        cells = (dict(zip(self.axes, values, strict=True)) for values in product(*self.axes.values()))
        return tuple(cell for cell in cells if self.valid(Sizes(self.texts(cell))))

    @cached_property
    def split_axis(self) -> str:
        """Name of the axis by which a large catalogue cuts this kind into further sections."""
        return self.split or next(iter(self.axes))

    def texts(self, cell: Mapping[str, str]) -> dict[str, str]:
        """Return the sizes of a cell together with everything linked to them."""
        linked = {name: link.values[cell[link.axis]] for name, link in self.links.items()}
        return {**cell, **linked}

    def variants(self, prop: Prop) -> Iterator[str]:
        """List every value that a property of type Справочник can take, without walking the goods."""
        names = {name for _, name, _, _ in Formatter().parse(prop.template) if name}
        sources = tuple(
            dict.fromkeys(self.links[name].axis if name in self.links else name for name in names)
        )
        used = [name for name in self.axes if name in sources]
        for values in product(*(self.axes[name] for name in used)):
            picked = dict(zip(used, values, strict=True))
            for name in names & self.links.keys():
                picked[name] = self.links[name].values[picked[self.links[name].axis]]
            yield prop.template.format_map(picked)
