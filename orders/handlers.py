"""What events of clients set off among carts."""

from django.utils import timezone

from counterparties.events import PersonDeactivated
from orders.services.handover import carts_hand_over
from portal.outbox import subscribe


@subscribe(PersonDeactivated)
def hand_carts_over(event: PersonDeactivated) -> None:
    if event.heir_id is not None:
        carts_hand_over(
            user_id=event.user_id, heir_id=event.heir_id, holding_id=event.holding_id, at=timezone.now()
        )
