"""What a manager keeps for himself: cards put off, notes on clients."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import ClientNote, Holding, MorningPause
from counterparties.morning import MorningKind
from portal.lib.dates import moscow_date


@transaction.atomic
def morning_pause(
    *, actor: Actor, holding_id: int | None, kind: MorningKind, reference: str, until: date
) -> MorningPause:
    """Put a card off until a date, for this employee alone. Idempotent: the last date told holds.

    Raises AccessDenied, Holding.DoesNotExist (not served by the actor).
    """
    actor.require(Permission.CLIENT_SERVE)
    if holding_id is not None:
        Holding.objects.visible_to(actor).get(pk=holding_id)
    pause, _is_new = MorningPause.objects.update_or_create(
        employee_id=cast(int, actor.user_id),  # a permission has a person
        holding_id=holding_id,  # type: ignore[misc]  # None: nobody's client yet
        kind=kind,
        reference=reference,
        defaults={"until": until},
    )
    return pause


@transaction.atomic
def morning_resume(*, actor: Actor, holding_id: int | None, kind: MorningKind, reference: str) -> None:
    """Show a card again that the employee has put off. Idempotent. Raises AccessDenied."""
    actor.require(Permission.CLIENT_SERVE)
    mine = MorningPause.objects.filter(employee_id=actor.user_id, kind=kind, reference=reference)
    (mine.filter(holding=None) if holding_id is None else mine.filter(holding=holding_id)).delete()


@transaction.atomic
def pauses_forget(*, at: datetime) -> int:
    """Drop pauses that are over; return their number. Idempotent."""
    return MorningPause.objects.filter(until__lte=moscow_date(at)).delete()[0]


@transaction.atomic
def client_note_add(*, actor: Actor, holding_id: int, text: str, key: UUID, at: datetime) -> ClientNote:
    """Write down something about a client; the same key writes it once.

    Raises AccessDenied, Holding.DoesNotExist (not served by the actor).
    """
    actor.require(Permission.CLIENT_SERVE)
    holding = Holding.objects.visible_to(actor).get(pk=holding_id)
    note, _is_new = ClientNote.objects.get_or_create(
        key=key,
        holding=holding,
        author_id=cast(int, actor.user_id),
        defaults={"text": text.strip(), "at": at},
    )
    return note
