from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.actor import AccessDenied
from counterparties.merging import Absorption
from counterparties.models import Contract, LegalEntity
from counterparties.permissions import ReadyRole
from documents.merging import DocumentRows
from documents.models import Act, ActLine, ActPeriod, ActSchedule, Document, DocumentFile, NumberSequence
from documents.payloads.act import ActPayload
from documents.payloads.codec import from_json, payload_sha256
from documents.services import issuing
from documents.services.act_answers import ActNotSettled, act_confirm
from documents.services.act_making import act_made_tell, act_make
from documents.services.act_requests import ActRefused, act_make_anew, act_package_request, act_request
from documents.services.act_schedules import SchedulePlace, act_schedule_save, acts_due, period_before
from documents.services.act_stale import acts_stale_mark
from documents.states import ActState
from finance.services.ledger import ledger_reverse
from portal import outbox
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from tests.documents.acts.conftest import golden, make_act, on, target
from tests.factories import (
    AT,
    World,
    actor_of,
    make_contract,
    make_legal_entity,
    make_organization,
    make_person,
)
from tests.finance.debts import make_debt

MADE = "documents.handlers.make_act"


# --- asking ------------------------------------------------------------------------------------------
def test_two_clicks_are_one_act(world: World) -> None:
    first, is_first = act_request(actor=actor_of(world.head), target=target(world), at=AT)
    second, is_second = act_request(actor=actor_of(world.manager), target=target(world), at=AT)

    assert (first, is_first, is_second) == (second, True, False)
    assert list(Job.objects.filter(handler=MADE).values_list("queue", "key")) == [
        ("documents", f"act:{first.pk}")
    ]
    assert (first.state, first.asked_by, first.currency) == (ActState.REQUESTED, world.head, "RUB")


def test_act_of_today_is_given_again_until_its_books_change(world: World, quick_act: None) -> None:
    golden(world)
    first = make_act(world)

    again, is_again_new = act_request(actor=actor_of(world.head), target=target(world), at=AT)
    make_debt(world.contract, 1, **on(2026, 8, 1))
    later, is_later_new = act_request(actor=actor_of(world.head), target=target(world), at=AT)

    assert (again, is_again_new, is_later_new) == (first, False, True)
    assert later != first


def test_made_anew_is_another_act(world: World, quick_act: None) -> None:
    first = make_act(world)

    second = act_make_anew(actor=actor_of(world.head), uid=first.uid, at=AT)
    act_make(act_id=second.pk, at=AT)

    assert second != first
    assert list(Document.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]
    first.refresh_from_db()
    assert first.state == ActState.SENT


def test_every_firm_has_an_act_of_its_own(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Восток»")
    make_contract(second, is_default=False)

    acts = act_package_request(
        actor=actor_of(world.head),
        targets=[target(world), target(world, legal_entity_id=second.pk)],
        at=AT,
    )

    assert [act.legal_entity for act in acts] == [world.entity, second]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"period_from": date(2026, 10, 1)}, "Начало периода"),
        ({"period_to": date(2026, 11, 24)}, "за прошедшие дни"),
        ({"period_from": date(1999, 1, 1)}, "за прошедшие дни"),
    ],
)
def test_wrong_period_is_refused(world: World, changes: dict[str, date], words: str) -> None:
    with pytest.raises(ActRefused, match=words):
        act_request(actor=actor_of(world.head), target=target(world, **changes), at=AT)

    assert (Act.objects.count(), Job.objects.count()) == (0, 0)


def test_pair_without_a_contract_is_refused(world: World) -> None:
    foreign = make_organization("ООО «Чужая»")

    with pytest.raises(ActRefused, match="нет договоров"):
        act_request(actor=actor_of(world.head), target=target(world, organization_id=foreign.pk), at=AT)

    assert not Act.objects.exists()


def test_strangers_ask_for_nothing(world: World) -> None:
    stranger = actor_of(make_person(world.other_holding, ReadyRole.HEAD))
    with pytest.raises(LegalEntity.DoesNotExist):
        act_request(actor=stranger, target=target(world), at=AT)
    with pytest.raises(LegalEntity.DoesNotExist):
        act_request(actor=actor_of(world.other_manager), target=target(world), at=AT)
    with pytest.raises(Contract.DoesNotExist):
        act_request(
            actor=actor_of(world.head), target=target(world, contract_id=world.other_contract.pk), at=AT
        )
    with pytest.raises(AccessDenied):
        act_request(actor=actor_of(world.buyer), target=target(world), at=AT)

    assert (Act.objects.count(), Job.objects.count()) == (0, 0)


