"""A company becomes a client and gives its people rights; a manager helps, and the client sees it all."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.permissions import Stage
from catalog.models import Sku
from counterparties.models import Holding, StageGrant, Visit
from orders.models import Cart
from tests.browser.conftest import shot
from tests.factories import (
    make_city,
    make_contract,
    make_inn,
    make_legal_entity,
    make_manager,
    make_organization,
    make_sku,
    make_warehouse,
)
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Letter = Callable[[str, str], str]
PASSWORD = "кабель на барабане 2026"
HEAD, ACCOUNTANT = "head@newcomer.example", "accounts@newcomer.example"
FIRST_FIRM, SECOND_FIRM = "ООО «Новичок»", "ООО «Новичок-Склад»"


@pytest.fixture
def manager(live_server: object, worker: None) -> User:
    """A seller with one product in one city and a manager who has no clients yet."""
    city = make_city("Тула")
    make_organization(confirms_orders_itself=True)
    make_sku("Кабель ВВГнг 3х2,5", price="250.50", stock={make_warehouse(city): 100})
    employee = make_manager(full_name="Мария Менеджерова")
    employee.set_password(PASSWORD)
    employee.save(update_fields=["password"])
    EmailAddress.objects.create(user=employee, email=employee.email, primary=True, verified=True)
    return employee


@pytest.fixture
def letter_link(tmp_path: Path) -> Letter:
    """The address in the letter that the worker sent to a person with a subject that begins so."""

    def link(to: str, subject: str) -> str:
        found: list[str] = []

        def arrived() -> bool:
            for path in (tmp_path / "mail").glob("*.log"):
                letter = message_from_bytes(path.read_bytes(), policy=policy.default)
                if letter["To"] == to and str(letter["Subject"]).strip().startswith(subject):
                    body = letter.get_body(("plain",))
                    found.extend(re.findall(r"https?://\S+", body.get_content() if body else ""))
            return bool(found)

        wait_for(arrived)
        return urlsplit(found[0]).path

    return link


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.locator("[name=password]")).to_have_count(0)


def apply_for_the_company(page: Page, inn: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Стать клиентом").click()
    shot(page, "join-inn")
    page.fill("[name=inn]", f"{inn[:4]} {inn[4:]}")
    page.get_by_role("button", name="Продолжить").click()
    page.select_option("[name=kind]", "ooo")
    for name, value in {
        "name": FIRST_FIRM,
        "kpp": "710101001",
        "legal_address": "300000, г. Тула, ул. Советская, д. 1",
        "head_name": "Новиков Иван Петрович",
        "contact_name": "Новиков Иван",
        "phone": "+7 4872 12-34-56",
        "email": HEAD,
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=city]", label="Тула")
    page.check("[name=personal_data]")
    shot(page, "join-company")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Проверьте почту")).to_be_visible()


def confirm_the_address(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    shot(page, "join-confirm")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Почта подтверждена")).to_be_visible()
    sign_in(page, HEAD)
    expect(page.get_by_role("heading", name="Заявка на рассмотрении")).to_be_visible()
    shot(page, "join-status")


def approve_the_application(page: Page, manager: User) -> Holding:
    sign_in(page, manager.email)
    page.goto("/staff/registrations/")
    shot(page, "registrations")
    page.get_by_role("link", name=FIRST_FIRM).click()
    page.fill("[name=holding_name]", "Группа «Новичок»")
    page.select_option("[name=manager]", label="Мария Менеджерова")
    page.select_option("[name=organization]", index=1)
    page.fill("[name=contract_number]", "ОП-77/26")
    page.fill("[name=contract_date]", "2026-01-12")
    shot(page, "registration")
    page.get_by_role("button", name="Одобрить").click()
    expect(page.get_by_text("Клиент «Группа «Новичок»» создан.")).to_be_visible()
    return Holding.objects.get()


def invite_the_accountant(page: Page) -> None:
    page.goto("/people/invite/")
    page.fill("[name=email]", ACCOUNTANT)
    page.select_option("[name=role]", label="Бухгалтер")
    page.check("[name=whole]")
    page.select_option("[name=stage]", str(Stage.ORDERS.value))
    shot(page, "invite")
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_role("cell", name=ACCOUNTANT)).to_be_visible()


def accept_and_ask_for_finance(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("[name=full_name]", "Счетова Анна")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=password_again]", PASSWORD)
    shot(page, "invitation")
    page.get_by_role("button", name="Принять приглашение").click()
    page.wait_for_url(lambda url: "/invitation/" not in url)
    if page.locator("[name=password]").count():
        sign_in(page, ACCOUNTANT)
    page.goto("/rights/")
    finance = page.locator(".ladder-step").filter(has_text=str(Stage.FINANCE.label))
    finance.get_by_text("Запросить доступ").click()
    finance.get_by_label("Зачем").fill("Сверить долг перед закрытием месяца")
    shot(page, "my-rights")
    finance.get_by_role("button", name="Отправить руководителю").click()
    expect(page.get_by_text("ждет решения руководителя")).to_be_visible()


def grant_finance_for_one_firm(page: Page, until: date) -> None:
    page.goto("/people/")
    shot(page, "people")
    page.locator("#requests").get_by_role("link", name="Счетова Анна").click()
    asked = page.locator(".ladder-step").filter(has_text="Сверить долг")
    asked.get_by_label(SECOND_FIRM).check()
    asked.locator("[name=valid_until]").fill(until.isoformat())
    shot(page, "person")
    asked.get_by_role("button", name="Открыть доступ").click()
    granted = page.locator(".ladder-grant").filter(has_text=SECOND_FIRM)
    expect(granted).to_contain_text(f"{SECOND_FIRM}, по {until:%d.%m.%Y}")
    shot(page, "person-granted")


def gather_a_draft_in_the_cabinet(page: Page, sku: Sku) -> None:
    page.goto("/staff/clients/")
    page.get_by_role("link", name="Войти как клиент: Новиков Иван").click()
    page.get_by_label("В отдельный черновик").check()
    page.get_by_label("Зачем входите").fill("Собрать заказ по телефону")
    shot(page, "visit-start")
    page.get_by_role("button", name="Войти в кабинет").click()
    expect(page.get_by_text("Вы работаете как")).to_be_visible()
    page.goto(f"/catalog/product/{sku.product_id}/")
    page.locator("[name=quantity]").fill("12")
    page.get_by_role("button", name="В корзину").click()
    expect(page.get_by_text("Добавлено")).to_be_visible()
    shot(page, "visit")
    page.get_by_role("button", name="Выйти из кабинета").click()
    expect(page.get_by_role("heading", name="Что сделано")).to_be_visible()
    shot(page, "visit-done")


def take_the_draft_and_read_the_history(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Посмотреть").click()
    shot(page, "draft")
    page.get_by_role("button", name="Перенести в мою корзину").click()
    expect(page.locator("tr[id^=cart-line-]")).to_have_count(1)
    page.locator("summary.topbar-link", has_text="Новиков").click()
    page.get_by_role("link", name="История действий").click()
    visited = page.locator("section").filter(has=page.get_by_role("heading", name="Мария Менеджерова"))
    expect(visited).to_contain_text("Зачем: Собрать заказ по телефону")
    acts = visited.locator("tbody td:last-child").all_inner_texts()
    assert [re.sub(r"\s+", " ", act) for act in acts] == [
        "Добавлен товар в корзину: Кабель ВВГнг 3х2,5 × 12",
        "Выход из кабинета",
    ]
    shot(page, "history-of-actions")


def test_company_comes_gives_rights_and_is_helped(
    manager: User, letter_link: Letter, open_page: OpenPage
) -> None:
    head, accountant, employee = open_page(), open_page(), open_page()
    until = timezone.localdate() + timedelta(days=30)

    apply_for_the_company(head, make_inn())
    confirm_the_address(head, letter_link(HEAD, "Подтвердите почту"))
    holding = approve_the_application(employee, manager)
    second = make_legal_entity(holding, name=SECOND_FIRM)
    make_contract(second)
    head.goto("/")
    expect(head.get_by_role("heading", name=FIRST_FIRM)).to_be_visible()

    invite_the_accountant(head)
    accept_and_ask_for_finance(accountant, letter_link(ACCOUNTANT, "Приглашение"))
    grant_finance_for_one_firm(head, until)
    grant = StageGrant.objects.get(stage=Stage.FINANCE, membership__user__email=ACCOUNTANT)
    assert (grant.state, grant.valid_until, grant.is_whole_holding) == ("granted", until, False)
    assert [entity.name for entity in grant.legal_entities.all()] == [SECOND_FIRM]
    accountant.reload()
    expect(accountant.locator(".ladder-grant").filter(has_text=SECOND_FIRM)).to_have_count(1)

    gather_a_draft_in_the_cabinet(employee, Sku.objects.get())
    draft = Cart.objects.get(drafted_by=manager)
    assert (draft.user.email, draft.lines.get().quantity) == (HEAD, 12)
    take_the_draft_and_read_the_history(head)
    visit = Visit.objects.get()
    assert (visit.employee, visit.person.email) == (manager, HEAD)
