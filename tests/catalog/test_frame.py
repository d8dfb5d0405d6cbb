"""The frame of pages: what every page has, refusals, and that nothing it names is missing."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from portal.outbox.models import Job
from portal.outbox.runner import run
from portal.templatetags.lists import scripts, styles
from tests.factories import World, make_contract, make_legal_entity

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OWN_STATIC = re.compile(r"""\{% static ['"](?!vendor/)([^'"]+)['"]""")


def test_icons_of_templates_are_in_the_sprite() -> None:
    listed = set((ROOT / "scripts" / "icons.txt").read_text().split())

    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'_ui/icon\.html" with name="([^"]+)"', path.read_text())
    }

    assert used - listed == set()
    assert used != set()


def test_static_files_of_templates_exist() -> None:
    named = {name for path in TEMPLATES for name in OWN_STATIC.findall(path.read_text())}
    named |= set(re.findall(r'/static/((?:css|js)/[^"]+)"', styles() + scripts()))

    assert {name for name in named if finders.find(name) is None} == set()
    assert {"css/tokens.css", "js/menus.js", "img/favicon.svg"} <= named


def test_page_passes_a_strict_content_security_policy(buyer: Client) -> None:
    answer = buyer.get(reverse("catalog:index"))

    page = answer.content.decode()
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def test_top_names_the_person_the_city_and_the_legal_entity(buyer: Client, world: World) -> None:
    page = buyer.get(reverse("catalog:index")).content.decode()

    assert "Ирина" in page
    assert re.findall(r'topnav-choice-text">([^<]+)<', page) == ["Москва", "ООО «Север»"]
    assert page.count(f'action="{reverse("counterparties:legal_entity")}"') == 0


def test_top_offers_other_legal_entities(buyer: Client, world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Ямал»")
    make_contract(second)

    page = buyer.get(reverse("catalog:index")).content.decode()

    assert re.findall(r'name="legal_entity" value="(\d+)"', page) == [str(world.entity.pk), str(second.pk)]


def test_bar_tells_in_whose_name_an_employee_works(client: Client, world: World) -> None:
    client.force_login(world.manager)
    client.post(reverse("hijack:acquire"), {"user_pk": world.buyer.pk, "next": "/catalog/"})

    page = client.get(reverse("catalog:index")).content.decode()

    assert "Вы работаете как <b>Ирина Закупкина</b> (ООО «Север»)" in page
    assert f'action="{reverse("hijack:release")}"' in page
    assert reverse("account_change_password") not in page


def test_refusals_speak_russian(buyer: Client, world: World) -> None:
    absent = buyer.get("/no/such/page/")
    forbidden = buyer.get(reverse("counterparties:clients"))

    assert (absent.status_code, "Страница не найдена" in absent.content.decode()) == (404, True)
    assert (forbidden.status_code, "Нет доступа" in forbidden.content.decode()) == (403, True)


def test_stale_form_is_told_what_to_do(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.buyer)

    answer = strict.post(reverse("catalog:city"), {"city": world.city.pk})

    assert (answer.status_code, "Страница устарела" in answer.content.decode()) == (403, True)


def test_failure_page_needs_nothing_but_itself() -> None:
    page = render_to_string("500.html")

    named = re.findall(r'href="/static/([^"]+)"', page)
    assert named == ["css/tokens.css", "css/failure.css"]
    assert [name for name in named if finders.find(name) is None] == []


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_login", "Вход в портал"),
        ("account_reset_password", "Восстановление пароля"),
        ("account_reset_password_done", "Проверьте почту"),
        ("account_reset_password_from_key_done", "Пароль изменён"),
        ("account_email_verification_sent", "Подтвердите эл. почту"),
        ("account_inactive", "Доступ закрыт"),
        ("account_signup", "Доступ открывают по приглашению"),
    ],
)
def test_page_before_sign_in_is_dressed(client: Client, name: str, heading: str) -> None:
    page = client.get(reverse(name)).content.decode()

    assert re.findall(r"<h1>([^<]+)</h1>", page) == [heading]
    assert 'class="entrance-card' in page


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_change_password", "Смена пароля"),
        ("account_logout", "Выйти из портала?"),
        ("account_reauthenticate", "Подтвердите, что это вы"),
        ("account_email", None),
    ],
)
def test_page_of_ones_own_account_is_dressed(
    buyer: Client, world: World, name: str, heading: str | None
) -> None:
    world.buyer.set_password("long-enough-password")
    world.buyer.save(update_fields=["password"])
    buyer.force_login(world.buyer)

    page = buyer.get(reverse(name), follow=True).content.decode()

    assert 'class="entrance-card' in page
    assert heading is None or re.findall(r"<h1>([^<]+)</h1>", page) == [heading]


def test_link_of_a_letter_that_no_longer_works_says_so(client: Client) -> None:
    target = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "abc"})

    page = client.get(target).content.decode()

    assert re.findall(r"<h1>([^<]+)</h1>", page) == ["Ссылка не действует"]


def test_new_password_is_set_by_the_link_of_the_letter(
    client: Client, world: World, mailoutbox: list
) -> None:
    client.post(reverse("account_reset_password"), {"email": world.buyer.email})
    for job in Job.objects.filter(handler__startswith="accounts."):
        run(job.pk)
    link = re.search(r"/accounts/password/reset/key/\S+", mailoutbox[0].body)
    assert link is not None

    page = client.get(link[0], follow=True).content.decode()

    assert re.findall(r"<h1>([^<]+)</h1>", page) == ["Новый пароль"]
    assert re.findall(r'name="(password\d)"', page) == ["password1", "password2"]
