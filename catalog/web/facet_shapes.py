"""What a filter is drawn from: values to tick, a range, or only its head."""

from dataclasses import dataclass

SEARCHED_FROM = 12
BAR_WIDTH = 10


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One value to tick: what the address says, what a person reads, how many goods it would leave."""

    value: str
    name: str
    count: int
    is_chosen: bool
    key: str


@dataclass(frozen=True, slots=True)
class ListFacet:
    """Values to tick. `shown` stand at once, `folded` behind «ещё 34»; both in the same order.

    `more` is how many are folded. Where they are not drawn, `later` is the address of the list with them;
    where they are because the address says so, `is_whole`.
    """

    name: str
    title: str
    unit: str
    shown: tuple[FacetOption, ...]
    is_open: bool
    folded: tuple[FacetOption, ...] = ()
    more: int = 0
    later: str = ""
    is_whole: bool = False
    is_unfolded: bool = False
    is_closed = False
    template = "catalog/_facet_list.html"

    @property
    def chosen(self) -> int:
        return sum(option.is_chosen for option in self.shown)

    @property
    def is_searched(self) -> bool:
        return len(self.shown) + self.more >= SEARCHED_FROM


@dataclass(frozen=True, slots=True)
class ClosedFacet:
    """A collapsed filter from which nothing is chosen; `later` is the address of the list with it open."""

    name: str
    title: str
    unit: str
    later: str
    chosen = 0
    is_open = False
    is_closed = True


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram; outside of the chosen range it is pale."""

    x: int
    y: int
    height: int
    is_inside: bool


@dataclass(frozen=True, slots=True)
class RangeFacet:
    """From and to. `least` and `most` are what the goods have, written as a person would."""

    name: str
    title: str
    unit: str
    low: str
    high: str
    least: str
    most: str
    bars: tuple[Bar, ...]
    is_open: bool
    is_whole: bool = False
    is_closed = False
    template = "catalog/_facet_range.html"

    @property
    def chosen(self) -> int:
        return 1 if self.low or self.high else 0

    @property
    def chart_width(self) -> int:
        return len(self.bars) * BAR_WIDTH
