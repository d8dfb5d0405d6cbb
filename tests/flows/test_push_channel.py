"""The simulated base sends JSON to a portal that listens: streams, a lost answer, a request and its paper."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Stage
from counterparties.models import Contract
from documents.models import ReceivedDocument
from finance.models import Settlement
from integrations.models import ErpRequest, ExchangeNode, PushBatch, RequestKind, RequestState
from integrations.onec.client.push import OneCPushClient, PushFaults
from integrations.services.push.keys import key_issue
from integrations.services.requests import RequestTarget, erp_request_create
from tests.factories import AT, World, actor_of, make_person, make_world
from tests.integrations.onec_talk import make_node
from tests.integrations.push_talk import contract, known_world, partner, settlement

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 27, 14, 5, tzinfo=ZoneInfo("Europe/Moscow"))
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def base() -> ExchangeNode:
    node = make_node()
    node.answers_requests = True
    node.save(update_fields=["answers_requests"])
    return node


@pytest.fixture
def known(base: ExchangeNode) -> World:
    world = make_world()
    base.organizations.add(world.organization)
    known_world(base, world)
    return world


def client(live_server: LiveServer, base: ExchangeNode, **faults: Any) -> OneCPushClient:
    _key, secret = key_issue(node_id=base.pk, name="Обмен", at=AT)
    return OneCPushClient(live_server.url, secret, source=base.code, faults=PushFaults(**faults))


def test_streams_come_once_whatever_is_lost_on_the_way(
    live_server: LiveServer, base: ExchangeNode, known: World
) -> None:
    onec = client(live_server, base, repeat_batch=True, lose_answer=True, older_after=True)

    reports = [
        onec.send("settlements", [settlement()], at=NOW),
        onec.send("partners", [partner()], at=NOW),
        onec.send("contracts", [contract()], at=NOW),
    ]

    assert [(report.ok, report.rejected) for report in reports] == [(True, [])] * 3
    assert PushBatch.objects.count() == 6
    made = Contract.objects.get(number="П-17")
    assert str(Settlement.objects.get(contract=made).debt) == "1500.50"  # it waited for its contract


def test_full_export_is_closed_by_its_count(
    live_server: LiveServer, base: ExchangeNode, known: World
) -> None:
    onec = client(live_server, base)

    report = onec.send_full("contracts", [contract(), contract("c-2", number="П-18")], at=NOW, size=1)

    assert (report.ok, report.accepted, len(report.replies)) == (True, 2, 3)


def test_request_of_a_client_is_answered(live_server: LiveServer, base: ExchangeNode, known: World) -> None:
    actor = actor_of(make_person(known.holding, "head", stage=Stage.FINANCE))
    target = RequestTarget(
        kind=RequestKind.ACT,
        contract_id=known.contract.pk,
        period_from=AT.date().replace(day=1),
        period_to=AT.date(),
    )
    asked, _is_new = erp_request_create(actor=actor, target=target, at=AT)

    report = client(live_server, base).answer_requests(PDF, at=NOW)

    asked.refresh_from_db()
    assert (report.ok, report.rejected, asked.state) == (True, [], RequestState.ANSWERED)
    assert ReceivedDocument.objects.get().files.get().file.size == len(PDF)
    assert client(live_server, base).requests()[0] == []
    assert ErpRequest.objects.count() == 1


def test_wrong_key_is_told(live_server: LiveServer, base: ExchangeNode) -> None:
    onec = OneCPushClient(live_server.url, "onec_ab_cd", source=base.code)

    report = onec.send("partners", [partner()], at=NOW)

    assert (report.ok, report.replies[0].status) == (False, 401)
