"""What clients ask 1C for: asked in the cabinet, fetched by 1C, answered with a paper."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract
from counterparties.reach import reach
from documents.models import ReceivedDocument
from documents.states import ReceivedKind
from integrations.models import (
    ErpRequest,
    ExchangeNode,
    ExternalId,
    ExternalKind,
    RequestKind,
    RequestState,
)
from integrations.models.requests import OPEN
from integrations.selectors import external_ids
from integrations.services.claims import claim_offer
from integrations.services.shipments import shipment_offer
from orders.models import ErpDocument, Order, OrderPart
from orders.services.claim_credits import claim_erp_refused
from orders.services.shipment_moves import shipment_request_refuse
from portal.lib.dates import moscow_date

LIMIT = 100
MOST_OPEN = 30  # of one legal entity
_FIRST_DAY = date(2000, 1, 1)
_ANSWERS: dict[RequestKind, frozenset[str]] = {
    RequestKind.ACT: frozenset({ReceivedKind.ACT}),
    RequestKind.INVOICE: frozenset({ReceivedKind.INVOICE}),
    RequestKind.CLAIM: frozenset({ReceivedKind.RETURN, ReceivedKind.CORRECTION}),
    RequestKind.FILE: frozenset(ReceivedKind.values) - {ReceivedKind.ACT, ReceivedKind.CONTRACT},
}


class RequestRefused(Exception):
    """Why nothing can be asked for, in Russian."""


@dataclass(frozen=True, slots=True)
class RequestTarget:
    """What is asked for: an act of a contract and period, an invoice of a part, a paper's original."""

    kind: RequestKind
    contract_id: int | None = None
    period_from: date | None = None
    period_to: date | None = None
    part_id: int | None = None
    paper_id: int | None = None


@transaction.atomic
def erp_request_create(*, actor: Actor, target: RequestTarget, at: datetime) -> tuple[ErpRequest, bool]:
    """Ask 1C for a paper; the same thing asked again while it waits is one request. Tell whether it is new.

    Raises AccessDenied, RequestRefused, Contract.DoesNotExist, OrderPart.DoesNotExist and
    ErpDocument.DoesNotExist (not there or somebody else's).
    """
    is_act = target.kind == RequestKind.ACT
    actor.require(Permission.FINANCE_VIEW if is_act else Permission.DOCUMENT_VIEW)
    if actor.user_id is None or actor.is_read_only:
        raise AccessDenied("Запросы делают только люди")
    told = _act(actor, target, at) if is_act else _paper(actor, target)
    _check_room(told)
    request, is_new = ErpRequest.objects.get_or_create(
        **told,
        kind=target.kind,
        state__in=OPEN,
        defaults={
            "state": RequestState.WAITING,
            "created_by_id": actor.user_id,
            "impersonator_id": actor.impersonator_id,
            "created_at": at,
        },
    )
    return request, is_new


def _check_room(told: dict[str, Any]) -> None:
    """One client's hundreds of periods may not stand before what others wait for."""
    waiting = ErpRequest.objects.filter(legal_entity=told["legal_entity_id"], state__in=OPEN)
    waiting = waiting.exclude(kind__in=[RequestKind.SHIPMENT, RequestKind.CLAIM])
    if waiting.count() >= MOST_OPEN:
        raise RequestRefused("Ответа 1С ждёт слишком много запросов. Дождитесь их и попробуйте снова.")


def _act(actor: Actor, target: RequestTarget, at: datetime) -> dict[str, Any]:
    contract = Contract.objects.filter(reach(actor, Permission.FINANCE_VIEW)).get(pk=target.contract_id or 0)
    start, end = target.period_from, target.period_to
    if start is None or end is None or start > end:
        raise RequestRefused("Укажите период: начало не позже конца.")
    if start < _FIRST_DAY or end > moscow_date(at):
        raise RequestRefused("Акт сверки делают за прошедшие дни.")
    return _told(
        _node(contract.organization_id),
        contract.legal_entity_id,
        contract_id=contract.pk,
        period_from=start,
        period_to=end,
    )


