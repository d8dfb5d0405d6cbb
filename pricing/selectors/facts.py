"""What prices of some goods are made of: read once, asked for any quantity."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db import connection
from django.db.models import F, Q, QuerySet

from pricing.arithmetic import to_units
from pricing.discounts import NEWEST, Discount, Place
from pricing.models import DiscountRule, IndividualPrice
from pricing.selectors.goods_discounts import discounts_met
from pricing.terms import PriceTerms

_SECTIONS = """
WITH RECURSIVE above (product_id, section_id) AS (
    SELECT product_id, section_id FROM catalog_productsection WHERE product_id = ANY(%s)
    UNION
    SELECT above.product_id, section.parent_id
      FROM above JOIN catalog_section section ON section.id = above.section_id
     WHERE section.parent_id IS NOT NULL
)
SELECT product_id, array_agg(section_id) FROM above WHERE section_id = ANY(%s) GROUP BY product_id
"""

# The two that every page of goods asks are written by hand: Django takes longer to put them together than
# PostgreSQL to answer. Individual prices are those of `agreed_for`.
_PLACES = """
SELECT sku.id, sku.product_id, product.brand_id,
       CASE WHEN sku.characteristic <> '' THEN (
            SELECT base.id FROM catalog_sku base
             WHERE base.product_id = sku.product_id AND base.characteristic = '' ORDER BY base.id LIMIT 1
       ) END,
       CASE WHEN %(is_section_asked)s THEN ARRAY(
            SELECT section_id FROM catalog_productsection WHERE product_id = sku.product_id
       ) END,
       agreed.*
  FROM catalog_sku sku
  JOIN catalog_product product ON product.id = sku.product_id
 CROSS JOIN LATERAL (
        SELECT array_agg(minimum_quantity ORDER BY minimum_quantity, valid_from NULLS FIRST, id),
               array_agg(amount ORDER BY minimum_quantity, valid_from NULLS FIRST, id),
               array_agg(valid_from ORDER BY minimum_quantity, valid_from NULLS FIRST, id),
               array_agg(valid_until ORDER BY minimum_quantity, valid_from NULLS FIRST, id)
          FROM pricing_individualprice
         WHERE contract_id = %(contract)s AND sku_id = sku.id
           AND (valid_from IS NULL OR valid_from <= %(on)s)
           AND (valid_until IS NULL OR valid_until >= %(on)s)
       ) AS agreed
 WHERE sku.id = ANY(%(skus)s)
"""
_STEPS = """
SELECT price_type_id, sku_id, minimum_quantity, amount FROM pricing_price
 WHERE price_type_id = ANY(%s) AND sku_id = ANY(%s) ORDER BY minimum_quantity
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A stored price from a quantity on; `units` are 1/10000 of its currency."""

    minimum_quantity: Decimal
    units: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """An individual price in force; `units` are 1/10000 RUB."""

    minimum_quantity: Decimal
    units: int
    valid_from: date | None
    valid_until: date | None


Threshold = TypeVar("Threshold", Step, Agreed)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that decides prices of these goods on these terms.

    `steps` by price type and sku and `agreed` by sku rise by quantity; `discounts` stand by rank, `fitting`
    are those of them for the client and the sku. `tried_id` is that of a discount which is being tried
    before it is saved.
    """

    terms: PriceTerms
    places: Mapping[int, Place]
    steps: Mapping[tuple[int, int], Sequence[Step]]
    agreed: Mapping[int, Sequence[Agreed]]
    discounts: Sequence[Discount]
    fitting: Mapping[int, Sequence[Discount]]
    tried_id: int | None = None

    def step(self, price_type_id: int | None, sku_id: int, quantity: Decimal) -> Step | None:
        """The price of the type: the sku's own, else that of the product's sku without a characteristic."""
        place = self.places.get(sku_id)
        if price_type_id is None or place is None:
            return None
        own = _latest(self.steps.get((price_type_id, sku_id), ()), quantity)
        if own is None and place.base_id is not None:
            own = _latest(self.steps.get((price_type_id, place.base_id), ()), quantity)
        return own

    def agreement(self, sku_id: int, quantity: Decimal) -> Agreed | None:
        return _latest(self.agreed.get(sku_id, ()), quantity)

    def thresholds(self, sku_id: int) -> set[Decimal]:
        """Quantities from which the price may become another one."""
        place = self.places.get(sku_id)
        if place is None:
            return set()
        types = (self.terms.price_type_id, self.terms.floor_type_id)
        keys = [(type_id or 0, pk or 0) for type_id in types for pk in (sku_id, place.base_id)]
        steps = [step for key in keys for step in self.steps.get(key, ())]
        return {
            *(step.minimum_quantity for step in steps),
            *(price.minimum_quantity for price in self.agreed.get(sku_id, ())),
            *(rule.minimum_quantity for rule in self.fitting.get(sku_id, ())),
        }


