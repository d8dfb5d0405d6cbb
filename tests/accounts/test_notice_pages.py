"""The bell that opens in place, the inbox by day with its filter, and the matrix of settings."""

from datetime import UTC, time, timedelta
from typing import Any

import pytest
from django.contrib.admin.templatetags.admin_list import result_headers
from django.test import Client
from django.urls import reverse

from accounts import notices
from accounts.models import Digest, LetterTimes, Notice, NoticeRule, NoticeSetting, QuietHours, User
from accounts.notices import MONEY_KINDS, STAFF_KINDS, NoticeKind, Subject, channels_of, subject_of
from accounts.services.notices import LetterPlan, notice_send, notice_settings_save
from accounts.web.notices import kinds_offered
from accounts.zones import Zone
from counterparties.permissions import ReadyRole
from tests.factories import AT, TODAY, World, actor_of, make_person, make_user, make_world

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
INBOX, BELL, SETTINGS = "/accounts/notices/", "/accounts/notices/bell/", "/accounts/notices/settings/"


@pytest.fixture
def world() -> World:
    return make_world()


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(person: User, number: int = 1, *, kind: NoticeKind = NoticeKind.OVERDUE, at: Any = AT) -> Notice:
    notice_send(
        user_ids=[person.pk],
        kind=kind,
        reference=f"ledger:{number}",
        day=TODAY,
        title=f"Просрочен УТ-{number}",
        address="/settlements/",
        at=at,
    )
    return Notice.objects.latest("pk")


# --- the bell --------------------------------------------------------------------------------------
def test_opened_bell_shows_the_newest_ten_and_the_number(world: World) -> None:
    for number in range(12):
        told(world.head, number, at=AT + timedelta(minutes=number))

    page = browser_of(world.head).get(BELL, headers=HTMX)

    body = page.content.decode()
    assert [f"УТ-{number}<" in body for number in (1, 2, 11)] == [False, True, True]
    assert 'id="bell-badge" hx-swap-oob="true">12<' in body
    assert "<html" not in body
    assert "HX-Request" in page["Vary"]


def test_bell_without_htmx_is_the_inbox(world: World) -> None:
    answer = browser_of(world.head).get(BELL)

    assert (answer.status_code, answer["Location"], "HX-Request" in answer["Vary"]) == (302, INBOX, True)


def test_page_has_the_way_to_the_bell_where_nothing_has_come_from_it(world: World) -> None:
    page = browser_of(world.head).get("/").content.decode()

    assert f'data-later><a class="menu-item" href="{BELL}">' in page
    assert page.count('id="bell-badge"') == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_bell_and_inbox_cost_the_same_for_any_number(
    world: World, rows: int, django_assert_num_queries: Any
) -> None:
    client = browser_of(world.head)
    client.get(BELL, headers=HTMX), client.get(INBOX)
    for number in range(rows):
        told(world.head, number)
    client.get(INBOX)

    with django_assert_num_queries(5):
        client.get(BELL, headers=HTMX)
    with django_assert_num_queries(8):
        client.get(INBOX)


def test_line_is_marked_in_place_and_the_number_goes_down(world: World) -> None:
    notice, _other = told(world.head, 1), told(world.head, 2)
    client = browser_of(world.head)
    address = reverse("accounts:notice_mark", args=[notice.pk])

    answers = [client.post(address, headers=HTMX).content.decode() for _click in range(2)]

    for body in answers:
        assert f'<li class="notice" id="notice-{notice.pk}">' in body
        assert 'id="bell-badge" hx-swap-oob="true">1<' in body
        assert "Прочитано" not in body
    assert client.post(address)["Location"] == INBOX


def test_all_are_marked_in_the_bell(world: World) -> None:
    told(world.head)

    body = browser_of(world.head).post("/accounts/notices/read/", headers=HTMX).content.decode()

    assert 'id="bell-badge" hx-swap-oob="true"></span>' in body
    assert "Прочитать все" not in body
    assert not Notice.objects.filter(read_at__isnull=True).exists()


@pytest.mark.parametrize("page", ["notice_open", "notice_mark"])
def test_strangers_line_is_not_found_and_stays_unread(world: World, page: str) -> None:
    notice = told(world.buyer)

    for person in (world.head, world.manager, make_user()):
        answer = browser_of(person).post(reverse(f"accounts:{page}", args=[notice.pk]))
        assert answer.status_code == 404

    notice.refresh_from_db()
    assert notice.read_at is None


