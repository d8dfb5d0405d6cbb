"""What 1C says of an order, as the client and the manager see it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.models import Membership
from counterparties.permissions import ReadyRole
from orders.erp import ErpBirth, ErpOutcome, PaperFacts, PartFacts, RowFacts
from orders.models import CartLine, ErpDocument, ErpLine, Order, OrderPart
from orders.selectors import OrderFilter, PaidState, order_card, order_rows
from orders.selectors.numbered import orders_numbered
from orders.services import order_confirm
from orders.services.erp import part_erp_note
from orders.services.erp_letters import order_changed_mail
from orders.services.erp_orders import erp_order_create
from orders.services.erp_papers import erp_paper_note
from orders.states import ErpDocumentKind, OrderState
from portal.outbox.models import Job
from tests.factories import AT, TODAY, World, actor_of, make_person
from tests.orders.past import make_order

FACTS = PartFacts(
    formed_at=AT,
    number="УТ-7",
    erp_date=date(2026, 11, 24),
    state_text="К отгрузке",
    version="",
    total=None,
    vat=None,
    is_posted=True,
    is_cancelled=False,
    is_confirmed=False,
    is_paid=False,
    paid_on=None,
    is_shipped=False,
    shipped_on=None,
    rows=None,
)


def row(
    sku_id: int | None, quantity: str, price: str, *, name: str = "Строка", is_cancelled: bool = False
) -> RowFacts:
    gross = Decimal(quantity) * Decimal(price)
    return RowFacts(
        sku_id=sku_id,
        name=name,
        article="",
        unit="шт",
        quantity=Decimal(quantity),
        price=Decimal(price),
        vat_percent=Decimal(22),
        gross=gross,
        is_cancelled=is_cancelled,
    )


def note(order: Order, **changes: Any) -> ErpOutcome:
    (part,) = order.parts.all()
    return part_erp_note(part_id=part.pk, facts=replace(FACTS, **changes), at=AT)


def confirmed(world: World, lines: dict[int, str]) -> Order:
    order = make_order(
        world.buyer, world.contract, world, {world.skus[place]: count for place, count in lines.items()}
    )
    return order_confirm(order_id=order.pk, actor=None, at=AT)


def born(world: World, rows: Sequence[RowFacts], number: str = "00УТ-000123") -> Order:
    birth = ErpBirth(
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        warehouse_id=None,
        number=number,
        made_at=AT,
        currency="RUB",
        delivery_text="Самовывоз",
        comment="",
        client_reference="",
    )
    part = erp_order_create(birth=birth, at=AT)
    part_erp_note(part_id=part.pk, facts=replace(FACTS, number=number, rows=tuple(rows)), at=AT)
    return Order.objects.get(pk=part.order_id)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- rows: what was ordered and what there is now ---------------------------------------------------
def test_rows_tell_what_was_changed_removed_and_added(world: World) -> None:
    bolt, _cable, book = world.skus
    order = confirmed(world, {0: "3", 1: "2"})
    rows = (row(bolt.pk, "2", "110"), row(None, "1", "500", name="Доставка"), row(book.pk, "4", "10"))

    note(order, rows=rows, total=Decimal(760))

    card = order_card(actor=actor_of(world.buyer), order_id=order.pk)
    (part,) = card.parts
    found = [
        (
            item.name,
            item.quantity,
            item.price_text,
            item.ordered_quantity,
            item.ordered_price_text,
            item.change,
        )
        for item in part.rows
    ]
    assert found == [
        ("Болт М8х40", 2, "110,00", 3, "100,00", "changed"),
        ("Кабель ВВГнг 3х2,5", 0, "", 2, "250,50", "removed"),
        ("Доставка", 1, "500,00", None, "", "added"),
        ("Строка", 4, "10,00", None, "", "added"),
    ]
    assert (card.order.total, card.due, card.rest, part.is_changed) == (801, 760, 760, True)


def test_rows_that_only_1c_split_or_rounded_are_the_same(world: World) -> None:
    bolt = world.skus[0]
    order = confirmed(world, {0: "3"})
    split = (
        row(bolt.pk, "1", "100.0040"),
        row(bolt.pk, "2", "100"),
        row(bolt.pk, "9", "1", is_cancelled=True),
    )

    note(order, rows=split)

    (part,) = order_card(actor=actor_of(world.buyer), order_id=order.pk).parts
    assert [(item.quantity, item.change) for item in part.rows] == [(3, "")]
    assert not part.is_changed


def test_price_without_vat_is_compared_with_vat(world: World) -> None:
    order = confirmed(world, {0: "3"})
    Order.objects.filter(pk=order.pk).update(is_vat_included=False)
    order.parts.get().lines.update(net=300, vat=66, gross=366)

    note(order, rows=(row(world.skus[0].pk, "3", "122"),))
    same = order_card(actor=actor_of(world.buyer), order_id=order.pk).parts[0].rows[0]
    note(order, rows=(row(world.skus[0].pk, "3", "134.20"),))
    dearer = order_card(actor=actor_of(world.buyer), order_id=order.pk).parts[0].rows[0]

    assert (same.change, same.price_text) == ("", "100,00")
    assert (dearer.price_text, dearer.ordered_price_text) == ("110,00", "100,00")


def test_what_was_ordered_never_changes(world: World) -> None:
    order = confirmed(world, {0: "3"})

    note(order, rows=(row(world.skus[0].pk, "1", "1"),), total=Decimal(1))

    order.refresh_from_db()
    assert (order.total, order.parts.get().total) == (300, 300)
    assert list(order.parts.get().lines.values_list("quantity", "price")) == [(3, 100)]


def test_older_word_of_1c_changes_nothing(world: World) -> None:
    order = confirmed(world, {0: "3"})
    note(order, state_text="Закрыт")

    outcome = note(order, formed_at=AT - timedelta(seconds=1), state_text="Принят", rows=())

    assert outcome == ErpOutcome.STALE
    assert order.parts.get().erp_state_text == "Закрыт"
    assert note(order, state_text="Закрыт") == ErpOutcome.SAME
    assert note(order, state_text="Закрыт", version="AAAB") == ErpOutcome.SAME


@pytest.mark.django_db(transaction=True)
def test_word_of_1c_is_written_whole_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = confirmed(world, {0: "3"})

    def fall(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("orders.services.erp.publish", fall)
    with pytest.raises(RuntimeError):
        note(order, is_cancelled=True, rows=(row(world.skus[0].pk, "1", "1"),))

    order.refresh_from_db()
    assert (order.state, order.parts.get().is_cancelled) == (OrderState.CONFIRMED, False)
    assert ErpLine.objects.count() == 0


def test_date_of_payment_needs_its_flag(world: World) -> None:
    confirmed(world, {0: "3"})

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderPart.objects.update(paid_on=date(2026, 11, 25))


# --- money ------------------------------------------------------------------------------------------
def paper(order: Order, kind: ErpDocumentKind, total: str, **changes: Any) -> ErpDocument:
    facts = PaperFacts(
        kind=kind,
        formed_at=AT,
        number="15",
        date=date(2026, 11, 25),
        total=Decimal(total),
        is_deleted=False,
        rows=None,
    )
    part = order.parts.order_by("pk").first()
    assert part is not None
    return erp_paper_note(document_id=None, part_id=part.pk, facts=replace(facts, **changes), at=AT)[0]


def test_payments_of_1c_count_as_paid_and_deleted_ones_do_not(world: World) -> None:
    order = confirmed(world, {0: "3"})
    note(order)
    paper(order, ErpDocumentKind.PAYMENT, "100")
    paper(order, ErpDocumentKind.PAYMENT, "50", is_deleted=True)

    card = order_card(actor=actor_of(world.buyer), order_id=order.pk)
    (listed,) = order_rows(actor=actor_of(world.buyer), chosen=OrderFilter()).rows

    assert (card.paid, card.rest, card.paid_state) == (100, 200, PaidState.PARTLY)
    assert (listed.paid, listed.paid_state) == (100, PaidState.PARTLY)


def test_order_that_1c_calls_paid_is_paid(world: World) -> None:
    order = confirmed(world, {0: "3"})

    note(order, is_paid=True, paid_on=date(2026, 11, 25), total=Decimal("280.40"), is_shipped=True)

    card = order_card(actor=actor_of(world.buyer), order_id=order.pk)
    (listed,) = order_rows(actor=actor_of(world.buyer), chosen=OrderFilter()).rows
    assert (card.paid, card.rest, card.paid_state) == (Decimal("280.40"), 0, PaidState.PAID)
    assert (listed.due, listed.paid_state, listed.is_shipped) == (Decimal("280.40"), PaidState.PAID, True)
    assert (listed.erp_number, listed.erp_state) == ("УТ-7", "К отгрузке")


# --- pages ------------------------------------------------------------------------------------------
def test_page_shows_number_state_differences_and_papers(world: World) -> None:
    order = confirmed(world, {0: "3", 1: "2"})
    note(order, rows=(row(world.skus[0].pk, "2", "110"),), total=Decimal(220), is_shipped=True)
    paper(order, ErpDocumentKind.SHIPMENT, "220", rows=(row(world.skus[0].pk, "2", "110", name="Болт"),))
    paper(order, ErpDocumentKind.PAYMENT, "100")
    url = reverse("orders:detail", args=[order.pk])

    buyer = browser(world.buyer).get(url).content.decode()
    head = browser(world.head).get(url).content.decode()
    listed = browser(world.buyer).get(reverse("orders:list")).content.decode()

    for text in ("в 1С № УТ-7 от 24.11.2026", "К отгрузке", "убран", "изменён", '<s class="was">3</s>'):
        assert text in buyer
    assert "Отгрузка № 15" in buyer
    assert "Оплата № 15" not in buyer
    assert "Оплата № 15" in head
    assert "в 1С № УТ-7" in listed
    assert "1С: К отгрузке" in listed
    assert 'mark-shipped">Отгружен<' in listed


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_database_the_same(world: World, count: int, django_assert_num_queries: Any) -> None:
    order = confirmed(world, dict.fromkeys(range(min(count, 2)), "1"))
    rows = tuple(row(world.skus[0].pk, "1", "100") for _place in range(count))
    note(order, rows=rows)
    for _place in range(count):
        paper(order, ErpDocumentKind.SHIPMENT, "5", rows=rows)
    client = browser(world.buyer)
    url = reverse("orders:detail", args=[order.pk])
    client.get(url)

    with django_assert_num_queries(28):
        client.get(url)


@pytest.mark.parametrize("count", [1, 3])
def test_list_with_orders_of_1c_asks_the_database_the_same(
    world: World, count: int, django_assert_num_queries: Any
) -> None:
    for place in range(count):
        born(world, [row(world.skus[0].pk, "1", "100")], number=f"УТ-{place}")
    client = browser(world.head)
    client.get(reverse("orders:list"))

    with django_assert_num_queries(12):
        client.get(reverse("orders:list"))


# --- orders born in 1C ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "status"),
    [("head", 200), ("manager", 200), ("buyer", 404), ("other_buyer", 404), ("other_manager", 404)],
)
def test_order_of_1c_is_seen_by_all_but_those_who_see_their_own_only(
    world: World, person: str, status: int
) -> None:
    order = born(world, [row(world.skus[0].pk, "4", "100")])
    client = browser(getattr(world, person))

    answer = client.get(reverse("orders:detail", args=[order.pk]))

    assert answer.status_code == status
    listed = client.get(reverse("orders:list")).content.decode()
    assert ("№ 00УТ-000123 из 1С" in listed) == (status == 200)
    assert ("Заказ № 00УТ-000123 из 1С" in answer.content.decode()) == (status == 200)


def test_order_of_1c_has_no_buttons_but_repeat(world: World) -> None:
    order = born(world, [row(world.skus[0].pk, "4", "100")])
    detail = reverse("orders:detail", args=[order.pk])

    manager, head = (browser(person).get(detail).content.decode() for person in (world.manager, world.head))

    assert "Подтвердить" not in manager
    assert "Отметить оплату" not in manager
    assert "Войти как клиент" not in manager
    assert "Счёт готовится" not in head
    assert "Оформлен в 1С" in head
    assert reverse("orders:repeat", args=[order.pk]) in head
    assert reverse("orders:cancel", args=[order.pk]) not in head


@pytest.mark.parametrize(("name", "status"), [("confirm", 302), ("cancel", 302), ("payment", 404)])
def test_order_of_1c_is_moved_by_nobody_here(world: World, name: str, status: int) -> None:
    order = born(world, [row(world.skus[0].pk, "4", "100")])

    answer = browser(world.manager).post(reverse(f"orders:{name}", args=[order.pk]))

    order.refresh_from_db()
    assert (answer.status_code, order.state) == (status, OrderState.CONFIRMED)


def test_order_of_1c_is_repeated_as_far_as_it_is_sold(world: World) -> None:
    rows = [
        row(world.skus[0].pk, "4", "100"),
        row(world.skus[1].pk, "1", "100", is_cancelled=True),
        row(None, "1", "12", name="Доставка"),
    ]
    order = born(world, rows)
    client = browser(make_person(world.holding, ReadyRole.HEAD))

    answer = client.post(reverse("orders:repeat", args=[order.pk]), follow=True)

    assert list(CartLine.objects.values_list("sku", "quantity")) == [(world.skus[0].pk, 4)]
    assert "Не добавлено: Доставка." in answer.content.decode()


def test_order_of_1c_is_found_by_its_number_and_goods(world: World) -> None:
    order = born(world, [row(None, "1", "12", name="Шайба гровер")])
    confirmed(world, {0: "1"})
    actor = actor_of(world.head)

    for search in ("ут-000123", "гровер"):
        found = order_rows(actor=actor, chosen=OrderFilter(search=search)).rows
        assert [item.pk for item in found] == [order.pk], search
    assert [item.number for item in orders_numbered(actor=actor, number="000123", most=3)] == [order.label]


def test_portal_order_needs_an_author_and_that_of_1c_a_number(world: World) -> None:
    order = confirmed(world, {0: "1"})

    for wrong in ({"created_by": None}, {"origin": "erp"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**wrong)


# --- letters to whoever ordered ----------------------------------------------------------------------
def told_changes() -> int:
    return Job.objects.filter(handler="orders.handlers.send_order_changed").count()


def test_author_is_told_once_that_rows_changed(world: World) -> None:
    bolt, cable, _book = world.skus
    order = confirmed(world, {0: "3", 1: "2"})
    as_ordered = (row(bolt.pk, "3", "100"), row(cable.pk, "2", "250.50"))
    fewer = (row(bolt.pk, "2", "100"), row(cable.pk, "2", "250.50"))

    counts = []
    for rows in (as_ordered, fewer, fewer):
        note(order, rows=rows)
        counts.append(told_changes())
    sent = order_changed_mail(order_id=order.pk, key="changed", on=TODAY)

    assert (counts, sent) == ([0, 1, 1], 1)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([world.buyer.email], f"Заказ {order.number} изменён")
    assert "Болт М8х40: 2 шт вместо 3 шт\n" in str(letter.body)
    assert "Кабель" not in str(letter.body)


def test_author_is_told_that_the_order_was_cancelled(world: World) -> None:
    order = confirmed(world, {0: "3"})

    note(order, is_cancelled=True)
    order_changed_mail(order_id=order.pk, key="cancelled", on=TODAY)

    assert told_changes() == 1
    assert [letter.subject for letter in mail.outbox] == [f"Заказ {order.number} отменён"]


def test_whoever_left_the_client_is_told_no_prices(world: World) -> None:
    order = confirmed(world, {0: "3"})
    note(order, rows=(row(world.skus[0].pk, "2", "100"),))
    Membership.objects.filter(user=world.buyer).update(valid_until=TODAY - timedelta(days=1))

    sent = order_changed_mail(order_id=order.pk, key="left", on=TODAY)

    assert (sent, mail.outbox) == (0, [])


def test_nobody_is_told_of_an_order_of_1c_nor_one_who_has_left(world: World) -> None:
    theirs = born(world, [row(world.skus[0].pk, "5", "100")])
    ours = confirmed(world, {0: "3"})
    world.buyer.is_active = False
    world.buyer.save(update_fields=["is_active"])

    sent = [order_changed_mail(order_id=order.pk, key=f"{order.pk}", on=TODAY) for order in (theirs, ours)]

    assert (sent, mail.outbox, told_changes()) == ([0, 0], [], 0)
