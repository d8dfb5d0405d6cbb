"""Requests: asked in the cabinet, polled by 1C, answered with a paper."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import ValidationError

from accounts.models import User
from accounts.permissions import Stage
from counterparties.actor import AccessDenied
from counterparties.models import Contract
from integrations.models import (
    ErpRequest,
    ExchangeNode,
    ExternalId,
    ExternalKind,
    RequestKind,
    RequestState,
)
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.push.items.documents import DocumentItem
from integrations.push.items.requests import RequestsAck
from integrations.reports.requests import request_rows
from integrations.services.incoming.work import Work
from integrations.services.push.documents import document_take
from integrations.services.push.requests import requests_acked, requests_polled
from integrations.services.requests import (
    MOST_OPEN,
    RequestRefused,
    RequestTarget,
    erp_request_create,
    requests_accept,
    requests_offer,
    requests_refuse,
)
from integrations.services.shipments import shipment_tell
from orders.models import ErpDocument, ShipmentRequest
from orders.states import ErpDocumentKind, ShipmentRequestState
from tests.factories import World, actor_of, make_person
from tests.flows.shipment_rows import make_request
from tests.integrations.erp_world import ENTITY, make_erp_world, ordered

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)


@pytest.fixture
def world(node: ExchangeNode) -> World:
    node.answers_requests = True
    node.save(update_fields=["answers_requests"])
    return make_erp_world(node)


@pytest.fixture
def accountant(world: World) -> User:
    return make_person(world.holding, "head", stage=Stage.FINANCE)


@pytest.fixture
def shipment(node: ExchangeNode, world: World) -> ErpDocument:
    """A shipment of an order of the buyer, known to 1C by its id."""
    part = ordered(world, {0: "3"}, "300").parts.get()
    paper = ErpDocument.objects.create(
        part=part, kind=ErpDocumentKind.SHIPMENT, number="УТ-5", date=date(2026, 11, 25), total=300
    )
    ExternalId.objects.create(
        node=node, kind=ExternalKind.ERP_DOCUMENT, external_id="ship-5", object_id=paper.pk
    )
    return paper


def act(contract: Contract, **told: object) -> RequestTarget:
    usual = {"contract_id": contract.pk, "period_from": date(2026, 7, 1), "period_to": date(2026, 9, 30)}
    return RequestTarget(kind=RequestKind.ACT, **(usual | told))  # type: ignore[arg-type]


def answer(node: ExchangeNode, request: ErpRequest, **told: object) -> Work:
    work = Work(node=node, at=AT, ids=ExternalIds(node.pk), report=LoadReport(), formed_at=AT)
    usual = {
        "ref": "act-1", "type": "act", "number": "1", "counterparty_ref": ENTITY,
        "request_ref": str(request.uid),
    }  # fmt: skip
    document_take(work, DocumentItem.model_validate(usual | told))
    return work


# --- asking ------------------------------------------------------------------------------------------
def test_act_is_asked_for_once_while_it_waits(world: World, accountant: User) -> None:
    actor = actor_of(accountant)

    first, is_new = erp_request_create(actor=actor, target=act(world.contract), at=AT)
    again, is_new_again = erp_request_create(actor=actor, target=act(world.contract), at=AT)

    assert (first, is_new, is_new_again) == (again, True, False)
    assert (first.state, first.created_by, first.legal_entity) == ("waiting", accountant, world.entity)


def test_refused_request_may_be_made_again(node: ExchangeNode, world: World, accountant: User) -> None:
    actor = actor_of(accountant)
    first, _is_new = erp_request_create(actor=actor, target=act(world.contract), at=AT)
    requests_refuse(node, {first.uid: "Нет движений"}, at=AT)

    second, is_new = erp_request_create(actor=actor, target=act(world.contract), at=AT)

    assert is_new
    assert second != first


def test_one_client_does_not_fill_the_queue(world: World, accountant: User) -> None:
    actor = actor_of(accountant)
    for day in range(1, MOST_OPEN + 1):
        erp_request_create(actor=actor, target=act(world.contract, period_from=date(2026, 6, day)), at=AT)

    with pytest.raises(RequestRefused, match="слишком много запросов"):
        erp_request_create(actor=actor, target=act(world.contract), at=AT)

    assert ErpRequest.objects.count() == MOST_OPEN


def test_answer_that_1c_has_deleted_since_leads_nowhere(
    node: ExchangeNode, world: World, accountant: User
) -> None:
    actor = actor_of(accountant)
    request, _is_new = erp_request_create(actor=actor, target=act(world.contract), at=AT)
    content = b"%PDF-1.7 act"
    told = {
        "content_base64": b64encode(content).decode(),
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }

    answer(node, request, file=told)
    (before,) = request_rows(actor=actor)
    answer(node, request, deleted=True)
    (after,) = request_rows(actor=actor)

    assert (before.answer_uid is None, after.answer_uid) == (False, None)


def test_act_needs_the_right_to_see_debts(world: World) -> None:
    with pytest.raises(AccessDenied):
        erp_request_create(actor=actor_of(world.buyer), target=act(world.contract), at=AT)

    assert not ErpRequest.objects.exists()


def test_act_of_a_strangers_contract_is_not_found(world: World, accountant: User) -> None:
    with pytest.raises(Contract.DoesNotExist):
        erp_request_create(actor=actor_of(accountant), target=act(world.other_contract), at=AT)

    assert not ErpRequest.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"period_from": None},
        {"period_from": date(2026, 10, 1)},
        {"period_from": date(1990, 1, 1)},
        {"period_to": date(2026, 11, 28)},
    ],
)
def test_act_needs_a_period_in_the_past(world: World, accountant: User, told: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        erp_request_create(actor=actor_of(accountant), target=act(world.contract, **told), at=AT)

    assert not ErpRequest.objects.exists()


@pytest.mark.parametrize("change", [{"answers_requests": False}, {"is_active": False}])
def test_base_that_does_not_answer_is_not_asked(
    node: ExchangeNode, world: World, accountant: User, shipment: ErpDocument, change: dict[str, bool]
) -> None:
    ExchangeNode.objects.filter(pk=node.pk).update(**change)
    original = RequestTarget(kind=RequestKind.FILE, paper_id=shipment.pk)

    for person, target in ((accountant, act(world.contract)), (world.buyer, original)):
        with pytest.raises(RequestRefused, match="не отвечает"):
            erp_request_create(actor=actor_of(person), target=target, at=AT)

    assert not ErpRequest.objects.exists()


def test_original_of_a_strangers_shipment_is_not_found(world: World, shipment: ErpDocument) -> None:
    with pytest.raises(ErpDocument.DoesNotExist):
        erp_request_create(
            actor=actor_of(world.other_buyer),
            target=RequestTarget(kind=RequestKind.FILE, paper_id=shipment.pk),
            at=AT,
        )

    assert not ErpRequest.objects.exists()


# --- 1C's side -----------------------------------------------------------------------------------------
def test_base_is_offered_what_it_has_to_make(
    node: ExchangeNode, world: World, accountant: User, shipment: ErpDocument
) -> None:
    ExternalId.objects.create(
        node=node, kind=ExternalKind.CONTRACT, external_id="c-1", object_id=world.contract.pk
    )
    asked, _new = erp_request_create(actor=actor_of(accountant), target=act(world.contract), at=AT)
    original, _new = erp_request_create(
        actor=actor_of(world.buyer),
        target=RequestTarget(kind=RequestKind.FILE, paper_id=shipment.pk),
        at=AT + timedelta(minutes=1),
    )

    party = {"ref": ENTITY, "inn": world.entity.inn, "kpp": world.entity.kpp}
    assert requests_offer(node) == [
        {
            "ref": str(asked.uid),
            "type": "act_request",
            "created_at": "2026-11-27T11:05:00+00:00",
            "counterparty": party,
            "contract": {
                "ref": "c-1",
                "number": world.contract.number,
                "date": "2026-01-12",
                "organization_inn": world.organization.inn,
            },
            "from": "2026-07-01",
            "to": "2026-09-30",
        },
        {
            "ref": str(original.uid),
            "type": "file_request",
            "created_at": "2026-11-27T11:06:00+00:00",
            "counterparty": party,
            "order": {"ref": "", "site_number": shipment.part.number, "number": ""},
            "document": {"ref": "ship-5", "type": "shipment", "number": "УТ-5", "date": "2026-11-25"},
        },
    ]
    assert [row["ref"] for row in requests_offer(node, 1)] == [str(asked.uid)]


def test_taken_request_is_offered_no_more(node: ExchangeNode, world: World, accountant: User) -> None:
    asked, _new = erp_request_create(actor=actor_of(accountant), target=act(world.contract), at=AT)

    accepted = [requests_accept(node, [asked.uid, uuid4()], at=AT) for _time in range(2)]

    asked.refresh_from_db()
    assert (accepted, requests_offer(node)) == ([1, 0], [])
    assert (asked.state, asked.taken_at) == (RequestState.TAKEN, AT)


def test_other_base_takes_nothing(node: ExchangeNode, world: World, accountant: User) -> None:
    asked, _new = erp_request_create(actor=actor_of(accountant), target=act(world.contract), at=AT)
    other = ExchangeNode.objects.create(code="erp", name="ERP", username="erp", answers_requests=True)

    assert requests_offer(other) == []
    assert requests_accept(other, [asked.uid], at=AT) == 0
    assert requests_refuse(other, {asked.uid: "нет"}, at=AT) == 0
    asked.refresh_from_db()
    assert asked.state == RequestState.WAITING


@pytest.mark.parametrize("is_taken", [True, False])
def test_paper_answers_its_request(
    node: ExchangeNode, world: World, accountant: User, is_taken: bool
) -> None:
    asked, _new = erp_request_create(actor=actor_of(accountant), target=act(world.contract), at=AT)
    if is_taken:
        requests_accept(node, [asked.uid], at=AT)

    answer(node, asked)
    answer(node, asked)

    asked.refresh_from_db()
    assert (asked.state, asked.answered_at, asked.answer.number) == (RequestState.ANSWERED, AT, "1")  # type: ignore[union-attr]
    assert requests_offer(node) == []


def test_paper_of_another_client_answers_nothing(node: ExchangeNode, world: World, accountant: User) -> None:
    asked, _new = erp_request_create(actor=actor_of(accountant), target=act(world.contract), at=AT)
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id="other", object_id=world.other_entity.pk
    )

    work = answer(node, asked, counterparty_ref="other")

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (RequestState.WAITING, None)
    assert "не этого клиента" in work.report.warnings[0]["text"]


def test_word_of_1c_takes_some_and_refuses_others(node: ExchangeNode, world: World, accountant: User) -> None:
    actor = actor_of(accountant)
    first, _new = erp_request_create(actor=actor, target=act(world.contract), at=AT)
    second, _new = erp_request_create(
        actor=actor, target=act(world.contract, period_from=date(2026, 8, 1)), at=AT
    )
    assert [row["ref"] for row in requests_polled(node)["items"]] == [str(first.uid), str(second.uid)]
    ack = RequestsAck.model_validate(
        {
            "taken": [str(first.uid), str(second.uid)],
            "refused": [{"ref": str(second.uid), "reason": "Нет движений за период"}],
        }
    )

    told = [requests_acked(node, ack, at=AT) for _time in range(2)]

    first.refresh_from_db()
    second.refresh_from_db()
    assert told == [{"accepted": 1, "refused": 1}, {"accepted": 0, "refused": 0}]
    assert (first.state, second.state, second.reason) == ("taken", "refused", "Нет движений за период")
    assert requests_polled(node) == {"items": []}


@pytest.mark.parametrize(
    "told", [{"taken": ["17"]}, {"taken": [17]}, {"refused": [{"ref": str(uuid4())}]}, {"done": []}]
)
def test_senseless_word_of_1c_is_refused_by_its_shape(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RequestsAck.model_validate(told)


# --- pages ---------------------------------------------------------------------------------------------
def test_cabinet_asks_for_an_act_and_shows_where_it_stands(
    client: Client, node: ExchangeNode, world: World, accountant: User
) -> None:
    client.force_login(accountant)
    sent = {"contract": world.contract.pk, "period": "own", "start": "2026-07-01", "end": "2026-09-30"}

    answered = client.post(reverse("documents:request_act"), sent, follow=True)
    repeated = client.post(reverse("documents:request_act"), sent, follow=True)

    asked = ErpRequest.objects.get()
    assert (asked.period_from, asked.period_to) == (date(2026, 7, 1), date(2026, 9, 30))
    page = answered.content.decode()
    assert "Запрос отправлен" in page
    assert "ждём 1С" in page
    assert "01.07.2026–30.09.2026" in page
    assert "уже отправлен" in repeated.content.decode()


def test_quarter_and_year_are_counted_from_today(client: Client, world: World, accountant: User) -> None:
    client.force_login(accountant)

    for period in ("quarter", "year"):
        client.post(reverse("documents:request_act"), {"contract": world.contract.pk, "period": period})

    quarter, year = ErpRequest.objects.order_by("pk")
    assert quarter.period_from is not None
    assert quarter.period_to is not None
    assert (quarter.period_from.day, quarter.period_from.month % 3) == (1, 1)
    assert (quarter.period_to + timedelta(days=1)).month % 3 == 1
    assert (year.period_from.month, year.period_from.day) == (1, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize("told", [{"period": "own"}, {"period": "month"}, {"contract": "0"}, {}])
def test_senseless_form_asks_for_nothing(
    client: Client, world: World, accountant: User, told: dict[str, object]
) -> None:
    client.force_login(accountant)

    sent = {"contract": world.contract.pk, "period": "quarter"} | told if told else {}
    response = client.post(reverse("documents:request_act"), sent)

    assert response.status_code == 302
    assert not ErpRequest.objects.exists()


def test_order_page_asks_for_the_original_once(
    client: Client, node: ExchangeNode, world: World, shipment: ErpDocument
) -> None:
    client.force_login(world.buyer)
    page = reverse("orders:detail", args=[shipment.part.order_id])
    assert "Запросить оригинал" in client.get(page).content.decode()

    client.post(reverse("documents:request_original", args=[shipment.pk]))

    asked = ErpRequest.objects.get()
    text = client.get(page).content.decode()
    assert (asked.kind, asked.paper) == (RequestKind.FILE, shipment)
    assert "ждём 1С" in text
    assert "Запросить оригинал" not in text


def test_order_page_offers_nothing_where_1c_does_not_answer(
    client: Client, node: ExchangeNode, world: World, shipment: ErpDocument
) -> None:
    ExchangeNode.objects.filter(pk=node.pk).update(answers_requests=False)
    client.force_login(world.buyer)

    page = client.get(reverse("orders:detail", args=[shipment.part.order_id])).content.decode()

    assert "Запросить оригинал" not in page


def test_stranger_asks_for_no_original(client: Client, world: World, shipment: ErpDocument) -> None:
    client.force_login(world.other_buyer)

    response = client.post(reverse("documents:request_original", args=[shipment.pk]))

    assert (response.status_code, ErpRequest.objects.count()) == (404, 0)


def test_requests_are_shown_as_far_as_rights_reach(
    world: World, accountant: User, shipment: ErpDocument
) -> None:
    erp_request_create(actor=actor_of(accountant), target=act(world.contract), at=AT)
    erp_request_create(
        actor=actor_of(world.buyer), target=RequestTarget(RequestKind.FILE, paper_id=shipment.pk), at=AT
    )

    def shown(person: User) -> list[str]:
        return sorted(row.title for row in request_rows(actor=actor_of(person)))

    assert shown(accountant) == ["Акт сверки", "Оригинал документа"]
    assert shown(world.buyer) == ["Оригинал документа"]
    assert shown(world.other_buyer) == []


def test_unknown_answers_change_nothing(node: ExchangeNode, world: World) -> None:
    assert requests_accept(node, [], at=AT) == 0
    assert requests_refuse(node, {UUID(int=0): ""}, at=AT) == 0


# --- requests for shipment ----------------------------------------------------------------------------
@pytest.fixture
def wanted(world: World) -> ShipmentRequest:
    order = ordered(world, {0: "3"}, "300")
    return make_request(order, state=ShipmentRequestState.ACCEPTED, driver="Петров")


def test_accepted_shipment_is_offered_to_1c_once(
    world: World, node: ExchangeNode, wanted: ShipmentRequest
) -> None:
    assert shipment_tell(request_id=wanted.pk)
    assert not shipment_tell(request_id=wanted.pk)

    (offer,) = requests_offer(node)
    told = offer["shipment"]
    line = wanted.lines.get().line
    assert (offer["type"], told["number"], told["driver"]) == ("shipment_request", wanted.number, "Петров")
    assert [(one["order"]["site_number"], one["quantity"]) for one in told["lines"]] == [
        (line.part.number, str(line.quantity))
    ]


def test_shipment_that_1c_refuses_is_rejected_with_its_reason(
    world: World, node: ExchangeNode, wanted: ShipmentRequest
) -> None:
    shipment_tell(request_id=wanted.pk)
    request = ErpRequest.objects.get()
    requests_accept(node, [request.uid], at=AT)

    requests_refuse(node, {request.uid: "Нет машины"}, at=AT)

    wanted.refresh_from_db()
    assert (wanted.state, wanted.answer) == (ShipmentRequestState.REJECTED, "Нет машины")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ShipmentRequestState.SHIPPED, RequestState.ANSWERED),
        (ShipmentRequestState.CANCELLED, RequestState.REFUSED),
        (ShipmentRequestState.PICKING, RequestState.WAITING),
    ],
)
def test_shipment_that_is_over_is_offered_no_more(
    world: World, wanted: ShipmentRequest, state: str, expected: str
) -> None:
    shipment_tell(request_id=wanted.pk)
    ShipmentRequest.objects.update(state=state)

    shipment_tell(request_id=wanted.pk)

    assert ErpRequest.objects.get().state == expected


def test_base_that_answers_no_requests_hears_of_no_shipment(
    world: World, node: ExchangeNode, wanted: ShipmentRequest
) -> None:
    node.answers_requests = False
    node.save()

    assert not shipment_tell(request_id=wanted.pk)