@dataclass(frozen=True, slots=True)
class Conditions:
    """Discounts that the client meets, by rank, and the tree of sections, as whoever asks knows them."""

    discounts: Sequence[Discount]
    parents: Mapping[int, int | None]

    @property
    def ask_sections(self) -> bool:
        """Whether any of the discounts is for the goods of a section."""
        return any(rule.section_id is not None for rule in self.discounts)

    def above(self, section_ids: Iterable[int]) -> frozenset[int]:
        """The sections and all above them; a loop in 1C's tree ends."""
        found: set[int] = set()
        for pk in section_ids:
            place: int | None = pk
            while place is not None and place not in found:
                found.add(place)
                place = self.parents.get(place)
        return frozenset(found)


def facts_for(sku_ids: Collection[int], terms: PriceTerms, conditions: Conditions | None = None) -> Facts:
    """Read what decides the prices; three queries, fewer where a kind of fact cannot be there.

    Two where `conditions` are known: then discounts and the tree of sections are not read.
    """
    places, agreed = _places(sku_ids, terms, conditions)
    if conditions is None:
        discounts: Sequence[Discount] = ()
        if terms.has_prices and places:
            discounts, places = discounts_met(places, terms)
    else:
        discounts = conditions.discounts
    return Facts(
        terms=terms,
        places=places,
        steps=_steps(places, terms),
        agreed=agreed,
        discounts=discounts,
        fitting=_fitting(places, discounts, terms),
    )


def _fitting(
    places: Mapping[int, Place], discounts: Iterable[Discount], terms: PriceTerms
) -> dict[int, tuple[Discount, ...]]:
    """The discounts for the client and each of the goods, by rank."""
    rules = [rule for rule in discounts if rule.unmet_by_client(terms) is None]
    by_goods: dict[tuple[str, int | None], list[int]] = {}
    for number, rule in enumerate(rules):
        by_goods.setdefault(rule.narrowest, []).append(number)
    return {
        pk: tuple(rules[number] for number in _numbers(place, by_goods) if rules[number].fits(place))
        for pk, place in places.items()
    }


def _numbers(place: Place, by_goods: Mapping[tuple[str, int | None], Sequence[int]]) -> list[int]:
    """Rules that may be for a good, by rank: most are for others, and there are many of both."""
    keys = [
        ("", None),
        ("sku", place.sku_id),
        ("brand", place.brand_id),
        *(("section", pk) for pk in place.section_ids),
    ]
    return sorted(number for key in keys for number in by_goods.get(key, ()))


def facts_listed(sku_ids: Collection[int], terms: PriceTerms) -> Facts:
    """List prices alone, nothing discounted and nothing agreed; two queries."""
    places, _agreed = _places(sku_ids, terms, None)
    return Facts(terms=terms, places=places, steps=_steps(places, terms), agreed={}, discounts=(), fitting={})


def facts_in_full(
    sku_id: int, terms: PriceTerms, *, instead: DiscountRule | None = None, left_out_id: int | None = None
) -> Facts:
    """The same for one good with the discounts that are not in force, too.

    `instead` stands in place of its saved self, the rule `left_out_id` is as if it were not there.
    """
    facts = facts_for([sku_id], terms)
    gone = {left_out_id, instead.pk if instead else None}
    rules = _fits_client(terms).filter(_fits_goods(facts.places.values()))
    discounts = [discount_of(rule) for rule in rules if rule.pk not in gone]
    tried = discount_of(instead) if instead else None
    found = ranked([*discounts, tried] if tried else discounts)
    places = with_sections(facts.places, found)
    return replace(
        facts,
        discounts=found,
        places=places,
        fitting=_fitting(places, found, terms),
        tried_id=tried.pk if tried else None,
    )


def rules_for(terms: PriceTerms) -> QuerySet[DiscountRule]:
    """Discount rules in force that the client meets; goods and quantity are not asked yet."""
    return _fits_client(terms).filter(_is_on("valid_from", "valid_until", terms.on), is_active=True)


def agreed_for(terms: PriceTerms) -> QuerySet[IndividualPrice]:
    """Individual prices in force; where two are, the later agreement comes last."""
    if terms.contract_id is None:
        return IndividualPrice.objects.none()
    prices = IndividualPrice.objects.filter(contract=terms.contract_id)
    return prices.filter(_is_on("valid_from", "valid_until", terms.on)).order_by(
        "sku_id", "minimum_quantity", F("valid_from").asc(nulls_first=True), "pk"
    )


