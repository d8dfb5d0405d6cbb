"""What a page of goods tells of the exchange: as of when its prices and stock are, and whether 1C is silent.

Read from the cache: a page that finds it there asks the database nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Max

from catalog.models import CityWarehouse
from integrations.models import (
    ExchangeKey,
    ExchangeNode,
    ExchangeSession,
    ExternalId,
    ExternalKind,
    StreamKind,
)
from integrations.reports.freshness import Freshness, StreamRow, stream_rows

_KEY, _KEPT_SECONDS = "integrations:feeds:1", 30  # the number goes up with the shape of `Feed`


@dataclass(frozen=True, slots=True)
class Moment:
    """When a stream came last, and how long it may be silent (None: for ever, the base is paused)."""

    at: datetime
    allowed: timedelta | None

    def is_late(self, at: datetime) -> bool:
        return self.allowed is not None and at - self.at > self.allowed


@dataclass(frozen=True, slots=True)
class Feed:
    """What one base brings to pages, and to whose: cities of its warehouses, organizations that it serves."""

    stock: Moment | None
    prices: Moment | None
    heard: Moment | None
    cities: frozenset[int]
    organizations: frozenset[int]
    is_freshness_shown: bool


@dataclass(frozen=True, slots=True)
class PageFreshness:
    """As of when the stock and the prices of a page are, and whether that is late."""

    stock_at: datetime | None
    prices_at: datetime | None
    is_stock_late: bool
    is_prices_late: bool

    def __bool__(self) -> bool:
        return self.stock_at is not None or self.prices_at is not None


def page_freshness(
    feeds: Iterable[Feed], *, city_id: int | None, organization_id: int | None, at: datetime
) -> PageFreshness:
    """Judge by the bases whose warehouses serve the city and that serve the organization.

    Of several bases the one that came longest ago speaks; one of them late is late.
    """
    shown = [feed for feed in feeds if feed.is_freshness_shown]
    stock = [feed.stock for feed in _of(shown, lambda feed: feed.cities, city_id) if feed.stock]
    served = _of(shown, lambda feed: feed.organizations, organization_id)
    prices = [feed.prices for feed in served if feed.prices]
    return PageFreshness(
        stock_at=min((moment.at for moment in stock), default=None),
        prices_at=min((moment.at for moment in prices), default=None),
        is_stock_late=any(moment.is_late(at) for moment in stock),
        is_prices_late=any(moment.is_late(at) for moment in prices),
    )


def outage_since(feeds: Iterable[Feed], *, organization_id: int | None, at: datetime) -> datetime | None:
    """Tell since when a base of the organization has been silent for too long; None when none has."""
    served = _of(feeds, lambda feed: feed.organizations, organization_id)
    silent = [feed.heard.at for feed in served if feed.heard and feed.heard.is_late(at)]
    return min(silent, default=None)


def _of(feeds: Iterable[Feed], told: Callable[[Feed], frozenset[int]], pk: int | None) -> list[Feed]:
    """Feeds of a city or an organization; all of them where none is known to be its own."""
    feeds = list(feeds)
    return [feed for feed in feeds if pk in told(feed)] or feeds


def feeds_kept(*, at: datetime) -> list[Feed]:
    """Feeds of all bases, at most half a minute old."""
    kept: list[Feed] | None = cache.get(_KEY)
    if kept is None:
        kept = feeds_read(at=at)
        cache.set(_KEY, kept, _KEPT_SECONDS)
    return kept


def feeds_forget() -> None:
    """Have the next page read them anew: settings have changed."""
    cache.delete(_KEY)


def feeds_read(*, at: datetime) -> list[Feed]:
    """Feeds of all bases; eleven queries, one where there are no bases."""
    if not ExchangeNode.objects.exists():
        return []
    rows: dict[int, dict[str, StreamRow]] = defaultdict(dict)
    for row in stream_rows(at=at):
        rows[row.node.pk][row.kind] = row
    cities, organizations, heard = _cities(), _organizations(), _heard()
    return [
        _feed(streams, cities[node_id], organizations[node_id], heard.get(node_id))
        for node_id, streams in rows.items()
    ]


def _feed(
    streams: dict[str, StreamRow], cities: set[int], organizations: set[int], heard: datetime | None
) -> Feed:
    node = streams[StreamKind.STOCK].node
    patience = timedelta(hours=node.outage_hours) if node.is_active and node.is_outage_shown else None
    return Feed(
        stock=_moment(streams[StreamKind.STOCK]),
        prices=_moment(streams[StreamKind.PRICES]),
        heard=Moment(heard, patience) if heard else None,
        cities=frozenset(cities),
        organizations=frozenset(organizations),
        is_freshness_shown=node.is_freshness_shown,
    )


def _moment(row: StreamRow) -> Moment | None:
    if row.last_at is None:
        return None
    return Moment(row.last_at, None if row.state is Freshness.PAUSED else row.allowed)


def _cities() -> dict[int, set[int]]:
    """Node -> cities that its warehouses serve."""
    ids = ExternalId.objects.filter(kind=ExternalKind.WAREHOUSE).values_list("node", "object_id")
    serving: dict[int, set[int]] = defaultdict(set)
    for warehouse_id, city_id in CityWarehouse.objects.values_list("warehouse", "city"):
        serving[warehouse_id].add(city_id)
    found: dict[int, set[int]] = defaultdict(set)
    for node_id, warehouse_id in ids:
        found[node_id] |= serving[warehouse_id]
    return found


def _organizations() -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    pairs = ExchangeNode.organizations.through.objects.values_list("exchangenode", "organization")
    for node_id, organization_id in pairs:
        found[node_id].add(organization_id)
    return found


def _heard() -> dict[int, datetime]:
    """Node -> when 1C was last heard of, whatever it asked or sent, by files or by JSON."""
    sessions = ExchangeSession.objects.filter(is_manual=False).values("node")
    asked = sessions.annotate(last=Max("seen_at")).order_by().values_list("node", "last")
    keys = ExchangeKey.objects.filter(last_used_at__isnull=False).values("node")
    sent = keys.annotate(last=Max("last_used_at")).order_by().values_list("node", "last")
    heard: dict[int, datetime] = {}
    for node_id, last in (*asked, *sent):
        heard[node_id] = max(last, heard.get(node_id, last))
    return heard
