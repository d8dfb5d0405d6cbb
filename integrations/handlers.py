"""What events set off, and the jobs of the exchange made known to the outbox."""

from integrations.services.archives import archive_unpack
from integrations.services.imports import exchange_file_load
from integrations.services.orders import orders_enqueue
from integrations.services.pictures import previews_draw
from integrations.services.trials import exchange_file_try
from orders.events import OrderConfirmed
from portal.outbox import subscribe

__all__ = [
    "archive_unpack",
    "exchange_file_load",
    "exchange_file_try",
    "export_confirmed_order",
    "previews_draw",
]


@subscribe(OrderConfirmed, queue="default")
def export_confirmed_order(event: OrderConfirmed) -> None:
    """Put the parts of a confirmed order into the queue of their base."""
    orders_enqueue(order_id=event.order_id)
