"""The letter that brings papers of a shipment to the client's people."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.services.letters import letters_send
from documents.models import Document
from documents.selectors.issued import paper_recipients
from documents.services.enclosures import papers_enclosed
from documents.states import IN_FORCE
from orders.models import ErpDocument
from portal.lib.dates import moscow_date


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
                (str(one), settings.SITE_URL + reverse("documents:download", args=[one.uid]))
                for one in documents
            ],
        },
        attachments=enclosed,
    )
