"""What the calendar and the exchange set off in the catalogue."""

from catalog.services.brand_tree import brand_tree_refresh
from portal.outbox import PeriodStart, job


@job()
def refresh_brand_tree(period: PeriodStart) -> None:
    """A minute after goods have come, and once a day."""
    brand_tree_refresh()
