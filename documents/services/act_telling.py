"""Telling people of акты сверки: the client's who see the money, the managers who serve him."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notice_send
from counterparties.selectors.reaching import people_reaching
from counterparties.selectors.serving import manager_ids_of
from documents.models import Act
from portal.lib.dates import format_date, moscow_date
from portal.lib.said import Said, joined, said


def client_tell(
    act: Act, *, kind: NoticeKind, what: str, title: Said, text: Said | str = "", at: datetime
) -> int:
    """Tell the client's people; `what` happened is told once a day. Return how many had not heard of it."""
    people = people_reaching(
        permission=Permission.FINANCE_VIEW, legal_entity_ids=[act.legal_entity_id], on=moscow_date(at)
    )
    return _tell(act, people[act.legal_entity_id], kind, what, title, text, at)


def managers_tell(
    act: Act, *, kind: NoticeKind, what: str, title: Said, text: Said | str = "", at: datetime
) -> int:
    """The same for the managers who serve the client."""
    holding_id = act.legal_entity.holding_id
    people = manager_ids_of([holding_id]).get(holding_id, ())
    return _tell(act, people, kind, what, title, text, at)


def _tell(
    act: Act,
    people: tuple[int, ...],
    kind: NoticeKind,
    what: str,
    title: Said,
    text: Said | str,
    at: datetime,
) -> int:
    about = said(
        _("{entity}, {organization}, {since}–{until}"),
        "{entity}, {organization}, {since}–{until}",
        entity=act.legal_entity.name,
        organization=act.organization.name,
        since=format_date(act.period_from),
        until=format_date(act.period_to),
    )
    return notice_send(
        user_ids=people,
        kind=kind,
        reference=f"act:{act.pk}:{what}",
        day=moscow_date(at),
        title=title,
        text=joined([about, text], ". "),
        address=reverse("documents:act", args=[act.uid]),
        at=at,
    )
