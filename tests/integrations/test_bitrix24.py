"""Bitrix24 against its stand-in: what is written, what is found, limits counted, and echoes."""

import json
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notice, User
from accounts.notices import NoticeKind
from counterparties.models import (
    ClientGroup,
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    Membership,
)
from counterparties.selectors.serving import manager_ids_of
from integrations.bitrix24 import wire
from integrations.crm import pacing
from integrations.crm.gateways import CrmTired
from integrations.crm.pacing import Pace
from integrations.models import (
    CrmAccount,
    CrmInbound,
    CrmKind,
    CrmLink,
    CrmSegment,
    CrmThing,
    CrmUser,
    InboundState,
    LinkState,
    TruthOwner,
)
from integrations.services.crm import looking
from integrations.services.crm.looking import clients_again, clients_look, clients_look_hourly
from integrations.services.crm.marking import cards_mark, client_mark, order_mark
from integrations.services.crm.polling import polls_ask
from integrations.services.crm.writing import crm_wake
from orders.models import Order
from orders.services.steps import order_confirm
from portal.outbox.models import Job
from tests.factories import World, make_holding, make_legal_entity, make_world
from tests.integrations.crm_world import APPLICATION, make_account, make_sent_order
from tests.integrations.outside import hurry, work_off
from tests.standins.bitrix24 import Bitrix, bitrix24

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bitrix]:
    settings.OUTWARD_HTTP_TO_LOOPBACK, settings.OUTWARD_PRIVATE_NETWORKS = True, ["127.0.0.0/8"]
    monkeypatch.setattr("portal.outbox.sending.send", len)
    monkeypatch.setattr("portal.outbox.heartbeat.Heartbeat.tell", lambda self, progress: None)
    with bitrix24() as standin:
        yield standin


@pytest.fixture
def account(crm: Bitrix) -> CrmAccount:
    return make_account(CrmKind.BITRIX24, crm.url)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def order(account: CrmAccount, world: World) -> Order:
    return make_sent_order(world)


def link_of(reference: str) -> CrmLink:
    return CrmLink.objects.get(reference=reference)


def hooked(client: Client, account: CrmAccount, kind: str, number: int, *, token: str = APPLICATION) -> int:
    form = {
        "event": f"ONCRM{kind}UPDATE",
        "data[FIELDS][ID]": str(number),
        "ts": "1700000000",
        "auth[application_token]": token,
    }
    body = "&".join(f"{name}={value}" for name, value in form.items())
    answer = client.post(
        reverse("crm_hook", args=[account.hook]), body, content_type="application/x-www-form-urlencoded"
    )
    return answer.status_code


def test_order_becomes_a_deal_with_its_company_contact_and_rows(
    crm: Bitrix, order: Order, world: World
) -> None:
    work_off(rounds=2)

    (deal,) = crm.books["deal"].values()
    (company,) = crm.books["company"].values()
    (contact,) = crm.books["contact"].values()
    (requisite,) = crm.books["requisite"].values()
    assert deal["TITLE"] == f"Заказ {order.label}"
    assert deal["STAGE_ID"] == "NEW"
    assert deal["OPPORTUNITY"] == str(order.total)
    assert deal["COMPANY_ID"] == company["ID"]
    assert deal["CONTACT_ID"] == contact["ID"]
    assert deal["UF_CRM_NUMBER"] == order.label
    assert company["TITLE"] == world.entity.name
    assert (requisite["RQ_INN"], requisite["ENTITY_ID"]) == (world.entity.inn, company["ID"])
    assert contact["NAME"] == world.buyer.get_full_name()
    rows = crm.rows[int(deal["ID"])]
    assert len(rows) == sum(part.lines.count() for part in order.parts.all())
    assert {link.state for link in CrmLink.objects.all()} == {LinkState.WRITTEN}


def test_next_state_changes_the_deal_and_nothing_else(crm: Bitrix, order: Order) -> None:
    work_off(rounds=2)
    crm.writes.clear()

    order_confirm(order_id=order.pk, actor=None, at=timezone.now())
    work_off(rounds=2)

    (deal,) = crm.books["deal"].values()
    assert deal["STAGE_ID"] == "PREPARATION"
    assert {kind for kind, _number in crm.writes} == {"deal"}


