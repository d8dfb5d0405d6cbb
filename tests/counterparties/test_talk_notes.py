"""Lines of events in the talk about a thing."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.permissions import Permission
from counterparties.models import Message, Side, Thread
from counterparties.services.talk import thread_note
from documents.services import invoice_issue
from documents.services.talk_notes import invoice_note
from orders.services.steps import order_confirm
from orders.services.talk_notes import request_note, steps_note
from tests.counterparties.merging_samples import send
from tests.factories import AT, World, actor_of, make_cart
from tests.flows.shipment_rows import make_request

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def make_thread(world: World, reference: str = "order:17") -> Thread:
    return Thread.objects.create(
        holding=world.holding,
        legal_entity=world.entity,
        reference=reference,
        permission=Permission.ORDER_VIEW,
        thing_author_ids=[world.buyer.pk],
        subject="Заказ P-17",
        started_by=world.buyer,
        started_at=AT,
        last_message_at=AT,
    )


def note(world: World, *, reference: str = "order:17", key: str = "order:17:confirmed") -> None:
    thread_note(
        holding_id=world.holding.pk,
        legal_entity_id=world.entity.pk,
        reference=reference,
        permission=Permission.ORDER_VIEW,
        subject="Заказ принят в работу",
        text="",
        address="/orders/17/",
        key=key,
        at=LATER,
    )


def test_an_event_stands_once_in_the_talk_about_its_thing(world: World) -> None:
    thread = make_thread(world)

    note(world)
    note(world)

    thread.refresh_from_db()
    (line,) = Message.objects.all()
    assert (line.thread_id, line.side, line.title, line.author_id, line.created_at) == (
        thread.pk,
        Side.SYSTEM,
        "Заказ принят в работу",
        None,
        LATER,
    )
    assert (thread.last_message_at, thread.client_waits_since) == (LATER, None)


def test_an_event_starts_no_talk(world: World) -> None:
    make_thread(world, reference="order:18")

    note(world)
    note(replace(world, holding=world.other_holding), reference="order:18", key="another")

    assert (Thread.objects.count(), Message.objects.count()) == (1, 0)


def test_moves_papers_and_shipments_of_an_order_stand_in_its_talk(world: World) -> None:
    order = send(make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}))
    thread = make_thread(world, reference=f"order:{order.pk}")
    order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=LATER)
    invoice = invoice_issue(order_id=order.pk, at=LATER)
    request = make_request(order, created_at=LATER, idempotency_key=uuid4())

    for _twice in range(2):
        steps_note(steps=order.steps.select_related("order").order_by("pk"))
        invoice_note(document_id=invoice.pk, at=LATER)
        request_note(request_id=request.pk, state="shipped", key="moved", at=LATER)

    lines = thread.messages.order_by("pk").values_list("title", "permission")
    assert [permission for _title, permission in lines] == [
        Permission.ORDER_VIEW,
        Permission.ORDER_VIEW,
        Permission.DOCUMENT_VIEW,
        Permission.ORDER_VIEW,
    ]
    assert str(invoice) in {title for title, _permission in lines}
