"""The letter that brings papers of a shipment to the client's people."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from accounts.services.letters import letters_send
from documents.english import paper_said
from documents.models import Document, ReceivedDocument
from documents.selectors.issued import original_recipients, paper_recipients
from documents.services.enclosures import papers_enclosed
from documents.states import IN_FORCE
from orders.models import ErpDocument
from portal.lib.dates import moscow_date

_NEWS = timedelta(days=14)


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
    enclosed = papers_enclosed(documents=documents, organization=order.organization)
    return letters_send(
        key=key,
        to=recipients,
        letter="shipment_papers",
        context={
            "number": paper.number or paper.pk,
            "date": paper.date or moscow_date(at),
            "order": order.label,
            "buyer": order.legal_entity.name,
            "seller": order.organization.name,
            "total": paper.total,
            "is_attached": bool(enclosed),
            "papers": [
                (paper_said(one), settings.SITE_URL + reverse("documents:download", args=[one.uid]))
                for one in documents
            ],
        },
        attachments=enclosed,
    )


def original_mail(*, document_id: int, at: datetime, key: str) -> int:
    """Tell that the original of a paper of a shipment has come from 1C; return how many addresses it went to.

    Old papers, such as a first load brings, are no news, nor are those of no order. The original is fetched
    by its link. Raises ReceivedDocument.DoesNotExist and whatever ails the mail server.
    """
    papers = ReceivedDocument.objects.select_related("legal_entity")
    document, on = papers.get(pk=document_id), moscow_date(at)
    parts = document.parts.select_related("order__organization", "order__legal_entity")
    part = parts.order_by("pk").first()
    is_old = document.date is None or document.date < on - _NEWS
    if part is None or is_old or document.is_deleted:
        return 0
    order = part.order
    recipients = original_recipients(document=document, order=order, on=on)
    if not recipients:
        return 0
    return letters_send(
        key=key,
        to=recipients,
        letter="shipment_papers",
        context={
            "number": document.number,
            "date": document.date,
            "order": order.label,
            "buyer": order.legal_entity.name,
            "seller": order.organization.name,
            "total": document.total,
            "is_attached": False,
            "papers": [
                (paper_said(document), settings.SITE_URL + reverse("documents:received", args=[document.uid]))
            ],
        },
    )