def test_manager_inside_the_cabinet_sees_no_inbox_of_the_person(world: World) -> None:
    notice = told(world.buyer)
    client = browser_of(world.manager)
    client.post(reverse("hijack:acquire"), {"user_pk": world.buyer.pk})

    inside = client.get("/").content.decode()
    answers = {
        client.get(INBOX).status_code,
        client.get(BELL, headers=HTMX).status_code,
        client.get(SETTINGS).status_code,
        client.post(reverse("accounts:notice_mark", args=[notice.pk])).status_code,
        client.post(reverse("accounts:notice_preset"), {"preset": "nothing"}).status_code,
    }

    assert "is-impersonated" in inside
    assert "bell-badge" not in inside
    assert answers <= {403, 409}  # 409: a form that was not drawn for this visit
    assert not NoticeSetting.objects.exists()


# --- the inbox -------------------------------------------------------------------------------------
def test_inbox_is_gathered_by_day_of_the_persons_own_clock(world: World) -> None:
    notice_settings_save(
        user_id=world.head.pk, mailed=[], quiet_hours=None, plan=LetterPlan(zone=Zone.KAMCHATKA)
    )
    told(world.head, 1, at=AT.astimezone(UTC).replace(hour=11, minute=59))  # 23:59 in Kamchatka
    told(world.head, 2, at=AT.astimezone(UTC).replace(hour=12, minute=1))

    page = browser_of(world.head).get(INBOX).content.decode()

    assert page.count('class="notice-day"') == 2
    assert page.index(">00:01<") < page.index(">23:59<")


def test_inbox_is_filtered_by_kind_and_unread_and_keeps_the_filter_on_its_pages(world: World) -> None:
    for number in range(40):
        told(world.head, number)
    told(world.head, 77, kind=NoticeKind.SHIPMENT)
    Notice.objects.filter(reference="ledger:5").update(read_at=AT)
    client = browser_of(world.head)

    of_kind = client.get(INBOX, {"kind": "shipment"}).content.decode()
    unread = client.get(INBOX, {"kind": "overdue", "unread": "1", "size": "60"}).content.decode()
    first = client.get(INBOX, {"kind": "overdue"}).content.decode()

    assert ("УТ-77<" in of_kind, "УТ-1<" in of_kind) == (True, False)
    assert unread.count('<li class="notice') == 39
    assert first.count('<li class="notice') == 30
    assert "kind=overdue&amp;page=2" in first


@pytest.mark.parametrize(
    "query",
    [{"kind": "' OR 1=1"}, {"unread": "yes"}, {"size": "9999"}, {"page": "x"}, {"kind": "file_damaged"}],
)
def test_filter_that_says_nonsense_asks_for_nothing(world: World, query: dict[str, str]) -> None:
    told(world.head)

    page = browser_of(world.head).get(INBOX, query)

    assert (page.status_code, page.content.decode().count('<li class="notice')) == (200, 1)


# --- settings --------------------------------------------------------------------------------------
def test_no_kind_is_named_under_two_headings_and_all_may_come_to_the_inbox() -> None:
    named = [kind for kinds in notices._SUBJECTS.values() for kind in kinds]

    assert len(named) == len(set(named))
    assert all("inbox" in channels_of(kind) for kind in NoticeKind)


def test_what_is_watched_stands_under_goods() -> None:
    assert [kind for kind in NoticeKind if subject_of(kind) == Subject.GOODS] == [
        NoticeKind.GOODS_ARRIVED, NoticeKind.PRICE_MET, NoticeKind.LIST_NEWS, NoticeKind.PRICE_LIST,
    ]  # fmt: skip
    talk = [kind for kind in NoticeKind if subject_of(kind) == Subject.TALK]
    assert talk == [NoticeKind.MESSAGE, NoticeKind.MESSAGE_WAITS]


def test_kinds_of_money_are_offered_only_to_who_sees_money(world: World) -> None:
    orders_only = kinds_offered(actor_of(world.buyer))
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT)
    money = kinds_offered(actor_of(accountant))
    employee = kinds_offered(actor_of(world.manager))

    assert not set(orders_only) & (MONEY_KINDS | STAFF_KINDS)
    assert set(money) >= MONEY_KINDS
    assert not set(money) & STAFF_KINDS
    assert set(employee) == STAFF_KINDS


