"""Change requests: asked by clients, decided by managers, overruled by 1C."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.models import (
    ChangeRequest,
    LegalEntity,
    LegalEntityBankAccount,
)
from counterparties.registration_refusals import (
    AlreadyDecided,
    NothingChanged,
    ReasonNeeded,
    WrongRequisites,
)
from counterparties.selectors.changes import change_card, change_rows
from counterparties.services import changes as services
from counterparties.services.change_letters import change_decision_mail, change_request_mail
from counterparties.services.changes import account_change_ask, change_decide, requisites_change_ask
from tests.counterparties.applications import jobs
from tests.counterparties.wrong_requisites import ACCOUNT, FIRM
from tests.factories import AT, World, actor_of, make_legal_entity, make_world

LIST = reverse("counterparties:changes")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(world: World, **values: str) -> ChangeRequest:
    LegalEntity.objects.filter(pk=world.entity.pk).update(**FIRM)
    return requisites_change_ask(
        actor=actor_of(world.head), legal_entity_id=world.entity.pk, values=values, comment="переезд", at=AT
    )


def decided(world: World, request: ChangeRequest, *accepted: str, reason: str = "") -> ChangeRequest:
    return change_decide(
        change_request_id=request.pk, actor=actor_of(world.manager), accepted=accepted, reason=reason, at=AT
    )


def outcomes(request: ChangeRequest) -> dict[str, str]:
    return dict(request.fields.values_list("name", "outcome"))


# --- asking --------------------------------------------------------------------------------------
def test_edit_becomes_a_request_and_changes_nothing(world: World) -> None:
    LegalEntity.objects.filter(pk=world.entity.pk).update(**FIRM)

    answer = browser(world.head).post(
        reverse("counterparties:requisites_edit", args=[world.entity.pk]),
        FIRM | {"phone": "+7 495 111-22-33", "head_name": "Петров П. П.", "comment": "новый директор"},
    )

    assert answer.status_code == 302
    request = ChangeRequest.objects.get()
    assert (request.state, request.created_by, request.comment) == ("waiting", world.head, "новый директор")
    assert list(request.fields.order_by("pk").values_list("name", "old", "new")) == [
        ("head_name", FIRM["head_name"], "Петров П. П."),
        ("phone", FIRM["phone"], "+7 495 111-22-33"),
    ]
    world.entity.refresh_from_db()
    assert world.entity.phone == FIRM["phone"]
    assert jobs() == ["send_change_request"]


def test_same_values_are_no_request(world: World) -> None:
    with pytest.raises(NothingChanged):
        asked(world, phone=FIRM["phone"])
    page = browser(world.head).post(reverse("counterparties:requisites_edit", args=[world.entity.pk]), FIRM)

    assert page.status_code == 422
    assert ChangeRequest.objects.count() == 0


def test_old_faults_of_1c_do_not_stop_another_change(world: World) -> None:
    LegalEntity.objects.filter(pk=world.entity.pk).update(**FIRM | {"ogrn": "1", "legal_address": "Москва"})

    request = requisites_change_ask(
        actor=actor_of(world.head), legal_entity_id=world.entity.pk,
        values={"phone": "+7 495 111-22-33"}, comment="", at=AT,
    )  # fmt: skip

    assert outcomes(request) == {"phone": "waiting"}


def test_new_request_replaces_the_waiting_one(world: World) -> None:
    first = asked(world, phone="+7 495 111-22-33")
    second = asked(world, phone="+7 495 444-55-66")

    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "waiting")


@pytest.mark.parametrize("who", ["buyer", "other_buyer", "manager"])
def test_asking_needs_the_permission(world: World, who: str) -> None:
    with pytest.raises(AccessDenied):
        requisites_change_ask(
            actor=actor_of(getattr(world, who)), legal_entity_id=world.entity.pk,
            values={"phone": "+7 495 111-22-33"}, comment="", at=AT,
        )  # fmt: skip
    with pytest.raises(LegalEntity.DoesNotExist):
        requisites_change_ask(
            actor=actor_of(world.head), legal_entity_id=world.other_entity.pk,
            values={"phone": "+7 495 111-22-33"}, comment="", at=AT,
        )  # fmt: skip

    assert ChangeRequest.objects.count() == 0


# --- deciding ------------------------------------------------------------------------------------
def test_accepting_all_writes_the_values(world: World) -> None:
    request = asked(world, phone="+7 495 111-22-33", head_name="Петров П. П.")

    browser(world.manager).post(reverse("counterparties:change_decide", args=[request.pk]), {"all": "1"})

    request.refresh_from_db()
    world.entity.refresh_from_db()
    assert (request.state, request.decided_by, request.reason) == ("accepted", world.manager, "")
    assert (world.entity.phone, world.entity.head_name) == ("+7 495 111-22-33", "Петров П. П.")


def test_accepting_some_needs_a_reason_for_the_rest(world: World) -> None:
    request = asked(world, phone="+7 495 111-22-33", head_name="Петров П. П.")
    url = reverse("counterparties:change_decide", args=[request.pk])

    without = browser(world.manager).post(url, {"accepted": ["phone"]})
    answer = browser(world.manager).post(url, {"accepted": ["phone"], "reason": "нужен приказ"})

    assert (without.status_code, answer.status_code) == (422, 302)
    request.refresh_from_db()
    world.entity.refresh_from_db()
    assert (request.state, request.reason) == ("partly", "нужен приказ")
    assert outcomes(request) == {"phone": "accepted", "head_name": "rejected"}
    assert (world.entity.phone, world.entity.head_name) == ("+7 495 111-22-33", FIRM["head_name"])


def test_refusing_changes_nothing(world: World) -> None:
    request = asked(world, phone="+7 495 111-22-33")

    with pytest.raises(ReasonNeeded):
        decided(world, request)
    decided(world, request, reason="телефон чужой")

    request.refresh_from_db()
    world.entity.refresh_from_db()
    assert (request.state, world.entity.phone) == ("rejected", FIRM["phone"])


def test_1c_wins_over_an_accepted_value(world: World) -> None:
    request = asked(world, phone="+7 495 111-22-33", head_name="Петров П. П.")
    LegalEntity.objects.filter(pk=world.entity.pk).update(phone="+7 495 999-99-99")

    card = change_card(actor=actor_of(world.manager), change_request_id=request.pk)
    decided(world, request, "phone", "head_name")

    assert {diff.name: diff.is_outdated for diff in card.diffs} == {"phone": True, "head_name": False}
    request.refresh_from_db()
    world.entity.refresh_from_db()
    assert outcomes(request) == {"phone": "outdated", "head_name": "accepted"}
    assert (request.state, request.reason) == ("partly", "1С уже изменила эти значения.")
    assert (world.entity.phone, world.entity.head_name) == ("+7 495 999-99-99", "Петров П. П.")


def test_chosen_fields_must_fit_what_stays(world: World) -> None:
    request = asked(world, kind="ip", inn="500100732259", kpp="", ogrn="", okpo="")

    with pytest.raises(WrongRequisites) as refusal:
        decided(world, request, "inn", reason="остальное потом")

    assert "inn" in refusal.value.errors
    request.refresh_from_db()
    assert request.state == "waiting"
    assert outcomes(request) == dict.fromkeys(("kind", "inn", "kpp", "ogrn", "okpo"), "waiting")
    decided(world, request, "kind", "inn", "kpp", "ogrn", "okpo")
    world.entity.refresh_from_db()
    assert (world.entity.kind, world.entity.inn, world.entity.kpp) == ("ip", "500100732259", "")


def test_request_is_decided_once(world: World) -> None:
    request = asked(world, phone="+7 495 111-22-33")
    decided(world, request, "phone")

    with pytest.raises(AlreadyDecided):
        decided(world, request, reason="передумал")
    again = browser(world.manager).post(
        reverse("counterparties:change_decide", args=[request.pk]), {"none": "1", "reason": "нет"}
    )

    assert again.status_code == 302
    request.refresh_from_db()
    assert request.state == "accepted"


@pytest.mark.parametrize("who", ["buyer", "head", "other_manager"])
def test_only_those_who_serve_the_client_decide(world: World, who: str) -> None:
    request = asked(world, phone="+7 495 111-22-33")
    client = browser(getattr(world, who))
    wanted = 404 if who == "other_manager" else 403

    card = client.get(reverse("counterparties:change", args=[request.pk]))
    decision = client.post(reverse("counterparties:change_decide", args=[request.pk]), {"all": "1"})

    assert (card.status_code, decision.status_code) == (wanted, wanted)
    request.refresh_from_db()
    assert request.state == "waiting"


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_one_query(world: World, count: int) -> None:
    for _number in range(count):
        entity = make_legal_entity(world.holding)
        requisites_change_ask(
            actor=actor_of(world.head), legal_entity_id=entity.pk,
            values={"phone": "+7 495 111-22-33"}, comment="", at=AT,
        )  # fmt: skip
    actor = actor_of(world.manager)

    with CaptureQueriesContext(connection) as queries:
        rows = change_rows(actor=actor)

    assert (len(rows), len(queries)) == (count, 1)
    assert change_rows(actor=actor_of(world.other_manager)) == []


def test_manager_sees_both_sides_and_warnings(world: World) -> None:
    request = asked(world, kpp="540601001")

    page = browser(world.manager).get(reverse("counterparties:change", args=[request.pk])).content.decode()

    assert FIRM["kpp"] in page
    assert "540601001" in page
    assert "КПП выдан в регионе 54" in page
    assert "Главная по реквизитам — 1С" in page


# --- bank accounts -------------------------------------------------------------------------------
def account_asked(world: World, account_id: int | None = None, **changes: Any) -> ChangeRequest:
    return account_change_ask(
        actor=actor_of(world.head), legal_entity_id=world.entity.pk, account_id=account_id,
        values=ACCOUNT | changes, comment="", at=AT,
    )  # fmt: skip


def test_new_account_appears_after_the_manager_and_is_the_default(world: World) -> None:
    answer = browser(world.head).post(
        reverse("counterparties:account_add", args=[world.entity.pk]),
        ACCOUNT | {"account": "4070 2810 1382 5012 3017"},
    )

    assert answer.status_code == 302
    assert LegalEntityBankAccount.objects.count() == 0
    request = ChangeRequest.objects.get()
    browser(world.manager).post(reverse("counterparties:change_decide", args=[request.pk]), {"all": "1"})
    account = LegalEntityBankAccount.objects.get()
    assert (account.legal_entity, account.account, account.is_default) == (
        world.entity,
        ACCOUNT["account"],
        True,
    )


def test_account_goes_whole_or_not_at_all(world: World) -> None:
    request = account_asked(world)

    decided(world, request, "account", "bic", reason="без банка нельзя")

    request.refresh_from_db()
    assert request.state == "rejected"
    assert LegalEntityBankAccount.objects.count() == 0


def test_account_is_changed_and_closed(world: World) -> None:
    account_asked(world)
    decided(world, ChangeRequest.objects.get(), *ACCOUNT)
    account = LegalEntityBankAccount.objects.get()
    edit = account_asked(world, account.pk, bank_name="ПАО Сбербанк, г. Москва")
    decided(world, edit, "bank_name")
    account.refresh_from_db()
    assert account.bank_name == "ПАО Сбербанк, г. Москва"

    browser(world.head).post(reverse("counterparties:account_remove", args=[world.entity.pk, account.pk]))
    removal = ChangeRequest.objects.get(subject="account_remove")
    assert LegalEntityBankAccount.objects.count() == 1
    decided(world, removal, *removal.fields.values_list("name", flat=True))

    assert LegalEntityBankAccount.objects.count() == 0
    removal.refresh_from_db()
    assert removal.state == "accepted"


def test_account_that_1c_changed_stays(world: World) -> None:
    account = LegalEntityBankAccount.objects.create(legal_entity=world.entity, **ACCOUNT)
    request = account_asked(world, account.pk, bank_name="Другой банк")
    LegalEntityBankAccount.objects.update(bank_name="Банк из 1С")

    decided(world, request, "bank_name")

    account.refresh_from_db()
    request.refresh_from_db()
    assert (account.bank_name, request.state) == ("Банк из 1С", "rejected")
    assert outcomes(request) == {"bank_name": "outdated"}


def test_account_of_another_client_is_not_found(world: World) -> None:
    foreign = LegalEntityBankAccount.objects.create(legal_entity=world.other_entity, **ACCOUNT)
    client = browser(world.head)

    answers = [
        client.post(reverse(f"counterparties:{name}", args=[entity.pk, foreign.pk]), ACCOUNT).status_code
        for name in ("account_edit", "account_remove", "account_default")
        for entity in (world.entity, world.other_entity)
    ]

    assert answers == [404] * 6
    assert ChangeRequest.objects.count() == 0


# --- letters, rollback ---------------------------------------------------------------------------
def test_manager_and_author_are_told(world: World) -> None:
    request = asked(world, phone="+7 495 111-22-33")

    assert change_request_mail(change_request_id=request.pk, key="a") == 1
    decided(world, request, reason="телефон чужой")
    assert change_decision_mail(change_request_id=request.pk, key="b") == 1

    assert [letter.to for letter in mail.outbox] == [[world.manager.email], [world.head.email]]
    assert reverse("counterparties:change", args=[request.pk]) in mail.outbox[0].body
    assert "Причина: телефон чужой" in mail.outbox[1].body


@pytest.mark.django_db(transaction=True)
def test_decision_is_written_whole_or_not_at_all(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    request = asked(world, phone="+7 495 111-22-33")

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(services, "_close", broken)
    with pytest.raises(RuntimeError, match="cut"):
        decided(world, request, "phone")

    world.entity.refresh_from_db()
    assert world.entity.phone == FIRM["phone"]
    assert outcomes(request) == {"phone": "waiting"}