def test_unchanged_thing_asks_nothing(crm: Bitrix, order: Order) -> None:
    work_off(rounds=2)
    asked = crm.paces.asked

    order_mark(order_id=order.pk, at=timezone.now())
    work_off(rounds=2)

    assert crm.paces.asked == asked
    assert link_of(order.reference).state == LinkState.WRITTEN


def test_company_that_people_have_made_is_found_by_its_inn(
    crm: Bitrix, account: CrmAccount, world: World
) -> None:
    number = crm.make("company", TITLE="Север (сделал Петя)")
    crm.make(
        "requisite",
        ENTITY_TYPE_ID="4",
        ENTITY_ID=str(number),
        RQ_INN=world.entity.inn,
        RQ_KPP=world.entity.kpp,
    )

    client_mark(holding_id=world.holding.pk, at=timezone.now())
    work_off(rounds=2)

    assert list(crm.books["company"]) == [number]
    assert crm.books["company"][number]["TITLE"] == world.entity.name
    assert len(crm.books["requisite"]) == 1
    assert link_of(f"entity:{world.entity.pk}").external_id == str(number)


def test_two_clients_with_one_inn_have_two_companies(crm: Bitrix, account: CrmAccount) -> None:
    first = make_legal_entity(make_holding(), name="Первое", inn="7707083893")
    second = make_legal_entity(make_holding(), name="Второе", inn="7707083893")

    cards = [(CrmThing.COMPANY, f"entity:{entity.pk}") for entity in (first, second)]
    cards_mark(cards=cards, at=timezone.now())
    work_off(rounds=3)

    assert sorted(card["TITLE"] for card in crm.books["company"].values()) == ["Второе", "Первое"]


