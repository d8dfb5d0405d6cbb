"""One price list that is to be written: what stands above it, its columns, its goods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.index.reading import Index
from catalog.selectors.naming import warehouse_names
from documents.price_lists.columns import ListColumn, list_columns
from documents.price_lists.goods import Buyer, ListedGoods, Listing
from documents.price_lists.heading import Heading, heading_of
from documents.price_lists.options import ListOptions
from documents.price_lists.shelves import Shelf
from portal.lib.dates import moscow_date

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class PriceList:
    """`uid` and `made_at` are what an order blank says of itself when it comes back."""

    uid: UUID
    name: str
    heading: Heading
    columns: list[ListColumn]
    listing: Listing
    made_at: datetime

    @property
    def options(self) -> ListOptions:
        return self.listing.options

    def rows(self, told: Told | None = None) -> Iterator[Shelf | ListedGoods]:
        return self.listing.rows(told)


def price_list_of(
    index: Index, options: ListOptions, buyer: Buyer, *, uid: UUID, name: str, at: datetime
) -> PriceList:
    """Gather what the writers need; a fixed number of queries, no goods are read yet."""
    listing = Listing(index, options, buyer, on=moscow_date(at))
    return PriceList(
        uid=uid,
        name=name,
        heading=heading_of(buyer, listing.terms, options, at=at),
        columns=list_columns(listing, warehouse_names(index, buyer.city)),
        listing=listing,
        made_at=at,
    )
