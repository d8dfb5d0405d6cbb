"""The letter that brings papers of a shipment to the client's people."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Document
from documents.selectors.issued import paper_recipients
from documents.services.issuing import paper_file_name
from documents.states import IN_FORCE
from orders.models import ErpDocument
from portal.files.serving import open_file
from portal.lib.dates import format_date, moscow_date
from portal.lib.mail import Attachment, mail_send
from portal.lib.money import format_money

MOST_ATTACHED = 8_000_000
"""Bytes of all attachments of a letter; above it papers are fetched by their links."""


def shipment_papers_mail(*, paper_id: int, document_ids: Collection[int], at: datetime, key: str) -> int:
    """Tell that papers of a shipment are ready; return how many addresses it went to.

    Papers are attached unless the organization sends links only or they are too heavy. Nobody is told of
    papers that are not in force any more. Raises ErpDocument.DoesNotExist, FileDamaged and whatever ails
    the mail server.
    """
    papers = ErpDocument.objects.select_related("part__order__organization", "part__order__legal_entity")
    paper = papers.get(pk=paper_id)
    order = paper.part.order
    documents = list(
        Document.objects.filter(pk__in=document_ids, state__in=IN_FORCE)
        .select_related("file", "legal_entity")
        .order_by("pk")
    )
    recipients = paper_recipients(documents=documents, order=order, on=moscow_date(at))
    if not recipients:
        return 0
    is_attached = not order.organization.mails_links and _size(documents) <= MOST_ATTACHED
    mail_send(
        key=key,
        to=recipients,
        subject=_("Отгрузка № {number} от {date}: документы готовы").format(
            number=paper.number or paper.pk, date=format_date(paper.date or moscow_date(at))
        ),
        template="mail/shipment_papers",
        context={
            "number": paper.number or paper.pk,
            "order": order.label,
            "buyer": order.legal_entity.name,
            "seller": order.organization.name,
            "total": format_money(paper.total) if paper.total is not None else "",
            "is_attached": is_attached,
            "papers": [
                (str(one), settings.SITE_URL + reverse("documents:download", args=[one.uid]))
                for one in documents
            ],
        },
        attachments=[_attached(one) for one in documents] if is_attached else [],
    )
    return len(recipients)


def _size(documents: Collection[Document]) -> int:
    return sum(document.file.size for document in documents)


def _attached(document: Document) -> Attachment:
    with open_file(document.file) as stored:
        return Attachment(paper_file_name(document), stored.read(), document.file.mime)
