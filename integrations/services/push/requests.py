"""requests: what 1C polls, and its word on what it has taken."""

from datetime import datetime
from typing import Any

from django.db import transaction

from integrations.models import ExchangeNode
from integrations.push.items.requests import RequestsAck
from integrations.services.requests import requests_accept, requests_offer, requests_refuse


def requests_polled(node: ExchangeNode) -> dict[str, Any]:
    """The answer to a poll: the same requests until 1C says that it has them."""
    return {"items": requests_offer(node)}


@transaction.atomic
def requests_acked(node: ExchangeNode, ack: RequestsAck, *, at: datetime) -> dict[str, int]:
    """Take 1C's word; the same one again changes nothing. A request both taken and refused is refused."""
    reasons = {refusal.ref: refusal.reason for refusal in ack.refused}
    taken = requests_accept(node, [ref for ref in ack.taken if ref not in reasons], at=at)
    return {"accepted": taken, "refused": requests_refuse(node, reasons, at=at)}
