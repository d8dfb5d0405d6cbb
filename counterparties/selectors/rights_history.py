"""What became of people's access: lines of the history that triggers write."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from counterparties.actor import Actor
from counterparties.models import Membership, Role
from portal.lib.dates import format_date

_LENGTH = 200


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """One line: who changed whose access, when, and what it was from then on."""

    at: datetime
    person: str
    author: str
    text: str


def membership_history(actor: Actor) -> list[MembershipChange]:
    """Changes of role, legal entities, validity and access in the holding; newest first, three queries."""
    history = Membership.pgh_event_model  # type: ignore[attr-defined]
    rows = list(history.objects.filter(holding_id=actor.holding_id).order_by("-pgh_id")[:_LENGTH])
    authors = {(row.pgh_context or {}).get("user") for row in rows} - {None}
    people = User.objects.in_bulk(authors | {row.user_id for row in rows})
    roles = Role.objects.in_bulk({row.role_id for row in rows})
    return [
        MembershipChange(
            at=row.pgh_created_at,
            person=str(people.get(row.user_id, "")),
            author=str(people.get((row.pgh_context or {}).get("user") or 0, "")),
            text=_text(row, str(roles.get(row.role_id, _("удаленная роль")))),
        )
        for row in rows
    ]


def _text(row: Any, role: str) -> str:
    if not row.is_active:
        return _("Доступ закрыт")
    entities = _("все юрлица") if row.is_whole_holding else _("назначенные юрлица")
    until = _(", до {date}").format(date=format_date(row.valid_until)) if row.valid_until else ""
    return f"{role}, {entities}{until}"
