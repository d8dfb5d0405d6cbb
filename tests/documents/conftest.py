"""Fixtures of the tests of documents."""

import pytest

from documents.payloads.invoice import InvoicePayload
from documents.services import invoices as services
from tests.factories import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the layout where the test is not about the page; the number still tells files apart."""

    def stand_in(payload: InvoicePayload) -> bytes:
        return f"%PDF-1.7 {payload.seller.inn} {payload.number} {payload.order_number}".encode()

    monkeypatch.setattr(services, "invoice_pdf", stand_in)
