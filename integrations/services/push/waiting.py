"""Items that came before what they name: taken as soon as that is known, whatever came first."""

from dataclasses import replace

from django.db.models import Exists, OuterRef
from pydantic import ValidationError

from integrations.models import ExternalId, PushRef, PushStream, RefState
from integrations.push.faults import faults_told
from integrations.services.incoming.work import Work
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.streams import STREAMS
from integrations.services.push.taking import item_try


def items_retry(work: Work) -> int:
    """Take what waits no more, in the caller's transaction and turn; return how many found their place.

    Stream by stream in their order: a contract that finds its place frees its settlements.
    """
    waiting = PushRef.objects.filter(node=work.node, state=RefState.WAITING)
    if not waiting.exists():
        return 0
    known = ExternalId.objects.filter(
        node=OuterRef("node"), kind=OuterRef("wants_kind"), external_id=OuterRef("wants_ref")
    )
    placed = 0
    for stream in STREAMS:
        for row in waiting.filter(Exists(known), stream=stream).order_by("pk"):
            placed += _again(work, row)
    return placed


def _again(work: Work, row: PushRef) -> bool:
    """Once more with what was kept and as of then; a refusal that shows only now is kept with the row.

    What an earlier version of the portal has kept may be of a shape that it takes no more.
    """
    stream, work = PushStream(row.stream), replace(work, formed_at=row.formed_at)
    try:
        item = STREAMS[stream].item.model_validate(row.payload)
        item_try(work, stream, item, row)
    except (ItemRefused, ValidationError) as error:
        refusal = faults_told(error) if isinstance(error, ValidationError) else str(error)
        row.state, row.reason, row.digest, row.payload = RefState.REJECTED, refusal[:300], "", None
    row.save()
    return row.state == RefState.TAKEN
