"""The calendar of payments and its feed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.models import Membership
from finance.calendar_file import CalendarEvent, calendar_file
from finance.models import CalendarFeed
from finance.services.feeds import calendar_feed_make, feed_actor
from orders.models import Order
from orders.selectors.purchase_months import purchases_by_month
from orders.states import OrderState
from tests.documents.orders import GOLDEN, make_order
from tests.factories import AT, World, actor_of, make_contract, make_legal_entity
from tests.finance.debts import make_debt

pytestmark = pytest.mark.django_db


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_month_shows_terms_of_all_legal_entities(world: World) -> None:
    second = make_contract(make_legal_entity(world.holding, name="ООО «Восток»"))
    make_debt(world.contract, "100.00", due_date=date(2026, 12, 15))
    make_debt(second, "50.00", due_date=date(2026, 12, 15))
    make_debt(world.contract, "7.00", due_date=date(2027, 1, 12))

    page = browser_of(world.head).get("/settlements/calendar/", {"month": "2026-12"})

    days = {day.date: day for week in page.context["weeks"] for day in week}
    assert page.context["title"] == "Декабрь 2026"
    assert {due.entity.name for due in days[date(2026, 12, 15)].dues} == {"ООО «Восток»", "ООО «Север»"}
    assert (days[date(2026, 12, 15)].total, page.context["month_total"]) == (Decimal(150), Decimal(150))


@pytest.mark.parametrize("month", ["", "2026-13", "many", "0001-01", "9999-12", "2026-12-01"])
def test_month_that_is_none_is_the_present_one(world: World, month: str) -> None:
    page = browser_of(world.head).get("/settlements/calendar/", {"month": month})

    assert page.status_code == 200
    assert any(day.date == page.context["today"] for week in page.context["weeks"] for day in week)


def test_feed_tells_terms_to_whoever_has_the_link(world: World) -> None:
    make_debt(world.contract, "100.00", number="УТ-9", due_date=date(2026, 12, 15))
    make_debt(world.other_contract, "555.00")
    client = browser_of(world.head)
    client.post("/settlements/calendar/link/")
    page = client.get("/settlements/calendar/")
    address = page.context["feed"].replace("http://localhost:8000", "")

    feed = Client().get(address)

    lines = unfolded(feed.content)
    assert feed["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20261215" in lines
    assert "SUMMARY:Оплатить 100\\,00 ₽: ООО «Север»" in lines
    assert "555\\,00" not in feed.content.decode()
    assert client.get("/settlements/calendar/").context["feed"] == ""  # told once


def test_new_link_ends_the_old_one_and_it_can_be_ended(world: World) -> None:
    actor = actor_of(world.head)
    old = calendar_feed_make(actor=actor, at=AT)
    new = calendar_feed_make(actor=actor, at=AT)

    assert feed_actor(token=new, at=AT).user_id == world.head.pk
    with pytest.raises(CalendarFeed.DoesNotExist):
        feed_actor(token=old, at=AT)
    browser_of(world.head).post("/settlements/calendar/link/", {"end": "1"})
    assert Client().get(f"/settlements/calendar/{new}.ics").status_code == 404


@pytest.mark.parametrize("token", ["", "1", "1-", "x-y", "99999999999999999999-a", "1-forged"])
def test_forged_link_opens_nothing(world: World, token: str) -> None:
    calendar_feed_make(actor=actor_of(world.head), at=AT)

    with pytest.raises(CalendarFeed.DoesNotExist):
        feed_actor(token=token, at=AT)


def test_link_follows_the_rights_of_its_person(world: World) -> None:
    token = calendar_feed_make(actor=actor_of(world.head), at=timezone.now())
    Membership.objects.filter(user=world.head).update(is_active=False)

    assert Client().get(f"/settlements/calendar/{token}.ics").status_code == 404


def test_link_is_made_by_nobody_else(world: World) -> None:
    entered = actor_of(world.head, impersonator=world.manager)
    for actor in (actor_of(world.buyer), actor_of(world.manager), entered):
        with pytest.raises(AccessDenied):
            calendar_feed_make(actor=actor, at=AT)


def test_file_folds_long_lines_and_escapes_signs() -> None:
    event = CalendarEvent("ledger-1@portal", date(2026, 12, 31), "Я" * 100, "a;b,c\\d\ne", "https://p/")

    content = calendar_file(name="Платежи", events=[event], at=datetime(2026, 11, 23, 7, 41, tzinfo=UTC))

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    lines = unfolded(content)
    assert f"SUMMARY:{'Я' * 100}" in lines
    assert "DESCRIPTION:a\\;b\\,c\\\\d\\ne" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261123T074100Z" in lines


def test_purchases_are_summed_by_month_of_moscow(world: World, django_assert_num_queries: Any) -> None:
    january = make_order(world, GOLDEN[:1])
    Order.objects.filter(pk=january.pk).update(submitted_at=datetime(2025, 12, 31, 21, 30, tzinfo=UTC))
    make_order(world, GOLDEN[:1])
    make_order(world, GOLDEN[:1], state=OrderState.CANCELLED)

    with django_assert_num_queries(1):
        months = purchases_by_month(contract_ids=[world.contract.pk], on=date(2026, 11, 23))

    assert len(months) == 12
    assert {start: total for start, total in months.items() if total} == {
        date(2026, 1, 1): january.total,
        date(2026, 11, 1): january.total,
    }
