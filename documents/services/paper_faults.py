"""Papers that the portal could not issue by itself: the reason is kept, and told to who can put it right."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.services.notices import notice_send
from counterparties.models import LegalEntity
from counterparties.selectors.serving import manager_ids_of
from documents.models import PaperFault
from documents.selectors.shipped import RETURN
from documents.services.corrections import correctable
from orders.models import ErpDocument, Order, order_id_of
from portal.lib.dates import moscow_date
from portal.lib.said import Said, said

_REASON_LENGTH = 500
_ORDER = "order:"


@transaction.atomic
def paper_fault_note(*, reference: str, reason: str, at: datetime) -> bool:
    """Keep why papers of a thing cannot be issued and tell who serves the client; tell whether it was news.

    The same reason again is none. Raises Order.DoesNotExist, ErpDocument.DoesNotExist.
    """
    told = reason[:_REASON_LENGTH]
    fault, is_new = PaperFault.objects.select_for_update().get_or_create(
        reference=reference, defaults={"reason": told, "noted_at": at}
    )
    if not is_new:
        if fault.reason == told:
            return False
        fault.reason, fault.noted_at = told, at
        fault.save(update_fields=["reason", "noted_at"])
    subject = _subject(reference)
    holding_id = subject.entity.holding_id
    notice_send(
        user_ids=manager_ids_of([holding_id]).get(holding_id, ()),
        kind=NoticeKind.PAPER_STUCK,
        reference=f"{reference}:{sha256(told.encode()).hexdigest()[:8]}",
        day=moscow_date(at),
        title=subject.title,
        text=Said(
            f"{subject.entity.name}. {told}", f"{subject.entity.name}. The page of the portal says why."
        ),
        address=subject.address,
        at=at,
    )
    return True


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose paper it is, how a line names it, and the page where it is made by hand."""

    entity: LegalEntity
    title: Said
    address: str


def _subject(reference: str) -> _Subject:
    if reference.startswith(_ORDER):
        order = Order.objects.select_related("legal_entity").get(pk=order_id_of(reference))
        title = said(
            _("Счёт не выписан: заказ {order}"), "An invoice is not issued: order {order}", order=order.label
        )
        return _Subject(order.legal_entity, title, reverse("orders:detail", args=[order.pk]))
    papers = ErpDocument.objects.select_related("part__order__legal_entity")
    paper = papers.get(pk=reference.partition(":")[2])
    order, number = paper.part.order, paper.number or paper.pk
    if reference.startswith(RETURN):
        title = said(
            _("УКД не выписан: возврат № {number}"),
            "A correction document is not issued: return No. {number}",
            number=number,
        )
        original = correctable(paper)
        named = ("documents:detail", original.uid) if original else ("orders:detail", order.pk)
        return _Subject(order.legal_entity, title, reverse(named[0], args=[named[1]]))
    title = said(
        _("Документы не выписаны: отгрузка № {number}"),
        "Documents are not issued: shipment No. {number}",
        number=number,
    )
    firm = order.legal_entity.inn or order.legal_entity.name
    board = f"{reverse('documents:completeness')}?{urlencode({'firm': firm})}"
    return _Subject(order.legal_entity, title, board)
