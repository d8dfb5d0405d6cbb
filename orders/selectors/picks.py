"""What a person has typed beside goods, what it comes to, and how full the cart is that it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from counterparties.actor import Actor
from counterparties.models import LegalEntity
from counterparties.selectors import Workplace
from orders.models import Cart, CartLine, Pick, PickSheet
from orders.vat import vat_rate
from portal.lib.money import line_amount


class Price(Protocol):
    """The price of one base unit."""

    @property
    def amount(self) -> Decimal: ...
    @property
    def is_vat_included(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PickLine:
    """A typed quantity, base units, and the VAT rate of the good as the seller sells it."""

    quantity: Decimal
    vat_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class PickDesk:
    """Picks by sku in the order of typing, and the cart they will go to; `place` tells desks apart."""

    place: str = ""
    round: int = 0
    lines: Mapping[int, PickLine] = field(default_factory=dict)
    cart_name: str = ""
    cart_lines: int = 0

    def quantity(self, sku_id: int) -> Decimal | None:
        line = self.lines.get(sku_id)
        return line.quantity if line else None


@dataclass(frozen=True, slots=True)
class PicksTotal:
    """How many goods are picked and what they cost together, RUB with VAT; `unpriced` are on request."""

    count: int
    gross: Decimal
    unpriced: int


def pick_desk(*, actor: Actor, workplace: Workplace) -> PickDesk:
    """The sheet of the workplace and its cart; one query, also where neither is there yet."""
    entity, contract, city = workplace.legal_entity, workplace.contract, workplace.city
    if entity is None or contract is None or city is None:
        return PickDesk()
    place = {"legal_entity": entity, "contract": contract, "city": city}
    sheet = PickSheet.objects.visible_to(actor).filter(**place)
    carts = Cart.objects.visible_to(actor).filter(**place, is_current=True, drafted_by=actor.drafts_as_id)
    lines = CartLine.objects.filter(cart__in=carts).order_by().values("cart").annotate(lines=Count("pk"))
    row: Any = (
        LegalEntity.objects.filter(pk=entity.pk)
        .annotate(
            round=Subquery(sheet.values("round")[:1]),
            cart_name=Subquery(carts.values("name")[:1]),
            cart_lines=Subquery(lines.values("lines")[:1]),
            picks=ArraySubquery(_picks(sheet)),
        )
        .values("round", "cart_name", "cart_lines", "picks")
        .first()
    )
    if row is None:
        return PickDesk()
    regime = contract.organization.tax_regime
    return PickDesk(
        place=place_key(workplace),
        round=row["round"] or 0,
        lines={pick["sku"]: _line(pick, regime) for pick in row["picks"]},
        cart_name=row["cart_name"] or "",
        cart_lines=row["cart_lines"] or 0,
    )


def place_key(workplace: Workplace) -> str:
    """For which contract and city something is gathered: a form carries it and must come back with it."""
    contract, city = workplace.contract, workplace.city
    return f"{contract.pk if contract else 0}-{city.pk if city else 0}"


def picks_total(desk: PickDesk, prices: Mapping[int, Price | None]) -> PicksTotal:
    """Sum the picks at the given prices of each; VAT line by line, as the cart does."""
    gross, unpriced = Decimal("0.00"), 0
    for sku_id, line in desk.lines.items():
        price = prices.get(sku_id)
        if price is None:
            unpriced += 1
        else:
            gross += line_amount(price.amount, line.quantity, line.vat_percent, price.is_vat_included).gross
    return PicksTotal(count=len(desk.lines), gross=gross, unpriced=unpriced)


def _picks(sheet: Any) -> Any:
    """Numbers go as text: JSON would make floats of them."""
    return (
        Pick.objects.filter(sheet__in=sheet)
        .order_by("pk")
        .values(
            pick=JSONObject(
                sku="sku_id",
                quantity=Cast("quantity", TextField()),
                vat=Cast("sku__product__vat_percent", TextField()),
            )
        )
    )


def _line(pick: Mapping[str, Any], regime: str) -> PickLine:
    known = None if pick["vat"] is None else Decimal(pick["vat"])
    return PickLine(quantity=Decimal(pick["quantity"]), vat_percent=vat_rate(known, regime=regime))
