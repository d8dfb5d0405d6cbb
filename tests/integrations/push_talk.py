"""1C that sends JSON, and a base with a key for it."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client

from integrations.models import ExchangeNode, ExternalId, ExternalKind
from integrations.services.push.keys import key_issue
from tests.factories import AT, World

ORGANIZATION, PARTNER = "44444444-18f9-11e7-80c2-000000000001", "55555555-18f9-11e7-80c2-000000000001"
ENTITY, CONTRACT = "33333333-18f9-11e7-80c2-000000000001", "66666666-18f9-11e7-80c2-000000000001"
MADE = "2026-11-27T14:05:00+03:00"


@dataclass
class Push:
    """One base and its key; numbers of batches go up by themselves."""

    client: Client
    node: ExchangeNode
    key: str = ""
    seq: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.key or key_issue(node_id=self.node.pk, name="Обмен", at=AT)[1]

    def body(self, items: list[Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A batch as 1C would send it."""
        self.seq += 1
        told = {
            "source": self.node.code,
            "batch_id": str(uuid4()),
            "seq": self.seq,
            "mode": "delta",
            "generated_at": MADE,
        }
        if items is not None:
            told["items"] = items
        return told | changes

    def send(self, stream: str, items: list[Any] | None = None, **changes: Any) -> tuple[int, dict[str, Any]]:
        return self.again(stream, self.body(items, **changes))

    def full(self, stream: str, *parts: list[Any], count: int | None = None) -> tuple[int, dict[str, Any]]:
        """A full export and its end; the answer to the end."""
        for part in parts:
            self.send(stream, part, mode="full")
        total = sum(map(len, parts)) if count is None else count
        return self.send(stream, mode="full", finish=True, count=total)

    def again(self, stream: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self.raw(stream, json.dumps(body).encode())

    def raw(self, stream: str, content: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(
            f"/api/1c/v1/{stream}",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )
        return answer.status_code, answer.json()


def known_world(node: ExchangeNode, world: World) -> None:
    """The base knows our organization and the first client."""
    told = [
        (ExternalKind.ORGANIZATION, ORGANIZATION, world.organization.pk),
        (ExternalKind.LEGAL_ENTITY, ENTITY, world.entity.pk),
    ]
    ExternalId.objects.bulk_create(
        ExternalId(node=node, kind=kind, external_id=key, object_id=pk) for kind, key, pk in told
    )


def partner(ref: str = PARTNER, **changes: Any) -> dict[str, Any]:
    return {"ref": ref, "name": "Север"} | changes


def contract(ref: str = CONTRACT, **changes: Any) -> dict[str, Any]:
    told = {
        "ref": ref,
        "counterparty_ref": ENTITY,
        "organization_ref": ORGANIZATION,
        "number": "П-17",
        "date": "2026-02-01",
        "valid_to": "2027-01-31",
        "status": "Действует",
        "currency": "RUB",
        "limit_enabled": True,
        "limit_amount": "100000.00",
        "overdue_forbidden": True,
        "payment_days": 21,
    }
    return told | changes


def settlement(ref: str = CONTRACT, **changes: Any) -> dict[str, Any]:
    told = {
        "contract_ref": ref,
        "currency": "RUB",
        "debt": "1500.50",
        "prepayment": 0,
        "shipping": "99.50",
        "to_pay": 1000,
        "overdue": [{"due_date": "2026-11-20", "amount": "700.00", "document": "Реализация 12"}],
        "as_of": MADE,
    }
    return told | changes


def moment(text: str = MADE) -> datetime:
    return datetime.fromisoformat(text)
