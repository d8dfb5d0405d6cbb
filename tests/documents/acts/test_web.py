from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from counterparties.permissions import ReadyRole
from documents.models import Act, ActDifference, ActSchedule, DocumentDownload
from documents.services.act_requests import act_request
from documents.services.act_stale import acts_stale_mark
from documents.states import ActState
from tests.documents.acts.conftest import client_file, golden, make_act, on, target
from tests.documents.received_papers import make_received
from tests.factories import AT, World, actor_of, make_contract, make_legal_entity, make_person
from tests.finance.debts import make_debt

pytestmark = pytest.mark.usefixtures("quick_act")
SALE = (date(2026, 7, 5), "Поступление (УТ-900 от 05.07.2026)", None, 5_000)
PAID = (date(2026, 7, 20), "Оплата (221 от 20.07.2026)", 12_000, None)
LESS = (date(2026, 7, 5), "Поступление (УТ-900 от 05.07.2026)", None, 4_900)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def head(world: World) -> Client:
    return signed_in(world.head)


@pytest.fixture
def manager(world: World) -> Client:
    return signed_in(world.manager)


def ask(client: Client, world: World, **changes: Any) -> Any:
    told = {
        "legal_entity": world.entity.pk,
        "organization": world.organization.pk,
        "preset": "own",
        "start": "2026-07-01",
        "end": "2026-09-30",
    }
    return client.post(reverse("documents:act_new"), told | changes)


def url(name: str, act: Act) -> str:
    return reverse(f"documents:{name}", args=[act.uid])


def xlsx(*lines: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("act.xlsx", client_file(*lines))


# --- asking ------------------------------------------------------------------------------------------
def test_period_is_asked_for_and_the_page_waits(world: World, head: Client) -> None:
    response = ask(head, world)

    act = Act.objects.get()
    assert response["Location"] == url("act", act)
    assert "Акт готовится" in head.get(url("act", act)).content.decode()
    state = head.get(url("act_state", act))
    assert ("hx-get" in state.content.decode(), state.headers.get("HX-Refresh")) == (True, None)


def test_progress_ends_when_the_act_is_made(world: World, head: Client) -> None:
    act = make_act(world)

    assert head.get(url("act_state", act)).headers["HX-Refresh"] == "true"


def test_package_asks_one_act_for_each_firm(world: World, head: Client) -> None:
    second = make_legal_entity(world.holding, name="ООО «Восток»")
    make_contract(second, is_default=False)

    response = ask(head, world, legal_entity="all")

    assert response["Location"] == reverse("documents:acts")
    assert set(Act.objects.values_list("legal_entity", flat=True)) == {world.entity.pk, second.pk}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start": "", "end": ""}, "укажите обе даты"),
        ({"start": "2026-09-30", "end": "2026-07-01"}, "Начало периода"),
        ({"end": "2099-01-01"}, "за прошедшие дни"),
        ({"legal_entity": "0"}, "Выберите корректный вариант"),
    ],
)
def test_wrong_wish_comes_back_with_words(
    world: World, head: Client, changes: dict[str, str], words: str
) -> None:
    response = ask(head, world, **changes)

    assert (response.status_code, Act.objects.count()) == (422, 0)
    assert words in response.content.decode()


def test_contract_of_another_firm_is_refused(world: World, head: Client) -> None:
    second = make_legal_entity(world.holding, name="ООО «Восток»")
    foreign = make_contract(second, is_default=False)

    response = ask(head, world, contract=foreign.pk)

    assert (response.status_code, Act.objects.count()) == (422, 0)


def test_since_the_last_act(world: World, head: Client) -> None:
    make_act(world)

    ask(head, world, preset="since")

    assert Act.objects.order_by("-pk")[0].period_from == date(2026, 10, 1)


def test_manager_asks_for_one_client(world: World, manager: Client) -> None:
    nobody = manager.get(reverse("documents:act_new")).content.decode()
    own = manager.get(reverse("documents:act_new"), {"holding": world.holding.pk}).content.decode()
    foreign = manager.get(reverse("documents:act_new"), {"holding": world.other_holding.pk}).content.decode()

    assert ["Чей акт?" in page for page in (nobody, own, foreign)] == [True, False, True]


# --- the list ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_queries_for_any_number_of_acts(
    world: World, head: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_act(world, period_from=date(2026, 7, 1) + timedelta(days=number))
    head.get(reverse("documents:acts"))

    with django_assert_num_queries(13):
        response = head.get(reverse("documents:acts"))

    assert len(response.context["rows"]) == count


def test_list_is_filtered_by_firm_and_state(world: World, head: Client, manager: Client) -> None:
    made = make_act(world)
    act_request(actor=actor_of(world.head), target=target(world, period_to=date(2026, 8, 1)), at=AT)

    def seen(client: Client, **query: Any) -> list[Any]:
        return [row.uid for row in client.get(reverse("documents:acts"), query).context["rows"]]

    assert seen(head, state="sent") == [made.uid]
    assert len(seen(head, legal_entity=world.entity.pk)) == 2
    assert seen(manager, q="нет такой") == []
    assert len(seen(manager, q="Север")) == 2
    assert seen(signed_in(world.other_manager)) == []


def test_acts_of_1c_stand_below(world: World, head: Client) -> None:
    make_received(world.entity, kind="act", number="А-7")

    assert "А-7" in head.get(reverse("documents:acts")).content.decode()


