"""Who is told of money: all who see it, or those whom their head has chosen, and the address of documents."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from accounts.notices import NoticeKind
from counterparties.actor import AccessDenied
from counterparties.models import LegalEntity, Membership
from counterparties.permissions import ReadyRole
from finance.models import MoneyAlert
from finance.selectors.alerts import alert_rows, money_readers
from finance.services.alerts import AlertRefused, MoneyCopy, alert_save, money_copy_send
from finance.services.term_notices import terms_tell
from portal.outbox.models import Job
from portal.outbox.payload import decode
from tests.factories import AT, TODAY, World, actor_of, make_legal_entity, make_person, make_world
from tests.finance.debts import make_debt

pytestmark = pytest.mark.django_db
ALERTS = "/settlements/alerts/"


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    LegalEntity.objects.filter(pk=world.entity.pk).update(email="docs@north.example")
    return world


@pytest.fixture
def accountant(world: World) -> User:
    return make_person(world.holding, ReadyRole.ACCOUNTANT, full_name="Анна Счетова")


def choose(world: World, *people: User, mails: bool = False, by: User | None = None) -> MoneyAlert:
    return alert_save(
        actor=actor_of(by or world.head),
        legal_entity_id=world.entity.pk,
        user_ids=[person.pk for person in people],
        mails_documents_address=mails,
        at=AT,
    )


def readers(world: World) -> tuple[int, ...]:
    return money_readers(legal_entity_ids=[world.entity.pk], on=TODAY).people[world.entity.pk]


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_all_who_see_the_money_are_told_until_the_head_chooses(world: World, accountant: User) -> None:
    before = readers(world)
    for _click in range(2):
        choose(world, accountant)

    assert before == tuple(sorted((world.head.pk, accountant.pk)))
    assert readers(world) == (accountant.pk,)
    assert MoneyAlert.objects.count() == 1


def test_where_nobody_of_the_chosen_is_left_all_are_told(world: World, accountant: User) -> None:
    choose(world, accountant)
    Membership.objects.filter(user=accountant).update(is_active=False)

    assert readers(world) == (world.head.pk,)


def test_choice_of_the_heir_holds_for_a_merged_firm(world: World, accountant: User) -> None:
    old = make_legal_entity(world.holding)
    LegalEntity.objects.filter(pk=old.pk).update(merged_into=world.entity)
    choose(world, accountant, mails=True)

    told = money_readers(legal_entity_ids=[old.pk], on=TODAY)

    assert (told.people, told.addresses) == ({old.pk: (accountant.pk,)}, {old.pk: "docs@north.example"})


def test_terms_go_to_the_chosen_and_once_to_the_address_of_documents(world: World, accountant: User) -> None:
    choose(world, accountant, mails=True)
    make_debt(world.contract, "100", due_date=TODAY)

    terms_tell(at=AT)
    terms_tell(at=AT + timedelta(hours=1))

    job = Job.objects.get(handler__endswith="money_copy_mail")
    copy = decode(MoneyCopy, job.payload)
    sent = [money_copy_send(copy=copy, key=job.key) for _try in range(2)]
    assert list(Notice.objects.values_list("user_id", "kind")) == [(accountant.pk, NoticeKind.DUE_TODAY)]
    assert (sent, len(mail.outbox)) == ([1, 1], 1)
    assert mail.outbox[0].to == ["docs@north.example"]
    assert "сегодня последний день оплаты" in mail.outbox[0].subject


def test_address_that_was_taken_away_meanwhile_is_not_written_to(world: World, accountant: User) -> None:
    choose(world, accountant, mails=True)
    make_debt(world.contract, "100", due_date=TODAY)
    terms_tell(at=AT)
    choose(world, accountant)

    job = Job.objects.get(handler__endswith="money_copy_mail")
    assert money_copy_send(copy=decode(MoneyCopy, job.payload), key=job.key) == 0
    assert mail.outbox == []


def test_nobody_and_no_address_are_refused(world: World, accountant: User) -> None:
    with pytest.raises(AlertRefused, match="хотя бы одного"):
        choose(world)
    with pytest.raises(AlertRefused, match="хотя бы одного"):
        choose(world, make_person(None, ReadyRole.HEAD))
    LegalEntity.objects.filter(pk=world.entity.pk).update(email="")
    with pytest.raises(AlertRefused, match="нет почты"):
        choose(world, accountant, mails=True)

    assert not MoneyAlert.objects.exists()


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ("buyer", AccessDenied),
        ("manager", AccessDenied),
        ("administrator", AccessDenied),
        ("stranger", LegalEntity.DoesNotExist),
    ],
)
def test_only_the_head_of_the_client_chooses(world: World, person: str, error: type[Exception]) -> None:
    stranger = make_person(make_legal_entity().holding, ReadyRole.HEAD)
    by = stranger if person == "stranger" else getattr(world, person)

    with pytest.raises(error):
        choose(world, world.head, by=by)

    assert not MoneyAlert.objects.exists()


def test_manager_inside_the_cabinet_does_not_choose(world: World) -> None:
    with pytest.raises(AccessDenied):
        alert_save(
            actor=actor_of(world.head, impersonator=world.manager),
            legal_entity_id=world.entity.pk,
            user_ids=[world.head.pk],
            mails_documents_address=False,
            at=AT,
        )

    assert not MoneyAlert.objects.exists()


def test_page_shows_and_keeps_the_choice(world: World, accountant: User) -> None:
    client = browser_of(world.head)
    address = reverse("finance:alert_choose", args=[world.entity.pk])

    kept = client.post(address, {"person": [str(accountant.pk), "x", "9" * 30], "mail": "1"}, follow=True)
    refused = client.post(address, {}, follow=True)

    page = client.get(ALERTS).content.decode()
    assert f'value="{accountant.pk}" checked' in page
    assert f'value="{world.head.pk}">' in page
    assert 'name="mail" value="1" checked' in page
    assert "сохранено" in kept.content.decode()
    assert "хотя бы одного" in refused.content.decode()
    assert list(MoneyAlert.objects.get().people.values_list("pk", flat=True)) == [accountant.pk]
    assert ALERTS in client.get(reverse("accounts:notice_settings")).content.decode()
    assert ALERTS not in browser_of(accountant).get(reverse("accounts:notice_settings")).content.decode()


@pytest.mark.parametrize("entities", [1, 3])
def test_page_costs_the_same_for_any_number(
    world: World, entities: int, django_assert_num_queries: Any
) -> None:
    for _number in range(entities - 1):
        make_legal_entity(world.holding)
    choose(world, world.head)

    actor = actor_of(world.head)
    with django_assert_num_queries(7):
        assert len(alert_rows(actor=actor, on=TODAY)) == entities
