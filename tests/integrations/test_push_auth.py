"""Who is let in to the JSON channel."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrations.models import ExchangeKey, ExchangeNode, PushBatch
from integrations.services.push.keys import key_issue, key_revoke
from tests.factories import AT
from tests.integrations.push_talk import Push, partner

pytestmark = pytest.mark.django_db

WRONG = (401, {"error": "Ключ не подходит или отозван"})


def test_key_is_kept_as_a_hash_only(node: ExchangeNode) -> None:
    key, text = key_issue(node_id=node.pk, name="УТ", at=AT)

    assert text.startswith(f"onec_{key.prefix}_")
    assert len(text) > 50
    assert not any(text[14:] in str(value) for value in ExchangeKey.objects.values().get().values())


def test_use_of_a_key_is_noted_once_a_minute(push: Push) -> None:
    push.send("partners", [])
    first = ExchangeKey.objects.get().last_used_at
    push.send("partners", [])

    assert first is not None
    assert ExchangeKey.objects.get().last_used_at == first
    ExchangeKey.objects.update(last_used_at=first - timedelta(minutes=2))
    push.send("partners", [])
    assert ExchangeKey.objects.get().last_used_at != first - timedelta(minutes=2)


@pytest.mark.parametrize("header", ["", "Bearer", "Basic MWM6cHc=", "Bearer  "])
def test_nobody_is_let_in_without_a_key(client: Client, node: ExchangeNode, header: str) -> None:
    headers = {"Authorization": header} if header else {}

    answer = client.post("/api/1c/v1/partners", b"{}", content_type="application/json", headers=headers)

    assert answer.status_code == 401
    assert "Location" not in answer


@pytest.mark.parametrize(
    "spoil", [lambda text: text + "x", lambda text: text[:-1], lambda text: "x", str.upper]
)
def test_wrong_key_is_refused(push: Push, spoil: object) -> None:
    push.key = spoil(push.key)  # type: ignore[operator]

    assert push.send("partners", [partner()]) == WRONG
    assert PushBatch.objects.count() == 0


@pytest.mark.parametrize("text", ["\u0000", "ключ", "onec_" + "\u00ff" * 9])
def test_key_of_odd_signs_is_refused(push: Push, text: str) -> None:
    push.key = text.encode().decode("latin-1")

    assert push.send("partners", [partner()])[0] == 401


def test_revoked_key_is_refused(push: Push) -> None:
    key_revoke(key_id=ExchangeKey.objects.get().pk, at=AT)

    assert push.send("partners", [partner()]) == WRONG


def test_wrong_keys_are_limited_and_a_right_one_is_not(push: Push) -> None:
    right = push.key
    push.key = right + "x"
    answers = [push.send("partners", [])[0] for _ in range(7)]

    push.key = right
    assert answers == [401] * 5 + [429] * 2
    assert push.send("partners", [])[0] == 200


def test_paused_base_is_told_so(push: Push) -> None:
    ExchangeNode.objects.update(is_active=False)

    assert push.send("partners", [partner()]) == (
        403, {"error": "Обмен с базой ut выключен администратором портала"},
    )  # fmt: skip


def test_stream_that_is_none(push: Push) -> None:
    assert push.raw("goods", b"{}") == (404, {"error": "Такого потока нет"})


def test_address_takes_posts_only(client: Client, node: ExchangeNode) -> None:
    assert client.get("/api/1c/v1/partners").status_code == 405


def test_description_is_open_and_names_every_stream(client: Client, db: None) -> None:
    told = client.get("/api/1c/v1/openapi.json").json()

    assert set(told["paths"]) >= {
        f"/api/1c/v1/{name}"
        for name in ("partners", "counterparties", "contracts", "agreements", "settlements")
    }
    contract = told["components"]["schemas"]["ContractItem"]
    assert set(contract["required"]) == {"ref", "counterparty_ref", "organization_ref", "date"}
    assert contract["properties"]["status"]["enum"] == ["active", "draft", "closed"]


def test_revoking_twice_keeps_the_first_moment(push: Push) -> None:
    pk = ExchangeKey.objects.get().pk
    key_revoke(key_id=pk, at=AT)
    key_revoke(key_id=pk, at=timezone.now())

    assert ExchangeKey.objects.get().revoked_at == AT
