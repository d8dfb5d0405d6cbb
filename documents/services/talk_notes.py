"""What papers come, told in the talks about their orders."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.permissions import Permission
from counterparties.services.talk import thread_note
from documents.models import Document


@transaction.atomic
def invoice_note(*, document_id: int, at: datetime) -> None:
    """Write an invoice into the talk of its order, for those who may see papers. Idempotent."""
    document = Document.objects.select_related("legal_entity").get(pk=document_id)
    thread_note(
        holding_id=document.legal_entity.holding_id,
        legal_entity_id=document.legal_entity_id,
        reference=document.reference,
        permission=Permission.DOCUMENT_VIEW,
        subject=str(document),
        text="",
        address=reverse("documents:detail", args=[document.uid]),
        key=f"document:{document.pk}",
        at=at,
    )
