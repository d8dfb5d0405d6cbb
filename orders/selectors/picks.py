"""What a person has typed beside goods, what it comes to, and how full the cart is that it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from django.db import connection

from counterparties.actor import Actor
from counterparties.selectors import Workplace
from orders.vat import vat_rate
from portal.lib.money import line_amount

_DESK = """
SELECT sheet.round, cart.name, (SELECT count(*) FROM orders_cartline WHERE cart_id = cart.id), picks.*
  FROM (SELECT) AS desk
  LEFT JOIN LATERAL (
        SELECT id, round FROM orders_picksheet
         WHERE user_id = %(person)s AND legal_entity_id = %(entity)s AND contract_id = %(contract)s
           AND city_id = %(city)s AND drafted_by_id IS NOT DISTINCT FROM %(drafts_as)s::bigint
       ) AS sheet ON true
  LEFT JOIN LATERAL (
        SELECT id, name FROM orders_cart
         WHERE user_id = %(person)s AND legal_entity_id = %(entity)s AND contract_id = %(contract)s
           AND city_id = %(city)s AND drafted_by_id IS NOT DISTINCT FROM %(drafts_as)s::bigint AND is_current
         LIMIT 1
       ) AS cart ON true
  LEFT JOIN LATERAL (
        SELECT array_agg(pick.sku_id ORDER BY pick.id), array_agg(pick.quantity ORDER BY pick.id),
               array_agg(product.vat_percent ORDER BY pick.id), array_agg(product.weight ORDER BY pick.id)
          FROM orders_pick pick
          JOIN catalog_sku sku ON sku.id = pick.sku_id
          JOIN catalog_product product ON product.id = sku.product_id
         WHERE pick.sheet_id = sheet.id
       ) AS picks ON true
"""


class Price(Protocol):
    """The price of one base unit."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def is_vat_included(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PickLine:
    """A typed quantity, base units, the VAT rate of the good as the seller sells it, kg of one unit."""

    quantity: Decimal
    vat_percent: Decimal | None
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class PickDesk:
    """Picks by sku in the order of typing, and the cart they will go to; `place` tells desks apart."""

    place: str = ""
    round: int = 0
    lines: Mapping[int, PickLine] = field(default_factory=dict)
    cart_name: str = ""
    cart_lines: int = 0

    @property
    def quantities(self) -> dict[int, Decimal]:
        return {sku_id: line.quantity for sku_id, line in self.lines.items()}

    def quantity(self, sku_id: int) -> Decimal | None:
        line = self.lines.get(sku_id)
        return line.quantity if line else None


@dataclass(frozen=True, slots=True)
class PicksTotal:
    """How many goods are picked, what they cost together (RUB with VAT) and weigh (kg, of those that tell).

    `unpriced` are on request, `unweighed` tell no weight.
    """

    count: int
    gross: Decimal
    unpriced: int
    weight: Decimal
    unweighed: int


def pick_desk(*, actor: Actor, workplace: Workplace) -> PickDesk:
    """The sheet of the workplace and its cart; one query, also where neither is there yet.

    The person's own ones only; the workplace's legal entity is one that they may act for. By hand, since
    every page of goods asks it and Django takes longer to put it together than PostgreSQL to answer.
    """
    entity, contract, city = workplace.legal_entity, workplace.contract, workplace.city
    if entity is None or contract is None or city is None:
        return PickDesk()
    place = {"person": actor.user_id, "entity": entity.pk, "contract": contract.pk, "city": city.pk}
    with connection.cursor() as cursor:
        cursor.execute(_DESK, place | {"drafts_as": actor.drafts_as_id})
        round_, cart_name, cart_lines, *picks = cursor.fetchone()
    regime = contract.organization.tax_regime
    return PickDesk(
        place=place_key(workplace),
        round=round_ or 0,
        lines={
            sku_id: PickLine(quantity=quantity, vat_percent=vat_rate(vat, regime=regime), weight=weight)
            for sku_id, quantity, vat, weight in zip(*(column or () for column in picks), strict=True)
        },
        cart_name=cart_name or "",
        cart_lines=cart_lines,
    )


def place_key(workplace: Workplace) -> str:
    """For which contract and city something is gathered: a form carries it and must come back with it."""
    contract, city = workplace.contract, workplace.city
    return f"{contract.pk if contract else 0}-{city.pk if city else 0}"


def picks_total(desk: PickDesk, prices: Mapping[int, Price]) -> PicksTotal:
    """Sum the picks at the given prices of each; VAT line by line, as the cart does."""
    gross, unpriced = Decimal("0.00"), 0
    for sku_id, line in desk.lines.items():
        price = prices.get(sku_id)
        if price is None:
            unpriced += 1
        else:
            gross += line_amount(price.amount, line.quantity, line.vat_percent, price.is_vat_included).gross
    weighed = [line.quantity * line.weight for line in desk.lines.values() if line.weight is not None]
    return PicksTotal(
        count=len(desk.lines),
        gross=gross,
        unpriced=unpriced,
        weight=sum(weighed, Decimal(0)),
        unweighed=len(desk.lines) - len(weighed),
    )
