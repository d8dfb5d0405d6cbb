"""One cart on a page of checkout: its form, what may be chosen, questions before it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from counterparties.actor import Actor
from orders.guards import Guard, guards_key
from orders.selectors import CartView
from orders.selectors.guards import guards_raised
from orders.services.offers import CheckoutOffer, checkout_offers
from orders.web.forms import Checkout, CheckoutTerms


@dataclass(frozen=True, slots=True)
class Block:
    """A cart on the page with its part of the form."""

    view: CartView
    form: CheckoutTerms
    offer: CheckoutOffer
    guards: tuple[Guard, ...] = ()

    @property
    def guards_key(self) -> str:
        return guards_key(self.guards)

    @property
    def guards_name(self) -> str:
        return self.form["guards_seen"].html_name

    @property
    def guards_seen(self) -> str:
        return self._value("guards_seen")

    @property
    def terms(self) -> str:
        """Payment that is ticked."""
        return self._value("payment_terms") or self.offer.payment.usual

    @property
    def service_id(self) -> int | None:
        """The way that is ticked: the first one where the person has ticked none."""
        ids = [way.service.pk for way in self.offer.ways]
        ticked = self._value("service")
        return next((pk for pk in ids if str(pk) == ticked), ids[0] if ids else None)

    @property
    def is_together(self) -> bool:
        return self._value("shipping") == "together"

    @property
    def delivery_cost(self) -> Decimal | None:
        return self.offer.cost(self.service_id)

    @property
    def with_delivery(self) -> Decimal:
        return self.view.total.gross + (self.delivery_cost or 0)

    @property
    def late(self) -> tuple[str, ...]:
        """Warehouses that do not make the day which is asked for."""
        return self.offer.plan.late_for(_day(self._value("desired_date")), together=self.is_together)

    def _value(self, name: str) -> str:
        return str(self.form[name].value() or "")


def blocks_of(
    views: Sequence[CartView],
    *,
    actor: Actor,
    filled: Mapping[int, Checkout],
    prefix: str | None,
    at: datetime,
) -> list[Block]:
    """A block for each cart that may be ordered; `filled` are forms that were sent before.

    `prefix` of the names of fields takes the cart's key: «cart-{}».
    """
    chosen = {pk: str(form["delivery"].value() or "") for pk, form in filled.items()}
    offers = checkout_offers(views, chosen=chosen, at=at)
    blocks = []
    for view in views:
        offer = offers[view.cart.pk]
        form = filled.get(view.cart.pk) or Checkout(
            initial=seen_of(view) | {"delivery": offer.chosen},
            prefix=prefix.format(view.cart.pk) if prefix else None,
        )
        blocks.append(Block(view, form, offer, guards_raised(actor=actor, cart=view.cart, at=at)))
    return blocks


def seen_of(view: CartView) -> dict[str, Any]:
    """Hidden fields: which cart and sum are on the page, and a fresh key for one sending."""
    return {"cart": view.cart.pk, "expected_total": view.total.gross, "idempotency_key": uuid4()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
