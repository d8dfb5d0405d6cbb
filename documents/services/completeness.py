"""Reminding of papers that are owed: the client of signed copies, us of originals."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notices_send
from counterparties.models import LegalEntity
from counterparties.selectors.reaching import people_reaching
from counterparties.selectors.serving import manager_ids_of
from documents.models import Document, ReceivedDocument
from documents.selectors.completeness import (
    ShipmentPapers,
    Standing,
    shipment_papers,
    shipments_since,
)
from portal.lib.dates import format_date, moscow_date
from portal.lib.said import Said, joined, said

_MONTHS_BACK = timedelta(days=120)
_MOST_NAMED = 5


def owed_papers_tell(*, at: datetime) -> int:
    """Tell each firm's people of shipments whose signed copy we await, and its managers of what we owe.

    Once for a person, firm and day; return new lines.
    """
    on = moscow_date(at)
    rows = shipment_papers(
        shipments_since(on - _MONTHS_BACK),
        issued=Document.objects.all(),
        received=ReceivedDocument.objects.all(),
        on=on,
    )
    theirs = _by_entity(rows, Standing.UNSIGNED)
    ours = _by_entity(rows, Standing.MISSING)
    facts = [*_to_clients(theirs, on), *_to_managers(ours)]
    return notices_send(notices=facts, day=on, at=at)


_Owed = dict[LegalEntity, list[ShipmentPapers]]


def _by_entity(rows: list[ShipmentPapers], standing: Standing) -> _Owed:
    found: _Owed = defaultdict(list)
    for row in rows:
        if row.owes(standing):
            found[row.paper.part.order.legal_entity].append(row)
    return found


def _to_clients(owed: Mapping[LegalEntity, list[ShipmentPapers]], on: date) -> list[NoticeFacts]:
    people = people_reaching(
        permission=Permission.DOCUMENT_VIEW, legal_entity_ids={entity.pk for entity in owed}, on=on
    )
    return [
        NoticeFacts(
            user_ids=people[entity.pk],
            kind=NoticeKind.PAPERS_OWED,
            reference=f"entity:{entity.pk}",
            title=said(
                _("Ждем подписанные документы: {name}, отгрузок {count}"),
                "We are waiting for signed documents: {name}, shipments: {count}",
                name=entity.name,
                count=len(rows),
            ),
            text=_named(rows),
            address=f"{reverse('documents:completeness')}?legal_entity={entity.pk}",
        )
        for entity, rows in owed.items()
    ]


def _to_managers(owed: Mapping[LegalEntity, list[ShipmentPapers]]) -> list[NoticeFacts]:
    managers = manager_ids_of({entity.holding_id for entity in owed})
    return [
        NoticeFacts(
            user_ids=managers.get(entity.holding_id, ()),
            kind=NoticeKind.ORIGINALS_OWED,
            reference=f"entity:{entity.pk}",
            title=said(
                _("Нет документов по отгрузкам: {name}, отгрузок {count}"),
                "Documents are missing: {name}, shipments: {count}",
                name=entity.name,
                count=len(rows),
            ),
            text=_named(rows),
            address=f"{reverse('documents:completeness')}?{urlencode({'firm': entity.inn or entity.name})}",
        )
        for entity, rows in owed.items()
    ]


def _named(rows: list[ShipmentPapers]) -> Said:
    named = [
        said(
            _("№ {number} от {date}"),
            "No. {number} of {date}",
            number=row.paper.number or row.paper.pk,
            date=format_date(row.paper.date) if row.paper.date else "–",
        )
        for row in rows[:_MOST_NAMED]
    ]
    more = len(rows) - len(named)
    told = joined(named, ", ")
    if not more:
        return told
    return said(_("{named} и еще {count}"), "{named} and {count} more", named=told, count=more)
