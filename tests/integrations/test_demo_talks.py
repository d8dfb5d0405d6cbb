"""The demonstration's talks, watches and receivers."""

import pytest
from django.utils import timezone

from accounts.models import Notice
from accounts.notices import NoticeKind
from catalog.models import Sku
from counterparties.models import ManagerCard, MessageFile, Side, Thread
from counterparties.selectors.talk import TalkFilter, thread_row, threads_found
from integrations.demo import watches as demo_watches
from integrations.demo.buyers import demo_actor
from integrations.demo.company import company_fill
from integrations.demo.gathering import BUYER
from integrations.demo.papers import MANAGER
from integrations.demo.receivers import receivers_fill
from integrations.demo.talks import talks_fill
from integrations.demo.watches import watches_fill
from integrations.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from orders.models import ArrivalWatch, PriceWatch
from tests.factories import make_sku
from tests.integrations.test_demo_claims import past_orders

pytestmark = pytest.mark.django_db


def unread(email: str) -> int:
    now = timezone.now()
    found = threads_found(actor=demo_actor(email, now), chosen=TalkFilter(state=""))
    return sum(thread_row(thread, at=now).unread for thread in found)


def test_talks_wait_on_both_sides_and_come_once() -> None:
    company_fill()
    past_orders()

    talks_fill()
    talks_fill()

    threads = Thread.objects.order_by("pk")
    assert ManagerCard.objects.count() == 3
    assert sorted(thread.kind for thread in threads) == ["call_back", "price", *["question"] * 4]
    assert [thread.state for thread in threads].count("closed") == 1
    assert threads.filter(answer_due_at__lt=timezone.now()).exists()
    assert (unread(BUYER), unread(MANAGER)) == (1, 4)
    assert {file.name for file in MessageFile.objects.all()} == {"Расчёт на год.pdf", "Акт с подписью.pdf"}
    assert threads.filter(messages__channel="mail", messages__side=Side.CLIENT).count() == 1


def test_what_was_waited_for_has_come_and_the_rest_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    company_fill()
    past_orders()
    sold = Sku.objects.select_related("product").get()
    absent = make_sku("Автомат", price=None)
    monkeypatch.setattr(demo_watches, "goods_sold", lambda *_args, **_told: [sold, sold])

    watches_fill()
    watches_fill()

    assert list(ArrivalWatch.objects.values_list("sku", flat=True)) == [absent.pk]
    assert list(PriceWatch.objects.values_list("sku", "price_below")) == [(sold.pk, None)]
    kinds = Notice.objects.filter(user__email=BUYER).order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == [NoticeKind.GOODS_ARRIVED, NoticeKind.PRICE_MET]


def test_a_receiver_is_paused_and_gathers_what_it_is_to_be_told() -> None:
    receivers_fill()
    receivers_fill()

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.paused_at is not None
    assert [one.state for one in WebhookDelivery.objects.all()] == [DeliveryState.WAITING]
