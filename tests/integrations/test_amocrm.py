"""amoCRM against its stand-in: arrays, searches, the single-use key, notes once, limits counted."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counterparties.selectors.serving import manager_ids_of
from integrations.amocrm import wire
from integrations.crm.gateways import CrmClosed
from integrations.crm.secrets import secrets_of
from integrations.models import (
    CrmAccount,
    CrmInbound,
    CrmKind,
    CrmLink,
    CrmThing,
    CrmUser,
    LinkState,
    TruthOwner,
)
from integrations.services.crm.accounts import token_renew
from integrations.services.crm.marking import cards_mark
from integrations.services.crm.polling import polls_ask
from orders.models import Order
from orders.services.steps import order_confirm
from portal.outbox.models import Job
from tests.factories import World, make_legal_entity, make_world
from tests.integrations.crm_world import make_account, make_sent_order
from tests.integrations.outside import work_off
from tests.standins.amocrm import Amo, amocrm

pytestmark = pytest.mark.django_db

REFERENCES = {"company": 710_001, "contact": 710_002, "deal": 710_003}


@pytest.fixture
def crm(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Amo]:
    settings.OUTWARD_HTTP_TO_LOOPBACK, settings.OUTWARD_PRIVATE_NETWORKS = True, ["127.0.0.0/8"]
    monkeypatch.setattr("portal.outbox.sending.send", len)
    monkeypatch.setattr("portal.outbox.heartbeat.Heartbeat.tell", lambda self, progress: None)
    with amocrm() as standin:
        yield standin


@pytest.fixture
def account(crm: Amo) -> CrmAccount:
    return make_account(CrmKind.AMOCRM, crm.url)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def order(account: CrmAccount, world: World) -> Order:
    return make_sent_order(world)


def field_of(card: dict[str, object], number: int) -> object:
    listed = card["custom_fields_values"]
    assert isinstance(listed, list)
    return next((one["values"][0]["value"] for one in listed if one["field_id"] == number), None)


def test_order_becomes_a_lead_with_ties_and_a_note(crm: Amo, order: Order, world: World) -> None:
    work_off(rounds=2)

    ((number, lead),) = crm.books["deal"].items()
    ((company_number, company),) = crm.books["company"].items()
    ((contact_number, _contact),) = crm.books["contact"].items()
    assert (lead["name"], lead["status_id"]) == (f"Заказ {order.label}", 32_392_156)
    assert lead["price"] == int(order.total)
    assert lead["_embedded"] == {
        "contacts": [{"id": contact_number}], "companies": [{"id": company_number}]
    }  # fmt: skip
    assert field_of(lead, REFERENCES["deal"]) == f"order-{order.uid}"
    assert field_of(company, 710_010) == world.entity.inn
    (note,) = crm.notes[number]
    assert note["params"]["text"].startswith(f"Состав заказа {order.label}")
    assert {link.state for link in CrmLink.objects.all()} == {LinkState.WRITTEN}


def test_next_state_changes_the_lead_and_adds_no_note(crm: Amo, order: Order) -> None:
    work_off(rounds=2)

    order_confirm(order_id=order.pk, actor=None, at=timezone.now())
    work_off(rounds=2)

    ((number, lead),) = crm.books["deal"].items()
    assert lead["status_id"] == 32_392_159
    assert len(crm.notes[number]) == 1


def test_company_that_people_have_made_is_found_by_its_inn(crm: Amo, order: Order, world: World) -> None:
    inn = [{"field_id": 710_010, "values": [{"value": world.entity.inn}]}]
    number = crm.make("company", name="Север (сделал Петя)", custom_fields_values=inn)

    work_off(rounds=2)

    assert list(crm.books["company"]) == [number]
    assert crm.books["company"][number]["name"] == world.entity.name


@pytest.mark.parametrize("fault", ["cut", "lost", "slow", "500", "429", "malformed"])
def test_fault_loses_nothing_and_doubles_nothing(
    crm: Amo, order: Order, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(wire, "_SECONDS", 0.5)
    for place in range(4):
        crm.faults.queue.extend(["", fault] if place % 2 else [fault])

    work_off(rounds=10)

    assert [len(crm.books[kind]) for kind in ("company", "contact", "deal")] == [1, 1, 1]
    assert [len(notes) for notes in crm.notes.values()] == [1]
    assert {link.state for link in CrmLink.objects.all()} == {LinkState.WRITTEN}


def test_one_bad_card_does_not_keep_the_others(crm: Amo, account: CrmAccount, world: World) -> None:
    entities = [make_legal_entity(world.holding, name=f"ООО «{name}»") for name in ("А", "Б", "В")]
    crm.refuse_name = "ООО «Б»"

    cards_mark(cards=[(CrmThing.COMPANY, f"entity:{one.pk}") for one in entities], at=timezone.now())
    work_off(rounds=2)

    assert sorted(card["name"] for card in crm.books["company"].values()) == ["ООО «А»", "ООО «В»"]
    link = CrmLink.objects.get(reference=f"entity:{entities[1].pk}")
    assert link.state == LinkState.REFUSED
    assert "не то" in link.last_error


def test_key_that_ran_out_is_renewed_once(crm: Amo, order: Order, account: CrmAccount) -> None:
    crm.access = "another"

    work_off(rounds=2)

    account.refresh_from_db()
    assert crm.renewed == 1
    assert secrets_of(account.sealed_secrets)["refresh"] == "refresh-2"
    assert "refresh-2" not in account.sealed_secrets
    assert len(crm.books["deal"]) == 1
    assert token_renew(account_id=account.pk, used="access-1", at=timezone.now()) == crm.access
    assert crm.renewed == 1


def test_spent_key_pauses_the_account_and_says_why(crm: Amo, order: Order, account: CrmAccount) -> None:
    crm.access, crm.refresh = "another", "another"

    work_off(rounds=2)

    account.refresh_from_db()
    assert account.is_paused
    assert "выдайте доступ заново" in account.paused_reason
    assert CrmLink.objects.filter(state=LinkState.WAITING).count() == 3
    with pytest.raises(CrmClosed):
        token_renew(account_id=account.pk, used="access-1", at=timezone.now())


def test_manager_comes_by_hook_and_by_reading(
    client: Client, crm: Amo, account: CrmAccount, order: Order, world: World
) -> None:
    CrmAccount.objects.update(manager_owner=TruthOwner.CRM, address="https://firma.amocrm.ru")
    CrmUser.objects.create(account=account, external_id="7", user=world.other_manager)
    CrmUser.objects.create(account=account, external_id="8", user=world.manager)
    hook = reverse("crm_hook", args=[account.hook])
    form = {"companies[update][0][id]": "1001", "account[subdomain]": "firma"}
    usual = "application/x-www-form-urlencoded"
    alien = urlencode(form | {"account[subdomain]": "alien"})
    assert client.post(hook, alien, content_type=usual).status_code == 403
    assert client.post(hook, urlencode(form), content_type=usual).status_code == 200
    CrmInbound.objects.all().delete()
    Job.objects.filter(handler__contains="read_inbound").delete()
    CrmAccount.objects.update(address=crm.url)
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, responsible_user_id=7)

    polls_ask(at=timezone.now())
    work_off()

    assert manager_ids_of([world.holding.pk])[world.holding.pk] == (world.other_manager.pk,)
    assert CrmInbound.objects.get().result == "менеджер назначен"


def test_eighty_changes_under_faults_keep_the_limit_and_end_with_equal_books(
    crm: Amo, account: CrmAccount, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_SECONDS", 2.0)
    crm.slow_seconds = 0.02
    entities = [make_legal_entity(world.holding, name=f"ООО «Клиент {number}»") for number in range(8)]
    crm.faults.kinds, crm.faults.share = ("cut", "lost", "500", "malformed", "slow"), 0.2
    for change in range(80):
        entity = entities[crm.faults.chance.randrange(8)]
        entity.name = f"ООО «Клиент {entity.pk}», редакция {change}"
        entity.save(update_fields=["name"])
        cards_mark(cards=[(CrmThing.COMPANY, f"entity:{entity.pk}")], at=timezone.now())
        if change % 20 == 19:
            work_off()
    cards_mark(cards=[(CrmThing.COMPANY, f"entity:{entity.pk}") for entity in entities], at=timezone.now())
    for _round in range(40):
        work_off()
        if not CrmLink.objects.exclude(state=LinkState.WRITTEN).exists():
            break

    assert sorted(card["name"] for card in crm.books["company"].values()) == sorted(
        one.name for one in entities
    )
    assert CrmLink.objects.exclude(state=LinkState.WRITTEN).count() == 0
    assert crm.paces.exceeded == 0
    assert crm.paces.most_within(1.0) <= 7
    assert max(crm.arrays) <= 50
