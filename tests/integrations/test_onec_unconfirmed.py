"""One order that 1C cannot load must not hold the others for ever."""

import pytest
from django.core import mail
from django.test import Client

from integrations.models import ExchangeNode, OrderExport, OrderTrial
from integrations.services.orders import export_requeue
from orders.models import Order
from tests.factories import World
from tests.integrations.erp_world import make_erp_world, ordered
from tests.integrations.onec_talk import Talk, basic, run_jobs
from tests.integrations.test_onec_orders import documents, numbers


class Base:
    """A 1C base that loads all orders of an answer or none; `poison` is what it cannot load."""

    def __init__(self, client: Client, node: ExchangeNode, poison: set[str]) -> None:
        self._client, self._node = client, node
        self.poison = poison
        self.loaded: list[str] = []

    def exchange(self) -> list[str]:
        """One run: fetch, load, confirm; return what was offered."""
        talk = Talk(self._client, self._node, kind="sale").sign_in()
        offered = numbers(talk.get("query"))
        if not self.poison & set(offered):
            talk.get("success")
            self.loaded += offered
        return offered


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


def made(world: World, count: int) -> list[str]:
    return [ordered(world, {0: "1"}, "100").parts.get().number for _place in range(count)]


def state(number: str) -> OrderExport:
    return OrderExport.objects.get(part__number=number)


def test_poison_is_found_and_set_aside_and_the_others_go(
    world: World, client: Client, node: ExchangeNode
) -> None:
    fine, poison, *rest = made(world, 5)
    base = Base(client, node, {poison})

    runs = [base.exchange() for _run in range(12)]

    assert runs[:4] == [[fine, poison, *rest]] * 3 + [[fine]]
    assert sorted(base.loaded) == sorted([fine, *rest])
    assert state(poison).state == "quarantined"
    assert runs[-1] == []


def test_orders_go_alone_then_in_growing_lots(world: World, client: Client, node: ExchangeNode) -> None:
    poison, *rest = made(world, 9)
    base = Base(client, node, {poison})
    for _run in range(3):
        base.exchange()

    runs = [base.exchange() for _run in range(8)]

    assert runs == [[poison], rest[:1], rest[1:3], rest[3:7], rest[7:], [poison], [poison], []]
    assert base.loaded == rest


def test_administrator_is_told_twice(world: World, client: Client, node: ExchangeNode) -> None:
    """Once when nothing is confirmed, once when the culprit is known."""
    poison, fine = made(world, 2)
    base = Base(client, node, {poison})
    run_jobs()
    mail.outbox.clear()

    for _run in range(3):
        base.exchange()
    run_jobs()
    told = [letter.subject for letter in mail.outbox]
    for _run in range(6):
        base.exchange()
    run_jobs()

    assert told == [f"1С «{node.name}» не подтверждает заказы"]
    assert base.loaded == [fine]
    export = state(poison)
    assert export.state == "quarantined"
    assert export.error.startswith("1С дважды забрала этот заказ отдельно и не подтвердила")
    (letter,) = [letter for letter in mail.outbox if letter.subject == "Заказы не выгружаются в 1С"]
    assert f"{poison}: 1С дважды забрала этот заказ" in letter.body


def test_base_that_confirms_nothing_loses_no_order(world: World, client: Client, node: ExchangeNode) -> None:
    """Its `success` does not arrive at all: no order is guilty."""
    both = set(made(world, 2))
    base = Base(client, node, both)

    for _run in range(12):
        base.exchange()

    assert set(OrderExport.objects.values_list("state", flat=True)) == {"queued"}
    base.poison = set()
    for _run in range(3):
        base.exchange()
    assert set(base.loaded) == both
    assert not OrderTrial.objects.exists()


def test_new_orders_do_not_wait_for_the_search(world: World, client: Client, node: ExchangeNode) -> None:
    poison, *_rest = made(world, 4)
    base = Base(client, node, {poison})
    for _run in range(4):
        base.exchange()
    late = made(world, 1)

    second = [base.exchange(), base.exchange()]

    assert late in second
    assert late[0] in base.loaded


def test_order_that_was_changed_starts_anew(world: World, client: Client, node: ExchangeNode) -> None:
    (number,) = made(world, 1)
    base = Base(client, node, {number})
    for _run in range(3):
        base.exchange()
    before = state(number)
    Order.objects.update(comment="Другой")

    base.exchange()

    after = state(number)
    assert (before.version, before.unacked) == (1, 2)
    assert (after.version, after.unacked, after.offered_version) == (2, 0, 2)


def test_same_session_may_ask_again(world: World, client: Client, node: ExchangeNode) -> None:
    (number,) = made(world, 1)
    talk = Talk(client, node, kind="sale").sign_in()

    for _time in range(5):
        talk.get("query")

    assert state(number).unacked == 0
    assert talk.get("success") == "success\nПринято заказов: 1"


def test_requeued_order_is_a_new_version(world: World, client: Client, node: ExchangeNode) -> None:
    (number,) = made(world, 1)
    OrderExport.objects.update(state="quarantined", error="x", unacked=5, alone=2)

    export_requeue(export_ids=[state(number).pk])

    export = state(number)
    assert (export.state, export.version, export.unacked, export.alone) == ("queued", 2, 0, 0)


# --- how the answer is written ----------------------------------------------------------------------
def test_answer_in_windows_1251_keeps_every_letter(world: World, client: Client, node: ExchangeNode) -> None:
    ExchangeNode.objects.update(query_encoding="windows-1251")
    ordered(world, {0: "1"}, "100", comment="Ёлка 😀 №1")
    talk = Talk(client, node, kind="sale").sign_in()

    response = client.generic(
        "GET",
        "/1c/exchange",
        QUERY_STRING="type=sale&mode=query",
        headers={"Authorization": basic(node.username), "Cookie": talk.cookie},
    )

    assert response["Content-Type"] == "application/xml; charset=windows-1251"
    text = response.content.decode("windows-1251")
    assert text.startswith("<?xml version='1.0' encoding='WINDOWS-1251'?>")
    assert "Ёлка &#128512; №1" in text


def test_info_names_states_payments_and_deliveries(client: Client, node: ExchangeNode) -> None:
    answer = Talk(client, node, kind="sale").sign_in().get("info")

    assert answer.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<Справочник><Cтатусы>")  # Latin C
    assert "<Элемент><Ид>confirmed</Ид><Название>Подтвержден</Название></Элемент>" in answer
    assert "<ТипОплаты>Безналичная</ТипОплаты>" in answer
    assert "<Название>Самовывоз</Название>" in answer


def test_dates_go_out_in_the_clock_of_the_base(world: World, client: Client, node: ExchangeNode) -> None:
    ExchangeNode.objects.update(time_zone="Asia/Vladivostok")
    made(world, 1)

    (document,) = documents(Talk(client, node, kind="sale").sign_in().get("query"))

    assert (document.findtext("Дата"), document.findtext("Время")) == ("2026-11-23", "17:41:00")
