"""YooKassa's messages: nothing in them is believed but that a payment is worth reading."""

import ipaddress
import json
import re
from collections.abc import Sequence

from django.db import transaction

from finance.events import OnlinePaymentHinted
from portal.outbox import publish

_EVENTS = frozenset(
    {"payment.waiting_for_capture", "payment.succeeded", "payment.canceled", "refund.succeeded"}
)
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
"""It goes into the database and into an address at the provider."""


class HintRefused(Exception):
    """The message is none of YooKassa's."""


def is_from_yookassa(ip: str, *, networks: Sequence[str]) -> bool:
    """Whether an address is on the provider's list; any is where the list is empty."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return not networks or any(address in ipaddress.ip_network(one) for one in networks)


@transaction.atomic
def yookassa_hint(*, body: bytes) -> None:
    """Order the payment to be read; the same message twice is one. Raises HintRefused."""
    try:
        told = json.loads(body)
        event, provider_id = told["event"], told["object"]["id"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise HintRefused("malformed") from error
    if not isinstance(event, str) or event not in _EVENTS:
        raise HintRefused("unknown event")
    if not isinstance(provider_id, str) or not _ID.fullmatch(provider_id):
        raise HintRefused("no payment")
    if event.startswith("refund."):  # 1C tells of money that goes back
        return
    publish(OnlinePaymentHinted(event=event, provider_id=provider_id))