@pytest.mark.parametrize("fault", ["cut", "lost", "slow", "500", "503", "429", "malformed", "202"])
def test_fault_loses_nothing_and_doubles_nothing(
    crm: Bitrix, order: Order, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(wire, "_SECONDS", 0.5)
    for place in range(4):
        crm.faults.queue.extend(["", fault] if place % 2 else [fault])

    work_off(rounds=9)

    assert [len(crm.books[kind]) for kind in ("company", "contact", "deal", "requisite")] == [1, 1, 1, 1]
    assert {link.state for link in CrmLink.objects.all()} == {LinkState.WRITTEN}


def test_write_without_an_answer_is_not_looked_for_at_once(crm: Bitrix, order: Order) -> None:
    crm.faults.queue.extend(["", "lost"])

    began = timezone.now()
    work_off(hurried=False)

    link = CrmLink.objects.get(kind=CrmThing.COMPANY)
    assert link.is_doubtful
    assert link.next_at - began >= timedelta(seconds=60)
    assert crm.paces.asked == 2


def test_what_the_crm_refuses_waits_for_a_change(crm: Bitrix, order: Order, world: World) -> None:
    crm.refuse_title = world.entity.name

    work_off(rounds=3)

    link = CrmLink.objects.get(kind=CrmThing.COMPANY)
    assert (link.state, link.external_id) == (LinkState.REFUSED, "")
    assert "Название не подходит" in link.last_error
    (deal,) = crm.books["deal"].values()
    assert "COMPANY_ID" not in deal


def test_card_that_was_deleted_is_made_anew(crm: Bitrix, order: Order) -> None:
    work_off(rounds=2)
    crm.books["deal"].clear()

    order_confirm(order_id=order.pk, actor=None, at=timezone.now())
    work_off(rounds=3)

    (number,) = crm.books["deal"]
    assert link_of(order.reference).external_id == str(number)


def test_portal_that_is_not_let_in_is_paused_and_keeps_what_waits(crm: Bitrix, order: Order) -> None:
    CrmAccount.objects.update(
        sealed_secrets=make_account(CrmKind.BITRIX24, crm.url, secrets={"webhook": "1/wrong"}).sealed_secrets
    )
    CrmAccount.objects.order_by("-pk")[0].delete()

    work_off(rounds=2)

    account = CrmAccount.objects.get()
    assert account.is_paused
    assert "INVALID_CREDENTIALS" in account.paused_reason
    notice = Notice.objects.get(kind=NoticeKind.OUTSIDE_STOPPED)
    assert (notice.user.is_superuser, notice.title) == (True, "CRM «Битрикс24» приостановлена")
    assert notice.address == reverse("admin:integrations_crmaccount_change", args=[account.pk])
    assert CrmLink.objects.filter(state=LinkState.WAITING).count() == 3


def test_clients_from_before_the_crm_are_written_in_portions(
    crm: Bitrix, world: World, account: CrmAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_legal_entity(world.holding, name="ООО «Склад»")
    monkeypatch.setattr(looking, "PORTION", 2)

    clients_look_hourly(at=timezone.now())
    clients_look_hourly(at=timezone.now())
    work_off(rounds=3)

    names = {card["TITLE"] for card in crm.books["company"].values()}
    assert names == {"ООО «Север»", "ООО «Склад»", "ООО «Юг»"}
    people = Membership.objects.filter(is_active=True).count()
    assert CrmLink.objects.filter(kind="contact", state=LinkState.WRITTEN).count() == people
    assert Job.objects.filter(handler__endswith="look_at_clients").count() == (3 + people) // 2 + 1


def test_changed_client_is_written_whoever_changed_it(crm: Bitrix, world: World, account: CrmAccount) -> None:
    def seen() -> int:
        return clients_look(at=timezone.now())

    seen()
    work_off(rounds=2)
    assert seen() == 0
    asked = crm.paces.asked

    LegalEntity.objects.filter(pk=world.entity.pk).update(legal_address="Псков, Ленина, 1")
    assert seen() == 1
    User.objects.filter(pk=world.buyer.pk).update(full_name="Пётр Новый")
    assert seen() == 1
    Holding.objects.filter(pk=world.holding.pk).update(group=ClientGroup.objects.create(name="Опт"))
    assert seen() == 1
    HoldingUserObjectPermission.objects.filter(content_object=world.holding).delete()
    assert seen() == 1
    work_off(rounds=2)

    assert CrmLink.objects.exclude(state=LinkState.WRITTEN).count() == 0
    assert any(card["TITLE"] == "ООО «Север»" for card in crm.books["company"].values())
    asked, before = crm.paces.asked, asked
    assert asked > before
    clients_again(account_ids=[account.pk], at=timezone.now())
    work_off(rounds=2)
    assert crm.paces.asked == asked
    assert CrmLink.objects.exclude(state=LinkState.WRITTEN).count() == 0


def test_saved_account_is_given_the_clients_that_there_are(
    client: Client, crm: Bitrix, world: World, account: CrmAccount
) -> None:
    client.force_login(world.administrator)
    form = {
        "kind": account.kind,
        "name": account.name,
        "address": account.address,
        "mapping": json.dumps(account.mapping),
        "manager_owner": "portal",
        "segment_owner": "portal",
        "is_active": "on",
        "users-TOTAL_FORMS": "0",
        "users-INITIAL_FORMS": "0",
        "segments-TOTAL_FORMS": "0",
        "segments-INITIAL_FORMS": "0",
    }

    answer = client.post(reverse("admin:integrations_crmaccount_change", args=[account.pk]), form)
    assert answer.status_code == 302
    work_off(rounds=2)

    assert {card["TITLE"] for card in crm.books["company"].values()} == {"ООО «Север»", "ООО «Юг»"}


def test_no_crm_means_no_cards_and_no_jobs(crm: Bitrix, world: World) -> None:
    make_sent_order(world)

    assert crm_wake(at=timezone.now()) == 0
    assert CrmLink.objects.count() == 0
    assert not Job.objects.filter(handler__contains="crm").exists()
    assert not Job.objects.filter(handler__contains="tell_order_moved").exists()


def test_worker_that_was_killed_is_replaced(crm: Bitrix, order: Order) -> None:
    work_off(hurried=False)
    order_mark(order_id=order.pk, at=timezone.now())
    order.total += 1
    Order.objects.filter(pk=order.pk).update(total=order.total)
    Job.objects.filter(state="queued").delete()
    hurry()

    assert crm_wake(at=timezone.now()) == 1
    work_off()

    (deal,) = crm.books["deal"].values()
    assert deal["OPPORTUNITY"] == str(order.total)


def test_second_process_leaves_a_busy_account_alone(crm: Bitrix, order: Order) -> None:
    CrmAccount.objects.update(busy_until=timezone.now() + timedelta(minutes=1))

    work_off(hurried=False)

    assert crm.paces.asked == 0
    assert CrmLink.objects.filter(state=LinkState.WAITING).count() == 3


# --- what comes from there -----------------------------------------------------------------------
def test_manager_of_the_company_comes_from_the_crm(
    client: Client, crm: Bitrix, account: CrmAccount, order: Order, world: World
) -> None:
    CrmAccount.objects.update(manager_owner=TruthOwner.CRM)
    CrmUser.objects.create(account=account, external_id="7", user=world.other_manager)
    CrmUser.objects.create(account=account, external_id="8", user=world.manager)
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, ASSIGNED_BY_ID="7")

    assert hooked(client, account, "COMPANY", number) == 200
    work_off()

    assert manager_ids_of([world.holding.pk])[world.holding.pk] == (world.other_manager.pk,)
    assert CrmInbound.objects.get().result == "менеджер назначен"


def test_unknown_employee_is_written_down_and_changes_nothing(
    client: Client, crm: Bitrix, account: CrmAccount, order: Order, world: World
) -> None:
    CrmAccount.objects.update(manager_owner=TruthOwner.CRM)
    before = set(HoldingUserObjectPermission.objects.values_list("pk", flat=True))
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, ASSIGNED_BY_ID="99")

    hooked(client, account, "COMPANY", number)
    work_off()

    inbound = CrmInbound.objects.get()
    assert (inbound.state, inbound.result) == (InboundState.REFUSED, "сотрудник CRM 99 не сопоставлен")
    assert set(HoldingUserObjectPermission.objects.values_list("pk", flat=True)) == before


