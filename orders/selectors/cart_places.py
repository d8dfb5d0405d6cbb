"""What the same goods cost each legal entity under each of its contracts."""

from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from counterparties.actor import Actor
from counterparties.models import Contract
from orders.models import Cart
from orders.selectors.cart_views import CartView, cart_views


@dataclass(frozen=True, slots=True)
class CartPlace:
    """The cart as it would stand under a contract; `difference` is from where it stands now."""

    contract: Contract
    view: CartView
    difference: Decimal
    is_own: bool

    @property
    def key(self) -> str:
        """How a form names the place."""
        return f"{self.contract.legal_entity_id}-{self.contract.pk}"

    @property
    def unpriced(self) -> int:
        return sum(1 for line in self.view.lines if line.price is None)

    @property
    def short(self) -> int:
        """Lines for which there is too little in the city."""
        return sum(1 for line in self.view.lines if line.missing)


def cart_places(cart: Cart, *, actor: Actor, on: date) -> list[CartPlace]:
    """Each open contract of the legal entities that the actor may order for, by name, then the default one.

    Prices are read once for a contract, lines and stock once for all.
    """
    contracts = list(
        Contract.objects.visible_to(actor)
        .open_on(on)
        .with_deferral_on(on)
        .select_related("organization", "legal_entity__holding__group")
        .order_by("legal_entity__name", "legal_entity_id", "-is_default", "-date", "pk")
    )
    here, *views = cart_views([cart, *(_moved(cart, contract) for contract in contracts)], on=on)
    return [
        CartPlace(
            contract=contract,
            view=view,
            difference=view.total.gross - here.total.gross,
            is_own=contract.pk == cart.contract_id,
        )
        for contract, view in zip(contracts, views, strict=True)
    ]


def _moved(cart: Cart, contract: Contract) -> Cart:
    moved = copy(cart)
    moved.contract, moved.legal_entity = contract, contract.legal_entity
    return moved
