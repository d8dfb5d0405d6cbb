"""Addresses of papers for the access matrix, and the things that they name."""

from collections.abc import Callable
from typing import Any

from documents.archive.papers import ArchiveScope
from documents.models import DocumentArchive, DocumentTask
from documents.services.archives import archive_ask, archive_make
from documents.services.asked_papers import paper_ask
from documents.states import DocumentKind
from orders.models import ShipmentRequest
from tests.factories import AT, TODAY, World, actor_of
from tests.flows.shipment_rows import make_request, request_pk

READERS = "login 200 200 200 200 200 200 200 200 403 login"
SEES = "login 200 404 200 404 404 200 404 200 403 login"
ACTS = SEES.replace("200", "302")
SIGNS = "login 403 404 302 404 404 302 404 302 403 login"
STAFF_ACTS = "login 403 403 403 403 403 302 404 302 403 login"
CLIENTS_ACT = "login 302 302 302 302 302 403 403 403 403 login"
ASKER = "login 200 404 404 404 404 404 404 404 404 login"
READING_ASKER = "login 200 404 404 404 404 404 404 404 403 login"


def nothing(it: Any) -> dict[str, object]:
    return {}


def document_uid(it: Any) -> dict[str, object]:
    return {"uid": it.invoice.uid}


def received_uid(it: Any) -> dict[str, object]:
    return {"uid": it.received.uid}


def make_archive(world: World) -> DocumentArchive:
    """The buyer's archive of the year up to now."""
    scope = ArchiveScope(TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31), None, ())
    row = archive_ask(actor=actor_of(world.buyer), scope=scope, at=AT)
    archive_make(archive_id=row.pk, at=AT)
    row.refresh_from_db()
    return row


def archive_uid(it: Any) -> dict[str, object]:
    return {"uid": (DocumentArchive.objects.first() or make_archive(it.world)).uid}


def task_uid(it: Any) -> dict[str, object]:
    request = ShipmentRequest.objects.first() or make_request(it.order)
    task = DocumentTask.objects.first() or paper_ask(
        actor=actor_of(it.world.buyer),
        kind=DocumentKind.SHIPPING,
        reference=f"shipment_request:{request.pk}",
        options={},
        at=AT,
    )
    return {"uid": task.uid}


PAPER_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "documents:detail": ("GET", document_uid, SEES),
    "documents:received_detail": ("GET", received_uid, SEES),
    "documents:copy_add": ("POST", document_uid, SIGNS),
    "documents:copy_return": ("POST", document_uid, STAFF_ACTS),
    "documents:received_copy_add": ("POST", received_uid, SIGNS),
    "documents:received_copy_return": ("POST", received_uid, STAFF_ACTS),
    "documents:correct": ("POST", document_uid, STAFF_ACTS),
    "documents:shipment_paper": ("POST", lambda it: {"pk": it.shipment.pk}, STAFF_ACTS),
    "documents:order_invoice": ("POST", lambda it: {"pk": it.order.pk}, STAFF_ACTS),
    "documents:request_paper": ("POST", request_pk, ACTS),
    "documents:task": ("GET", task_uid, ASKER),
    "documents:task_file": ("GET", task_uid, "login 403 403 403 403 403 404 404 404 403 login"),
    "documents:archives": ("GET", nothing, READERS),
    "documents:archive_state": ("GET", nothing, READERS),
    "documents:archive_rule": ("POST", nothing, CLIENTS_ACT),
    "documents:archive_file": ("GET", archive_uid, READING_ASKER),
    "documents:completeness": ("GET", nothing, READERS),
}