def test_segment_comes_from_the_crm_and_an_empty_one_changes_nothing(
    client: Client, crm: Bitrix, account: CrmAccount, order: Order, world: World
) -> None:
    CrmAccount.objects.update(segment_owner=TruthOwner.CRM)
    group = ClientGroup.objects.create(name="Монтажники")
    CrmSegment.objects.create(account=account, value="A", group=group)
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, UF_CRM_SEGMENT="A")
    hooked(client, account, "COMPANY", number)
    work_off()
    world.holding.refresh_from_db()
    assert world.holding.group == group

    crm.change("company", number, UF_CRM_SEGMENT="")
    hooked(client, account, "COMPANY", number)
    work_off()

    world.holding.refresh_from_db()
    assert world.holding.group == group


def test_crm_decides_nothing_where_the_portal_is_the_owner(
    client: Client, crm: Bitrix, account: CrmAccount, order: Order, world: World
) -> None:
    CrmUser.objects.create(account=account, external_id="7", user=world.other_manager)
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, ASSIGNED_BY_ID="7")

    hooked(client, account, "COMPANY", number)
    work_off()

    assert manager_ids_of([world.holding.pk])[world.holding.pk] == (world.manager.pk,)


def test_echo_of_our_own_write_is_known(
    client: Client, crm: Bitrix, account: CrmAccount, order: Order
) -> None:
    work_off(rounds=2)
    writes = len(crm.writes)
    (number,) = crm.books["deal"]

    hooked(client, account, "DEAL", number)
    work_off(rounds=2)

    assert CrmInbound.objects.get().result == "эхо записи портала"
    assert len(crm.writes) == writes
    crm.change("deal", number, STAGE_ID="LOSE")
    hooked(client, account, "DEAL", number)
    work_off()
    assert "без последствий" in CrmInbound.objects.order_by("-pk")[0].result
    order.refresh_from_db()
    assert order.state == "submitted"


def test_messages_that_come_twice_and_out_of_order_are_one_reading(
    client: Client, crm: Bitrix, account: CrmAccount, order: Order, world: World
) -> None:
    CrmAccount.objects.update(manager_owner=TruthOwner.CRM)
    CrmUser.objects.create(account=account, external_id="7", user=world.other_manager)
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, ASSIGNED_BY_ID="7")

    assert [hooked(client, account, "COMPANY", number) for _time in range(5)] == [200] * 5
    work_off()

    assert CrmInbound.objects.count() == 1
    assert world.other_manager.pk in manager_ids_of([world.holding.pk])[world.holding.pk]