# --- making ------------------------------------------------------------------------------------------
def test_act_is_made_with_number_lines_and_files(world: World, quick_act: None) -> None:
    golden(world)

    act = make_act(world, is_told=False)

    document = act.document
    assert document is not None
    assert (act.state, act.opening, act.debit, act.credit, act.closing) == (
        ActState.GENERATED, 10_000, 5_000, 12_000, 3_000,
    )  # fmt: skip
    assert (document.kind, document.number_print, document.reference, document.total) == (
        "act", "1", f"act:{act.pk}", Decimal(3_000),
    )  # fmt: skip
    assert document.payload_sha256 == payload_sha256(document.payload)
    assert from_json(ActPayload, document.payload).closing == 3_000
    assert list(act.lines.order_by("position").values_list("position", "title", "debit", "credit")) == [
        (1, "Продажа (УТ-900 от 05.07.2026)", 5_000, 0),
        (2, "Оплата (221 от 20.07.2026)", 0, 12_000),
    ]
    assert list(DocumentFile.objects.values_list("role", "name")) == [
        ("xlsx", "Акт сверки № 1 от 23.11.2026.xlsx")
    ]
    assert list(Job.objects.filter(handler="documents.handlers.tell_act").values_list("key", flat=True)) == [
        f"act:{act.pk}"
    ]