def _paper(actor: Actor, target: RequestTarget) -> dict[str, Any]:
    orders = Order.objects.visible_to(actor).filter(
        reach(actor, Permission.DOCUMENT_VIEW, author="created_by")
    )
    if target.kind == RequestKind.INVOICE:
        part = OrderPart.objects.select_related("order").get(pk=target.part_id or 0, order__in=orders)
        return _told(_node(part.order.organization_id), part.order.legal_entity_id, part_id=part.pk)
    papers = ErpDocument.objects.select_related("part__order").filter(is_deleted=False)
    paper = papers.get(pk=target.paper_id or 0, part__order__in=orders)
    known = ExternalId.objects.filter(kind=ExternalKind.ERP_DOCUMENT, object_id=paper.pk)
    node = ExchangeNode.objects.filter(pk__in=known.values("node"), is_active=True).order_by("pk").first()
    if node is None or not node.answers_requests:
        raise RequestRefused("1С не отвечает на такие запросы, обратитесь к менеджеру.")
    return _told(node, paper.part.order.legal_entity_id, part_id=paper.part_id, paper_id=paper.pk)


def _told(node: ExchangeNode, legal_entity_id: int, **rest: Any) -> dict[str, Any]:
    """All columns of the key: what is not named is empty, not anything."""
    empty = dict.fromkeys(
        (
            "contract_id",
            "period_from",
            "period_to",
            "part_id",
            "paper_id",
            "shipment_id",
            "claim_id",
        )
    )
    return {"node_id": node.pk, "legal_entity_id": legal_entity_id} | empty | rest


def _node(organization_id: int) -> ExchangeNode:
    nodes = ExchangeNode.objects.filter(organizations=organization_id, is_active=True, answers_requests=True)
    node = nodes.order_by("pk").first()
    if node is None:
        raise RequestRefused("1С не отвечает на такие запросы, обратитесь к менеджеру.")
    return node


def requests_offer(node: ExchangeNode, limit: int = LIMIT) -> list[dict[str, Any]]:
    """What the base has to make, oldest first; offered again and again until it says that it has it."""
    waiting = list(
        ErpRequest.objects.filter(node=node, state=RequestState.WAITING)
        .select_related(
            "legal_entity", "contract__organization", "part", "paper", "shipment", "claim__shipment"
        )
        .prefetch_related("shipment__lines__line__part", "claim__lines")
        .order_by("created_at", "pk")[:limit]
    )
    refs = _Refs(node, waiting)
    return [refs.offer(request) for request in waiting]


