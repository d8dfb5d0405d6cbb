"""A whole demonstration catalogue: its classifier and the stream of its goods."""

from collections.abc import Iterator

from integrations.demo.assortment import slots
from integrations.demo.goods import Good, GoodsMaker
from integrations.demo.identity import guid
from integrations.demo.kinds import KINDS
from integrations.demo.options import DemoOptions
from integrations.demo.properties import PropertyBook
from integrations.demo.sections import SectionTree
from integrations.demo.trade import price_levels, storehouses


class Catalogue:
    """What the invented base of 1C holds; nothing is kept of the goods themselves."""

    def __init__(self, options: DemoOptions) -> None:
        self.options = options
        self.levels = price_levels(options.price_levels)
        self.storehouses = storehouses(options.storehouses)
        self.guid = guid(options.seed, "catalogue")
        self.sections = SectionTree(KINDS, seed=options.seed, sections=options.sections)
        self.properties = PropertyBook(KINDS, seed=options.seed, properties=options.properties)

    def goods(self) -> Iterator[Good]:
        """Yield the goods in the order of 1C codes; each call gives the same goods again."""
        maker = GoodsMaker(self.options, self.sections, self.properties)
        places = slots(KINDS, seed=self.options.seed, goods=self.options.goods)
        for code, slot in enumerate(places, start=1):
            yield maker.good(slot, code)

    def level_guid(self, key: str) -> str:
        """Return the id of a price type."""
        return guid(self.options.seed, "price-type", key)

    def storehouse_guid(self, key: str) -> str:
        """Return the id of a warehouse."""
        return guid(self.options.seed, "warehouse", key)
