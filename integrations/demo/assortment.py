"""Which sizes of which makers are on sale: the assortment cut to the wanted number of goods."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrations.demo.brands import LINES
from integrations.demo.identity import Noise
from integrations.demo.kind import Kind


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the assortment: a size of a kind by one maker. `number` never repeats or changes."""

    kind: Kind
    cell: Mapping[str, str]
    brand: str
    line: int
    turn: int
    number: int


def slots(kinds: tuple[Kind, ...], *, seed: int, goods: int) -> Iterator[Slot]:
    """Yield as many slots as goods are wanted.

    A small catalogue has each size by one maker; a larger one adds further makers and their lines
    round by round, so that it holds every good of the smaller one.
    """
    quotas = _quotas(kinds, goods)
    for index, kind in enumerate(kinds):
        yield from _kind_slots(kind, index, quotas[index], seed)


def _rounds(kind: Kind) -> int:
    return len(kind.brands) * len(LINES)


def _quotas(kinds: tuple[Kind, ...], goods: int) -> list[int]:
    """Share the goods among kinds by their sizes; popular kinds count twice.

    Raises ValueError when the assortment is smaller than the wanted number.
    """
    rooms = [len(kind.cells) * _rounds(kind) for kind in kinds]
    if not 0 < goods <= sum(rooms):
        raise ValueError(f"Товаров может быть от 1 до {sum(rooms)}")
    weights = [len(kind.cells) * (2 if kind.popular else 1) for kind in kinds]
    quotas = [min(room, goods * weight // sum(weights)) for room, weight in zip(rooms, weights, strict=True)]
    left = goods - sum(quotas)
    while left:
        for place, room in enumerate(rooms):
            step = min(left, room - quotas[place], max(1, left * weights[place] // sum(weights)))
            quotas[place] += step
            left -= step
    return quotas


def _kind_slots(kind: Kind, index: int, quota: int, seed: int) -> Iterator[Slot]:
    size = len(kind.cells)
    for turn in range(-(-quota // size)):
        chosen = set(_ranked(kind, turn, seed)[: min(size, quota - turn * size)])
        for place, cell in enumerate(kind.cells):
            if place in chosen:
                yield _slot(kind, index, place, cell, turn)


def _ranked(kind: Kind, turn: int, seed: int) -> list[int]:
    """Order the sizes by chance: a kind that is not wanted whole has gaps here and there."""
    return sorted(
        range(len(kind.cells)),
        key=lambda place: Noise(str(seed), kind.key, str(turn), str(place)).below(1 << 64),
    )


def _slot(kind: Kind, index: int, place: int, cell: Mapping[str, str], turn: int) -> Slot:
    first = next(iter(kind.axes))
    block = kind.axes[first].index(cell[first])
    makers = len(kind.brands)
    brand = kind.brands[(block + turn) % makers]
    number = (index * 1000 + place) * 100 + turn
    return Slot(kind, cell, brand, turn // makers, turn, number)
