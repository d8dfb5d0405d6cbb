"""Papers that people ask for on a page: one job each, whose end the page waits for."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import LegalEntityBankAccount
from counterparties.selectors import actor_for
from documents.compose.shipping import ProxyWish, proxy_payload, shipping_payload
from documents.events import PaperAsked
from documents.forms_in_force import form_in_force
from documents.layout.forms import paper_pdf
from documents.models import Document, DocumentTask
from documents.numbering import series_of
from documents.payloads.codec import to_json
from documents.refusals import PaperNotPossible
from documents.selectors.shipped import RETURN, SHIPMENT, shipped
from documents.services.corrections import correctable, correction_issue
from documents.services.invoices import invoice_issue, invoice_renew
from documents.services.issuing import Composed, Draft, Finishing, document_issue, paper_in_force
from documents.services.shipment_papers import (
    OF_SHIPMENT,
    revision_issue,
    shipment_draft,
    shipment_paper_issue,
)
from documents.states import DocumentKind, TaskState
from orders.models import ErpDocument, Order, ShipmentRequest, order_id_of
from orders.selectors.shipment_list import shipments_visible_to
from orders.selectors.shipments import RequestCard, request_card
from orders.states import WrongState
from portal import outbox
from portal.files.models import StoredFile
from portal.files.services import store
from portal.lib.dates import moscow_date

REQUEST = "shipment_request:"
_OF_REQUEST = (DocumentKind.SHIPPING, DocumentKind.PROXY)
DRAFT, WITHOUT_NUMBER = "ЧЕРНОВИК, оригинал у 1С", "б/н"
_LOST_AFTER = timedelta(hours=1)
_LOST = "Подготовка прервалась. Запустите ее еще раз."
_BROKEN = "Не получилось из-за ошибки портала, администратор о ней уже знает."


@transaction.atomic
def paper_ask(
    *,
    actor: Actor,
    kind: DocumentKind,
    reference: str,
    options: Mapping[str, Any],
    at: datetime,
) -> DocumentTask:
    """Have a paper of a shipment or an invoice (staff), or of a request for shipment (its client) made.

    An invoice anew is asked for with `renews`, the first one of an order without it.

    While one is being made for the same thing, that is the one, whoever asked. Raises AccessDenied,
    ErpDocument.DoesNotExist, ShipmentRequest.DoesNotExist, Order.DoesNotExist (not there or not visible).
    """
    user_id = _asker(actor, kind, reference)
    waiting = DocumentTask.objects.select_for_update().filter(
        kind=kind, reference=reference, state=TaskState.QUEUED
    )
    for task in waiting:
        if task.asked_at > at - _LOST_AFTER:
            return task
        _failed(task.pk, _LOST)
    task, is_new = DocumentTask.objects.get_or_create(
        kind=kind,
        reference=reference,
        state=TaskState.QUEUED,
        defaults={
            "options": dict(options),
            "asked_by_id": user_id,
            "impersonator_id": actor.impersonator_id,
            "asked_at": at,
        },
    )
    if is_new:
        outbox.publish(PaperAsked(task_id=task.pk))
    return task


def paper_make(
    *,
    task_id: int,
    at: datetime,
    finishing: Finishing = transaction.atomic,
    is_last_try: bool = False,
) -> None:
    """Make what was asked for; however often it runs, one number and one file come of it.

    What only a person can mend makes the task failed with the reason, and so does the last try that
    breaks. Raises whatever broke.
    """
    task = DocumentTask.objects.select_related("asked_by").filter(pk=task_id, state=TaskState.QUEUED).first()
    if task is None:
        return
    try:
        draft = _draft_of_erp(task, at=at)
        document = None if draft else _made(task, at=at)
    except (PaperNotPossible, ErpDocument.DoesNotExist, ShipmentRequest.DoesNotExist) as reason:
        with finishing():
            _failed(task.pk, str(reason) if isinstance(reason, PaperNotPossible) else "Отгрузки больше нет.")
        return
    except Exception:
        if is_last_try:
            _failed(task.pk, _BROKEN)
        raise
    with finishing():
        DocumentTask.objects.filter(pk=task.pk, state=TaskState.QUEUED).update(
            state=TaskState.READY, document=document, file=_kept(task, draft) if draft else None
        )


def task_fetch(*, uid: UUID, actor: Actor) -> tuple[DocumentTask, StoredFile]:
    """Hand over a draft to whoever asked for it.

    Raises AccessDenied, DocumentTask.DoesNotExist (not there, somebody else's, or no draft).
    """
    actor.require(Permission.CLIENT_SERVE)
    task = DocumentTask.objects.visible_to(actor).select_related("file").get(uid=uid)
    if task.file is None:
        raise DocumentTask.DoesNotExist
    return task, task.file


def _asker(actor: Actor, kind: DocumentKind, reference: str) -> int:
    """Who asks, if he may. Raises AccessDenied and what is not visible."""
    actor.require(Permission.DOCUMENT_VIEW)
    if actor.user_id is None or actor.is_read_only:
        raise AccessDenied("Документы запрашивают только люди")
    start, _colon, pk = reference.partition(":")
    if f"{start}:" == REQUEST and kind in _OF_REQUEST:
        ShipmentRequest.objects.visible_to(actor).get(pk=pk)
        return actor.user_id
    actor.require(Permission.CLIENT_SERVE)
    if f"{start}:" == SHIPMENT:
        shipments_visible_to(actor).get(pk=pk)
    elif kind == DocumentKind.INVOICE:
        Order.objects.visible_to(actor).get(pk=order_id_of(reference))
    elif f"{start}:" == RETURN:
        ErpDocument.objects.filter(part__in=shipments_visible_to(actor).values("part")).get(pk=pk)
    else:
        raise AccessDenied(kind.label)
    return actor.user_id


def _made(task: DocumentTask, *, at: datetime) -> Document:
    kind, (start, _colon, pk) = DocumentKind(task.kind), task.reference.partition(":")
    if kind in _OF_REQUEST:
        return _of_request(task, kind, int(pk), at=at)
    if kind == DocumentKind.INVOICE:
        return _invoice(task, at=at)
    today = moscow_date(at)
    paper = ErpDocument.objects.get(pk=pk)
    if kind == DocumentKind.CORRECTION and task.options.get("revision"):
        raise PaperNotPossible("Исправлений к УКД портал не выписывает: выпишите новый УКД к УПД.")
    if kind == DocumentKind.CORRECTION:
        original = correctable(paper)
        if original is None:
            raise PaperNotPossible("Действующего УПД портала к этой отгрузке нет: корректировать нечего.")
        return correction_issue(
            original_id=original.pk,
            return_id=paper.pk if f"{start}:" == RETURN else None,
            reason=str(task.options.get("reason", "")),
            day=today,
            at=at,
        )
    if kind not in OF_SHIPMENT:
        raise PaperNotPossible(f"{kind.label}: такие документы по отгрузке не делают.")
    if task.options.get("revision"):
        return _revised(task, kind, at=at)
    day = today if task.options.get("today") else paper.date or today
    return shipment_paper_issue(paper_id=paper.pk, kind=kind, day=day, at=at)


def _invoice(task: DocumentTask, *, at: datetime) -> Document:
    """Another invoice in place of one, or the first one that could not be issued by itself."""
    if "renews" in task.options:
        return invoice_renew(document_id=int(task.options["renews"]), at=at)
    try:
        return invoice_issue(order_id=order_id_of(task.reference), at=at)
    except WrongState as reason:
        raise PaperNotPossible("Заказ не подтвержден или отменен: счет по нему не выписывают.") from reason


def _draft_of_erp(task: DocumentTask, *, at: datetime) -> bytes | None:
    """A look at a paper that 1C numbers: under 1C's number, marked across; it is no document."""
    kind, (start, _colon, pk) = DocumentKind(task.kind), task.reference.partition(":")
    if kind not in OF_SHIPMENT or f"{start}:" != SHIPMENT or task.options.get("revision"):
        return None
    facts = shipped(int(pk))
    day = facts.paper.date or moscow_date(at)
    draft = shipment_draft(facts, kind, day=day)
    if draft.series.is_ours:
        return None
    composed = draft.compose(facts.paper.number or WITHOUT_NUMBER)
    return paper_pdf(kind, composed.payload, None, watermark=DRAFT)


def _kept(task: DocumentTask, draft: bytes) -> StoredFile:
    name = f"{task.get_kind_display()}, черновик.pdf"
    return store(content=draft, name=name, mime="application/pdf", source="draft")


def _revised(task: DocumentTask, kind: DocumentKind, *, at: datetime) -> Document:
    """An исправление of what was in force when it was asked for: a repeat finds it made."""
    current = paper_in_force(kind, task.reference)
    if current is None:
        raise PaperNotPossible("Документ уже не действует, исправлять нечего.")
    if current.revision >= int(task.options["revision"]):
        return current
    return revision_issue(document_id=current.pk, day=moscow_date(at), at=at)


def _of_request(task: DocumentTask, kind: DocumentKind, pk: int, *, at: datetime) -> Document:
    """A paper of a request: what is in force stays unless the request or the wish says otherwise now."""
    card = request_card(actor=_actor(task, at), request_id=pk)
    day = moscow_date(at)
    compose = _composing(task, kind, card)
    current = paper_in_force(kind, task.reference)
    if current is not None and to_json(compose(current.date).payload) == current.payload:
        return current
    request = card.request
    draft = Draft(
        kind=kind,
        reference=task.reference,
        series=series_of(organization=request.contract.organization, kind=kind),
        day=day,
        legal_entity_id=request.legal_entity_id,
        contract_id=request.contract_id,
        part_ids=tuple({one.row.line.part_id for one in card.lines}),
        compose=lambda number: compose(day),
        replaces=current,
    )
    return document_issue(draft=draft, at=at)


def _composing(task: DocumentTask, kind: DocumentKind, card: RequestCard) -> Callable[[date], Composed]:
    """How the paper reads on a day; its number is the request's or the person's, not the series'."""
    if kind == DocumentKind.SHIPPING:

        def shipping(day: date) -> Composed:
            form = form_in_force(kind, day).code
            payload = shipping_payload(card=card, day=day, form=form)
            return Composed(payload=payload, number=payload.number, form=form, total=card.total)

        return shipping
    accounts = LegalEntityBankAccount.objects.filter(legal_entity=card.request.legal_entity_id)
    account = accounts.order_by("-is_default", "pk").first()
    told = dict(task.options)
    wish = ProxyWish(**(told | {"until": date.fromisoformat(told["until"])}))

    def proxy(day: date) -> Composed:
        form = form_in_force(kind, day).code
        payload = proxy_payload(card=card, wish=wish, account=account, day=day, form=form)
        return Composed(payload=payload, number=payload.number, form=form, total=card.total)

    return proxy


def _actor(task: DocumentTask, at: datetime) -> Actor:
    """Who asked, with the rights he has now in the client's name that the request is of."""
    pk = task.reference.partition(":")[2]
    holding_id = ShipmentRequest.objects.values_list("legal_entity__holding_id", flat=True).get(pk=pk)
    person: User = task.asked_by
    return actor_for(person, on=moscow_date(at), holding_id=holding_id, impersonator_id=task.impersonator_id)


def _failed(task_id: int, reason: str) -> None:
    DocumentTask.objects.filter(pk=task_id, state=TaskState.QUEUED).update(
        state=TaskState.FAILED, fault=reason[:300]
    )
