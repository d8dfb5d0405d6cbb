"""Settling lines of which the city has too little. Locks: gate of merges, then carts by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from catalog.models import Sku
from counterparties.actor import Actor
from orders.models import Cart, CartLine
from orders.refusals import CartChanged
from orders.selectors.analogs import analogs_of
from orders.selectors.cart import carts_whole
from orders.selectors.cart_lines import CartLineView
from orders.selectors.cart_views import cart_view
from orders.selectors.shortage import Choice, Remedy, cities_named, instead, kept_here
from orders.services.arrivals import arrivals_watch
from orders.services.cart import cart_locked, cart_touch
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import gathering_begin
from portal.lib.dates import moscow_date


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of it: how many lines were settled, and what could not be done and why."""

    cart: Cart
    count: int
    left_out: tuple[str, ...]


@transaction.atomic
def shortage_settle(
    *, actor: Actor, cart_id: int, choices: Mapping[int, Choice], seen_at: datetime, at: datetime
) -> Settled:
    """Do with each short line (by its key) what was chosen; lines that lack nothing any more stay.

    What goes to another city is added to the current cart there. A refused line stays as it was. `seen_at`
    is when the cart had last changed as the page showed it: a second click finds it changed.

    Raises AccessDenied, Cart.DoesNotExist, CartChanged, ContractClosed, City.DoesNotExist,
    Sku.DoesNotExist (no analog of the good), WatchesTooMany.
    """
    gathering_begin(actor)
    cart = _locked(actor, cart_id)
    if cart.updated_at != seen_at:
        raise CartChanged
    view = cart_view(cart, on=moscow_date(at))
    asked = [_Asked(line, choices[line.pk]) for line in view.lines if line.missing and line.pk in choices]
    refused: dict[int, str] = {}
    refused |= _analogs_take(cart, [one for one in asked if one.choice.remedy == Remedy.ANALOG], at)
    for city_id in cities_named(one.choice for one in asked):
        moved = [one for one in asked if one.choice == Choice(Remedy.CITY, city_id)]
        refused |= _city_take(actor, cart, moved, city_id, at)
    waited = [one.line.sku.pk for one in asked if one.choice.remedy in _WATCHED]
    arrivals_watch(actor=actor, city_id=cart.city_id, sku_ids=waited, at=at)
    done = [one for one in asked if one.choice.remedy != Remedy.KEEP and one.line.pk not in refused]
    _lessen(done)
    cart_touch(cart, at)
    return Settled(cart=cart, count=len(done), left_out=tuple(refused.values()))


_WATCHED = frozenset({Remedy.PART, Remedy.WAIT})


@dataclass(frozen=True, slots=True)
class _Asked:
    line: CartLineView
    choice: Choice

    @property
    def left(self) -> Decimal:
        """What stays in the cart."""
        return Decimal(0) if self.choice.remedy == Remedy.WAIT else kept_here(self.line)

    @property
    def wish(self) -> Wish:
        """The rest as a line of another city's cart, with what the client says of it."""
        return Wish(
            sku_id=self.line.sku.pk,
            quantity=self.line.quantity - self.left,
            client_reference=self.line.client_reference,
            comment=self.line.comment,
            desired_date=self.line.desired_date,
        )


def _locked(actor: Actor, cart_id: int) -> Cart:
    """Lock the cart with the current ones of all cities, by key: goods may go to one of them."""
    place = Cart.objects.owned_by(actor).values("legal_entity_id", "contract_id").get(pk=cart_id)
    rows = list(
        Cart.objects.select_for_update(of=("self",))
        .filter(Q(pk=cart_id) | Q(is_current=True, drafted_by=actor.drafts_as_id, **place))
        .filter(user_id=actor.user_id or 0)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if cart_id not in rows:  # went to another person meanwhile
        raise Cart.DoesNotExist
    return carts_whole(Cart.objects.owned_by(actor)).get(pk=cart_id)


def _analogs_take(cart: Cart, asked: Sequence[_Asked], at: datetime) -> dict[int, str]:
    """Put analogs of what is missing into the cart; why not, by line."""
    if not asked:
        return {}
    known = analogs_of({one.line.sku.product_id for one in asked})
    skus = Sku.objects.select_related("product__unit").in_bulk([one.choice.ref for one in asked])
    for one in asked:
        if one.choice.ref not in {analog.sku_id for analog in known.get(one.line.sku.product_id, ())}:
            raise Sku.DoesNotExist
    wishes = [Wish(one.choice.ref, instead(one.line, skus[one.choice.ref])) for one in asked]
    reasons = lines_add(cart, wishes, at=at)
    return {one.line.pk: reasons[one.choice.ref] for one in asked if one.choice.ref in reasons}


def _city_take(
    actor: Actor, cart: Cart, asked: Sequence[_Asked], city_id: int, at: datetime
) -> dict[int, str]:
    """Add what is missing to the current cart of another city; why not, by line."""
    there = cart_locked(
        actor,
        legal_entity_id=cart.legal_entity_id,
        contract_id=cart.contract_id,
        city_id=city_id,
        at=at,
    )
    reasons = lines_add(there, [one.wish for one in asked], at=at)
    cart_touch(there, at)
    return {one.line.pk: reasons[one.line.sku.pk] for one in asked if one.line.sku.pk in reasons}


def _lessen(done: Sequence[_Asked]) -> None:
    """Take out of each line what went elsewhere; three statements.

    A line may hold more than was seen of it: an analog of another one was added to it a moment ago.
    """
    gone = {one.line.pk: one.line.quantity - one.left for one in done}
    lines = list(CartLine.objects.filter(pk__in=gone))
    for line in lines:
        line.quantity -= gone[line.pk]
    CartLine.objects.bulk_update([line for line in lines if line.quantity > 0], ["quantity"])
    CartLine.objects.filter(pk__in=[line.pk for line in lines if line.quantity <= 0]).delete()