def test_schedule_is_set_on_the_list(world: World, head: Client) -> None:
    place = f"{world.entity.pk}-{world.organization.pk}"
    head.post(
        reverse("documents:act_schedule"), {"place": place, "period": "month", "day": "3", "is_active": "on"}
    )
    head.post(reverse("documents:act_schedule"), {"place": place, "period": "month", "day": "40"})

    schedule = ActSchedule.objects.get()
    assert (schedule.period, schedule.day, schedule.is_active) == ("month", 3, True)
    assert "Каждый месяц, на 3-й день" in head.get(reverse("documents:acts")).content.decode()


# --- the page ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_queries_for_any_number_of_lines(
    world: World, head: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_debt(world.contract, 100, **on(2026, 7, 5 + number), number=f"УТ-{number}")
    act = make_act(world)
    lines = [(date(2026, 7, 5 + n), f"Приход (УТ-{n} от 05.07.2026)", None, 90) for n in range(count)]
    head.post(url("act_own", act), {"file": xlsx(*lines)})
    for difference in ActDifference.objects.all():
        head.post(url("act_remark", act), {"difference": difference.pk, "text": "Проверьте"})
    head.get(url("act", act))

    with django_assert_num_queries(17):
        response = head.get(url("act", act))

    page = response.context["page"]
    assert (len(page.lines), len(page.differences)) == (count, count)


def test_client_compares_writes_and_agrees(world: World, head: Client, manager: Client) -> None:
    golden(world)
    act = make_act(world)

    uploaded = head.post(url("act_own", act), {"file": xlsx(LESS, PAID)}, follow=True).content.decode()
    difference = ActDifference.objects.get()
    head.post(url("act_refuse", act), {"text": "Пришло меньше"})
    manager.post(url("act_remark", act), {"difference": difference.pk, "text": "Исправим"})
    for client in (manager, head):
        client.post(url("act_agree", act), {"difference": difference.pk})
    done = head.post(url("act_accept", act), follow=True).content.decode()

    assert "Акт прочитан: строк 2" in uploaded
    assert "Один документ, разница 100,00 ₽" in uploaded
    assert "Исправим" in done
    assert "Акт согласован" in done
    act.refresh_from_db()
    assert act.state == ActState.CONFIRMED


def test_unreadable_file_is_told_and_changes_nothing(world: World, head: Client) -> None:
    act = make_act(world)

    page = head.post(
        url("act_own", act), {"file": SimpleUploadedFile("act.xlsx", b"%PDF-1.7")}, follow=True
    ).content.decode()

    assert "Это не таблица" in page
    assert (ActDifference.objects.count(), act.client_acts.count()) == (0, 0)


def test_answer_that_cannot_be_kept_is_refused(world: World, head: Client) -> None:
    act = make_act(world)

    response = head.post(reverse("documents:act_refuse", args=[act.uid]), {"text": "нет\0"}, follow=True)

    act.refresh_from_db()
    assert "Напишите, с чем не согласны" in response.content.decode()
    assert (act.state, act.comment) == (ActState.SENT, "")


def test_line_has_a_page_for_its_remark(world: World, head: Client) -> None:
    golden(world)
    act = make_act(world)

    page = head.get(url("act_remark", act), {"line": 2}).content.decode()
    missing = head.get(url("act_remark", act), {"line": 3})
    head.post(url("act_remark", act), {"line": 2, "text": "Это что?"})

    assert "Оплата (221 от 20.07.2026)" in page
    assert missing.status_code == 404
    assert "Под вопросом" in head.get(url("act", act)).content.decode()


def test_stale_act_says_so_and_is_made_anew(world: World, head: Client) -> None:
    act = make_act(world)
    make_debt(world.contract, 1, **on(2026, 8, 1))
    acts_stale_mark(at=AT)

    page = head.get(url("act", act)).content.decode()
    response = head.post(url("act_anew", act))

    assert "Данные периода изменились" in page
    assert "Согласовать акт</button>" not in page
    assert response["Location"] == url("act", Act.objects.order_by("-pk")[0])
    assert Act.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "status", "name"),
    [
        ("pdf", 200, "Акт сверки № 1 от 23.11.2026.pdf"),
        ("xlsx", 200, "Акт сверки № 1 от 23.11.2026.xlsx"),
        ("own", 200, "act.xlsx"),
        ("scan", 404, ""),
        ("other", 404, ""),
    ],
)
def test_files_are_handed_over_and_noted(
    world: World, head: Client, kind: str, status: int, name: str
) -> None:
    act = make_act(world)
    head.post(url("act_own", act), {"file": xlsx(SALE)})

    response = head.get(url("act_file", act), {"kind": kind})

    response.getvalue()  # reads the file to its end
    assert response.status_code == status
    assert DocumentDownload.objects.count() == (status == 200)
    if name:
        assert quote(name) in response["Content-Disposition"] or name in response["Content-Disposition"]


def test_accountant_sees_no_button_that_binds(world: World) -> None:
    act = make_act(world)
    page = signed_in(make_person(world.holding, ReadyRole.ACCOUNTANT)).get(url("act", act)).content.decode()

    assert ("Согласовать акт</button>" in page, "Загрузить и сверить" in page) == (False, True)


def test_paper_of_an_act_leads_to_it_and_to_its_exchange_file(world: World, head: Client) -> None:
    act = make_act(world)
    assert act.document is not None

    page = head.get(reverse("documents:detail", args=[act.document.uid])).content.decode()
    listed = head.get(reverse("documents:list")).content.decode()

    assert url("act", act) in page
    assert reverse("documents:edo_view", args=[act.document.uid]) in listed
