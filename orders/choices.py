"""What a person chooses for an order beside its goods and address."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CheckoutChoices:
    """An empty `payment_terms` leaves them to the contract, no service leaves the way to a manager.

    `delivery_cost` is what the service asked when the order was sent, with VAT; None: a manager will tell.
    """

    payment_terms: str = ""
    delivery_service_id: int | None = None
    delivery_cost: Decimal | None = None
    ships_together: bool = False
    desired_date: date | None = None

    @property
    def told(self) -> tuple[object, ...]:
        """What the person said: the cost is worked out anew each time."""
        return (self.payment_terms, self.delivery_service_id, self.ships_together, self.desired_date)


NO_CHOICES = CheckoutChoices()