def test_message_with_a_wrong_token_or_address_is_refused(
    client: Client, crm: Bitrix, account: CrmAccount, world: World
) -> None:
    assert hooked(client, account, "COMPANY", 101, token="forged") == 403
    assert hooked(client, account, "COMPANY", 101, token="") == 403
    unknown = CrmAccount(hook="00000000-0000-0000-0000-000000000000")
    assert hooked(client, unknown, "COMPANY", 101) == 404
    assert client.get(reverse("crm_hook", args=[account.hook])).status_code == 405
    CrmAccount.objects.update(is_active=False)
    assert hooked(client, account, "COMPANY", 101) == 404
    assert CrmInbound.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"event=ONCRMDEALUPDATE",
        b"\xff\xfe\x00",
        b"event=DROP&data[FIELDS][ID]=1",
        b"a=1&" * 25_000,
        b"x" * 600_000,
    ],
)
def test_hostile_message_is_no_error(client: Client, account: CrmAccount, body: bytes) -> None:
    told = f"auth[application_token]={APPLICATION}&".encode() + body

    answer = client.post(
        reverse("crm_hook", args=[account.hook]), told, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code in {200, 400, 413}
    assert CrmInbound.objects.count() == 0


def test_change_of_which_nobody_told_is_found_by_the_hourly_reading(
    crm: Bitrix, account: CrmAccount, order: Order, world: World
) -> None:
    CrmAccount.objects.update(manager_owner=TruthOwner.CRM)
    CrmUser.objects.create(account=account, external_id="7", user=world.other_manager)
    work_off(rounds=2)
    (number,) = crm.books["company"]
    crm.change("company", number, ASSIGNED_BY_ID="7")
    for stranger in range(60):  # more than a page
        crm.make("company", TITLE=f"Чужая {stranger}")

    polls_ask(at=timezone.now())
    polls_ask(at=timezone.now())
    work_off()

    assert world.other_manager.pk in manager_ids_of([world.holding.pk])[world.holding.pk]
    assert CrmInbound.objects.count() == 1
    account.refresh_from_db()
    assert account.polled_to is not None


# --- limits ----------------------------------------------------------------------------------------
def test_method_that_has_worked_too_long_rests(crm: Bitrix, order: Order) -> None:
    crm.busy_methods.add("crm.company.add")
    work_off()
    asked = crm.paces.asked

    work_off(hurried=False)
    assert crm.paces.asked == asked

    crm.busy_methods.clear()
    work_off(rounds=3)
    assert len(crm.books["company"]) == 1


def test_pace_refuses_to_wait_long(account: CrmAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_LONGEST_WAIT", 0.05)
    pace = Pace(account.pk, capacity=3, rate=0.5)

    for _time in range(3):
        pace.take("crm.deal.list")
    with pytest.raises(CrmTired) as tired:
        pace.take("crm.deal.list")

    assert 0 < tired.value.seconds <= 2
    pace.rest(30, method="batch")
    with pytest.raises(CrmTired):
        pace.take("batch")


@pytest.mark.django_db(transaction=True)
def test_processes_share_one_pace(account: CrmAccount) -> None:
    """Four threads with connections of their own: never more than the bucket in any second."""
    moments: list[float] = []
    pace = Pace(account.pk, capacity=5, rate=20)
    began = timezone.now().timestamp()

    def ask_often() -> None:
        try:
            for _time in range(10):
                pace.take("x")
                moments.append(timezone.now().timestamp() - began)
        finally:
            connection.close()

    threads = [Thread(target=ask_often) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(moments) == 40
    assert max(moments) >= (40 - 5) / 20 - 0.1
    for one in moments:
        assert sum(1 for other in moments if one <= other < one + 0.5) <= 5 + 10 + 3


def test_two_hundred_changes_under_faults_end_with_equal_books(
    crm: Bitrix, account: CrmAccount, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 changes of 25 companies and an order: the books are equal, the CRM's own count never exceeded."""
    monkeypatch.setattr(wire, "_SECONDS", 2.0)
    crm.slow_seconds = 0.02
    entities = [make_legal_entity(world.holding, name=f"ООО «Клиент {number}»") for number in range(25)]
    order = make_sent_order(world)
    crm.faults.kinds, crm.faults.share = ("cut", "lost", "500", "malformed", "slow", "429", "202"), 0.3
    for change in range(200):
        entity = entities[crm.faults.chance.randrange(25)]
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

    books: list[Any] = [card["TITLE"] for card in crm.books["company"].values()]
    assert sorted(books) == sorted([world.entity.name, *(entity.name for entity in entities)])
    assert len(crm.books["requisite"]) == 26
    assert [card["ORIGIN_ID"] for card in crm.books["deal"].values()] == [f"order-{order.uid}"]
    assert len(crm.books["contact"]) == 1
    assert CrmLink.objects.exclude(state=LinkState.WRITTEN).count() == 0
    assert crm.paces.exceeded == 0
    assert crm.paces.highest <= 50
