"""Handing over files of acts, and noting who took them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from documents.models import Act, DocumentDownload
from documents.services.act_making import act_file_name
from documents.states import FileRole
from portal.files.models import StoredFile
from portal.files.sniffing import extension


@transaction.atomic
def act_file_fetch(*, actor: Actor, uid: UUID, kind: str, at: datetime) -> tuple[StoredFile, str]:
    """Hand over a file with its name: pdf, xlsx, own (the client's newest act) or scan.

    Raises AccessDenied, Act.DoesNotExist (not there, somebody else's, or without such a file).
    """
    actor.require(Permission.FINANCE_VIEW)
    if actor.user_id is None:
        raise AccessDenied("Документы получают только люди")
    related = ("document__file", "received__file", "signed_scan")
    act = Act.objects.visible_to(actor).select_related(*related).get(uid=uid)
    file, name = _found(act, kind)
    if file is None:
        raise Act.DoesNotExist
    if act.document is not None or act.received is not None:
        DocumentDownload.objects.create(
            document_id=act.document_id,
            received_id=None if act.document_id else act.received_id,
            user_id=actor.user_id,
            impersonator_id=actor.impersonator_id,
            at=at,
        )
    return file, name


def _found(act: Act, kind: str) -> tuple[StoredFile | None, str]:
    if kind == "own":
        own = act.client_acts.select_related("file").order_by("-pk").first()
        return (own.file, own.name) if own else (None, "")
    if kind == "scan" and act.signed_scan is not None:
        return act.signed_scan, f"{act}, подписан.{extension(act.signed_scan.mime)}"
    if act.document is None:
        if kind == "pdf" and act.received is not None:
            file = act.received.file
            return file, f"{act.received}.{extension(file.mime)}" if file else ""
        return None, ""
    number, day = act.document.number_print, act.document.date
    if kind == "pdf":
        return act.document.file, act_file_name(number, day, "pdf")
    if kind == FileRole.XLSX:
        kept = act.document.files.select_related("file").filter(role=kind).first()
        return (kept.file, act_file_name(number, day, kind)) if kept else (None, "")
    return None, ""
