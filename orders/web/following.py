"""«Дозаказать»: which order the next one adds to, kept in the session until it is sent."""

from counterparties.web.middleware import CITY_KEY, LEGAL_ENTITY_KEY, PortalRequest
from orders.models import Order
from orders.services.following import order_follow

_KEY = "order_follows"


def follow_begin(request: PortalRequest, order: Order) -> None:
    """The next order adds to this one; its legal entity and city become the current ones."""
    request.session[_KEY] = order.pk
    request.session[LEGAL_ENTITY_KEY] = order.buyer_id
    request.session[CITY_KEY] = order.city_id


def follow_end(request: PortalRequest, order: Order) -> None:
    """The order was sent: note what it adds to, if anything."""
    follows_id = request.session.pop(_KEY, None)
    if follows_id is not None:
        order_follow(actor=request.actor, order_id=order.pk, follows_id=follows_id)
