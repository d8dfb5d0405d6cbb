"""One invoice per order and one number per invoice, however many workers run into each other."""

import time
from collections.abc import Callable
from threading import Barrier, Thread, local

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from documents.models import Document, NumberSequence
from documents.payloads.invoice import InvoicePayload
from documents.services import invoice_issue
from documents.services import issuing as services
from portal.outbox.models import Job
from tests.documents.orders import make_order
from tests.factories import AT, World

THREADS = 8

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all threads see the same next number before the first of them may take it."""
    barrier = Barrier(THREADS)
    seen = local()

    def stand_in(kind: str, payload: InvoicePayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        if not hasattr(seen, "others"):
            seen.others = barrier.wait(timeout=20)
        return f"%PDF-1.7 {payload.number} {payload.order_number}".encode()

    def slow_store(**arguments: object) -> object:
        time.sleep(0.05)
        return store(**arguments)

    store = services.store
    monkeypatch.setattr(services, "paper_pdf", stand_in)
    monkeypatch.setattr(services, "store", slow_store)


def run_at_once(orders: list[int]) -> list[Exception]:
    """Issue for each order in a thread of its own; return what went wrong."""
    errors: list[Exception] = []

    def work(order_id: int) -> None:
        try:
            invoice_issue(order_id=order_id, at=AT)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(order_id,)) for order_id in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def test_one_order_gets_one_invoice(world: World, meeting: None) -> None:
    order = make_order(world)

    errors = run_at_once([order.pk] * THREADS)

    assert errors == []
    assert list(Document.objects.values_list("reference", "number")) == [(f"order:{order.pk}", 1)]
    assert NumberSequence.objects.get().last_number == 1
    assert Job.objects.count() == 2  # the letter, and a line in the talk of the order


def test_many_orders_get_numbers_without_gap_or_double(world: World, meeting: None) -> None:
    orders = [make_order(world).pk for _ in range(THREADS)]

    errors = run_at_once(orders)

    assert errors == []
    assert sorted(Document.objects.values_list("number", flat=True)) == list(range(1, THREADS + 1))
    assert {document.number_print for document in Document.objects.all()} == {
        document.payload["number"] for document in Document.objects.all()
    }


@pytest.mark.parametrize("same_order", [True, False], ids=["one order", "many orders"])
def test_race_is_real_without_the_lock(
    world: World, meeting: None, monkeypatch: pytest.MonkeyPatch, same_order: bool
) -> None:
    """Proves that the tests above can fail: the constraints catch what the lock no longer prevents."""
    orders = (
        [make_order(world).pk] * THREADS if same_order else [make_order(world).pk for _ in range(THREADS)]
    )
    unlocked: Callable[..., object] = lambda queryset, **_options: queryset  # noqa: E731
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)

    errors = run_at_once(orders)

    assert {type(error) for error in errors} == {IntegrityError}