def test_matrix_is_saved_with_the_clock_and_shown_again(world: World) -> None:
    client = browser_of(world.head)
    told_of = {
        "channel_overdue": "digest",
        "channel_blocked": "mail",
        "channel_shipment": "inbox",
        "zone": "Asia/Omsk",
        "rhythm": "weekly",
        "weekday": "4",
        "hour": "18",
        "silent_until": "2026-12-31",
        "start": "22:00",
        "end": "08:00",
        "language": "en",
    }

    answers = [client.post(SETTINGS, told_of).status_code for _click in range(2)]

    page = client.get(SETTINGS).content.decode()
    chosen = dict(NoticeSetting.objects.values_list("kind", "channel"))
    times = LetterTimes.objects.get(user=world.head)
    world.head.refresh_from_db()
    assert answers == [302, 302]
    assert (chosen["overdue"], chosen["blocked"], chosen["shipment"]) == ("digest", "mail", "inbox")
    assert (times.rhythm, times.weekday, times.hour, str(times.silent_until)) == (
        "weekly",
        4,
        18,
        "2026-12-31",
    )
    assert (world.head.time_zone, world.head.language) == ("Asia/Omsk", "en")
    assert QuietHours.objects.get().start == time(22)
    assert 'name="channel_overdue" value="digest" checked' in page
    assert 'value="22:00"' in page
    assert 'value="2026-12-31"' in page
    assert '<option value="Asia/Omsk" selected>' in page
    assert '<option value="4" selected>' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel_blocked": "digest"},
        {"channel_overdue": "sms"},
        {"hour": "24"},
        {"weekday": "7"},
        {"zone": "Europe/Paris"},
        {"silent_until": "31 декабря"},
        {"start": "22:00"},
        {"start": "22:00", "end": "22:00"},
    ],
)
def test_settings_that_make_no_sense_change_nothing(world: World, wrong: dict[str, str]) -> None:
    answer = browser_of(world.head).post(SETTINGS, {"channel_shipment": "inbox", **wrong})

    assert answer.status_code == 422
    assert not NoticeSetting.objects.exists()
    assert not LetterTimes.objects.exists()
    assert not QuietHours.objects.exists()


def test_kind_that_the_person_is_not_asked_about_is_not_written(world: World) -> None:
    NoticeSetting.objects.create(user=world.buyer, kind=NoticeKind.OVERDUE, channel="inbox")

    answer = browser_of(world.buyer).post(
        SETTINGS, {"channel_overdue": "mail", "channel_file_damaged": "mail", "channel_shipment": "digest"}
    )

    chosen = dict(NoticeSetting.objects.values_list("kind", "channel"))
    assert answer.status_code == 302
    assert (chosen["overdue"], chosen["shipment"]) == ("inbox", "digest")
    assert "file_damaged" not in chosen


def test_employee_chooses_of_his_own_kinds(world: World) -> None:
    client = browser_of(world.manager)

    page = client.get(SETTINGS).content.decode()
    client.post(SETTINGS, {"channel_act_answered": "digest"})

    assert "channel_overdue" not in page
    assert NoticeSetting.objects.get(kind="act_answered").channel == "digest"


def test_preset_is_one_button(world: World) -> None:
    client = browser_of(world.buyer)

    done = client.post(reverse("accounts:notice_preset"), {"preset": "nothing"})
    wrong = client.post(reverse("accounts:notice_preset"), {"preset": "everything"})

    assert (done.status_code, done["Location"], wrong.status_code) == (302, SETTINGS, 404)
    assert set(NoticeSetting.objects.values_list("channel", flat=True)) == {"inbox"}
    assert not NoticeSetting.objects.filter(kind__in=MONEY_KINDS).exists()


# --- the administration ----------------------------------------------------------------------------
def test_administrator_sets_rules_for_who_has_not_chosen_and_sees_what_went_where(world: World) -> None:
    root = User.objects.create_superuser("root@portal.example", full_name="Администратор")
    client = browser_of(root)
    add = reverse("admin:accounts_noticerule_add")

    refused = client.post(add, {"kind": "blocked", "channel": "digest"})
    done = client.post(add, {"kind": "overdue", "channel": "digest"})
    told(world.head)
    digest = Digest.objects.create(user=world.head, day=TODAY, due_at=AT, ordered_at=AT)
    Notice.objects.update(digest=digest)
    rules = client.get(reverse("admin:accounts_noticerule_changelist")).content.decode()
    digests = client.get(reverse("admin:accounts_digest_changelist")).content.decode()
    notices = client.get(reverse("admin:accounts_notice_changelist")).content.decode()

    assert (refused.status_code, done.status_code) == (200, 302)
    assert NoticeRule.objects.get().kind == "overdue"
    assert "Оплата просрочена" in rules
    assert '<td class="field-lines">1</td>' in digests
    assert "В сводке" in notices


@pytest.mark.parametrize("model", ["notice", "digest", "lettertimes", "noticesetting", "quiethours"])
def test_lists_of_notices_name_the_person_in_russian(world: World, model: str) -> None:
    root = User.objects.create_superuser("root@portal.example", full_name="Администратор")

    page = browser_of(root).get(reverse(f"admin:accounts_{model}_changelist"))

    names = {str(column["text"]) for column in result_headers(page.context["cl"])}
    assert "кому" in {name.lower() for name in names}
    assert not {name for name in names if name.isascii()}
