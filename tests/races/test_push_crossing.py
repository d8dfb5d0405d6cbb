"""1C that speaks JSON while files of its own base and people act on the same rows."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.permissions import Stage
from catalog.models import Stock
from integrations.models import ErpRequest, ExchangeNode, ExchangeStream, RequestKind, StreamAlarm
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.ids import ExternalIds
from integrations.services.alarms import alarms_turn
from integrations.services.incoming.load import incoming_load
from integrations.services.requests import RequestTarget, erp_request_create
from orders.models import ErpLine, Order
from orders.services import order_cancel
from orders.states import OrderState, WrongState
from portal.outbox.models import Job
from tests.factories import AT, World, actor_of, make_person
from tests.integrations.erp_files import good, message, order
from tests.integrations.erp_world import BOLT, make_erp_world, ordered
from tests.integrations.onec_talk import make_node
from tests.integrations.push_talk import Push, partner
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def node(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> ExchangeNode:
    monkeypatch.setattr("portal.outbox.sending.send", len)
    return make_node()


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


def state_of(made: Order) -> dict[str, object]:
    row = {"ref": BOLT, "name": "Болт", "quantity": 1, "price": 100, "sum": 100, "vat_percent": 22}
    return {
        "ref": f"doc-{made.pk}", "site_number": made.parts.get().number, "number": f"УТ-{made.pk}",
        "state": "К отгрузке", "total": 100, "paid_sum": 100, "rows": [row],
    }  # fmt: skip


def test_states_meet_a_file_and_the_buyers_own_cancel(
    world: World, node: ExchangeNode, tmp_path: Path
) -> None:
    """All of one base at once: nobody is caught in a deadlock, no stock is lost."""
    orders = [ordered(world, {0: "1"}, "100") for _ in range(5)]
    told = [
        order(
            made.parts.get().number,
            good(BOLT, "Болт", "1", "100", "100"),
            "100",
            external_id=f"doc-{made.pk}",
            told=[("Номер по 1С", f"УТ-{made.pk}"), ("Статус заказа", "К отгрузке")],
        )
        for made in reversed(orders)
    ]
    path = tmp_path / f"{uuid4()}.xml"
    path.write_text(message(*told))
    push = Push(Client(), node)
    bodies = [push.body([state_of(made) for made in orders], seq=seq) for seq in (1, 2)]
    sides = [Push(Client(), node, key=push.key) for _ in bodies]

    def load() -> str:
        with transaction.atomic():
            context = LoadContext(
                node_id=node.pk,
                file_name="orders.xml",
                at=AT,
                tell=lambda text: None,
                uploads=None,  # type: ignore[arg-type]
                ids=ExternalIds(node.pk),
            )
            incoming_load(context, path)
        return "loaded"

    def cancel(made: Order) -> str:
        return str(order_cancel(order_id=made.pk, actor=actor_of(world.buyer), at=timezone.now()).state)

    acts: list[Callable[[], object]] = [
        *(partial(side.again, "order_states", body) for side, body in zip(sides, bodies, strict=True)),
        load,
        *(partial(cancel, made) for made in orders),
    ]
    answers = crowd(acts)

    assert [answer[0] for answer in answers[:2]] == [200, 200]  # type: ignore[index]
    assert answers[2] == "loaded"
    states = set(Order.objects.values_list("state", flat=True))
    assert states <= {OrderState.CONFIRMED, OrderState.CANCELLED}
    assert all(isinstance(answer, str | WrongState) for answer in answers[3:]), answers[3:]
    assert ErpLine.objects.count() == 5
    assert not Stock.objects.filter(reserved__lt=0).exists()


def test_row_in_other_hands_is_asked_for_again(world: World, node: ExchangeNode) -> None:
    """Somebody holds the order for longer than a statement waits."""
    made = ordered(world, {0: "1"}, "100")
    push = Push(Client(), node)
    body = push.body([state_of(made)])
    side = Push(Client(), node, key=push.key)

    with transaction.atomic():
        Order.objects.select_for_update().get(pk=made.pk)
        answers = crowd([partial(side.again, "order_states", body)])

    assert answers == [(503, {"error": "База занята другой загрузкой, повторите позже"})]
    assert push.again("order_states", body)[0] == 200


def test_double_click_asks_for_one_act(world: World, node: ExchangeNode) -> None:
    ExchangeNode.objects.update(answers_requests=True)
    person = make_person(world.holding, "head", stage=Stage.FINANCE)
    target = RequestTarget(
        kind=RequestKind.ACT,
        contract_id=world.contract.pk,
        period_from=AT.date().replace(day=1),
        period_to=AT.date(),
    )

    def ask() -> bool:
        return erp_request_create(actor=actor_of(person), target=target, at=AT)[1]

    assert sorted(map(str, crowd([ask] * 6))) == ["False"] * 5 + ["True"]
    assert ErpRequest.objects.count() == 1


def test_alarms_that_turn_at_once_tell_once(world: World, node: ExchangeNode) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    for kind in ("stock", "prices"):
        ExchangeStream.objects.create(node=node, kind=kind, applied_at=long_ago)
    before, at = Job.objects.count(), timezone.now()

    raised = crowd([partial(alarms_turn, at=at)] * 4)
    ExchangeStream.objects.update(applied_at=at)
    ended = crowd([partial(alarms_turn, at=at)] * 4)

    assert sorted(raised) == [(0, 0)] * 3 + [(2, 0)]  # type: ignore[type-var]
    assert sorted(ended) == [(0, 0)] * 3 + [(0, 2)]  # type: ignore[type-var]
    assert (Job.objects.count() - before, StreamAlarm.objects.count()) == (2, 0)


def test_same_run_ended_twice_at_once_is_ended_once(node: ExchangeNode) -> None:
    push = Push(Client(), node)
    push.send("partners", [partner("p-1"), partner("p-2")], mode="full")
    ends = [push.body(mode="full", finish=True, count=2) for _ in range(3)]
    sides = [Push(Client(), node, key=push.key) for _ in ends]

    answers = crowd([partial(side.again, "partners", end) for side, end in zip(sides, ends, strict=True)])

    assert sorted(answer[0] for answer in answers) == [200, 409, 409]  # type: ignore[index]
