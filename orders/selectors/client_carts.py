"""Carts and habits of one client, as his manager sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, F, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import LegalEntity
from orders.models import Cart, PurchaseRhythm

MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class CartRow:
    """A cart with goods that is gathered now; `total` is at the prices of the day each line was added."""

    pk: int
    person_id: int
    person: str
    legal_entity: str
    contract: str
    city: str
    lines: int
    total: Decimal
    updated_at: datetime
    drafted_by: str


def live_carts(*, actor: Actor) -> list[CartRow]:
    """Current carts with goods and managers' drafts of clients whom the employee serves; one query."""
    if actor.is_client or not actor.can(Permission.ORDER_VIEW):
        return []
    money: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=2)
    price = Coalesce(F("lines__price_when_added"), Value(Decimal(0)), output_field=money)
    rows = (
        Cart.objects.filter(legal_entity__in=LegalEntity.objects.visible_to(actor), is_current=True)
        .select_related("user", "legal_entity", "contract", "city", "drafted_by")
        .annotate(line_count=Count("lines"), total=Sum(F("lines__quantity") * price, output_field=money))
        .filter(line_count__gt=0)
        .order_by("-updated_at", "-pk")[:MOST_ROWS]
    )
    return [
        CartRow(
            pk=cart.pk,
            person_id=cart.user_id,
            person=cart.user.get_full_name(),
            legal_entity=cart.legal_entity.name,
            contract=cart.contract.number,
            city=cart.city.name,
            lines=vars(cart)["line_count"],
            total=vars(cart)["total"],
            updated_at=cart.updated_at,
            drafted_by=cart.drafted_by.get_full_name() if cart.drafted_by else "",
        )
        for cart in rows
    ]


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """A good that the client buys again and again; `is_broken`: he is later than usual with it."""

    name: str
    article: str
    days: int
    usual: Decimal
    unit: str
    last_on: date
    money: Decimal
    is_broken: bool


def rhythm_rows(*, holding_id: int, on: date) -> list[RhythmRow]:
    """Those that he is late with first, then where most money is; one query."""
    rows = (
        PurchaseRhythm.objects.filter(holding=holding_id, sku__is_hidden=False, sku__product__is_hidden=False)
        .select_related("sku__product__unit")
        .annotate(
            money=F("usual") * F("last_price"),
            place=Case(When(broken_from__lte=on, then=0), default=1),
        )
        .order_by("place", "-money", "pk")[:MOST_ROWS]
    )
    return [
        RhythmRow(
            name=row.sku.name,
            article=row.sku.article,
            days=row.days,
            usual=row.usual,
            unit=row.sku.product.unit.name if row.sku.product.unit else "",
            last_on=row.last_on,
            money=row.money,
            is_broken=row.broken_from <= on,
        )
        for row in rows
    ]
