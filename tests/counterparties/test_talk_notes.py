"""Lines of events in the talk about a thing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.permissions import Permission
from counterparties.models import Message, Side, Thread
from counterparties.services.talk import thread_note
from tests.factories import AT, World

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def make_thread(world: World, reference: str = "order:17") -> Thread:
    return Thread.objects.create(
        holding=world.holding,
        legal_entity=world.entity,
        reference=reference,
        permission=Permission.ORDER_VIEW,
        thing_author=world.buyer,
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
