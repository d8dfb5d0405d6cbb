"""All that a person waits for, with what it costs and how much there is now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from catalog.models import City, Sku
from catalog.selectors import availability, available_total
from counterparties.actor import Actor
from counterparties.models import Contract, LegalEntity
from counterparties.selectors import Workplace
from orders.models import ArrivalWatch, ListWatch, PriceWatch
from portal.lib.money import format_price
from pricing.selectors import quotes, terms_for


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One sku that is waited for in a city: till there is enough, till it costs less, or both.

    `key` names it in a form: `a17` an arrival, `p5` a price. Prices are of a base unit in RUB as the terms
    have them; None is «по запросу».
    """

    key: str
    pk: int
    is_price: bool
    sku: Sku
    city: City
    client: str
    since: datetime
    quantity: Decimal | None
    price_below: Decimal | None
    price_then: Decimal | None
    price_now: Decimal | None
    available: Decimal

    @property
    def is_on_sale(self) -> bool:
        return not (self.sku.is_hidden or self.sku.product.is_hidden)

    @property
    def price_below_text(self) -> str:
        return "" if self.price_below is None else format_price(self.price_below)

    @property
    def price_then_text(self) -> str:
        return "" if self.price_then is None else format_price(self.price_then)

    @property
    def price_now_text(self) -> str:
        return "" if self.price_now is None else format_price(self.price_now)


@dataclass(frozen=True, slots=True)
class WatchesSeen:
    """What the page of watches shows."""

    goods: tuple[WatchRow, ...]
    lists: tuple[ListWatch, ...]

    def __bool__(self) -> bool:
        return bool(self.goods or self.lists)


@dataclass(frozen=True, slots=True)
class _Place:
    """On whose terms a price is asked, and where."""

    entity: LegalEntity | None
    contract: Contract | None
    city: City


def watches_seen(*, actor: Actor, workplace: Workplace, on: date) -> WatchesSeen:
    """The newest first. Three queries, one for each city and six for each contract in a city."""
    arrivals = list(ArrivalWatch.objects.visible_to(actor).select_related("city", "sku__product__unit"))
    prices = list(
        PriceWatch.objects.visible_to(actor).select_related(
            "city", "sku__product__unit", "legal_entity__holding", "contract"
        )
    )
    lists = ListWatch.objects.visible_to(actor).select_related("city", "legal_entity")
    lying = [*((one.city, one.sku_id) for one in arrivals), *((one.city, one.sku_id) for one in prices)]
    stocks = _stocks(lying)
    asked = [
        *((_Place(workplace.legal_entity, workplace.contract, one.city), one.sku_id) for one in arrivals),
        *((_Place(one.legal_entity, one.contract, one.city), one.sku_id) for one in prices),
    ]
    now = _prices(asked, on) if workplace.sees_prices else {}
    rows = [
        *(_arrival_row(one, workplace, now, stocks) for one in arrivals),
        *(_price_row(one, now, stocks) for one in prices),
    ]
    rows.sort(key=lambda row: (row.since, row.key), reverse=True)
    return WatchesSeen(tuple(rows), tuple(lists.order_by("-created_at", "-pk")))


_Key = tuple[int | None, int | None, int, int]


def _key(place: _Place, sku_id: int) -> _Key:
    entity_id = place.entity.pk if place.entity else None
    return entity_id, place.contract.pk if place.contract else None, place.city.pk, sku_id


def _arrival_row(
    one: ArrivalWatch, workplace: Workplace, now: dict[_Key, Decimal], stocks: dict[tuple[int, int], Decimal]
) -> WatchRow:
    place = _Place(workplace.legal_entity, workplace.contract, one.city)
    return WatchRow(
        key=f"a{one.pk}",
        pk=one.pk,
        is_price=False,
        sku=one.sku,
        city=one.city,
        client="",
        since=one.created_at,
        quantity=one.quantity,
        price_below=None,
        price_then=None,
        price_now=now.get(_key(place, one.sku_id)),
        available=stocks.get((one.city_id, one.sku_id), Decimal(0)),
    )


def _price_row(one: PriceWatch, now: dict[_Key, Decimal], stocks: dict[tuple[int, int], Decimal]) -> WatchRow:
    return WatchRow(
        key=f"p{one.pk}",
        pk=one.pk,
        is_price=True,
        sku=one.sku,
        city=one.city,
        client=one.legal_entity.name,
        since=one.created_at,
        quantity=None,
        price_below=one.price_below,
        price_then=one.price_then,
        price_now=now.get(_key(_Place(one.legal_entity, one.contract, one.city), one.sku_id)),
        available=stocks.get((one.city_id, one.sku_id), Decimal(0)),
    )


def _stocks(wanted: Sequence[tuple[City, int]]) -> dict[tuple[int, int], Decimal]:
    """Stock by city and sku; one query for each city."""
    cities = {city.pk: city for city, _sku_id in wanted}
    found: dict[tuple[int, int], Decimal] = {}
    for pk, city in cities.items():
        sku_ids = {sku_id for there, sku_id in wanted if there.pk == pk}
        for sku_id, stocks in availability(sku_ids=sku_ids, city=city).items():
            found[pk, sku_id] = available_total(stocks)
    return found


def _prices(asked: Iterable[tuple[_Place, int]], on: date) -> dict[_Key, Decimal]:
    """Today's prices; the same terms are asked once."""
    by_terms: dict[tuple[int | None, ...], tuple[_Place, set[int]]] = {}
    for place, sku_id in asked:
        key = _key(place, sku_id)
        by_terms.setdefault(key[:3], (place, set()))[1].add(sku_id)
    found: dict[_Key, Decimal] = {}
    for place, sku_ids in by_terms.values():
        terms = terms_for(contract=place.contract, city=place.city, on=on, legal_entity=place.entity)
        for sku_id, quote in quotes(sku_ids=sku_ids, terms=terms).items():
            found[_key(place, sku_id)] = quote.amount
    return found
