"""What events of clients and the calendar set off among carts and orders."""

from django.utils import timezone

from counterparties.events import PersonDeactivated
from orders.services.handover import carts_hand_over
from orders.services.popularity import popularity_count
from portal.outbox import PeriodStart, job, subscribe


@subscribe(PersonDeactivated)
def hand_carts_over(event: PersonDeactivated) -> None:
    if event.heir_id is not None:
        carts_hand_over(
            user_id=event.user_id, heir_id=event.heir_id, holding_id=event.holding_id, at=timezone.now()
        )


@job()
def count_popularity(day: PeriodStart) -> None:
    """Once a day; the moment is the beginning of the day, so that a repeat counts the same."""
    popularity_count(at=day.start)
