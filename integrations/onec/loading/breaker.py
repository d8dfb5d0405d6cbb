"""The breaker: a file that would change too much at once is not applied before somebody has looked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

SAMPLES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may change. Shares and steps in percent; fewer rows than `rows` are never too many."""

    rows: int
    price_step: int
    price_share: int
    stock_share: int
    hidden_share: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One of many: a row of `catalog_sku` (or of `catalog_product` where goods are hidden)."""

    pk: int
    before: Decimal
    after: Decimal


@dataclass(slots=True)
class Sweep:
    """Of how many rows of a kind that were there, how many change so that it matters."""

    known: int = 0
    hit: int = 0
    samples: list[Sample] = field(default_factory=list)

    def add(self, *, known: int, hit: int, samples: Sequence[Sample]) -> None:
        self.known += known
        self.hit += hit
        self.samples += samples[: SAMPLES_KEPT - len(self.samples)]

    def is_over(self, *, share: int, rows: int) -> bool:
        return self.hit >= max(rows, 1) and self.hit * 100 > self.known * share

    @property
    def percent(self) -> int:
        return self.hit * 100 // self.known if self.known else 0


@dataclass(slots=True)
class MassChanges:
    """What a file does to prices, stock and visibility as a whole."""

    prices: Sweep = field(default_factory=Sweep)
    stock: Sweep = field(default_factory=Sweep)
    goods: Sweep = field(default_factory=Sweep)

    def excesses(self, limits: Limits) -> list[str]:
        """Say in words what is too much; nothing when the file may be applied."""
        told = []
        if self.prices.is_over(share=limits.price_share, rows=limits.rows):
            told.append(f"цены меняются больше чем на {limits.price_step} %: {_share(self.prices)} цен файла")
        if self.stock.is_over(share=limits.stock_share, rows=limits.rows):
            told.append(f"остатки обнуляются: {_share(self.stock)} позиций с остатком")
        if self.goods.is_over(share=limits.hidden_share, rows=limits.rows):
            told.append(f"товары помечены на удаление: {_share(self.goods)} товаров файла")
        return told


def _share(sweep: Sweep) -> str:
    return f"{sweep.hit} из {sweep.known} ({sweep.percent} %)"
