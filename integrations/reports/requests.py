"""What clients asked 1C for, as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, Organization
from counterparties.reach import reach
from documents.models import ReceivedDocument
from integrations.models import ErpRequest, ExternalId, ExternalKind, RequestKind, RequestState
from integrations.models.requests import OPEN
from orders.models import ErpDocument
from portal.lib.dates import format_date

MOST = 10


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request: what, about what, and where it stands."""

    title: str
    details: str
    note: str
    is_open: bool
    answer_uid: UUID | None
    is_act: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """The last request for a paper's original, and whether it may be asked for now."""

    request: RequestRow | None
    may_ask: bool


def request_rows(*, actor: Actor) -> list[RequestRow]:
    """The newest requests visible to the actor; one query."""
    requests = _requests().filter(pk__in=ErpRequest.objects.visible_to(actor).values("pk"))
    return [_row(request) for request in requests.order_by("-created_at", "-pk")[:MOST]]


def act_contracts(*, actor: Actor) -> QuerySet[Contract]:
    """Contracts for which the actor may ask for an act: their base answers requests."""
    answering = Organization.objects.filter(
        exchange_nodes__is_active=True, exchange_nodes__answers_requests=True
    )
    contracts = Contract.objects.filter(reach(actor, Permission.FINANCE_VIEW), organization__in=answering)
    return contracts.select_related("legal_entity").order_by("legal_entity__name", "-is_default", "pk")


def originals(papers: Sequence[ErpDocument], *, actor: Actor) -> dict[int, Original]:
    """By the paper's key; a paper whose base answers no requests is left out. Two queries, or none."""
    alive = [paper.pk for paper in papers if not paper.is_deleted]
    if not alive:
        return {}
    known = ExternalId.objects.filter(
        kind=ExternalKind.ERP_DOCUMENT,
        object_id__in=alive,
        node__is_active=True,
        node__answers_requests=True,
    )
    requests = _requests().filter(paper__in=alive).order_by("created_at", "pk")
    asked = {request.paper_id: _row(request) for request in requests}
    may = actor.user_id is not None and not actor.is_read_only
    found = {}
    for pk in known.values_list("object_id", flat=True):
        row = asked.get(pk)
        found[pk] = Original(row, may_ask=may and (row is None or not (row.is_open or row.answer_uid)))
    return found


def _requests() -> QuerySet[ErpRequest]:
    return ErpRequest.objects.select_related(
        "legal_entity", "contract", "part", "paper", "answer", "shipment", "claim"
    )


def _row(request: ErpRequest) -> RequestRow:
    return RequestRow(
        title=request.get_kind_display(),
        details=_details(request),
        note=_note(request),
        is_open=request.state in OPEN,
        answer_uid=_answer_uid(request.answer),
        is_act=request.kind == RequestKind.ACT,
    )


def _answer_uid(answer: ReceivedDocument | None) -> UUID | None:
    """What can be fetched: a paper with a file that 1C has not marked for deletion since."""
    return answer.uid if answer and answer.file_id and not answer.is_deleted else None


def _details(request: ErpRequest) -> str:
    told = [request.legal_entity.name]
    if request.contract:
        told.append(f"договор {request.contract}")
    if request.period_from and request.period_to:
        told.append(f"{format_date(request.period_from)}–{format_date(request.period_to)}")
    if request.paper:
        told.append(str(request.paper))
    elif request.shipment:
        told.append(str(request.shipment))
    elif request.claim:
        told.append(f"рекламация {request.claim}")
    elif request.part:
        told.append(f"заказ {request.part}")
    return ", ".join(told)


def _note(request: ErpRequest) -> str:
    """«Запрошен 12:40, ждём 1С»."""
    asked = f"Запрошен {_moment(request.created_at)}"
    if request.state == RequestState.WAITING:
        return f"{asked}, ждём 1С"
    if request.state == RequestState.TAKEN:
        return f"{asked}, 1С готовит"
    if request.state == RequestState.REFUSED:
        return f"{asked}, отказ: {request.reason}"
    return f"Получен {_moment(request.answered_at)}" if request.answered_at else asked


def _moment(moment: datetime) -> str:
    """The time alone is enough today."""
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return f"{local:%H:%M}" if today else f"{local:%d.%m.%Y %H:%M}"
