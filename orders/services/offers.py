"""What checkout offers for a cart: days, payment, delivery and its cost, and why choices are absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from counterparties.actor import Actor
from counterparties.models import DeliveryAddress
from orders.choices import CheckoutChoices
from orders.models import Cart, DeliveryService, Order
from orders.refusals import DeliveryCostChanged, DeliveryNotChosen
from orders.selectors.cart import CartView, cart_view, carts_whole, delivery_addresses
from orders.selectors.deliveries import services_of
from orders.selectors.delivery import addresses_of
from orders.selectors.parcels import ParcelPlan, parcel_plans
from orders.selectors.payment_choices import PaymentOffer, payment_offers
from orders.services.delivery import delivery_costs
from portal.lib.dates import moscow_date

PICKUP = "pickup"


@dataclass(frozen=True, slots=True)
class Way:
    """A delivery service and what it asks for all parcels with VAT; None: a manager will tell."""

    service: DeliveryService
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class CheckoutOffer:
    """What may be chosen for one cart; `ways` bring the goods to `address` (None: they are fetched)."""

    view: CartView
    plan: ParcelPlan
    payment: PaymentOffer
    addresses: tuple[DeliveryAddress, ...]
    address: DeliveryAddress | None
    ways: tuple[Way, ...]
    lets_pickup: bool
    closed: tuple[str, ...]

    @property
    def seen(self) -> str:
        """What the page shows of costs, for the form to send back."""
        address_id = self.address.pk if self.address else 0
        return ";".join(_seen(address_id, way.service.pk, way.cost) for way in self.ways)

    @property
    def chosen(self) -> str:
        """Where to, as the form names it."""
        return str(self.address.pk) if self.address else PICKUP

    def cost(self, service_id: int | None) -> Decimal | None:
        """What the service asks; None where it is not known or nothing is brought."""
        return next((way.cost for way in self.ways if way.service.pk == service_id), None)


def checkout_offers(
    views: Sequence[CartView], *, chosen: Mapping[int, str], at: datetime
) -> dict[int, CheckoutOffer]:
    """By cart; `chosen` holds where the person has chosen to bring it, else it goes to the usual place.

    Six queries, and for each cart that is brought two more; carriers are asked beside.
    """
    carts = [view.cart for view in views]
    addresses = addresses_of(carts)
    services = services_of([cart.city_id for cart in carts])
    payments = payment_offers([(view.cart.contract, view.trade) for view in views], on=moscow_date(at))
    plans = parcel_plans([view.shipments for view in views], at=at)
    offers = {}
    for view, plan in zip(views, plans, strict=True):
        here, contract = services[view.cart.city_id], view.cart.contract
        known = addresses[view.cart.pk]
        address = _address(known, chosen.get(view.cart.pk), lets_pickup=here.lets_pickup(view.trade))
        brought = here.allowed(view.trade) if address is not None else ()
        costs = delivery_costs(view=view, services=brought, address=address)
        payment = payments[contract.pk]
        offers[view.cart.pk] = CheckoutOffer(
            view=view,
            plan=plan,
            payment=payment,
            addresses=tuple(known),
            address=address,
            ways=tuple(Way(service, costs[service.pk]) for service in brought),
            lets_pickup=here.lets_pickup(view.trade),
            closed=(*payment.closed, *here.closed(view.trade, contract), *_closed_warehouses(view)),
        )
    return offers


def delivery_cost_agreed(
    *,
    actor: Actor,
    cart_id: int,
    delivery_address_id: int | None,
    choices: CheckoutChoices,
    seen: str,
    idempotency_key: UUID,
    at: datetime,
) -> Decimal | None:
    """Ask the chosen service once more; call before `order_submit`, outside of a transaction.

    `seen` is `CheckoutOffer.seen` of the page. A cart or address that is not there is left to
    `order_submit`, and so is an order that has gone with the key already.
    Raises DeliveryNotChosen, DeliveryCostChanged (another cost, or the page had another address).
    """
    cart = carts_whole(Cart.objects.owned_by(actor)).filter(pk=cart_id).first()
    if cart is None or delivery_address_id is None or _is_sent(idempotency_key):
        return None
    return delivery_cost_of(
        cart_view(cart, on=moscow_date(at)),
        delivery_address_id=delivery_address_id,
        choices=choices,
        seen=seen,
        idempotency_key=idempotency_key,
    )


def delivery_cost_of(
    view: CartView,
    *,
    delivery_address_id: int | None,
    choices: CheckoutChoices,
    seen: str,
    idempotency_key: UUID,
) -> Decimal | None:
    """The same for goods that lie in no cart. Raises DeliveryNotChosen, DeliveryCostChanged."""
    if delivery_address_id is None or _is_sent(idempotency_key):
        return None
    cart = view.cart
    address = delivery_addresses(cart).filter(pk=delivery_address_id).first()
    allowed = services_of([cart.city_id])[cart.city_id].allowed(view.trade)
    if address is None or not allowed:
        return None
    service = next((one for one in allowed if one.pk == choices.delivery_service_id), None)
    if service is None and choices.delivery_service_id is None:
        raise DeliveryNotChosen
    if service is None:  # closed: refused where the order is sent
        return None
    cost = delivery_costs(view=view, services=[service], address=address)[service.pk]
    if _seen(address.pk, service.pk, cost) not in seen.split(";") and not _is_sent(idempotency_key):
        raise DeliveryCostChanged
    return cost


def _is_sent(idempotency_key: UUID) -> bool:
    return Order.objects.filter(idempotency_key=idempotency_key).exists()


def _seen(address_id: int, service_id: int, cost: Decimal | None) -> str:
    return f"{address_id}:{service_id}={'' if cost is None else cost}"


def _address(
    known: Sequence[DeliveryAddress], chosen: str | None, *, lets_pickup: bool
) -> DeliveryAddress | None:
    if chosen == PICKUP and lets_pickup:
        return None
    usual = known[0] if known else None
    return next((one for one in known if str(one.pk) == chosen), usual)


def _closed_warehouses(view: CartView) -> tuple[str, ...]:
    return tuple(
        _("Склад «{warehouse}» не отгружает по договору {contract}.").format(
            warehouse=name, contract=view.cart.contract
        )
        for name in view.closed_warehouses
    )
