"""Fixtures of the tests of documents."""

from typing import Any

import pytest

from documents.payloads.codec import payload_sha256, to_json
from documents.payloads.invoice import InvoicePayload
from documents.services import issuing
from tests.factories import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the layout where the test is not about the page; what it says still tells files apart."""

    def stand_in(kind: str, payload: Any, images: Any = None, *, earlier: bytes = b"") -> bytes:
        if isinstance(payload, InvoicePayload):
            return f"%PDF-1.7 {payload.seller.inn} {payload.number} {payload.order_number}".encode()
        return f"%PDF-1.7 {kind} {payload_sha256(to_json(payload))}".encode()

    monkeypatch.setattr(issuing, "paper_pdf", stand_in)
