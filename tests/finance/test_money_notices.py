"""Who is told of debts, terms and limits, when, and how often."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.permissions import ReadyRole
from finance.models import CreditLine
from finance.services.limit_notices import limits_tell
from finance.services.money_notices import override_tell, payment_doubtful_tell, payment_ended_tell
from finance.services.overrides import override_give
from finance.services.term_notices import debts_tell, terms_tell
from finance.states import CreditMode, OnlineState
from portal.outbox.models import Job
from tests.factories import AT, World, actor_of, make_legal_entity, make_person, make_user
from tests.finance.debts import make_debt, make_online_payment, make_paid

pytestmark = pytest.mark.django_db


def kinds_of(person: Any) -> list[str]:
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("due", "kind"),
    [
        (date(2026, 11, 26), NoticeKind.DUE_SOON),
        (date(2026, 11, 23), NoticeKind.DUE_TODAY),
        (date(2026, 11, 22), NoticeKind.OVERDUE),
        (date(2026, 11, 20), NoticeKind.OVERDUE),
        (date(2026, 11, 16), NoticeKind.OVERDUE),
        (date(2026, 11, 9), NoticeKind.OVERDUE),
        (date(2026, 10, 24), NoticeKind.OVERDUE),
        (date(2026, 11, 25), None),
        (date(2026, 11, 21), None),
        (date(2026, 11, 8), None),
    ],
)
def test_terms_are_told_on_their_days(world: World, due: date, kind: NoticeKind | None) -> None:
    make_debt(world.contract, "100.00", due_date=due)

    terms_tell(at=AT)

    assert kinds_of(world.head) == ([kind] if kind else [])
    assert kinds_of(world.buyer) == kinds_of(world.manager) == []


def test_terms_are_told_once_a_day_and_of_what_is_still_open(world: World) -> None:
    make_debt(world.contract, "100.00", due_date=date(2026, 11, 22), number="УТ-9")
    assert (terms_tell(at=AT), terms_tell(at=AT + timedelta(hours=3))) == (1, 0)
    notice = Notice.objects.get()

    make_paid(world.contract, "100.00")

    assert (notice.title, "остаток 100,00" in notice.text) == ("УТ-9: оплата просрочена, дней: 1", True)
    assert terms_tell(at=AT + timedelta(days=2)) == 0


def test_many_documents_are_one_letter(world: World) -> None:
    for _number in range(3):
        make_debt(world.contract, "100.00", due_date=date(2026, 11, 22))

    terms_tell(at=AT)

    assert Notice.objects.filter(user=world.head).count() == 3
    assert Job.objects.filter(handler__endswith="notice_mail").count() == 1


def test_accountant_of_another_firm_is_not_told(world: World) -> None:
    second = make_legal_entity(world.holding)
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[second])
    make_debt(world.contract, "100.00", due_date=date(2026, 11, 23))

    terms_tell(at=AT)

    assert (kinds_of(accountant), kinds_of(world.head)) == ([], [NoticeKind.DUE_TODAY])


@pytest.mark.parametrize("debts", [1, 3])
def test_terms_ask_the_same_of_any_number_of_debts(
    world: World, debts: int, django_assert_num_queries: Any
) -> None:
    for _number in range(debts):
        make_debt(world.contract, "100.00", due_date=date(2026, 11, 22))

    with django_assert_num_queries(10):
        terms_tell(at=AT)


def test_new_debt_is_told_once_and_an_old_one_is_no_news(world: World) -> None:
    make_debt(world.contract, "100.00", business_date=date(2026, 11, 20), number="УТ-9")
    make_debt(world.contract, "100.00", business_date=date(2026, 11, 2))

    assert (debts_tell(at=AT), debts_tell(at=AT)) == (1, 0)
    assert Notice.objects.get().title == "Отгрузка УТ-9: оплатить до 19.11.2026"


# --- limits --------------------------------------------------------------------------------------
@pytest.fixture
def line(world: World) -> CreditLine:
    return CreditLine.objects.create(legal_entity=world.entity, amount=1000, valid_from=date(2026, 1, 1))


LATE = {"due_date": date(2026, 12, 30)}


@pytest.mark.parametrize(
    ("debt", "kinds"),
    [
        ("799.99", []),
        ("800.00", [NoticeKind.LIMIT_NEAR]),
        ("1000.00", [NoticeKind.LIMIT_USED]),
        ("1000.01", [NoticeKind.BLOCKED, NoticeKind.LIMIT_USED]),
    ],
)
def test_limit_is_told_at_80_and_100_percent(
    world: World, line: CreditLine, debt: str, kinds: list[str]
) -> None:
    make_debt(world.contract, debt, **LATE)

    limits_tell(at=AT)
    limits_tell(at=AT + timedelta(hours=1))
    limits_tell(at=AT + timedelta(days=1))

    assert kinds_of(world.head) == kinds


def test_what_lasts_is_told_again_after_a_week(world: World, line: CreditLine) -> None:
    make_debt(world.contract, "900.00", **LATE)

    told = [limits_tell(at=AT + timedelta(days=days)) for days in (0, 6, 7, 8, 14)]

    assert told == [1, 0, 1, 0, 1]


def test_block_and_release_are_told(world: World, line: CreditLine) -> None:
    make_debt(world.contract, "100.00", due_date=date(2026, 11, 19))
    limits_tell(at=AT)
    make_paid(world.contract, "100.00")

    limits_tell(at=AT + timedelta(hours=1))

    assert kinds_of(world.head) == [NoticeKind.BLOCKED, NoticeKind.RELEASED]
    assert "просрочка" in Notice.objects.order_by("pk")[0].title


def test_line_that_only_warns_is_not_told_to_be_closed(world: World, line: CreditLine) -> None:
    line.mode = CreditMode.WARN
    line.save(update_fields=["mode"])
    make_debt(world.contract, "100.00", due_date=date(2026, 11, 19))

    limits_tell(at=AT)

    assert kinds_of(world.head) == []


def test_line_of_a_holding_is_told_to_all_its_firms(world: World) -> None:
    CreditLine.objects.create(holding=world.holding, amount=1000, valid_from=date(2026, 1, 1))
    second = make_legal_entity(world.holding)
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[second])
    make_debt(world.contract, "900.00", **LATE)

    limits_tell(at=AT)

    assert kinds_of(accountant) == kinds_of(world.head) == [NoticeKind.LIMIT_NEAR]


# --- online payments -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "title"),
    [(OnlineState.SUCCEEDED, "Оплата 10,00 ₽ прошла"), (OnlineState.CANCELED, "Оплата 10,00 ₽ отменена")],
)
def test_end_of_an_online_payment_is_told(world: World, state: OnlineState, title: str) -> None:
    payment = make_online_payment(world.head, world.contract)
    payment.state, payment.finished_at = state, AT
    payment.save()

    assert (
        payment_ended_tell(payment_id=payment.pk, at=AT),
        payment_ended_tell(payment_id=payment.pk, at=AT),
    ) == (1, 0)
    assert Notice.objects.get().title == title


def test_doubtful_payment_is_told_to_administrators(world: World) -> None:
    payment_doubtful_tell(provider_id="abc", reason="unknown", at=AT)

    assert kinds_of(world.administrator) == [NoticeKind.PAYMENT_DOUBTFUL]
    assert kinds_of(world.head) == kinds_of(world.manager) == []


def test_amounts_of_notices_are_decimal(world: World) -> None:
    make_debt(world.contract, Decimal("0.10"), due_date=date(2026, 11, 23))  # type: ignore[arg-type]

    terms_tell(at=datetime(2026, 11, 23, 12, tzinfo=AT.tzinfo))

    assert "0,10" in Notice.objects.get().text


def test_override_is_told_to_the_other_administrators(world: World) -> None:
    other = make_user(is_staff=True, is_superuser=True)
    override = override_give(
        actor=actor_of(world.administrator),
        contract_id=world.contract.pk,
        reference="order:1",
        valid_until=date(2026, 12, 1),
        amount=Decimal(300),
        reason="Договорились с директором",
        at=AT,
    )

    override_tell(override_id=override.pk, at=AT)
    override_tell(override_id=override.pk, at=AT)

    notice = Notice.objects.get(kind=NoticeKind.CREDIT_OVERRIDE)
    assert notice.user == other
    assert "Договорились с директором" in notice.text
    assert "300,00 ₽ по 01.12.2026" in notice.text
