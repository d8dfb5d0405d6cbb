"""order_states: the JSON channel tells of orders what files tell, and sums that are paid in part."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import ValidationError

from accounts.permissions import Stage
from integrations.models import ErpParty, ExchangeNode, ExternalId, ExternalKind, HeldOrder
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.push.items.order_states import OrderStateItem
from integrations.services.incoming.documents import DocumentsTaker
from integrations.services.incoming.waiting import held_try
from integrations.services.incoming.work import Work
from integrations.services.push.order_states import order_record, order_state_take
from integrations.services.push.refusal import ItemRefused
from orders.models import ErpLine, Order, OrderPart
from orders.selectors import OrderFilter, order_card, order_rows
from orders.selectors.paid import PaidState
from orders.states import OrderOrigin, OrderState
from tests.factories import World, actor_of, make_person
from tests.integrations.erp_world import BOLT, CABLE, ENTITY, make_erp_world, ordered
from tests.integrations.onec_talk import make_node

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)
REF = "7d3c2b1a-5f6e-11f0-8a9b-00155d012345"


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def part(world: World) -> OrderPart:
    return ordered(world, {0: "3"}, "300").parts.get()


def batch(node: ExchangeNode, *, formed_at: datetime = AT) -> Work:
    return Work(node=node, at=AT, ids=ExternalIds(node.pk), report=LoadReport(), formed_at=formed_at)


def item(**told: object) -> OrderStateItem:
    return OrderStateItem.model_validate({"ref": REF, "number": "00УТ-000123"} | told)


def row(ref: str = BOLT, quantity: str = "3", total: str = "300", **told: object) -> Mapping[str, object]:
    return {
        "ref": ref, "name": "Болт М8х40", "unit": "шт", "quantity": quantity, "price": "100",
        "sum": total, "vat_percent": 22,
    } | told  # fmt: skip


# --- taking ------------------------------------------------------------------------------------------
def test_state_sums_and_rows_are_noted(node: ExchangeNode, part: OrderPart) -> None:
    work = batch(node)

    order_state_take(
        work,
        item(
            site_number=part.number,
            date="2026-11-24",
            state="В процессе отгрузки",
            total="250.50",
            paid_sum="80.20",
            shipped_sum=100,
            rows=[row(quantity="2", total="200"), row(CABLE, "1", "50.50")],
        ),
    )

    part.refresh_from_db()
    assert (part.erp_number, part.erp_state_text) == ("00УТ-000123", "В процессе отгрузки")
    assert (part.erp_total, part.erp_paid_sum, part.erp_shipped_sum) == (
        Decimal("250.50"),
        Decimal("80.20"),
        Decimal("100.00"),
    )
    assert (part.is_paid, part.is_shipped, part.is_posted) == (False, False, True)
    assert list(ErpLine.objects.order_by("position").values_list("quantity", "gross")) == [
        (Decimal("2.000"), Decimal("200.00")),
        (Decimal("1.000"), Decimal("50.50")),
    ]
    assert work.report.counts["orders_changed"] == 1
    assert part.export.state == "accepted"


def test_whole_sums_mean_paid_and_shipped(node: ExchangeNode, part: OrderPart) -> None:
    told = {"site_number": part.number, "total": 300, "paid_sum": 300, "shipped_sum": "300.00"}

    order_state_take(batch(node), item(**told, paid_on="2026-11-26"))

    part.refresh_from_db()
    assert (part.is_paid, str(part.paid_on), part.is_shipped, part.shipped_on) == (
        True,
        "2026-11-26",
        True,
        None,
    )


def test_file_without_dates_takes_nothing_back_from_sums(node: ExchangeNode, part: OrderPart) -> None:
    work, told = batch(node), {"site_number": part.number, "total": 300}
    order_state_take(work, item(**told, paid_sum=300, shipped_sum=100))

    later = replace(order_record(item(**told), work), is_paid=False, is_shipped=False)
    DocumentsTaker(batch(node)).take_order(later)

    part.refresh_from_db()
    assert (part.is_paid, part.is_shipped) == (True, False)
    assert (part.erp_paid_sum, part.erp_shipped_sum) == (300, 100)


def test_what_is_not_told_stays(node: ExchangeNode, part: OrderPart) -> None:
    order_state_take(
        batch(node), item(site_number=part.number, total=300, paid_sum=120, rows=[row()], state="В работе")
    )

    order_state_take(batch(node), item(site_number=part.number, state="К отгрузке", shipped_sum=40))
    order_state_take(batch(node), item(site_number=part.number, paid_on="2026-11-26"))

    part.refresh_from_db()
    assert (part.is_paid, part.is_shipped) == (True, False)
    assert (part.erp_total, part.erp_paid_sum, part.erp_shipped_sum) == (300, 120, 40)
    assert part.erp_state_text == "К отгрузке"
    assert ErpLine.objects.count() == 1


def test_same_item_again_writes_nothing(node: ExchangeNode, part: OrderPart) -> None:
    told = item(site_number=part.number, total=300, paid_sum=120, rows=[row()])
    order_state_take(batch(node), told)
    before = list(ErpLine.objects.values_list("pk", flat=True))
    again = batch(node)

    order_state_take(again, told)

    assert dict(again.report.counts) == {"orders": 1, "orders_same": 1}
    assert list(ErpLine.objects.values_list("pk", flat=True)) == before


def test_older_batch_changes_nothing(node: ExchangeNode, part: OrderPart) -> None:
    order_state_take(batch(node), item(site_number=part.number, total=300, paid_sum=120))
    late = batch(node, formed_at=AT - timedelta(hours=1))

    order_state_take(late, item(site_number=part.number, total=300, paid_sum=0))

    part.refresh_from_db()
    assert part.erp_paid_sum == 120
    assert late.report.counts["orders_stale"] == 1


def test_order_of_another_base_is_refused(part: OrderPart) -> None:
    with pytest.raises(ItemRefused, match=f"заказ {part.number} не из этой базы 1С"):
        order_state_take(batch(make_node("erp")), item(site_number=part.number, paid_sum=10))

    part.refresh_from_db()
    assert (part.erp_number, part.erp_paid_sum) == ("", None)


def test_two_documents_under_one_number_are_told_apart(node: ExchangeNode, part: OrderPart) -> None:
    work = batch(node)
    order_state_take(work, item(site_number=part.number, paid_sum=10))

    with pytest.raises(ItemRefused, match="второй документ с номером"):
        order_state_take(work, item(site_number=part.number, ref="copy"))


def test_unknown_status_is_told_of(node: ExchangeNode, part: OrderPart) -> None:
    work = batch(node)

    order_state_take(work, item(site_number=part.number, state="Где-то в пути"))

    assert [(warning["text"], warning["id"]) for warning in work.report.warnings] == [
        ("Неизвестный статус «Где-то в пути»: 1. Состояние заказа не изменено", REF)
    ]


def test_cancelled_order_is_given_up(node: ExchangeNode, part: OrderPart) -> None:
    order_state_take(batch(node), item(site_number=part.number, cancelled=True))

    assert Order.objects.get(pk=part.order_id).state == OrderState.CANCELLED


# --- orders made out in 1C ----------------------------------------------------------------------------
def test_order_of_1c_is_shown(node: ExchangeNode, world: World) -> None:
    told = {"counterparty_ref": ENTITY, "date": "2026-11-20", "total": 300, "rows": [row()], "paid_sum": 90}

    order_state_take(batch(node), item(**told))
    order_state_take(batch(node), item(state="К отгрузке"))

    order = Order.objects.get()
    assert (order.origin, order.legal_entity_id, order.total) == (OrderOrigin.ERP, world.entity.pk, 300)
    assert (order.vat_total, order.parts.get().erp_paid_sum) == (Decimal("54.10"), 90)


def test_order_of_an_unknown_client_waits_and_is_told_of(node: ExchangeNode, world: World) -> None:
    work, stranger = batch(node), "33333333-18f9-11e7-80c2-0000000000ff"

    order_state_take(work, item(counterparty_ref=stranger, date="2026-11-20", total=300, paid_sum=90))

    assert (Order.objects.count(), ErpParty.objects.count()) == (0, 0)
    assert HeldOrder.objects.get().reason == f"контрагент «{stranger}» не сопоставлен с юрлицом"
    assert work.report.counts["orders_held"] == 1
    assert "отложен" in work.report.warnings[0]["text"]

    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=stranger, object_id=world.entity.pk
    )
    assert held_try(node_id=node.pk, at=AT + timedelta(minutes=1)) == 1
    assert Order.objects.get().parts.get().erp_paid_sum == 90


# --- pages -------------------------------------------------------------------------------------------
def test_order_page_shows_how_much_is_paid_and_shipped(
    client: Client, node: ExchangeNode, world: World, part: OrderPart
) -> None:
    order_state_take(
        batch(node), item(site_number=part.number, total="300", paid_sum="80.20", shipped_sum=100)
    )
    client.force_login(make_person(world.holding, "head", stage=Stage.FINANCE))

    page = client.get(reverse("orders:detail", args=[part.order_id])).content.decode()

    text = " ".join(page.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").split())
    assert "оплачено 80,20 из <span" in text
    assert "отгружено 100,00 из <span" in text


def test_order_page_keeps_payments_from_those_who_see_no_money(
    client: Client, node: ExchangeNode, world: World, part: OrderPart
) -> None:
    order_state_take(batch(node), item(site_number=part.number, paid_sum="80.20", shipped_sum=100, total=300))
    client.force_login(world.buyer)

    page = client.get(reverse("orders:detail", args=[part.order_id])).content.decode()

    assert "оплачено" not in page
    assert "отгружено" in page


def test_lists_count_what_1c_says_was_paid(node: ExchangeNode, world: World, part: OrderPart) -> None:
    order_state_take(batch(node), item(site_number=part.number, total="300", paid_sum="80.20"))
    actor = actor_of(world.head)

    card = order_card(actor=actor, order_id=part.order_id)
    (line,) = order_rows(actor=actor, chosen=OrderFilter()).rows

    assert (card.paid, card.rest, card.paid_state) == (Decimal("80.20"), Decimal("219.80"), PaidState.PARTLY)
    assert (line.paid, line.paid_state) == (Decimal("80.20"), PaidState.PARTLY)


# --- what no order can be ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"paid_sum": 10.5}, "paid_sum"),
        ({"paid_sum": True}, "paid_sum"),
        ({"paid_sum": "NaN"}, "paid_sum"),
        ({"paid_sum": "1e20"}, "paid_sum"),
        ({"paid_sum": Decimal("1e20")}, "paid_sum"),
        ({"paid_sum": "-1"}, "paid_sum"),
        ({"paid_sum": "10.005"}, "paid_sum"),
        ({"total": "сто"}, "total"),
        ({"ref": ""}, "ref"),
        ({"ref": 17}, "ref"),
        ({"made_at": "2026-11-27T14:05:00"}, "made_at"),
        ({"date": "27.11.2026"}, "date"),
        ({"paid": 10}, "paid"),
        ({"rows": [{"quantity": 1}]}, "rows"),
        ({"rows": "нет"}, "rows"),
        ({"rows": [{"quantity": Decimal("1e10"), "price": 1, "sum": 1}]}, "rows"),
        ({"rows": [{"quantity": Decimal("NaN"), "price": 1, "sum": 1}]}, "rows"),
    ],
)
def test_senseless_item_names_its_field(told: dict[str, object], where: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        item(**told)

    assert {error["loc"][0] for error in refusal.value.errors()} == {where}


def test_decimals_lose_nothing() -> None:
    taken = item(total=Decimal("9999999999999.99"), paid_sum="0.10")

    assert (str(taken.total), str(taken.paid_sum)) == ("9999999999999.99", "0.10")


def test_empty_dates_of_1c_are_no_dates() -> None:
    taken = item(date="0001-01-01", paid_on="")

    assert (taken.date, taken.paid_on) == (None, None)
