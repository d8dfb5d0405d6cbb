"""As of when prices and stock are, what a buyer and an administrator hear when 1C is late or silent."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from catalog.models import Warehouse
from integrations.models import (
    ExchangeFile,
    ExchangeKey,
    ExchangeNode,
    ExchangeSession,
    ExchangeStream,
    ExternalId,
    FileState,
    StreamAlarm,
    StreamKind,
    StreamLimit,
)
from integrations.reports.feeds import feeds_forget, feeds_read, outage_since, page_freshness
from integrations.services.alarms import alarms_turn
from integrations.services.push.keys import key_issue
from portal.lib.dates import MOSCOW, format_since
from tests.factories import World, make_cart, make_city, make_organization, make_warehouse, make_world
from tests.integrations.onec_talk import make_node, run_jobs

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CART, CHECKOUT = reverse("orders:cart"), reverse("orders:checkout")
CATALOG = reverse("catalog:index") + "?q=болт"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def base(world: World) -> ExchangeNode:
    """The base of the world's warehouse and organization: stock and prices came just now, 1C was here."""
    return fed(make_node(), world.main_warehouse)


@pytest.fixture
def buyer(client: Client, world: World) -> Client:
    client.force_login(world.buyer)
    return client


def fed(node: ExchangeNode, *warehouses: Warehouse, at: datetime | None = None) -> ExchangeNode:
    at = at or timezone.now()
    for warehouse in warehouses:
        ExternalId.objects.create(
            node=node, kind="warehouse", external_id=f"w{warehouse.pk}", object_id=warehouse.pk
        )
    for kind in ("stock", "prices"):
        ExchangeStream.objects.create(node=node, kind=kind, applied_at=at, usual_gap=HOUR)
    ExchangeSession.objects.create(node=node, kind="catalog", started_at=at, seen_at=at)
    return node


def came(ago: timedelta, *kinds: str, node: ExchangeNode | None = None) -> datetime:
    """Have streams come so long ago; return when."""
    at = timezone.now() - ago
    streams = ExchangeStream.objects.filter(kind__in=kinds or ("stock", "prices"))
    (streams.filter(node=node) if node else streams).update(applied_at=at)
    feeds_forget()
    return at


def told(client: Client, address: str = CATALOG) -> list[str]:
    """Texts of freshness on a page, the warnings with a mark before them."""
    page = client.get(address, follow=True).content.decode()
    found = re.findall(r'<span class="freshness( is-late)?">(.*?)</span>(?=<span|\s*</div>|\s*<)', page)
    return [("! " if late else "") + re.sub(r"<[^>]*>", "", text) for late, text in found]


def since(at: datetime) -> str:
    return format_since(at, now=timezone.now())


# --- what a buyer sees -----------------------------------------------------------------------------
def test_moment_is_told_shortly_today_and_with_the_day_before() -> None:
    now = datetime(2026, 11, 27, 0, 30, tzinfo=MOSCOW)

    assert format_since(now, now=now) == "00:30"
    assert format_since(now - HOUR, now=now) == "26 ноября, 23:30"


def test_pages_with_goods_tell_as_of_when_stock_and_prices_are(
    base: ExchangeNode, world: World, buyer: Client
) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    stock, prices = came(HOUR / 2, "stock"), came(HOUR, "prices")
    pages = [CATALOG, reverse("catalog:product", args=[world.skus[0].product_id]), CART, CHECKOUT]

    apart = [told(buyer, page) for page in pages]
    both = came(HOUR / 4)

    assert apart == [[f"Остатки на {since(stock)}", f"Цены на {since(prices)}"]] * 4
    assert [told(buyer, page) for page in pages] == [[f"Остатки и цены на {since(both)}"]] * 4


def test_late_stream_is_a_plain_warning(base: ExchangeNode, buyer: Client) -> None:
    late, fresh = came(3 * HOUR, "stock"), came(HOUR / 2, "prices")

    stock_only = told(buyer)
    both = came(4 * HOUR)

    assert stock_only == [
        f"Цены на {since(fresh)}",
        f"! 1С не присылала остатки с {since(late)}, количество уточним при подтверждении",
    ]
    assert told(buyer) == [f"! 1С не присылала остатки и цены с {since(both)}, уточним их при подтверждении"]


def test_portal_without_an_exchange_tells_nothing(world: World, buyer: Client) -> None:
    assert told(buyer) == []
    make_node()
    feeds_forget()
    assert told(buyer) == []


