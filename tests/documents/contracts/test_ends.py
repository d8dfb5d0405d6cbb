"""The end of contracts: reminders, automatic prolongation, refusing it."""

from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.actor import AccessDenied
from counterparties.models import Contract, ContractState
from documents.contract_refusals import NothingProlongs, RefusalLate
from documents.models import ContractReminder
from documents.selectors.contracts import ContractTerm, left_words, prolongation_words, term_of
from documents.services.contract_prolongation import (
    contract_prolongation_refuse,
    contracts_prolong,
    months_later,
)
from documents.services.contract_reminders import contract_prolonged_tell, contracts_remind
from documents.states import VersionState
from portal.lib.dates import MOSCOW
from tests.documents.contracts.samples import version_sent
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity, make_person


def ends(world: World, day: date, **changes: object) -> Contract:
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=day, **changes)
    world.contract.refresh_from_db()
    return world.contract


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=MOSCOW)


# --- how it stands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "term", "words"),
    [
        (31, ContractTerm.RUNS, "Осталось 31 день"),
        (30, ContractTerm.EXPIRING, "Осталось 30 дней"),
        (0, ContractTerm.EXPIRING, "Сегодня последний день"),
        (-2, ContractTerm.EXPIRED, "Истек 2 дня назад"),
    ],
)
def test_term_is_computed(world: World, left: int, term: ContractTerm, words: str) -> None:
    contract = ends(world, TODAY + timedelta(days=left))

    assert (term_of(contract, TODAY), left_words(contract, TODAY)) == (term, words)


def test_term_of_others(world: World) -> None:
    assert term_of(world.contract, TODAY) == ContractTerm.OPEN
    world.contract.state = ContractState.SUPERSEDED
    assert term_of(world.contract, TODAY) == ContractTerm.OVER


# --- reminders -----------------------------------------------------------------------------------------


def test_each_step_is_told_once(world: World) -> None:
    last = date(2027, 3, 1)
    ends(world, last)

    told = [
        days
        for days in range(70, -2, -1)
        for _beat in range(2)
        if contracts_remind(at=at(last - timedelta(days=days)))
    ]

    assert told == [60, 30, 14, 7, 1]
    assert list(ContractReminder.objects.order_by("-days").values_list("days", flat=True)) == told
    people = Notice.objects.filter(kind=NoticeKind.CONTRACT_ENDS).values_list("user", flat=True)
    assert sorted(people) == sorted([world.manager.pk, world.head.pk] * 5)


def test_missed_day_is_made_up_for(world: World) -> None:
    ends(world, TODAY + timedelta(days=12))

    assert contracts_remind(at=AT) == 1

    assert ContractReminder.objects.get().days == 14
    notice = Notice.objects.get(user=world.manager)
    assert notice.title == f"Договор {world.contract} действует до 05.12.2026"
    assert notice.text == "ООО «Север». Осталось 12 дней."


def test_signers_are_reminded_when_a_text_waits_for_them(world: World) -> None:
    ends(world, TODAY + timedelta(days=7))
    version = version_sent(world)

    contracts_remind(at=AT)

    told = Notice.objects.filter(kind=NoticeKind.CONTRACT_ENDS).values_list("user", flat=True)
    assert sorted(told) == sorted([world.manager.pk, world.head.pk])
    assert version.state == VersionState.SENT


def test_new_end_is_reminded_of_anew(world: World) -> None:
    ends(world, TODAY + timedelta(days=7))
    contracts_remind(at=AT)
    ends(world, TODAY + timedelta(days=6))

    assert contracts_remind(at=AT) == 1


def test_days_are_a_setting(world: World, settings: Settings) -> None:
    settings.CONTRACT_REMINDER_DAYS = (5,)
    ends(world, TODAY + timedelta(days=7))

    assert contracts_remind(at=AT) == 0


