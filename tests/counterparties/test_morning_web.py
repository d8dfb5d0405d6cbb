"""Pages of the morning, of the client's card and of the search; what each costs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from counterparties.models import ClientNote, Contract, ContractTerms, Holding, MorningPause, SalesPlan
from counterparties.selectors.finding import clients_found
from counterparties.services.morning import client_note_add
from finance.models import CreditLine, CreditOverride
from orders.models import Cart, CartLine, OrderStep
from orders.services.rhythms import rhythms_count
from tests.factories import (
    TODAY,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_holding,
    make_legal_entity,
    make_manager,
    make_person,
)
from tests.finance.debts import make_debt
from tests.orders.past import make_order
from tests.orders.purchases import bought

MORNING = reverse("counterparties:morning")
DAY_PAGE = reverse("counterparties:morning_day")
PAUSE = reverse("counterparties:morning_pause")
FIND = reverse("counterparties:find")
DAY = timedelta(days=1)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def card_url(world: World, tab: str = "") -> str:
    return reverse("counterparties:client", args=[world.holding.pk]) + (f"?tab={tab}" if tab else "")


def idle_cart(person: User, contract: Any, world: World) -> Cart:
    cart = make_cart(person, contract, world.city, {world.skus[0]: 2})
    CartLine.objects.filter(cart=cart).update(price_when_added=Decimal(50))
    Cart.objects.filter(pk=cart.pk).update(updated_at=timezone.now() - 5 * DAY)
    return cart


@pytest.mark.parametrize("clients", [1, 3])
def test_morning_costs_the_same_however_many_clients(
    world: World, clients: int, django_assert_num_queries: Any
) -> None:
    """All kinds of money, carts, rhythms and contracts at once."""
    today = timezone.localdate()
    holdings = []
    for number in range(clients):
        holding = make_holding(f"Клиент {number}", city=world.city)
        entity = make_legal_entity(holding)
        contract = make_contract(entity, organization=world.organization)
        contract.valid_until = today + 3 * DAY
        contract.save(update_fields=["valid_until"])
        person = make_person(holding)
        for back in (60, 50, 40):
            bought(world, today - back * DAY, {world.skus[1]: 1}, person=person, contract=contract)
        idle_cart(person, contract, world)
        CreditLine.objects.create(contract=contract, amount=10, valid_from=TODAY.replace(day=1))
        make_debt(contract, 100, due_date=today)
        holdings.append(holding)
    rhythms_count(at=timezone.now())
    client = browser(make_manager(*holdings))
    client.get(MORNING)

    with django_assert_num_queries(8):
        client.get(MORNING)
    cache.clear()  # nothing is kept of credit lines
    with django_assert_num_queries(11):
        page = client.get(MORNING).content.decode()

    assert page.count('<li class="morning-card') == 6 * clients


def test_page_shows_why_money_and_buttons(world: World) -> None:
    idle_cart(world.buyer, world.contract, world)

    page = browser(world.manager).get(MORNING).content.decode()

    assert "Ирина Закупкина: в корзине 1 строка, не трогали 5 дней" in page
    start = reverse("counterparties:visit_start", args=[world.holding.pk, world.buyer.pk])
    assert f"{start}?to=/cart/" in page
    assert "Временный лимит" not in page


def test_filter_by_kind_and_hostile_addresses(world: World) -> None:
    idle_cart(world.buyer, world.contract, world)
    make_debt(world.contract, 100, due_date=timezone.localdate())
    client = browser(world.manager)

    only = client.get(MORNING, {"kind": "cart"}).content.decode()
    assert only.count('<li class="morning-card') == 1
    for query in ({"kind": "'"}, {"page": "99"}, {"page": "x"}, {"paused": "?"}, {"kind": "\0"}):
        assert client.get(MORNING, query).status_code == 200


def test_temporary_limit_is_offered_only_to_those_who_may(world: World) -> None:
    CreditLine.objects.create(contract=world.contract, amount=1, valid_from=TODAY)
    cart = idle_cart(world.buyer, world.contract, world)
    Cart.objects.filter(pk=cart.pk).update(updated_at=timezone.now())
    url = reverse("counterparties:client_limit", args=[world.holding.pk])

    assert url not in browser(world.manager).get(MORNING).content.decode()
    assert browser(world.manager).get(url).status_code == 403

    world.manager.user_permissions.add(DjangoPermission.objects.get(codename="add_creditoverride"))
    assert url in browser(world.manager).get(MORNING).content.decode()
    assert url in browser(world.administrator).get(MORNING).content.decode()


def test_card_is_put_off_and_shown_again(world: World) -> None:
    cart = idle_cart(world.buyer, world.contract, world)
    name = {"holding": world.holding.pk, "kind": "cart", "reference": f"cart:{cart.pk}"}
    client = browser(world.manager)

    for _ in range(2):
        answer = client.post(PAUSE, {**name, "days": 3})
    assert answer["Location"] == MORNING
    assert MorningPause.objects.get().until == timezone.localdate() + 3 * DAY
    assert "не трогали" not in client.get(MORNING).content.decode()
    assert "не трогали" in client.get(MORNING, {"paused": "on"}).content.decode()

    client.post(reverse("counterparties:morning_resume"), name)
    assert "не трогали" in client.get(MORNING).content.decode()


def test_put_off_by_htmx_leaves_a_way_back(world: World) -> None:
    told = {"holding": world.holding.pk, "kind": "cart", "reference": "cart:1", "days": 1}

    page = browser(world.manager).post(PAUSE, told, headers={"HX-Request": "true"}).content.decode()

    assert "Отложено до" in page
    assert reverse("counterparties:morning_resume") in page


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"days": 365}, {"days": ""}, {"reference": "<b>"}, {"reference": ""}, {"holding": "-1"}],
)
def test_wrong_pause_is_not_found_and_keeps_nothing(world: World, change: dict[str, Any]) -> None:
    told = {"holding": world.holding.pk, "kind": "cart", "reference": "cart:1", "days": 1} | change

    assert browser(world.manager).post(PAUSE, told).status_code == 404
    assert not MorningPause.objects.exists()


def test_strangers_put_nothing_off(world: World) -> None:
    told = {"holding": world.holding.pk, "kind": "cart", "reference": "cart:1", "days": 1}

    assert browser(world.other_manager).post(PAUSE, told).status_code == 404
    assert browser(world.head).post(PAUSE, told).status_code == 403
    assert not MorningPause.objects.exists()


@pytest.mark.parametrize("orders", [1, 3])
def test_day_costs_the_same_however_many_orders(
    world: World, orders: int, django_assert_num_queries: Any
) -> None:
    for _ in range(orders):
        make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    client = browser(world.manager)
    client.get(DAY_PAGE)

    with django_assert_num_queries(17):
        page = client.get(DAY_PAGE).content.decode()

    assert "Ждет подтверждения" in page


def test_day_tells_how_many_more_stand_and_of_how_many_it_knows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    OrderStep.objects.update(at=timezone.now() - 2 * DAY)
    monkeypatch.setattr("counterparties.web.views.morning.SHOWN_STUCK", 1)
    client = browser(world.manager)

    whole = client.get(DAY_PAGE).content.decode()
    for name in ("orders.selectors.stuck", "counterparties.web.views.morning"):
        monkeypatch.setattr(f"{name}.MOST_ROWS", 2)
    partly = client.get(DAY_PAGE).content.decode()

    assert ("И ещё 2" in whole, "Все застрявшие" in whole, "посчитано по" in whole) == (True, False, False)
    assert ("И ещё" in partly, "Все застрявшие" in partly) == (False, True)
    assert "«Дольше обещанного» посчитано по 2 заказам, которые стоят дольше всех" in partly


def test_plan_and_fact_of_the_month(world: World) -> None:
    now = timezone.now()
    bought(world, TODAY, {world.skus[0]: 1}, at=now)
    other = bought(world, TODAY, {world.skus[0]: 1}, at=now, contract=world.other_contract)
    for order in (other, *world.holding.orders.all()):
        order.total = Decimal(250)
        order.save(update_fields=["total"])
    SalesPlan.objects.create(employee=world.manager, month=timezone.localdate().replace(day=1), amount=1000)
    SalesPlan.objects.create(
        employee=world.other_manager, month=timezone.localdate().replace(day=1), amount=9000
    )

    mine = browser(world.manager).get(DAY_PAGE).context
    all_ = browser(world.administrator).get(DAY_PAGE).context

    assert (mine["fact"].total, mine["plan"], mine["percent"]) == (Decimal(250), Decimal(1000), 25)
    assert (all_["fact"].total, all_["plan"], all_["percent"]) == (Decimal(500), Decimal(10000), 5)
    assert [row.name for row in mine["fact"].clients] == ["Группа «Север»"]


# --- the client's card ---------------------------------------------------------------------------
def test_every_part_of_the_card_opens(world: World) -> None:
    make_order(world.head, world.contract, world, {world.skus[0]: 1})
    idle_cart(world.buyer, world.contract, world)
    client = browser(world.manager)

    texts = {
        "": "Сотрудники", "orders": "Ирина Закупкина", "prices": "Действующие договоры",
        "documents": "Последние документы", "talk": "Переписки ещё не было", "timeline": "ждет подтверждения",
        "notes": "Новая заметка", "unknown": "Сотрудники",
    }  # fmt: skip
    for tab, text in texts.items():
        assert text in client.get(card_url(world, tab)).content.decode(), tab


@pytest.mark.parametrize("tab", ["", "orders", "prices", "documents", "talk", "timeline", "notes"])
def test_no_part_of_a_foreign_card_opens(world: World, tab: str) -> None:
    assert browser(world.other_manager).get(card_url(world, tab)).status_code == 404
    assert browser(world.head).get(card_url(world, tab)).status_code == 403


def test_parts_show_this_client_alone_to_an_administrator(world: World) -> None:
    make_order(world.other_buyer, world.other_contract, world, {world.skus[0]: 1})
    Cart.objects.filter(user=world.other_buyer).delete()
    idle_cart(world.other_buyer, world.other_contract, world)
    client = browser(world.administrator)

    for tab in ("orders", "documents", "timeline", "talk"):
        assert "Юг" not in client.get(card_url(world, tab)).content.decode(), tab


def test_price_of_a_good_is_explained(world: World) -> None:
    sku = world.skus[0]
    told = {
        "tab": "prices", "sku": sku.article.lower(), "contract": world.contract.pk, "city": world.city.pk,
        "quantity": "2",
    }  # fmt: skip
    client = browser(world.manager)

    page = client.get(card_url(world), told).content.decode()
    assert "Болт М8х40" in page
    assert "100,00" in page
    assert "Такого артикула" in client.get(card_url(world), told | {"sku": "нет"}).content.decode()
    foreign = client.get(card_url(world), told | {"contract": world.other_contract.pk}).content.decode()
    assert "100,00" not in foreign


def test_deferral_is_as_the_addendum_in_force_says(world: World) -> None:
    today = timezone.localdate()
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=7)
    agreed = {today - DAY: 21, today + DAY: 45}
    for day, days in agreed.items():
        ContractTerms.objects.create(contract=world.contract, valid_from=day, deferral_days=days)
    client = browser(world.manager)

    for page in (client.get(card_url(world)), client.get(card_url(world, "prices"))):
        text = page.content.decode()
        assert ("21 дн." in text, "7 дн." in text, "45 дн." in text) == (True, False, False)


def test_note_is_kept_once_by_a_double_click(world: World) -> None:
    url = reverse("counterparties:client_note", args=[world.holding.pk])
    told = {"key": uuid4(), "text": "<script>alert(1)</script>"}
    client = browser(world.manager)

    for _ in range(2):
        client.post(url, told)
    assert ClientNote.objects.count() == 1
    assert "<script>alert" not in client.get(card_url(world, "notes")).content.decode()

    for wrong in ({"key": uuid4(), "text": " "}, {"text": "без ключа"}):
        client.post(url, wrong)
    assert browser(world.other_manager).post(url, told).status_code == 404
    assert ClientNote.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_notes_stand_on_pages_of_one_cost(
    world: World, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr("counterparties.web.client_tabs.LATEST", 2)
    for number in range(count):
        note = (world.holding.pk, f"Заметка {number}", timezone.now() + timedelta(minutes=number))
        client_note_add(
            actor=actor_of(world.manager), holding_id=note[0], text=note[1], key=uuid4(), at=note[2]
        )
    client = browser(world.manager)
    client.get(card_url(world, "notes"))

    with django_assert_num_queries(15):
        page = client.get(card_url(world, "notes")).content.decode()

    assert f"Заметка {count - 1}" in page
    assert ("Страницы" in page) is (count > 2)


def test_temporary_limit_is_given_once(world: World) -> None:
    url = reverse("counterparties:client_limit", args=[world.holding.pk])
    until = timezone.localdate() + 7 * DAY
    told = {"contract": world.contract.pk, "amount": "5000", "valid_until": f"{until}", "reason": "Сезон"}
    client = browser(world.administrator)

    for _ in range(2):
        assert client.post(url, told)["Location"] == card_url(world)

    override = CreditOverride.objects.get()
    assert (override.contract_id, override.amount, override.valid_until, override.reference) == (
        world.contract.pk, Decimal(5000), until, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0"},
        {"amount": "NaN"},
        {"reason": ""},
        {"valid_until": "2026-01-01"},
        {"valid_until": "9999-12-31"},
        {"contract": "0"},
    ],
)
def test_wrong_temporary_limit_is_refused(world: World, change: dict[str, str]) -> None:
    until = timezone.localdate() + DAY
    told = {
        "contract": world.contract.pk,
        "amount": "5",
        "valid_until": f"{until}",
        "reason": "Сезон",
    } | change

    answer = browser(world.administrator).post(
        reverse("counterparties:client_limit", args=[world.holding.pk]), told
    )

    assert answer.status_code == 422
    assert not CreditOverride.objects.exists()


def test_contract_of_another_client_gets_no_temporary_limit(world: World) -> None:
    world.manager.user_permissions.add(DjangoPermission.objects.get(codename="add_creditoverride"))
    until = timezone.localdate() + DAY
    told = {"contract": world.other_contract.pk, "amount": "5", "valid_until": f"{until}", "reason": "Сезон"}
    client = browser(world.manager)

    mine = client.post(reverse("counterparties:client_limit", args=[world.holding.pk]), told)
    theirs = client.post(reverse("counterparties:client_limit", args=[world.other_holding.pk]), told)

    assert (mine.status_code, theirs.status_code) == (422, 404)
    assert not CreditOverride.objects.exists()


# --- Ctrl+K --------------------------------------------------------------------------------------
def test_client_is_found_by_whatever_is_known_of_him(world: World) -> None:
    order = make_order(world.buyer, world.contract, world, {world.skus[0]: 1})
    User.objects.filter(pk=world.head.pk).update(phone="+7 (912) 345-67-89")
    actor = actor_of(world.manager)

    asked = [
        "север", world.entity.inn, "закупкина", world.buyer.email, "8 912 345-67-89", "3456789", order.number,
    ]  # fmt: skip
    for text in asked:
        found = clients_found(actor=actor, text=text, on=TODAY)
        assert [client.holding_id for client in found] == [world.holding.pk], text
        assert clients_found(actor=actor_of(world.other_manager), text=text, on=TODAY) == [], text


def test_found_person_is_the_one_to_enter_as(world: World) -> None:
    (found,) = clients_found(actor=actor_of(world.manager), text="Закупкина", on=TODAY)
    assert (found.person_id, found.why) == (world.buyer.pk, f"Ирина Закупкина, {world.buyer.email}")

    Holding.objects.update(allows_visits=False)
    (closed,) = clients_found(actor=actor_of(world.manager), text="Закупкина", on=TODAY)
    assert closed.person_id is None


@pytest.mark.parametrize("text", ["", "я", "%", "%%", "__", "\\", "'; --", "\0\0", "{}", "%s", "9" * 5000])
def test_hostile_words_find_nobody(world: World, text: str) -> None:
    assert clients_found(actor=actor_of(world.manager), text=text, on=TODAY) == []


@pytest.mark.parametrize("clients", [1, 3])
def test_search_costs_the_same_however_many_are_found(
    world: World, clients: int, django_assert_num_queries: Any
) -> None:
    manager = make_manager(*(make_holding(f"Ромашка {number}", city=world.city) for number in range(clients)))
    client = browser(manager)
    client.get(FIND)

    with django_assert_num_queries(4):
        page = client.get(FIND, {"q": "ромашка"}, headers={"X-Fragment": "1"}).content.decode()

    assert page.count("data-find-option") == clients
    assert "<html" not in page


def test_search_is_on_pages_of_employees_alone(world: World) -> None:
    assert "data-find-open" in browser(world.manager).get(MORNING).content.decode()
    assert "data-find-open" not in browser(world.head).get(reverse("home")).content.decode()
    assert browser(world.head).get(FIND, {"q": "север"}).status_code == 403