def discount_of(rule: DiscountRule) -> Discount:
    """The rule's values; one that is not saved yet is the youngest."""
    return Discount(
        pk=rule.pk or NEWEST,
        name=rule.name,
        percent=int(rule.percent.scaleb(2)),
        priority=rule.priority,
        is_active=rule.is_active,
        section_id=rule.section_id,
        brand_id=rule.brand_id,
        sku_id=rule.sku_id,
        group_id=rule.group_id,
        holding_id=rule.holding_id,
        contract_id=rule.contract_id,
        city_id=rule.city_id,
        minimum_quantity=rule.minimum_quantity,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )


def ranked(discounts: Iterable[Discount]) -> tuple[Discount, ...]:
    return tuple(sorted(discounts, key=lambda rule: rule.rank))


def with_sections(places: Mapping[int, Place], discounts: Sequence[Discount]) -> dict[int, Place]:
    """Tell each good in which of the discounts' sections it lies, however deep; one query if there are any.

    A section may be hidden from menus: prices do not change by that. UNION ends loops in 1C's trees.
    """
    wanted = sorted({rule.section_id for rule in discounts if rule.section_id is not None})
    product_ids = sorted({place.product_id for place in places.values()})
    if not wanted or not product_ids:
        return dict(places)
    with connection.cursor() as cursor:
        cursor.execute(_SECTIONS, [product_ids, wanted])
        found = {product_id: frozenset(section_ids) for product_id, section_ids in cursor.fetchall()}
    return {
        pk: replace(place, section_ids=found.get(place.product_id, frozenset()))
        for pk, place in places.items()
    }


def _places(
    sku_ids: Collection[int], terms: PriceTerms, conditions: Conditions | None
) -> tuple[dict[int, Place], dict[int, list[Agreed]]]:
    """What discounts ask of each good, and its individual prices; one query for both.

    Sections only with `conditions`, which know the tree above them.
    """
    is_section_asked = conditions is not None and conditions.ask_sections
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACES,
            {
                "skus": list(sku_ids),
                "contract": terms.contract_id,
                "on": terms.on,
                "is_section_asked": is_section_asked,
            },
        )
        rows = cursor.fetchall()
    places: dict[int, Place] = {}
    prices: dict[int, list[Agreed]] = {}
    for pk, product_id, brand_id, base_id, section_ids, *agreed in rows:
        places[pk] = Place(
            sku_id=pk,
            product_id=product_id,
            brand_id=brand_id,
            base_id=base_id,
            section_ids=conditions.above(section_ids) if conditions and section_ids else frozenset(),
        )
        if agreed[0]:
            prices[pk] = [
                Agreed(minimum, to_units(amount), first, last)
                for minimum, amount, first, last in zip(*agreed, strict=True)
            ]
    return places, prices


def _steps(places: Mapping[int, Place], terms: PriceTerms) -> dict[tuple[int, int], list[Step]]:
    """Prices of the price type and of its floor."""
    if not terms.has_prices:
        return {}
    sku_ids = set(places) | {place.base_id for place in places.values() if place.base_id is not None}
    types = [pk for pk in (terms.price_type_id, terms.floor_type_id) if pk is not None]
    steps: dict[tuple[int, int], list[Step]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [types, list(sku_ids)])
        for type_id, sku_id, minimum, amount in cursor.fetchall():
            steps.setdefault((type_id, sku_id), []).append(Step(minimum, to_units(amount)))
    return steps


def _fits_client(terms: PriceTerms) -> QuerySet[DiscountRule]:
    return DiscountRule.objects.filter(
        _is_any("group", [terms.group_id]),
        _is_any("holding", [terms.holding_id]),
        _is_any("contract", [terms.contract_id]),
        _is_any("city", [terms.city_id]),
    )


def _fits_goods(places: Iterable[Place]) -> Q:
    """Leave out what is for other skus and brands; sections are asked afterwards."""
    goods = list(places)
    return _is_any("sku", {place.sku_id for place in goods}) & _is_any(
        "brand", {place.brand_id for place in goods}
    )


def _is_any(field: str, ids: Iterable[int | None]) -> Q:
    known = [pk for pk in ids if pk is not None]
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": known})


def _is_on(first: str, last: str, day: date) -> Q:
    """In force on the day; both ends belong to it, an empty one is open."""
    started = Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": day})
    return started & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": day}))


def _latest(steps: Sequence[Threshold], quantity: Decimal) -> Threshold | None:
    met = [step for step in steps if step.minimum_quantity <= quantity]
    return met[-1] if met else None
