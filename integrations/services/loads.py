"""How a load of a file is prepared: by a worker, for a trial."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q

from integrations.models import ExchangeFile, ExchangeNode, FileState
from integrations.onec.loading.context import FAR, LoadContext, Uploads
from integrations.onec.loading.ids import ExternalIds
from integrations.services.uploads import SessionUploads


def load_context(*, file: ExchangeFile, at: datetime, tell: Callable[[str], None]) -> LoadContext:
    """Prepare the load of a received file as its base and its history want it."""
    session, node = file.session, file.session.node
    uploads = SessionUploads(file.replay_of.session if file.replay_of else session)
    context = node_context(node=node, name=file.name, at=at, tell=tell, uploads=uploads)
    context.is_manual = session.is_manual
    context.is_marking = node.is_missing_hidden and not session.is_manual
    context.is_confirming = not file.is_approved and _is_any_waiting(node)
    context.keep_after = file.finished_at if file.is_approved and file.finished_at else FAR
    return context


def _is_any_waiting(node: ExchangeNode) -> bool:
    """Tell whether a file of the base may yet be applied late."""
    files = ExchangeFile.objects.filter(session__node=node)
    return files.filter(Q(state=FileState.HELD) | Q(state=FileState.IMPORTING, is_approved=True)).exists()


def node_context(
    *, node: ExchangeNode, name: str, at: datetime, tell: Callable[[str], None], uploads: Uploads
) -> LoadContext:
    """Prepare a load for a base."""
    return LoadContext(
        node_id=node.pk,
        file_name=name,
        at=at,
        tell=tell,
        uploads=uploads,
        ids=ExternalIds(node.pk),
        price_step=node.price_step_limit,
    )
