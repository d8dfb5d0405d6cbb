"""The manager's queue: duplicates, approval, attaching, refusal; the head's requests of access."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission, Stage
from counterparties.actor import AccessDenied
from counterparties.models import (
    AccessRequest,
    Contract,
    Holding,
    LegalEntity,
    Membership,
    Registration,
    StageGrant,
)
from counterparties.permissions import ReadyRole
from counterparties.registration_refusals import (
    AlreadyDecided,
    NotAccepted,
    ReasonNeeded,
    RoleTooHigh,
    SameCompanyExists,
    WrongStep,
)
from counterparties.selectors import served_holding_ids
from counterparties.selectors.registration import (
    access_requests_waiting,
    phone_digits,
    registration_card,
    registration_rows,
)
from counterparties.services import review
from counterparties.services.access_requests import access_decline, access_grant
from counterparties.services.registration_letters import access_request_mail, decision_mail, entered_mail
from counterparties.services.review import (
    registration_approve,
    registration_attach,
    registration_block,
    registration_reject,
)
from tests.counterparties.applications import EMAIL, jobs, on_review
from tests.factories import AT, TODAY, World, actor_of, make_legal_entity, make_person, make_world

QUEUE = reverse("counterparties:registrations")
ACCESS = reverse("counterparties:access_requests")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, registration: Registration) -> str:
    return reverse(f"counterparties:{name}", args=[registration.pk])


def approval(world: World, **changes: Any) -> dict[str, Any]:
    return {"holding_name": "Новичок", "manager": world.manager.pk} | changes


def approved(registration: Registration, world: World, **changes: Any) -> Holding:
    values: dict[str, Any] = {
        "registration_id": registration.pk,
        "actor": actor_of(world.manager),
        "holding_name": "Новичок",
        "manager": world.manager,
        "contract": None,
        "is_new_in_spite": False,
        "at": AT,
    }
    return registration_approve(**(values | changes))


# --- the queue -----------------------------------------------------------------------------------
def test_queue_shows_the_oldest_first_with_age(world: World) -> None:
    old, new = on_review(world.city, email="a@one.example"), on_review(world.city, email="b@two.example")
    Registration.objects.filter(pk=old.pk).update(confirmed_at=AT - timedelta(days=5))

    rows = registration_rows(actor=actor_of(world.other_manager), state="review", at=AT)

    assert [(row.pk, row.days) for row in rows] == [(old.pk, 5), (new.pk, 0)]


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_one_query_whatever_its_length(world: World, count: int) -> None:
    for number in range(count):
        on_review(world.city, email=f"person{number}@firm.example")
    actor = actor_of(world.manager)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = registration_rows(actor=actor, state="review", at=AT)

    assert (len(rows), len(queries)) == (count, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_card_takes_the_same_queries_whatever_the_duplicates(world: World, count: int) -> None:
    registration = on_review(world.city, phone="8 (912) 555-44-33")
    for _number in range(count):
        holding = make_legal_entity().holding
        LegalEntity.objects.filter(holding=holding).update(phone="+7 912 555 44 33")
    actor = actor_of(world.manager)

    with CaptureQueriesContext(connection) as queries:
        card = registration_card(actor=actor, registration_id=registration.pk)

    assert (len(card.duplicates), len(queries)) == (count, 10)


def test_clients_and_strangers_do_not_see_the_queue(world: World) -> None:
    registration = on_review(world.city)

    for person in (world.buyer, world.head, registration.user):
        assert browser(person).get(QUEUE).status_code == 403
        assert browser(person).get(url("registration", registration)).status_code == 403
    assert Client().get(QUEUE).status_code == 302


def test_request_to_a_client_is_seen_by_those_who_serve_it(world: World) -> None:
    registration = on_review(world.city, inn=world.entity.inn)

    assert browser(world.manager).get(url("registration", registration)).status_code == 200
    assert browser(world.administrator).get(url("registration", registration)).status_code == 200
    assert browser(world.other_manager).get(url("registration", registration)).status_code == 404
    assert (
        browser(world.other_manager)
        .post(url("registration_reject", registration), {"reason": "x"})
        .status_code
        == 404
    )
    assert list(browser(world.other_manager).get(QUEUE).context["rows"]) == []


def test_draft_is_nobody_elses(world: World) -> None:
    registration = on_review(world.city)
    Registration.objects.filter(pk=registration.pk).update(state="confirmed")

    assert browser(world.administrator).get(url("registration", registration)).status_code == 404


def test_duplicates_are_found_by_inn_phone_and_mail_domain(world: World) -> None:
    registration = on_review(
        world.city, inn=world.other_entity.inn, phone="8 (912) 555-44-33", email="new@dealer.example"
    )
    User.objects.filter(pk=world.buyer.pk).update(phone="+7-912-555-44-33")
    LegalEntity.objects.update(email="")
    third = make_legal_entity()

    card = registration_card(actor=actor_of(world.administrator), registration_id=registration.pk)

    found = {one.holding: (one.is_by_inn, one.is_by_phone, one.is_by_mail) for one in card.duplicates}
    assert found == {
        world.other_holding.name: (True, False, False),
        world.holding.name: (False, True, False),
        third.holding.name: (False, False, True),
    }


def test_public_mail_domain_makes_no_duplicates(world: World) -> None:
    registration = on_review(world.city, email="new@gmail.com")
    LegalEntity.objects.filter(pk=world.entity.pk).update(email="other@gmail.com")

    card = registration_card(actor=actor_of(world.manager), registration_id=registration.pk)

    assert card.duplicates == ()


def test_duplicate_of_another_manager_has_neither_link_nor_people(world: World) -> None:
    registration = on_review(world.city, email="new@example.com")

    card = registration_card(actor=actor_of(world.manager), registration_id=registration.pk)

    by_name = {one.holding: one for one in card.duplicates}
    assert by_name[world.holding.name].pk == world.holding.pk
    assert by_name[world.other_holding.name].pk is None
    assert by_name[world.other_holding.name].people == ()


@pytest.mark.parametrize("phone", ["+7 (912) 555-44-33", "8 912 555 44 33", "89125554433", "912-555-44-33"])
def test_phone_digits_are_the_last_ten(phone: str) -> None:
    assert phone_digits(phone) == "9125554433"


# --- approval ------------------------------------------------------------------------------------
def test_approval_makes_a_client_whose_head_may_do_everything(world: World) -> None:
    registration = on_review(world.city)

    answer = browser(world.manager).post(
        url("registration_approve", registration),
        approval(world, organization=world.organization.pk, contract_number="77", contract_date="2026-11-23"),
    )

    assert answer.status_code == 302
    registration.refresh_from_db()
    holding = registration.holding
    assert (registration.state, registration.decided_by) == ("approved", world.manager)
    assert holding is not None
    assert (holding.name, holding.home_city) == ("Новичок", world.city)
    entity = LegalEntity.objects.get(holding=holding)
    assert (entity.inn, entity.name, entity.head_name) == (
        registration.inn, "ООО «Новичок»", "Новиков Иван Петрович",
    )  # fmt: skip
    assert holding.main_entity == entity
    contract = Contract.objects.get(legal_entity=entity)
    assert (contract.number, contract.organization, contract.is_default) == ("77", world.organization, True)
    head = registration.user
    assert head is not None
    member = Membership.objects.get(user=head)
    assert (member.role.code, member.is_whole_holding) == ("head", True)
    assert StageGrant.objects.get(membership=member).stage == Stage.AUTHORITY
    actor = actor_of(head)
    assert actor.can(Permission.ORDER_SUBMIT)
    assert actor.grants[Permission.PEOPLE_MANAGE].legal_entity_ids == {entity.pk}
    assert served_holding_ids(world.manager, on=TODAY) == {world.holding.pk, holding.pk}
    assert "send_registration_decision" in jobs()


def test_double_click_makes_one_client_and_a_message(world: World) -> None:
    registration = on_review(world.city)
    client = browser(world.manager)
    before = Holding.objects.count()

    answers = [client.post(url("registration_approve", registration), approval(world)) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Holding.objects.count() == before + 1
    assert jobs().count("send_registration_decision") == 1


def test_approval_without_a_full_contract_is_refused(world: World) -> None:
    registration = on_review(world.city)

    page = browser(world.manager).post(
        url("registration_approve", registration), approval(world, organization=world.organization.pk)
    )

    assert page.status_code == 422
    assert sorted(page.context["approve_form"].errors) == ["contract_date", "contract_number"]
    assert Registration.objects.get().state == "review"


def test_second_client_with_the_inn_needs_a_word(world: World) -> None:
    registration = on_review(world.city, inn=world.entity.inn)

    with pytest.raises(SameCompanyExists):
        approved(registration, world)
    assert Registration.objects.get().state == "review"

    holding = approved(registration, world, is_new_in_spite=True)

    assert LegalEntity.objects.filter(inn=world.entity.inn).count() == 2
    assert holding != world.holding
    assert AccessRequest.objects.get().state == "declined"


def test_approved_application_is_not_decided_again(world: World) -> None:
    registration = on_review(world.city)
    approved(registration, world)

    with pytest.raises(WrongStep):
        registration_reject(
            registration_id=registration.pk, actor=actor_of(world.manager), reason="нет", at=AT
        )

    assert Registration.objects.get().state == "approved"


def test_dismissed_applicant_is_not_let_in(world: World) -> None:
    registration = on_review(world.city)
    User.objects.filter(pk=registration.user_id).update(is_active=False)
    before = Holding.objects.count()

    with pytest.raises(NotAccepted):
        approved(registration, world)

    assert Registration.objects.get().state == "review"
    assert Holding.objects.count() >= before


def test_client_cannot_decide(world: World) -> None:
    registration = on_review(world.city)

    with pytest.raises(AccessDenied):
        approved(registration, world, actor=actor_of(world.head))

    assert Registration.objects.get().state == "review"


@pytest.mark.django_db(transaction=True)
def test_approval_is_done_whole_or_not_at_all(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    registration = on_review(world.city)
    before = (Holding.objects.count(), LegalEntity.objects.count(), Membership.objects.count())

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(review, "assign_perm", broken)
    with pytest.raises(RuntimeError, match="cut"):
        approved(registration, world)

    after = (Holding.objects.count(), LegalEntity.objects.count(), Membership.objects.count())
    assert after == before
    assert Registration.objects.get().state == "review"


# --- attaching -----------------------------------------------------------------------------------
def test_attaching_lets_a_buyer_to_his_firm_only(world: World) -> None:
    second = make_legal_entity(world.holding)
    registration = on_review(world.city, inn=world.entity.inn)

    answer = browser(world.manager).post(
        url("registration_attach", registration), {"holding": world.holding.pk, "role": "buyer"}
    )

    assert answer.status_code == 302
    registration.refresh_from_db()
    assert (registration.state, registration.holding) == ("approved", world.holding)
    assert registration.user is not None
    assert actor_of(registration.user).legal_entity_ids == {world.entity.pk}
    assert second.pk not in actor_of(registration.user).reachable_entity_ids
    assert AccessRequest.objects.get().state == "granted"
    assert not actor_of(registration.user).can(Permission.DOCUMENT_VIEW)


def test_attaching_as_head_opens_the_whole_client(world: World) -> None:
    registration = on_review(world.city, inn=world.entity.inn)

    registration_attach(
        registration_id=registration.pk,
        actor=actor_of(world.manager),
        holding_id=world.holding.pk,
        role_code=ReadyRole.HEAD,
        at=AT,
    )

    assert registration.user is not None
    assert actor_of(registration.user).can(Permission.PEOPLE_MANAGE)


def test_attaching_adds_the_firm_that_the_client_did_not_have(world: World) -> None:
    registration = on_review(world.city)

    registration_attach(
        registration_id=registration.pk,
        actor=actor_of(world.manager),
        holding_id=world.holding.pk,
        role_code=ReadyRole.BUYER,
        at=AT,
    )

    assert LegalEntity.objects.filter(holding=world.holding, inn=registration.inn).count() == 1


def test_attaching_to_a_client_of_another_manager_is_refused(world: World) -> None:
    registration = on_review(world.city)

    page = browser(world.manager).post(
        url("registration_attach", registration), {"holding": world.other_holding.pk, "role": "buyer"}
    )

    assert page.status_code == 422
    assert list(page.context["attach_form"].errors) == ["holding"]
    with pytest.raises(Holding.DoesNotExist):
        registration_attach(
            registration_id=registration.pk,
            actor=actor_of(world.manager),
            holding_id=world.other_holding.pk,
            role_code=ReadyRole.BUYER,
            at=AT,
        )
    assert Registration.objects.get().state == "review"


# --- refusal -------------------------------------------------------------------------------------
def test_rejection_tells_the_reason_and_lets_apply_again(world: World) -> None:
    registration = on_review(world.city)

    browser(world.manager).post(url("registration_reject", registration), {"reason": "Нет опта"})

    registration.refresh_from_db()
    assert (registration.state, registration.reason) == ("rejected", "Нет опта")
    assert decision_mail(registration_id=registration.pk, key="k") == 1
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([EMAIL], "Заявка отклонена")
    assert "Причина: Нет опта" in letter.body
    again = on_review(world.city, inn=registration.inn)
    assert again.state == "review"
    assert registration.user is not None
    assert "Заявка на рассмотрении" in browser(registration.user).get(reverse("home")).content.decode()


def test_refusal_needs_a_reason(world: World) -> None:
    registration = on_review(world.city)

    page = browser(world.manager).post(url("registration_reject", registration), {"reason": ""})

    assert page.status_code == 422
    with pytest.raises(ReasonNeeded):
        registration_block(registration_id=registration.pk, actor=actor_of(world.manager), reason=" ", at=AT)
    assert Registration.objects.get().state == "review"


def test_block_closes_the_account_silently(world: World) -> None:
    registration = on_review(world.city)
    inside = browser(registration.user)  # type: ignore[arg-type]

    browser(world.manager).post(url("registration_block", registration), {"reason": "мошенник"})

    registration.refresh_from_db()
    assert registration.state == "blocked"
    assert decision_mail(registration_id=registration.pk, key="k") == 0
    assert inside.get(reverse("home")).status_code == 302


def test_block_of_a_rejected_one_leaves_a_clients_person_working(world: World) -> None:
    registration = on_review(world.city, email=world.other_buyer.email)
    registration_reject(registration_id=registration.pk, actor=actor_of(world.manager), reason="нет", at=AT)

    registration_block(registration_id=registration.pk, actor=actor_of(world.manager), reason="спам", at=AT)

    assert User.objects.get(pk=world.other_buyer.pk).is_active is True


# --- letters to those who decide -----------------------------------------------------------------
def test_new_company_is_told_to_the_seller(world: World) -> None:
    registration = on_review(world.city)

    assert entered_mail(registration_id=registration.pk, key="k") == 1

    assert mail.outbox[0].to == [world.administrator.email]
    assert url("registration", registration) in mail.outbox[0].body


def test_request_of_access_goes_to_heads_and_managers_of_the_client(world: World) -> None:
    on_review(world.city, inn=world.entity.inn)

    sent = access_request_mail(access_request_id=AccessRequest.objects.get().pk, on=TODAY, key="k")

    assert sent == 2
    assert [letter.to for letter in mail.outbox] == [[world.head.email], [world.manager.email]]
    assert ACCESS in mail.outbox[0].body
    assert "/staff/registrations/" in mail.outbox[1].body


def test_request_to_a_client_whom_nobody_serves_goes_to_the_seller(world: World) -> None:
    entity = make_legal_entity()
    on_review(world.city, inn=entity.inn)

    access_request_mail(access_request_id=AccessRequest.objects.get().pk, on=TODAY, key="k")

    assert [letter.to for letter in mail.outbox] == [[world.administrator.email]]


# --- the head decides ----------------------------------------------------------------------------
def asked(world: World, **changes: Any) -> AccessRequest:
    on_review(world.city, inn=world.entity.inn, **changes)
    return AccessRequest.objects.get(state="waiting")


def test_head_sees_and_grants_a_request(world: World) -> None:
    request = asked(world)
    client = browser(world.head)

    page = client.get(ACCESS).content.decode()
    answer = client.post(
        reverse("counterparties:access_grant", args=[request.pk]),
        {"role": "accountant", "legal_entities": [world.entity.pk]},
    )

    assert EMAIL in page
    assert answer.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("granted", world.head)
    registration = request.registration
    assert (registration.state, registration.holding) == ("approved", world.holding)
    member = Membership.objects.get(user=registration.user)
    assert (member.role.code, member.is_whole_holding) == ("accountant", False)
    assert not actor_of(member.user).can(Permission.FINANCE_VIEW)


def test_head_declines_with_a_reason(world: World) -> None:
    request = asked(world)

    browser(world.head).post(
        reverse("counterparties:access_decline", args=[request.pk]), {"reason": "Не наш сотрудник"}
    )

    request.refresh_from_db()
    assert request.state == "declined"
    assert (request.registration.state, request.registration.reason) == ("rejected", "Не наш сотрудник")
    assert not Membership.objects.filter(user=request.registration.user).exists()


@pytest.mark.parametrize("name", ["access_grant", "access_decline"])
def test_request_to_another_client_is_not_found(world: World, name: str) -> None:
    request = asked(world)
    other_head = make_person(world.other_holding, ReadyRole.HEAD)

    data = {"role": "buyer", "legal_entities": [world.other_entity.pk], "reason": "нет"}
    answer = browser(other_head).post(reverse(f"counterparties:{name}", args=[request.pk]), data)

    assert answer.status_code == 404
    request.refresh_from_db()
    assert request.state == "waiting"


def test_buyer_decides_nothing(world: World) -> None:
    request = asked(world)

    assert browser(world.buyer).get(ACCESS).status_code == 403
    with pytest.raises(AccessDenied):
        access_decline(access_request_id=request.pk, actor=actor_of(world.buyer), reason="нет", at=AT)


def test_manager_inside_the_cabinet_lets_nobody_in(world: World) -> None:
    request = asked(world)

    with pytest.raises(AccessDenied):
        access_grant(
            access_request_id=request.pk,
            actor=actor_of(world.head, impersonator=world.manager),
            role_code="buyer",
            legal_entity_ids=[world.entity.pk],
            at=AT,
        )

    request.refresh_from_db()
    assert request.state == "waiting"


def test_head_gives_neither_his_own_role_nor_foreign_firms(world: World) -> None:
    request = asked(world)
    actor = actor_of(world.head)

    with pytest.raises(RoleTooHigh):
        access_grant(
            access_request_id=request.pk, actor=actor, role_code="head",
            legal_entity_ids=[world.entity.pk], at=AT,
        )  # fmt: skip
    with pytest.raises(LegalEntity.DoesNotExist):
        access_grant(
            access_request_id=request.pk, actor=actor, role_code="buyer",
            legal_entity_ids=[world.other_entity.pk], at=AT,
        )  # fmt: skip

    request.refresh_from_db()
    assert request.state == "waiting"


def test_request_is_decided_once(world: World) -> None:
    request = asked(world)
    access_decline(access_request_id=request.pk, actor=actor_of(world.head), reason="нет", at=AT)

    with pytest.raises(AlreadyDecided):
        access_decline(access_request_id=request.pk, actor=actor_of(world.head), reason="да", at=AT)


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_requests_takes_one_query(world: World, count: int) -> None:
    for number in range(count):
        on_review(world.city, inn=world.entity.inn, email=f"person{number}@firm.example")
    actor = actor_of(world.head)

    with CaptureQueriesContext(connection) as queries:
        rows = access_requests_waiting(actor=actor)
        names = [(row.registration.city.name, row.legal_entity.name, row.holding.name) for row in rows]

    assert (len(names), len(queries)) == (count, 1)
