"""What people have uploaded, and what became of it."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from counterparties.actor import Actor
from orders.models import Cart, ClientCode, RowState, Upload, UploadRow


def uploads_listed(actor: Actor) -> QuerySet[Upload]:
    """The person's own uploads, newest first, with `ready_rows` and `open_rows` (still to be settled)."""
    waits = Q(rows__state__in=[RowState.CHOICE, RowState.SHORT, RowState.FAULT])
    return (
        Upload.objects.visible_to(actor)
        .select_related("legal_entity", "city")
        .annotate(
            ready_rows=Count("rows", filter=Q(rows__state=RowState.READY)),
            open_rows=Count("rows", filter=waits),
        )
        .order_by("-created_at", "-pk")
    )


def upload_seen(*, actor: Actor, uid: UUID | str) -> Upload:
    """An upload with all that its pages tell; one query. Raises Upload.DoesNotExist."""
    uploads = Upload.objects.visible_to(actor).select_related(
        "legal_entity__holding__group", "contract__organization", "city", "original"
    )
    return uploads.get(uid=uid)


def upload_counts(upload: Upload) -> dict[str, int]:
    """Rows by state, all five of them; they sum to the rows of the file; one query."""
    rows = UploadRow.objects.filter(upload=upload)
    counted = dict(rows.values("state").annotate(count=Count("pk")).values_list("state", "count"))
    return {state: counted.get(state, 0) for state in RowState.values}


def codes_taught(upload: Upload) -> int:
    """How many codes in use were learnt from the upload; one query."""
    return ClientCode.objects.in_use().filter(upload=upload).count()


def carts_for_upload(*, actor: Actor, upload: Upload) -> list[Cart]:
    """Carts that its rows may go to beside the current one: saved ones of the same place; one query."""
    carts = Cart.objects.writable_by(actor).filter(
        contract=upload.contract_id,
        city=upload.city_id,
        drafted_by=upload.drafted_by_id,
        is_current=False,
    )
    return list(carts.order_by("-updated_at", "-pk")[:50])
