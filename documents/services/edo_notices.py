"""Telling managers of papers that came back from the other side."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.services.notices import notice_send
from counterparties.selectors.serving import manager_ids_of
from documents.english import EDO_STATUSES, paper_said
from documents.models import EdoMessage
from documents.states import XML_KINDS, EdoStatus
from portal.files.papers import XML
from portal.lib.dates import moscow_date
from portal.lib.said import Said, said


def edo_returned_tell(*, message_id: int, status: str, at: datetime) -> int:
    """Tell who serves the client what is wanted of a paper; return how many people.

    Raises EdoMessage.DoesNotExist.
    """
    message = EdoMessage.objects.select_related("document__legal_entity", "received__legal_entity").get(
        pk=message_id
    )
    paper = message.document or message.received
    if paper is None:
        return 0
    holding_id = paper.legal_entity.holding_id
    return notice_send(
        user_ids=manager_ids_of([holding_id]).get(holding_id, ()),
        kind=NoticeKind.EDO_RETURNED,
        reference=f"edo_message:{message.pk}:{status}",
        day=moscow_date(message.status_at),
        title=said(
            _("{paper}: {status}"),
            "{paper}: {status}",
            paper=paper_said(paper),
            status=Said(str(EdoStatus(status).label).lower(), EDO_STATUSES[EdoStatus(status)]),
        ),
        text=f"{paper.legal_entity.name}. {message.reason}".rstrip(". ") + ".",
        address=_address(message),
        at=at,
    )


def _address(message: EdoMessage) -> str:
    """The page of the exchange file, where there is one."""
    if message.document is not None and message.document.kind in XML_KINDS:
        return reverse("documents:edo_view", args=[message.document.uid])
    received = message.received
    if received is not None and received.file is not None and received.file.mime == XML:
        return reverse("documents:edo_view", args=[received.uid])
    return reverse("documents:list")