def test_administrator_switches_it_off_and_pages_follow_at_once(
    base: ExchangeNode,
    world: World,
    buyer: Client,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    before = told(buyer)
    staff = Client()
    staff.force_login(world.administrator)
    form = {
        "code": base.code, "name": base.name, "username": base.username, "currency_name": "руб",
        "is_active": "on", "outage_hours": "5", "limits-TOTAL_FORMS": "1", "limits-INITIAL_FORMS": "0",
        "limits-0-kind": "stock", "limits-0-late_after_minutes": "90",
    }  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(reverse("admin:integrations_exchangenode_change", args=[base.pk]), form)

    assert answer.status_code == 302
    assert len(before) == 1
    assert told(buyer) == []
    base.refresh_from_db()
    assert (base.is_freshness_shown, base.is_outage_shown, base.outage_hours) == (False, False, 5)
    assert list(StreamLimit.objects.values_list("kind", "late_after_minutes")) == [("stock", 90)]


def test_paused_base_tells_its_moment_and_is_not_late(base: ExchangeNode, buyer: Client) -> None:
    long_ago = came(9 * 24 * HOUR)
    ExchangeNode.objects.update(is_active=False)
    ExchangeSession.objects.update(seen_at=long_ago)

    assert told(buyer) == [f"Остатки и цены на {since(long_ago)}"]
    assert "нет связи с 1С" not in buyer.get(CATALOG).content.decode()


# --- whose base --------------------------------------------------------------------------------------
def judged(city_id: int, organization_id: int | None) -> tuple[object, ...]:
    now = timezone.now()
    page = page_freshness(feeds_read(at=now), city_id=city_id, organization_id=organization_id, at=now)
    return page.stock_at, page.prices_at, page.is_stock_late, page.is_prices_late


def test_bases_of_the_city_and_of_the_organization_speak(base: ExchangeNode, world: World) -> None:
    elsewhere, other = make_city("Казань"), make_organization("ООО «Вторая»")
    second = fed(make_node("erp"), make_warehouse(elsewhere))
    base.organizations.add(world.organization)
    second.organizations.add(other)
    fresh, late = came(HOUR / 2, node=base), came(5 * HOUR, node=second)

    assert judged(world.city.pk, world.organization.pk) == (fresh, fresh, False, False)
    assert judged(elsewhere.pk, other.pk) == (late, late, True, True)
    assert judged(elsewhere.pk, world.organization.pk) == (late, fresh, True, False)


def test_of_two_bases_of_a_city_the_oldest_speaks(base: ExchangeNode, world: World) -> None:
    second = fed(make_node("erp"), world.second_warehouse)
    came(HOUR / 2, node=base)
    late = came(5 * HOUR, node=second)

    assert judged(world.city.pk, None) == (late, late, True, True)


def test_limit_of_the_administrator_wins_over_the_pace(base: ExchangeNode, world: World) -> None:
    came(5 * HOUR)
    StreamLimit.objects.create(node=base, kind="stock", late_after_minutes=6 * 60)
    StreamLimit.objects.create(node=base, kind="prices", late_after_minutes=1)

    assert judged(world.city.pk, None)[2:] == (False, True)


# --- the cache ---------------------------------------------------------------------------------------
def test_warm_page_asks_nothing_more_for_it(
    base: ExchangeNode, buyer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at = timezone.now()

    with django_assert_num_queries(11):
        feeds = feeds_read(at=at)
    with django_assert_num_queries(0):
        page_freshness(feeds, city_id=1, organization_id=1, at=at)
        outage_since(feeds, organization_id=1, at=at)


def test_page_shows_what_it_knew_half_a_minute_ago(base: ExchangeNode, buyer: Client) -> None:
    before = told(buyer)
    ExchangeStream.objects.all().delete()

    assert told(buyer) == before
    feeds_forget()
    assert told(buyer) == []


# --- 1C is silent ------------------------------------------------------------------------------------
def test_buyer_may_order_while_1c_is_silent_and_is_told(
    base: ExchangeNode, world: World, buyer: Client
) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    heard = timezone.now() - 25 * HOUR
    before = buyer.get(CART).content.decode()
    ExchangeSession.objects.update(seen_at=heard)
    feeds_forget()

    pages = [buyer.get(address).content.decode() for address in (CATALOG, CART, CHECKOUT, reverse("home"))]

    assert "нет связи с 1С" not in before
    assert [f"С {since(heard)} нет связи с 1С. Заказывать можно" in page for page in pages] == [True] * 4
    assert "Отправить заказ" in pages[2]


def test_base_that_speaks_json_is_not_silent(base: ExchangeNode, buyer: Client) -> None:
    ExchangeSession.objects.update(seen_at=timezone.now() - 25 * HOUR)
    key, _text = key_issue(node_id=base.pk, name="Обмен", at=timezone.now())
    silent = "нет связи с 1С" in buyer.get(CATALOG).content.decode()
    ExchangeKey.objects.filter(pk=key.pk).update(last_used_at=timezone.now())
    feeds_forget()

    assert silent
    assert "нет связи с 1С" not in buyer.get(CATALOG).content.decode()


@pytest.mark.parametrize(
    "settled", [{"is_outage_shown": False}, {"outage_hours": 26}, {"is_active": False}], ids=str
)
def test_outage_is_not_told_where_the_administrator_says_so(
    base: ExchangeNode, buyer: Client, settled: dict[str, object]
) -> None:
    ExchangeSession.objects.update(seen_at=timezone.now() - 25 * HOUR)
    ExchangeNode.objects.update(**settled)

    assert "нет связи с 1С" not in buyer.get(CATALOG).content.decode()


def test_base_that_speaks_json_is_heard(base: ExchangeNode, buyer: Client) -> None:
    now = timezone.now()
    ExchangeSession.objects.update(seen_at=now - 25 * HOUR)
    key, _text = key_issue(node_id=base.pk, name="Обмен", at=now)
    ExchangeKey.objects.filter(pk=key.pk).update(last_used_at=now - HOUR)
    feeds_forget()

    assert "нет связи с 1С" not in buyer.get(CATALOG).content.decode()


# --- what the administrators hear --------------------------------------------------------------------
def watched(at: datetime | None = None) -> tuple[int, int]:
    turned = alarms_turn(at=at or timezone.now())
    run_jobs()
    return turned


@pytest.fixture
def alarmed(base: ExchangeNode, world: World, monkeypatch: pytest.MonkeyPatch) -> ExchangeNode:
    monkeypatch.setattr("portal.outbox.sending.send", len)
    return base


def test_letter_goes_once_when_a_stream_turns_late_and_once_when_it_is_back(
    alarmed: ExchangeNode, world: World
) -> None:
    quiet = watched()
    came(3 * HOUR)

    turned = [watched() for _ in range(3)]
    came(timedelta())
    back = [watched() for _ in range(2)]

    assert quiet == (0, 0)
    assert turned == [(2, 0), (0, 0), (0, 0)]
    assert back == [(0, 2), (0, 0)]
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([world.administrator.email], "1С «УТ 11 ut» опаздывает: цены, остатки"),
        ([world.administrator.email], "1С «УТ 11 ut»: обмен восстановился"),
    ]
    assert "допустимый перерыв 2 ч" in mail.outbox[0].body
    assert reverse("admin:integrations_exchangestream_changelist") in mail.outbox[0].body


def test_alarm_of_a_stream_that_is_known_no_more_ends_without_a_letter(alarmed: ExchangeNode) -> None:
    long_ago = timezone.now() - 2000 * HOUR
    StreamAlarm.objects.create(node=alarmed, kind="settlements", last_at=long_ago, raised_at=long_ago)
    came(3 * HOUR)

    assert watched() == (2, 1)
    assert [letter.subject for letter in mail.outbox] == ["1С «УТ 11 ut» опаздывает: цены, остатки"]


def test_base_that_is_paused_while_late_is_neither_late_nor_back(alarmed: ExchangeNode) -> None:
    came(3 * HOUR)
    watched()
    ExchangeNode.objects.update(is_active=False)

    watched()

    assert len(mail.outbox) == 1
    assert not StreamAlarm.objects.exists()


def test_each_base_has_its_own_letter(alarmed: ExchangeNode, world: World) -> None:
    fed(make_node("erp"), world.second_warehouse)
    came(3 * HOUR, "stock")

    watched()

    assert sorted(letter.subject for letter in mail.outbox) == [
        "1С «УТ 11 erp» опаздывает: остатки",
        "1С «УТ 11 ut» опаздывает: остатки",
    ]


def test_letter_names_a_stream_of_json(alarmed: ExchangeNode) -> None:
    pushed(alarmed, at=timezone.now() - 26 * HOUR)

    watched()

    (letter,) = mail.outbox
    assert letter.subject == "1С «УТ 11 ut» опаздывает: расчеты"
    assert "Расчеты: последний раз" in letter.body
    assert "Покупатели видят" not in letter.body


def pushed(node: ExchangeNode, *, at: datetime) -> None:
    ExchangeStream.objects.create(node=node, kind="settlements", applied_at=at)


def test_metrics_tell_the_lag_of_each_stream(base: ExchangeNode, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "scraper-token-of-the-test"
    came(3 * HOUR, "stock")

    page = client.get(reverse("metrics"), headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})

    gauges = dict(line.rsplit(" ", 1) for line in page.content.decode().splitlines() if line[0] != "#")
    assert 10_800 <= float(gauges['portal_exchange_lag_seconds{node="ut",stream="stock"}']) < 10_860
    assert float(gauges['portal_exchange_late{node="ut",stream="stock"}']) == 1
    assert float(gauges['portal_exchange_late{node="ut",stream="prices"}']) == 0
    assert 'portal_exchange_lag_seconds{node="ut",stream="goods"}' not in gauges


def test_first_page_of_the_administration_tells_what_needs_a_person(
    base: ExchangeNode, world: World, client: Client
) -> None:
    client.force_login(world.administrator)
    quiet = client.get("/admin/").content.decode()
    came(3 * HOUR, "stock")
    ExchangeFile.objects.create(
        session=ExchangeSession.objects.get(), name="a.xml", state=FileState.HELD, received_at=timezone.now()
    )

    page = client.get("/admin/").content.decode()

    assert "опаздывает" not in quiet
    assert "1С опаздывает: УТ 11 ut, остатки с " in page
    assert "ждут решения: 1." in page


def test_kinds_of_streams_are_those_that_loads_note() -> None:
    assert {kind.value for kind in StreamKind} == {"goods", "prices", "stock", "orders"}