class _Refs:
    """Ids under which the base knows what the requests name; six queries."""

    def __init__(self, node: ExchangeNode, requests: Collection[ErpRequest]) -> None:
        def found(kind: ExternalKind, pks: Collection[int | None]) -> dict[int, str]:
            return external_ids(node=node, kind=kind, object_ids={pk for pk in pks if pk is not None})

        self._entities = found(ExternalKind.LEGAL_ENTITY, [_heir_id(one) for one in requests])
        self._contracts = found(ExternalKind.CONTRACT, [one.contract_id for one in requests])
        lines = [row.line for one in requests if one.shipment for row in one.shipment.lines.all()]
        parts = [one.part_id for one in requests] + [line.part_id for line in lines]
        self._parts = found(ExternalKind.ORDER_PART, parts)
        claimed = [line.sku_id for one in requests if one.claim for line in one.claim.lines.all()]
        self._skus = found(ExternalKind.SKU, [line.sku_id for line in lines] + claimed)
        places = [one.shipment.warehouse_id for one in requests if one.shipment]
        self._warehouses = found(ExternalKind.WAREHOUSE, places)
        papers = [one.paper_id for one in requests]
        papers += [one.claim.shipment_id for one in requests if one.claim]
        self._papers = found(ExternalKind.ERP_DOCUMENT, papers)

    def offer(self, request: ErpRequest) -> dict[str, Any]:
        entity, contract, part, paper = request.legal_entity, request.contract, request.part, request.paper
        told: dict[str, Any] = {
            "ref": str(request.uid),
            "type": request.kind,
            "created_at": request.created_at.isoformat(timespec="seconds"),
            "counterparty": {
                "ref": self._entities.get(_heir_id(request), ""), "inn": entity.inn, "kpp": entity.kpp,
            },
        }  # fmt: skip
        if contract is not None:
            told["contract"] = {
                "ref": self._contracts.get(contract.pk, ""),
                "number": contract.number,
                "date": contract.date.isoformat(),
                "organization_inn": contract.organization.inn,
            }
        if request.period_from and request.period_to:
            told |= {"from": request.period_from.isoformat(), "to": request.period_to.isoformat()}
        if part is not None:
            number = part.erp_number
            told["order"] = {
                "ref": self._parts.get(part.pk, ""), "site_number": part.number, "number": number,
            }  # fmt: skip
        if paper is not None:
            told["document"] = {
                "ref": self._papers.get(paper.pk, ""),
                "type": paper.kind,
                "number": paper.number,
                "date": paper.date.isoformat() if paper.date else None,
            }
        if request.shipment is not None:
            told["shipment"] = shipment_offer(
                request.shipment, warehouses=self._warehouses, parts=self._parts, skus=self._skus
            )
        if request.claim is not None:
            told["claim"] = claim_offer(request.claim, papers=self._papers, skus=self._skus)
        return told


def _heir_id(request: ErpRequest) -> int:
    """1C's ids of a merged legal entity lead to its heir."""
    return request.legal_entity.merged_into_id or request.legal_entity_id


@transaction.atomic
def requests_accept(node: ExchangeNode, refs: Collection[UUID], *, at: datetime) -> int:
    """The base has these requests and makes the papers; return how many were new to it. Idempotent."""
    waiting = ErpRequest.objects.filter(node=node, uid__in=refs, state=RequestState.WAITING)
    return waiting.update(state=RequestState.TAKEN, taken_at=at)


@transaction.atomic
def requests_refuse(node: ExchangeNode, reasons: Mapping[UUID, str], *, at: datetime) -> int:
    """The base will not make these papers, for these reasons; return how many were open. Idempotent."""
    open_ones = list(
        ErpRequest.objects.select_for_update(of=("self",))
        .filter(node=node, uid__in=reasons, state__in=OPEN)
        .order_by("pk")
    )
    for request in open_ones:
        request.state, request.answered_at = RequestState.REFUSED, at
        request.reason = (reasons[request.uid] or "без объяснения")[:300]
        if request.shipment_id is not None:
            shipment_request_refuse(request_id=request.shipment_id, reason=request.reason)
        if request.claim_id is not None:
            claim_erp_refused(claim_id=request.claim_id, reason=request.reason, at=at)
    ErpRequest.objects.bulk_update(open_ones, ["state", "reason", "answered_at"])
    return len(open_ones)


def request_answer(*, node: ExchangeNode, uid: str, document: ReceivedDocument, at: datetime) -> bool:
    """A paper is the answer to a request of its own client for such a paper; tell whether there is one.

    Idempotent.
    """
    entity_id = document.legal_entity_id
    request = (
        ErpRequest.objects.select_for_update(of=("self",))
        .filter(node=node, uid=uid)
        .filter(Q(legal_entity=entity_id) | Q(legal_entity__merged_into=entity_id))
        .first()
    )
    if request is None or document.kind not in _ANSWERS.get(RequestKind(request.kind), frozenset()):
        return False
    if request.answer_id != document.pk or request.state != RequestState.ANSWERED:
        request.state, request.answer, request.answered_at = RequestState.ANSWERED, document, at
        request.save(update_fields=["state", "answer", "answered_at"])
    return True