def test_act_is_made_once(world: World, quick_act: None) -> None:
    act = make_act(world)

    act_make(act_id=act.pk, at=AT + timedelta(hours=1))

    assert (Document.objects.count(), NumberSequence.objects.get().last_number) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_act_whose_number_was_taken_is_laid_out_again_from_its_file_without_any_lock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[tuple[str, bytes, bool]] = []
    first, _new = act_request(actor=actor_of(world.head), target=target(world), at=AT)
    quicker, _new = act_request(
        actor=actor_of(world.head), target=target(world, contract_id=world.contract.pk), at=AT
    )

    def stand_in(kind: str, payload: ActPayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        laid_out.append((payload.number, earlier, connection.in_atomic_block))
        if len(laid_out) == 1:
            act_make(act_id=quicker.pk, at=AT)
        return f"%PDF-1.7 {payload.number}".encode()

    monkeypatch.setattr(issuing, "paper_pdf", stand_in)

    act_make(act_id=first.pk, at=AT)

    assert laid_out == [("1", b"", False), ("1", b"", False), ("2", b"%PDF-1.7 1", False)]
    numbers = dict(Document.objects.values_list("reference", "number_print"))
    assert numbers == {f"act:{quicker.pk}": "1", f"act:{first.pk}": "2"}


def test_act_that_a_person_must_change_fails_with_the_reason(
    world: World, quick_act: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.compose.act.MOST_LINES", 1)
    golden(world)

    act = make_act(world)

    assert act.state == ActState.FAILED
    assert act.fault.startswith("В периоде 2 операций")
    assert (Document.objects.count(), NumberSequence.objects.get().last_number, ActLine.objects.count()) == (
        0, 0, 0,
    )  # fmt: skip


def test_last_try_that_breaks_leaves_a_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kind: str, payload: ActPayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        raise MemoryError

    monkeypatch.setattr(issuing, "paper_pdf", broken)
    act, _new = act_request(actor=actor_of(world.head), target=target(world), at=AT)

    with pytest.raises(MemoryError):
        act_make(act_id=act.pk, at=AT)
    act.refresh_from_db()
    assert act.state == ActState.REQUESTED
    with pytest.raises(MemoryError):
        act_make(act_id=act.pk, at=AT, is_last_try=True)

    act.refresh_from_db()
    assert (act.state, Document.objects.count()) == (ActState.FAILED, 0)
    again, is_new = act_request(actor=actor_of(world.head), target=target(world), at=AT)
    assert (again != act, is_new) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_broken_making_leaves_nothing(world: World, quick_act: None, monkeypatch: pytest.MonkeyPatch) -> None:
    golden(world)
    act, _new = act_request(actor=actor_of(world.head), target=target(world), at=AT)

    def broken(*events: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(outbox, "publish", broken)
    with pytest.raises(RuntimeError):
        act_make(act_id=act.pk, at=AT)

    act.refresh_from_db()
    assert (act.state, act.document, Document.objects.count(), ActLine.objects.count()) == (
        ActState.REQUESTED, None, 0, 0,
    )  # fmt: skip
    assert NumberSequence.objects.get().last_number == 0


def test_lines_of_an_act_are_never_changed(world: World, quick_act: None) -> None:
    golden(world)
    act = make_act(world)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        act.lines.update(debit=1)

    assert list(act.lines.order_by("position").values_list("debit", flat=True)) == [5_000, 0]


def test_people_who_see_the_money_are_told_and_the_act_is_sent(world: World, quick_act: None) -> None:
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT)
    act = make_act(world)

    assert act_made_tell(act_id=act.pk, at=AT) == 0
    told = Notice.objects.filter(kind=NoticeKind.ACT_READY)
    assert set(told.values_list("user", flat=True)) == {world.head.pk, accountant.pk}
    assert told[0].address == f"/documents/acts/{act.uid}/"
    act.refresh_from_db()
    assert act.state == ActState.SENT


# --- the clock ---------------------------------------------------------------------------------------
def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 6, 0, tzinfo=MOSCOW)


def plan(world: World, period: ActPeriod = ActPeriod.QUARTER, day: int = 5) -> ActSchedule:
    place = SchedulePlace(organization_id=world.organization.pk, legal_entity_id=world.entity.pk)
    return act_schedule_save(actor=actor_of(world.head), place=place, period=period, day=day, is_active=True)


@pytest.mark.parametrize(
    ("months", "day", "period"),
    [
        (1, date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
        (3, date(2026, 10, 1), (date(2026, 7, 1), date(2026, 9, 30))),
        (3, date(2027, 1, 31), (date(2026, 10, 1), date(2026, 12, 31))),
        (12, date(2027, 6, 15), (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_period_before_a_day(months: int, day: date, period: tuple[date, date]) -> None:
    assert period_before(day, months=months) == period


def test_two_beats_are_one_act(world: World) -> None:
    plan(world)

    early, first, second, next_day = (acts_due(at=at(2026, 10, day)) for day in (4, 5, 5, 6))

    assert early == []
    assert first == second == next_day
    act = Act.objects.get()
    assert (act.period_from, act.period_to, act.asked_by) == (date(2026, 7, 1), date(2026, 9, 30), None)
    assert Job.objects.filter(handler=MADE).count() == 1


def test_made_act_of_a_schedule_is_not_asked_for_again(world: World, quick_act: None) -> None:
    plan(world)
    [act] = acts_due(at=at(2026, 10, 5))
    act_make(act_id=act.pk, at=AT)

    acts_due(at=at(2026, 10, 6))

    assert Act.objects.count() == 1
    assert acts_due(at=at(2026, 10, 30)) == []


def test_failed_act_of_a_schedule_is_asked_for_anew_the_next_day(world: World, quick_act: None) -> None:
    schedule = plan(world)
    [first] = acts_due(at=at(2026, 10, 5))
    Act.objects.filter(pk=first.pk).update(state=ActState.FAILED, fault="Нет подписанта")

    [second] = acts_due(at=at(2026, 10, 6))
    [same] = acts_due(at=at(2026, 10, 6))
    Act.objects.filter(pk=second.pk).update(state=ActState.FAILED, fault="Нет подписанта")
    [third] = acts_due(at=at(2026, 10, 7))
    act_make(act_id=third.pk, at=AT)
    acts_due(at=at(2026, 10, 8))

    assert second == same
    assert len({first.pk, second.pk, third.pk}) == Act.objects.count() == 3
    assert {act.schedule_id for act in (first, second, third)} == {schedule.pk}
    assert Act.objects.get(pk=third.pk).state == ActState.GENERATED
    assert Job.objects.filter(handler=MADE).count() == 3


def test_switched_off_schedule_makes_nothing(world: World) -> None:
    schedule = plan(world)
    same = act_schedule_save(
        actor=actor_of(world.manager),
        place=SchedulePlace(organization_id=world.organization.pk, legal_entity_id=world.entity.pk),
        period=ActPeriod.QUARTER,
        day=5,
        is_active=False,
    )

    assert same == schedule
    assert acts_due(at=at(2026, 10, 5)) == []


def test_stranger_sets_no_schedule(world: World) -> None:
    place = SchedulePlace(organization_id=world.organization.pk, legal_entity_id=world.entity.pk)
    with pytest.raises(LegalEntity.DoesNotExist):
        act_schedule_save(
            actor=actor_of(world.other_manager), place=place, period=ActPeriod.MONTH, day=1, is_active=True
        )

    assert not ActSchedule.objects.exists()


# --- late entries ------------------------------------------------------------------------------------
def test_late_entry_makes_the_act_stale_and_the_manager_is_told_once(world: World, quick_act: None) -> None:
    golden(world)
    act = make_act(world)
    make_debt(world.contract, 7, **on(2026, 8, 1))

    counts = [acts_stale_mark(at=AT), acts_stale_mark(at=AT)]

    act.refresh_from_db()
    assert (counts, act.is_stale, act.closing, act.lines.count()) == ([1, 0], True, 3_000, 2)
    told = Notice.objects.filter(kind=NoticeKind.ACT_STALE)
    assert list(told.values_list("user", flat=True)) == [world.manager.pk]


@pytest.mark.parametrize(("month", "is_stale"), [(6, True), (9, True), (10, False)])
def test_only_what_changes_the_act_makes_it_stale(
    world: World, quick_act: None, month: int, is_stale: bool
) -> None:
    golden(world)
    act = make_act(world)
    make_debt(world.contract, 7, **on(2026, month, 30))
    make_debt(world.other_contract, 7, **on(2026, 8, 1))

    acts_stale_mark(at=AT)

    act.refresh_from_db()
    assert act.is_stale is is_stale


def test_document_posted_anew_as_it_was_changes_nothing(world: World, quick_act: None) -> None:
    entry = make_debt(world.contract, 5, **on(2026, 8, 1), number="УТ-1")
    act = make_act(world)
    ledger_reverse(entry_id=entry.pk, at=AT, comment="")
    newest = make_debt(world.contract, 5, **on(2026, 8, 1), number="УТ-1")

    acts_stale_mark(at=AT)

    act.refresh_from_db()
    assert (act.is_stale, act.seen_entry) == (False, newest.pk)


def test_document_taken_back_makes_the_act_stale(world: World, quick_act: None) -> None:
    entry = make_debt(world.contract, 5, **on(2026, 8, 1))
    act = make_act(world, contract_id=world.contract.pk)
    ledger_reverse(entry_id=entry.pk, at=AT, comment="")

    acts_stale_mark(at=AT)

    act.refresh_from_db()
    assert act.is_stale is True


def test_entries_of_a_firm_that_was_merged_later_make_the_act_stale(world: World, quick_act: None) -> None:
    """They are older than the newest entry that the act has seen."""
    source = make_legal_entity(world.holding, name="ООО «Север-2»")
    make_debt(make_contract(source, is_default=False), "700", **on(2026, 8, 1), number="УТ-700")
    golden(world)
    act = make_act(world)
    absorption = Absorption(
        source_id=source.pk, target_id=world.entity.pk, source_name=source.name, contracts={}, at=AT
    )
    source.merged_into = world.entity
    source.save(update_fields=["merged_into"])
    DocumentRows().absorb(absorption)

    with pytest.raises(ActNotSettled):
        act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)
    assert acts_stale_mark(at=AT, is_thorough=True) == 1

    act.refresh_from_db()
    assert (act.is_stale, act.state) == (True, ActState.SENT)


def test_act_of_a_merged_firm_is_made_anew_of_its_heir(world: World, quick_act: None) -> None:
    golden(world)
    act = make_act(world)
    heir = make_legal_entity(world.holding, name="ООО «Север-2»")
    make_contract(heir, is_default=False)
    world.entity.merged_into = heir
    world.entity.save(update_fields=["merged_into"])

    anew = act_make_anew(actor=actor_of(world.head), uid=act.uid, at=AT)

    assert (anew.legal_entity, anew.period_from) == (heir, act.period_from)


def test_schedule_goes_to_the_heir_of_a_merged_firm(world: World) -> None:
    source = make_legal_entity(world.holding, name="ООО «Север-2»")
    make_contract(source, is_default=False)
    place = SchedulePlace(organization_id=world.organization.pk, legal_entity_id=source.pk)
    moved = act_schedule_save(
        actor=actor_of(world.head), place=place, period=ActPeriod.MONTH, day=1, is_active=True
    )
    absorption = Absorption(
        source_id=source.pk, target_id=world.entity.pk, source_name=source.name, contracts={}, at=AT
    )

    DocumentRows().absorb(absorption)
    moved.refresh_from_db()
    plan(world)  # the heir's own is the same one now
    DocumentRows().absorb(absorption)

    assert list(ActSchedule.objects.values_list("pk", "legal_entity")) == [(moved.pk, world.entity.pk)]
