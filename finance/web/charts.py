"""Bars as plain SVG: no script is needed, and a table beside them says the same in figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from finance.selectors.money import Bar

WIDTH, HEIGHT, FOOT, GAP = 640, 180, 22, 8


@dataclass(frozen=True, slots=True)
class Column:
    """A bar in units of the picture; sums with VAT in roubles."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True, slots=True)
class Chart:
    columns: tuple[Column, ...]
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - 6


def chart_of(bars: Sequence[Bar]) -> Chart:
    """Bars side by side, the highest as high as the picture; one that is not nought is seen at all."""
    step = WIDTH // max(len(bars), 1)
    most = max((bar.amount for bar in bars), default=0) or 1
    columns = []
    for place, bar in enumerate(bars):
        height = int(bar.amount * (HEIGHT - FOOT) / most) or (1 if bar.amount else 0)
        x = place * step + GAP // 2
        columns.append(Column(bar, x, HEIGHT - FOOT - height, step - GAP, height, x + (step - GAP) // 2))
    return Chart(tuple(columns))
