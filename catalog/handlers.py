"""What the calendar and the exchange set off in the catalogue."""

from catalog.services.brand_tree import brand_tree_refresh
from catalog.services.queries import queries_purge
from catalog.services.vocabulary import vocabulary_renew
from portal.lib.dates import moscow_date
from portal.outbox import PeriodStart, job


@job()
def refresh_brand_tree(period: PeriodStart) -> None:
    """After each file with goods, and once a day."""
    brand_tree_refresh()


@job()
def purge_queries(day: PeriodStart) -> None:
    """Once a day: what was looked for is kept for half a year."""
    queries_purge(on=moscow_date(day.start))


@job()
def renew_vocabulary(minute: PeriodStart) -> None:
    """Every minute, where words or the dictionary have changed."""
    vocabulary_renew(on=moscow_date(minute.start))
