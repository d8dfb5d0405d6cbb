"""Whether the contract lets an order be paid for and brought as the person chose."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from counterparties.models import DeliveryAddress
from finance.states import PaymentTerms
from orders.choices import CheckoutChoices
from orders.models import DeliveryKind, DeliveryService
from orders.refusals import DeliveryClosed, PaymentTermsClosed
from orders.selectors.cart_views import CartView
from orders.selectors.deliveries import services_of
from orders.selectors.payment_choices import payment_offers


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the order is paid and brought by."""

    payment_terms: PaymentTerms
    service: DeliveryService | None
    cost: Decimal | None


def choices_agree(
    view: CartView, choices: CheckoutChoices, *, address: DeliveryAddress | None, on: date
) -> Agreed:
    """Settle what the person left open. Raises PaymentTermsClosed, DeliveryClosed."""
    contract = view.cart.contract
    offer = payment_offers([(contract, view.trade)], on=on)[contract.pk]
    terms = PaymentTerms(choices.payment_terms) if choices.payment_terms else offer.usual
    if terms not in offer.choices:
        raise PaymentTermsClosed(str(terms.label), str(contract))
    service = _service(view, choices, address)
    if service is None:
        return Agreed(terms, None, None)
    is_fetched = service.kind == DeliveryKind.PICKUP
    return Agreed(terms, service, Decimal("0.00") if is_fetched else choices.delivery_cost)


def _service(
    view: CartView, choices: CheckoutChoices, address: DeliveryAddress | None
) -> DeliveryService | None:
    contract, trade = view.cart.contract, view.trade
    if address is not None and choices.delivery_service_id is None:
        return None
    here = services_of([view.cart.city_id])[view.cart.city_id]
    if address is None:
        if not here.lets_pickup(trade):
            raise DeliveryClosed("", str(contract))
        return here.pickup(trade)
    wanted = choices.delivery_service_id
    found = next((one for one in here.allowed(trade) if one.pk == wanted), None)
    if found is None:
        known = next((one for one in here.services if one.pk == wanted), None)
        raise DeliveryClosed(known.name if known else "", str(contract))
    return found
