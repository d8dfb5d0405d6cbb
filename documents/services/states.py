"""Moving a paper from state to state; nothing else of it ever changes."""

from django.db import transaction

from documents.models import Document
from documents.refusals import WrongStep
from documents.states import STEPS, DocumentState


@transaction.atomic
def document_step(*, document_id: int, target: DocumentState) -> Document:
    """Put a paper into a state that its own leads to; already there changes nothing.

    Raises Document.DoesNotExist, WrongStep.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
    state = DocumentState(document.state)
    if state == target:
        return document
    if target not in STEPS.get(state, frozenset()):
        raise WrongStep(f"{document}: {state.label.lower()}, а должно стать: {target.label.lower()}.")
    document.state = target
    document.save(update_fields=["state"])
    return document


def document_cancel(*, document_id: int) -> Document:
    """End a paper without another in its place. Raises Document.DoesNotExist, WrongStep."""
    return document_step(document_id=document_id, target=DocumentState.CANCELLED)
