"""What happens to a thing, told in the talk about it."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission
from counterparties.models import Channel, Message, Side, Thread

_TITLE_LENGTH, _TEXT_LENGTH = 200, 10_000


@transaction.atomic
def thread_note(
    *,
    holding_id: int,
    legal_entity_id: int | None,
    reference: str,
    permission: Permission,
    subject: str,
    text: str,
    address: str,
    key: str,
    at: datetime,
) -> None:
    """Write a line of an event into the talk about a thing (`order:17`) if there is one; never start one.

    Only those see the line who have the permission. Whose turn it is to answer does not change.
    Idempotent by key.
    """
    found = Thread.objects.filter(holding_id=holding_id, reference=reference, is_personal=False)
    if legal_entity_id is not None:
        found = found.filter(legal_entity_id=legal_entity_id)
    thread = found.select_for_update(of=("self",), no_key=True).first()
    if thread is None or Message.objects.filter(key=key).exists():
        return
    Message.objects.create(
        thread=thread,
        side=Side.SYSTEM,
        channel=Channel.SYSTEM,
        title=subject[:_TITLE_LENGTH],
        text=text[:_TEXT_LENGTH],
        address=address,
        permission=permission,
        created_at=at,
        key=key,
    )
    thread.last_message_at = max(thread.last_message_at, at)
    thread.save(update_fields=["last_message_at"])
