"""The way in, the page of what was done, the message, the client's history and the client's word."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.models import EntryRefusal, Holding, LegalEntity, Visit, VisitAction, VisitCart, VisitEnd
from counterparties.permissions import ReadyRole
from counterparties.rights_refusals import AlreadyDecided
from counterparties.selectors.visits import visit_rows
from counterparties.services.visit_letters import visit_message_mail
from counterparties.services.visits import (
    visit_action_record,
    visit_begin,
    visit_end,
    visit_message_send,
    visit_refuse,
    visit_seen,
    visits_allow,
    visits_expire,
)
from orders.models import Order
from portal.outbox.models import Job
from tests.factories import (
    AT,
    World,
    actor_of,
    make_legal_entity,
    make_person,
)

ACQUIRE = reverse("hijack:acquire")
HISTORY = reverse("counterparties:visits")
ALLOW = reverse("counterparties:visits_allow")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def begin(world: World, person: User | None = None) -> Visit:
    return visit_begin(
        employee=world.manager,
        person_id=(person or world.buyer).pk,
        holding_id=world.holding.pk,
        reason=" по телефону ",
        cart=VisitCart.DRAFT,
        at=AT,
    )


def act(visit: Visit, *, status: int = 200) -> VisitAction:
    return visit_action_record(
        visit,
        what="Добавлен товар в корзину",
        label="Болт × 1",
        method="POST",
        url_name="orders:cart_add",
        path="/cart/add/",
        status=status,
        at=AT,
    )


@pytest.fixture
def order(world: World) -> Order:
    return Order.objects.create(
        number="1",
        idempotency_key="00000000-0000-0000-0000-000000000001",
        request_digest="0" * 64,
        holding=world.holding,
        legal_entity=world.entity,
        contract=world.contract,
        organization=world.organization,
        city=world.city,
        delivery_text="Самовывоз",
        total=0,
        vat_total=0,
        created_by=world.buyer,
        submitted_at=AT,
    )


# --- beginning and ending ----------------------------------------------------------------------------
def test_visit_keeps_who_whose_why_and_where(world: World) -> None:
    visit = begin(world)

    assert (visit.employee, visit.person, visit.holding) == (world.manager, world.buyer, world.holding)
    assert (visit.reason, visit.cart, visit.started_at) == ("по телефону", VisitCart.DRAFT, AT)


def test_being_there_is_written_twice_a_minute(world: World) -> None:
    visit = begin(world)

    seen = []
    for seconds in (29, 31, 50, 62):
        visit_seen(visit, at=AT + timedelta(seconds=seconds))
        seen.append(Visit.objects.get().seen_at - AT)

    assert seen == [timedelta(seconds=seconds) for seconds in (0, 31, 31, 62)]


def test_end_keeps_the_first_cause_and_the_moment_of_the_limit(world: World) -> None:
    visit = begin(world)

    visit_end(visit_id=visit.pk, end=VisitEnd.IDLE, at=AT + timedelta(hours=9))
    visit_end(visit_id=visit.pk, end=VisitEnd.LEFT, at=AT + timedelta(hours=10))

    visit.refresh_from_db()
    assert (visit.end, visit.ended_at) == (VisitEnd.IDLE, AT + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("seen", "asked", "end", "ended"),
    [(0, 14, "", None), (0, 16, VisitEnd.IDLE, 15), (44, 61, VisitEnd.IDLE, 59), (50, 61, VisitEnd.TIME, 60)],
)
def test_abandoned_visits_are_closed_with_the_limit_they_met(
    world: World, seen: int, asked: int, end: str, ended: int | None
) -> None:
    visit = begin(world)
    Visit.objects.update(seen_at=AT + timedelta(minutes=seen))

    closed = visits_expire(at=AT + timedelta(minutes=asked))
    again = visits_expire(at=AT + timedelta(minutes=asked))

    visit.refresh_from_db()
    assert (closed, again) == (int(end != ""), 0)
    assert (visit.end, visit.ended_at) == (end, None if ended is None else AT + timedelta(minutes=ended))


# --- the start page ----------------------------------------------------------------------------------
def test_start_page_asks_why_and_in_which_cart(world: World) -> None:
    client = browser(world.manager)
    start = reverse("counterparties:visit_start", args=[world.holding.pk, world.buyer.pk])

    page = client.get(start).content.decode()
    client.post(
        ACQUIRE,
        {"user_pk": world.buyer.pk, "holding": world.holding.pk, "reason": "по телефону", "cart": "draft"},
    )

    assert 'name="cart" value="draft"' in page
    assert f'name="holding" value="{world.holding.pk}"' in page
    visit = Visit.objects.get()
    assert (visit.reason, visit.cart) == ("по телефону", VisitCart.DRAFT)


def test_list_and_card_lead_to_the_start_page(world: World) -> None:
    client = browser(world.manager)
    start = reverse("counterparties:visit_start", args=[world.holding.pk, world.buyer.pk])

    pages = [
        client.get(reverse("counterparties:clients")).content.decode(),
        client.get(reverse("counterparties:client", args=[world.holding.pk])).content.decode(),
    ]

    assert [start in page for page in pages] == [True, True]


def test_start_from_an_order_leads_back_to_it_for_its_legal_entity(world: World, order: Order) -> None:
    client = browser(world.manager)
    start = reverse("counterparties:visit_start", args=[world.holding.pk, world.buyer.pk])
    place = reverse("orders:detail", args=[order.pk])

    linked = f"{start}?order={order.pk}" in client.get(place).content.decode()
    page = client.get(start, {"order": order.pk})

    assert linked
    assert page.context["target"] == place
    assert page.context["form"].initial["legal_entity"] == order.legal_entity_id


def test_start_page_tells_when_the_client_forbids_it(world: World) -> None:
    Holding.objects.update(allows_visits=False)
    start = reverse("counterparties:visit_start", args=[world.holding.pk, world.buyer.pk])

    page = browser(world.manager).get(start).content.decode()

    assert "Клиент запретил вход в кабинет" in page
    assert 'name="user_pk"' not in page


# --- what was done, and the message ------------------------------------------------------------------
def test_page_of_a_visit_lists_what_was_done(world: World) -> None:
    visit = begin(world)
    act(visit)
    act(visit, status=403)

    row = browser(world.manager).get(reverse("counterparties:visit", args=[visit.pk])).context["row"]

    assert ([action.label for action in row.done], row.refused) == (["Болт × 1"], 1)


def test_message_goes_to_the_client_once(world: World) -> None:
    visit = begin(world)
    page = reverse("counterparties:visit", args=[visit.pk])
    client = browser(world.manager)

    empty = client.post(page, {"message": " "}).status_code
    client.post(page, {"message": "Собрала заказ, проверьте."})
    client.post(page, {"message": "Ещё раз"})

    assert empty == 422
    assert Visit.objects.get().message == "Собрала заказ, проверьте."
    assert Job.objects.filter(handler="counterparties.handlers.send_visit_message").count() == 1


def test_message_is_mailed_with_the_way_to_the_history(world: World) -> None:
    visit = begin(world)
    visit_message_send(actor=actor_of(world.manager), visit_id=visit.pk, text="Собрала заказ.", at=AT)

    visit_message_mail(visit_id=visit.pk, key="1")

    letter = mail.outbox[0]
    assert letter.to == [world.buyer.email]
    for text in ("Мария Менеджерова", "Собрала заказ.", HISTORY):
        assert text in letter.body


def test_only_the_one_who_was_there_writes(world: World) -> None:
    visit = begin(world)

    with pytest.raises(AccessDenied):
        visit_message_send(actor=actor_of(world.administrator), visit_id=visit.pk, text="Я", at=AT)
    with pytest.raises(Visit.DoesNotExist):
        visit_message_send(actor=actor_of(world.other_manager), visit_id=visit.pk, text="Я", at=AT)
    visit_message_send(actor=actor_of(world.manager), visit_id=visit.pk, text="Я", at=AT)
    with pytest.raises(AlreadyDecided):
        visit_message_send(actor=actor_of(world.manager), visit_id=visit.pk, text="Снова", at=AT)

    assert Visit.objects.get().message == "Я"


# --- what the client sees and decides ----------------------------------------------------------------
def test_history_shows_the_client_who_when_why_and_what(world: World) -> None:
    act(begin(world))

    page = browser(world.buyer).get(HISTORY).content.decode()

    for text in ("Мария Менеджерова", "по телефону", "Черновик менеджера", "Болт × 1"):
        assert text in page


def test_head_of_one_legal_entity_sees_no_visits_of_the_whole_holding(world: World) -> None:
    """He manages people of his own firm only; what was done for another one is not his to see."""
    make_legal_entity(world.holding)
    head = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])
    begin(world)

    rows = {
        name: len(visit_rows(actor=actor_of(person), at=AT))
        for name, person in (("head", world.head), ("of_one", head), ("manager", world.manager))
    }

    assert LegalEntity.objects.filter(holding=world.holding).count() == 2
    assert rows == {"head": 1, "of_one": 0, "manager": 1}


@pytest.mark.parametrize("visits", [1, 3])
def test_history_asks_the_database_the_same(
    world: World, visits: int, django_assert_num_queries: object
) -> None:
    for _number in range(visits):
        act(begin(world))
    actor = actor_of(world.head)

    with django_assert_num_queries(2):  # type: ignore[operator]
        rows = visit_rows(actor=actor, at=AT)

    assert len(rows) == visits


@pytest.mark.parametrize(("person", "status"), [("head", 302), ("buyer", 403), ("manager", 403)])
def test_heads_decide_whether_managers_may_enter(world: World, person: str, status: int) -> None:
    answer = browser(getattr(world, person)).post(ALLOW, {})

    assert answer.status_code == status
    assert Holding.objects.get(pk=world.holding.pk).allows_visits == (status != 302)
    assert Holding.objects.get(pk=world.other_holding.pk).allows_visits


def test_manager_does_not_decide_in_the_heads_name(world: World) -> None:
    with pytest.raises(AccessDenied):
        visits_allow(actor=actor_of(world.head, impersonator=world.manager), is_allowed=False)

    assert Holding.objects.get(pk=world.holding.pk).allows_visits


def test_clients_word_puts_the_manager_out_at_once(world: World) -> None:
    manager = browser(world.manager)
    manager.post(ACQUIRE, {"user_pk": world.buyer.pk})

    browser(world.head).post(ALLOW, {})
    answer = manager.get(reverse("orders:cart"))

    assert answer["Location"] == reverse("counterparties:visit", args=[Visit.objects.get().pk])
    assert Visit.objects.get().end == VisitEnd.CONSENT
    assert manager.post(ACQUIRE, {"user_pk": world.buyer.pk}).status_code == 403


def test_visit_is_told_as_open_while_it_lasts(world: World) -> None:
    begin(world)
    actor = actor_of(world.buyer)

    states = [visit_rows(actor=actor, at=AT + timedelta(minutes=minutes))[0].is_open for minutes in (1, 15)]

    assert states == [True, False]


# --- the administrator's log -------------------------------------------------------------------------
@pytest.mark.parametrize("model", ["visit", "visitaction", "visitrefusal"])
def test_administrator_reads_the_log_and_changes_nothing(world: World, model: str) -> None:
    act(begin(world))
    visit_refuse(employee_id=world.manager.pk, person_id=world.head.pk, reason=EntryRefusal.NESTED, at=AT)
    client = browser(world.administrator)

    answers = [
        client.get(reverse(f"admin:counterparties_{model}_changelist")).status_code,
        client.get(reverse(f"admin:counterparties_{model}_add")).status_code,
    ]

    assert answers == [200, 403]
