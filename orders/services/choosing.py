"""Whether the contract lets an order be paid for and brought as the person chose."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from counterparties.models import Contract, DeliveryAddress
from finance.states import PaymentTerms
from orders.choices import CheckoutChoices
from orders.models import DeliveryKind, DeliveryService
from orders.refusals import DeliveryClosed, PaymentTermsClosed
from orders.selectors.cart_views import PricedCart
from orders.selectors.deliveries import CityServices, services_of
from orders.selectors.payment_choices import PaymentOffer, payment_offers
from orders.selectors.trade import TradeTerms


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the order is paid and brought by."""

    payment_terms: PaymentTerms
    service: DeliveryService | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Choosing:
    """What was chosen beside what may be: read before anything is locked, settled after.

    `delivery` is None where nothing was asked of it.
    """

    contract: Contract
    trade: TradeTerms
    choices: CheckoutChoices
    address: DeliveryAddress | None
    payment: PaymentOffer
    delivery: CityServices | None

    @property
    def terms(self) -> PaymentTerms:
        """The chosen terms, whether they may be chosen or not, else the usual ones."""
        return PaymentTerms(self.choices.payment_terms) if self.choices.payment_terms else self.payment.usual


def choosing_read(
    priced: PricedCart, choices: CheckoutChoices, *, address: DeliveryAddress | None, on: date
) -> Choosing:
    """One query, and up to three more where a delivery service is asked for or goods are fetched."""
    cart = priced.cart
    is_asked = address is None or choices.delivery_service_id is not None
    return Choosing(
        contract=cart.contract,
        trade=priced.trade,
        choices=choices,
        address=address,
        payment=payment_offers([(cart.contract, priced.trade)], on=on)[cart.contract_id],
        delivery=services_of([cart.city_id])[cart.city_id] if is_asked else None,
    )


def choices_agree(choosing: Choosing) -> Agreed:
    """Settle what the person left open. Raises PaymentTermsClosed, DeliveryClosed."""
    terms, choices = choosing.terms, choosing.choices
    if terms not in choosing.payment.choices:
        raise PaymentTermsClosed(str(terms.label), str(choosing.contract))
    service = _service(choosing)
    if service is None:
        return Agreed(terms, None, None)
    is_fetched = service.kind == DeliveryKind.PICKUP
    return Agreed(terms, service, Decimal("0.00") if is_fetched else choices.delivery_cost)


def _service(choosing: Choosing) -> DeliveryService | None:
    here, trade = choosing.delivery, choosing.trade
    if here is None:
        return None
    if choosing.address is None:
        if not here.lets_pickup(trade):
            raise DeliveryClosed("", str(choosing.contract))
        return here.pickup(trade)
    wanted = choosing.choices.delivery_service_id
    found = next((one for one in here.allowed(trade) if one.pk == wanted), None)
    if found is None:
        known = next((one for one in here.services if one.pk == wanted), None)
        raise DeliveryClosed(known.name if known else "", str(choosing.contract))
    return found
