"""The way of a request: asked in the cabinet, polled with a key, answered with a paper or a refusal."""

import base64
import json
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from accounts.permissions import Stage
from integrations.models import ErpRequest, ExchangeNode, RequestKind, RequestState
from integrations.services.requests import RequestTarget, erp_request_create
from tests.factories import AT, actor_of, make_person
from tests.integrations.erp_world import ENTITY, make_erp_world
from tests.integrations.onec_talk import make_node
from tests.integrations.push_talk import Push

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7\n1 0 obj"
PDF = base64.b64encode(CONTENT).decode()
REQUESTS, ACK = "/api/1c/v1/requests", "requests/ack"


@pytest.fixture
def asked(node: ExchangeNode) -> ErpRequest:
    """An act that the accountant has asked for."""
    node.answers_requests = True
    node.save(update_fields=["answers_requests"])
    world = make_erp_world(node)
    actor = actor_of(make_person(world.holding, "head", stage=Stage.FINANCE))
    target = RequestTarget(
        kind=RequestKind.ACT,
        contract_id=world.contract.pk,
        period_from=AT.date().replace(day=1),
        period_to=AT.date(),
    )
    return erp_request_create(actor=actor, target=target, at=AT)[0]


def polled(push: Push) -> list[dict[str, Any]]:
    answer = push.client.get(REQUESTS, headers={"Authorization": f"Bearer {push.key}"})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def act(**changes: Any) -> dict[str, Any]:
    told = {
        "ref": str(uuid4()),
        "type": "act",
        "number": "17",
        "date": "2026-11-27",
        "counterparty_ref": ENTITY,
        "file": {
            "content_base64": PDF,
            "mime": "application/pdf",
            "size": len(CONTENT),
            "sha256": sha256(CONTENT).hexdigest(),
        },
    }
    return told | changes


def test_request_is_offered_until_it_is_taken(push: Push, asked: ErpRequest) -> None:
    first, again = polled(push), polled(push)

    assert first == again
    assert [(one["ref"], one["counterparty"]["ref"]) for one in first] == [(str(asked.uid), ENTITY)]
    assert push.again(ACK, {"taken": [str(asked.uid)]}) == (200, {"accepted": 1, "refused": 0})
    assert push.again(ACK, {"taken": [str(asked.uid)]}) == (200, {"accepted": 0, "refused": 0})
    assert polled(push) == []


def test_paper_answers_the_request(push: Push, asked: ErpRequest) -> None:
    status, answer = push.send("documents", [act(request_ref=str(asked.uid))])

    asked.refresh_from_db()
    assert (status, answer["accepted"], answer["rejected"]) == (200, 1, [])
    assert (asked.state, asked.answer is not None) == (RequestState.ANSWERED, True)


def test_refusal_is_told_to_the_client(push: Push, asked: ErpRequest) -> None:
    told = {"refused": [{"ref": str(asked.uid), "reason": "Договор закрыт"}]}

    assert push.again(ACK, told) == (200, {"accepted": 0, "refused": 1})
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (RequestState.REFUSED, "Договор закрыт")


def test_another_base_sees_and_closes_nothing(push: Push, asked: ErpRequest) -> None:
    stranger = Push(push.client, make_node("other"))

    assert polled(stranger) == []
    stranger.again(ACK, {"taken": [str(asked.uid)], "refused": [{"ref": str(asked.uid), "reason": "нет"}]})
    asked.refresh_from_db()
    assert asked.state == RequestState.WAITING


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 422),
        ({"taken": "x"}, 422),
        ({"taken": ["не uuid"]}, 422),
        ({"refused": [{"ref": str(uuid4())}]}, 422),
        ({"who": 1}, 422),
        ({"refused": [{"ref": str(uuid4()), "reason": "нет\0движений"}]}, 422),
        ({"refused": [{"ref": str(uuid4()), "reason": "\ud800"}]}, 422),
        ({"taken": [str(uuid4())] * 1_001}, 422),
    ],
)
def test_body_that_makes_no_sense_is_refused_with_words(push: Push, body: Any, status: int) -> None:
    code, answer = push.raw(ACK, json.dumps(body).encode())

    assert (code, list(answer)) == (status, ["error"])


def test_nobody_polls_without_a_key(push: Push) -> None:
    assert push.client.get(REQUESTS).status_code == 401
    assert push.client.post(f"/api/1c/v1/{ACK}", b"{}", content_type="application/json").status_code == 401


def test_description_names_every_address(push: Push) -> None:
    paths = push.client.get("/api/1c/v1/openapi.json").json()["paths"]

    assert {"/api/1c/v1/requests", "/api/1c/v1/requests/ack", "/api/1c/v1/documents"} <= set(paths)
