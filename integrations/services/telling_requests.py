"""What clients ask for and what is written in talks, told to receivers of messages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from counterparties.models import Message
from integrations.models import WebhookEvent
from integrations.services.telling import entity_data
from integrations.services.webhooks import webhook_emit
from orders.claim_states import OPEN_CLAIMS, ClaimState
from orders.models import Claim, Quote
from orders.quote_states import QuoteState

_QUOTE_MOVES: Mapping[QuoteState, WebhookEvent | None] = {
    QuoteState.SUBMITTED: WebhookEvent.QUOTE_ASKED,
    QuoteState.IN_WORK: None,  # the seller's own affair
    QuoteState.OFFERED: WebhookEvent.QUOTE_OFFERED,
}
"""All other states end a request."""


@transaction.atomic
def message_tell(*, message_id: int) -> None:
    """Somebody has written into a talk. Idempotent."""
    message = Message.objects.select_related("thread__legal_entity", "author").get(pk=message_id)
    thread = message.thread
    data = {
        "message": message.pk,
        "thread": thread.uid,
        "about": thread.reference,
        "topic": thread.subject,
        "side": message.side,
        "channel": message.channel,
        "author": message.author.full_name if message.author else "",
        "text": message.text,
        "url": _url("counterparties:thread", thread.uid),
        "client": thread.holding_id,
    }
    if thread.legal_entity is not None:
        data |= entity_data(thread.legal_entity)
    webhook_emit(
        event=WebhookEvent.MESSAGE_POSTED,
        subject=f"thread:{thread.pk}",
        key=f"message:{message.pk}",
        data=data,
        at=message.created_at,
    )


@transaction.atomic
def quote_move_tell(*, quote_id: int, state: str, step_id: int, at: datetime) -> None:
    """A request of prices was sent, answered, or has come to its end. Idempotent."""
    event = _QUOTE_MOVES.get(QuoteState(state), WebhookEvent.QUOTE_DECIDED)
    if event is None:
        return
    quote = Quote.objects.select_related("legal_entity").get(pk=quote_id)
    data = {
        "quote": quote.pk,
        "number": quote.number,
        "state": state,
        "version": quote.version,
        "valid_until": quote.valid_until,
        "answer_due_at": quote.answer_due_at,
        "order": quote.order_id,
        "url": _url("orders:quote", quote.uid),
        **entity_data(quote.legal_entity),
    }
    webhook_emit(event=event, subject=quote.reference, key=f"quote-step:{step_id}", data=data, at=at)


@transaction.atomic
def claim_filing_tell(*, claim_id: int, at: datetime) -> None:
    """A client has made a claim. Idempotent."""
    claim = Claim.objects.select_related("legal_entity").get(pk=claim_id)
    data = _claim_data(claim, ClaimState.SUBMITTED)
    webhook_emit(
        event=WebhookEvent.CLAIM_FILED, subject=claim.reference, key=f"claim:{claim.pk}", data=data, at=at
    )


@transaction.atomic
def claim_move_tell(*, claim_id: int, state: str, step_id: int, at: datetime) -> None:
    """A claim was decided, or something has come of the decision. Idempotent."""
    if ClaimState(state) in OPEN_CLAIMS:
        return
    claim = Claim.objects.select_related("legal_entity").get(pk=claim_id)
    webhook_emit(
        event=WebhookEvent.CLAIM_DECIDED,
        subject=claim.reference,
        key=f"claim-step:{step_id}",
        data=_claim_data(claim, state),
        at=at,
    )


def _claim_data(claim: Claim, state: str) -> dict[str, Any]:
    return {
        "claim": claim.pk,
        "number": claim.number,
        "state": state,
        "kind": claim.kind,
        "wish": claim.wish,
        "comment": claim.comment,
        "answer": claim.answer,
        "answer_due_at": claim.answer_due_at,
        "credit_sum": claim.credit_sum,
        "url": _url("orders:claim", claim.pk),
        **entity_data(claim.legal_entity),
    }


def _url(name: str, key: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[key])}"