@pytest.mark.parametrize(("rows", "queries"), [(1, 15), (3, 15)])
def test_reminding_costs_the_same_for_any_number(
    world: World, rows: int, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(rows - 1):
        make_contract(make_legal_entity(world.holding))
    Contract.objects.filter(legal_entity__holding=world.holding).update(valid_until=TODAY + timedelta(days=7))

    with django_assert_num_queries(queries):
        assert contracts_remind(at=AT) == rows


# --- prolongation --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 12, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 12, 30), 2, date(2027, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_contract_prolongs_itself_once_under_two_beats(world: World) -> None:
    contract = ends(world, TODAY, prolongs_months=12, prolongs_most=2)

    assert [contracts_prolong(at=AT), contracts_prolong(at=AT)] == [1, 0]

    contract.refresh_from_db()
    assert (contract.valid_until, contract.prolonged_times) == (date(2027, 11, 23), 1)


def test_day_before_the_last_one_is_too_early(world: World) -> None:
    ends(world, TODAY + timedelta(days=1), prolongs_months=12)

    assert contracts_prolong(at=AT) == 0


def test_missed_prolongations_are_made_up_for_as_far_as_allowed(world: World) -> None:
    contract = ends(world, date(2026, 2, 28), prolongs_months=2, prolongs_most=3)

    contracts_prolong(at=AT)

    contract.refresh_from_db()
    assert (contract.valid_until, contract.prolonged_times) == (date(2026, 8, 31), 3)
    assert contracts_prolong(at=AT) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"prolongation_refused_on": TODAY},
        {"prolonged_times": 2},
        {"state": ContractState.CLOSED},
        {"prolongs_months": None},
    ],
)
def test_what_may_not_be_prolonged_ends(world: World, changes: dict[str, object]) -> None:
    contract = ends(world, TODAY, **{"prolongs_months": 12, "prolongs_most": 2} | changes)

    assert contracts_prolong(at=AT) == 0

    contract.refresh_from_db()
    assert contract.valid_until == TODAY


def test_both_sides_hear_of_prolongation(world: World) -> None:
    contract = ends(world, TODAY, prolongs_months=12)
    contracts_prolong(at=AT)

    for _time in range(2):
        contract_prolonged_tell(contract_id=contract.pk, at=AT)

    told = Notice.objects.order_by("user").values_list("user", "title")
    assert sorted(told) == sorted(
        (person.pk, f"Договор {contract} продлен до 23.11.2027") for person in (world.head, world.manager)
    )


def test_signer_refuses_in_time(world: World) -> None:
    contract = ends(world, TODAY + timedelta(days=30), prolongs_months=12)

    for _click in range(2):
        contract_prolongation_refuse(actor=actor_of(world.head), contract_id=contract.pk, at=AT)

    contract.refresh_from_db()
    assert contract.prolongation_refused_on == TODAY
    assert prolongation_words(contract) == "Не продлится: отказ от 23.11.2026"


def test_late_refusal_is_for_the_manager(world: World) -> None:
    contract = ends(world, TODAY + timedelta(days=29), prolongs_months=12)

    with pytest.raises(RefusalLate):
        contract_prolongation_refuse(actor=actor_of(world.head), contract_id=contract.pk, at=AT)

    contract.refresh_from_db()
    assert contract.prolongation_refused_on is None
    contract_prolongation_refuse(actor=actor_of(world.manager), contract_id=contract.pk, at=AT)
    contract.refresh_from_db()
    assert contract.prolongation_refused_on == TODAY


def test_nothing_is_refused_where_nothing_prolongs(world: World) -> None:
    contract = ends(world, TODAY + timedelta(days=60))

    with pytest.raises(NothingProlongs):
        contract_prolongation_refuse(actor=actor_of(world.head), contract_id=contract.pk, at=AT)


@pytest.mark.parametrize(
    ("persona", "refusal"),
    [
        ("buyer", AccessDenied),
        ("other_head", Contract.DoesNotExist),
        ("other_manager", Contract.DoesNotExist),
    ],
)
def test_strangers_refuse_nothing(world: World, persona: str, refusal: type[Exception]) -> None:
    contract = ends(world, TODAY + timedelta(days=60), prolongs_months=12)
    person = make_person(world.other_holding, "head") if persona == "other_head" else getattr(world, persona)

    with pytest.raises(refusal):
        contract_prolongation_refuse(actor=actor_of(person), contract_id=contract.pk, at=AT)

    contract.refresh_from_db()
    assert contract.prolongation_refused_on is None
