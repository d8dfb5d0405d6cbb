"""Counterparties of 1C: GUID, then ИНН and КПП, then a person; an empty ИНН matches nobody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.models import LegalEntity, LegalEntityKind
from integrations.models import (
    ErpParty,
    ExchangeNode,
    ExternalId,
    ExternalKind,
    HeldOrder,
    OrderStateMapping,
)
from integrations.selectors import own_id
from integrations.services.incoming.waiting import held_try, party_match, party_put_aside, waiting_retry
from orders.models import Order
from tests.factories import AT, World, make_contract, make_legal_entity
from tests.integrations.erp_files import good, message, order, party
from tests.integrations.erp_world import BOLT, ENTITY, make_erp_world, ordered
from tests.integrations.onec_talk import Talk


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def sale(client: Client, node: ExchangeNode, world: World) -> Talk:
    return Talk(client, node, kind="sale").start()


def send(sale: Talk, *parties: str, name: str = "contragents.xml") -> str:
    return sale.load(name, message(f"<Контрагенты>{''.join(parties)}</Контрагенты>", version="3.1"))


def known(external_id: str) -> int | None:
    ids = ExternalId.objects.filter(kind=ExternalKind.LEGAL_ENTITY, external_id=external_id)
    return ids.values_list("object_id", flat=True).first()


def test_guid_stands_above_the_codes(world: World, sale: Talk) -> None:
    answer = send(sale, party(ENTITY, inn=world.other_entity.inn, kpp=world.other_entity.kpp))

    assert answer == "success\ncontragents.xml: контрагентов: 1"
    assert ErpParty.objects.get().legal_entity == world.entity


@pytest.mark.parametrize("lost", ["{0}", " {0} ", "{1} {2}"])
def test_codes_are_matched_and_the_guid_is_learnt(world: World, sale: Talk, lost: str) -> None:
    inn = world.other_entity.inn
    told = lost.format(inn, inn[:4], inn[4:])

    answer = send(sale, party("guid-2", inn=told, kpp=world.other_entity.kpp))

    assert answer == "success\ncontragents.xml: контрагентов: 1, сопоставлено контрагентов: 1"
    assert known("guid-2") == world.other_entity.pk


def test_inn_that_lost_its_nought_is_the_same(world: World, sale: Talk) -> None:
    LegalEntity.objects.filter(pk=world.other_entity.pk).update(inn="0278081806")

    send(sale, party("guid-2", inn="278081806", kpp=world.other_entity.kpp))

    assert known("guid-2") == world.other_entity.pk


def test_entrepreneur_is_matched_by_his_inn_alone(world: World, sale: Talk) -> None:
    LegalEntity.objects.filter(pk=world.other_entity.pk).update(
        inn="500100732259", kpp="", kind=LegalEntityKind.IP
    )

    send(sale, party("guid-2", inn="500100732259", kpp=""))

    assert known("guid-2") == world.other_entity.pk


def test_id_that_we_gave_comes_home(world: World, sale: Talk) -> None:
    key = own_id("legal-entity", world.other_entity.pk)

    send(sale, party(key, inn=world.other_entity.inn, kpp=""))

    assert known(key) == world.other_entity.pk


@pytest.mark.parametrize(
    ("inn", "kpp", "reason"),
    [
        ("", "", "нет ИНН"),
        ("123", "770101001", "неверный ИНН 123"),
        ("{other}", "780101001", "ИНН известен, но с другим КПП"),
        ("{other}", "", "ИНН известен, в 1С не указан КПП"),
        ("7707083893", "770101001", "на портале нет юрлица с таким ИНН"),
        ("{twice}", "770101001", "на портале несколько юрлиц с такими ИНН и КПП"),
    ],
)
def test_what_is_not_sure_waits_for_a_person(
    world: World, sale: Talk, inn: str, kpp: str, reason: str
) -> None:
    twin = make_legal_entity(world.holding, inn="7728168971")
    make_legal_entity(world.other_holding, inn=twin.inn)
    told = inn.format(other=world.other_entity.inn, twice=twin.inn)

    answer = send(sale, party("guid-2", inn=told, kpp=kpp))

    row = ErpParty.objects.get()
    assert (row.state, row.reason, row.legal_entity) == ("waiting", reason, None)
    assert answer == "success\ncontragents.xml: контрагентов: 1, контрагентов ждёт сопоставления: 1"
    assert known("guid-2") is None


def test_two_without_inn_are_two(world: World, sale: Talk) -> None:
    send(sale, party("a", inn="", kpp=""), party("b", inn="", kpp=""))

    assert ErpParty.objects.filter(state="waiting").count() == 2
    assert LegalEntity.objects.count() == 2


def test_list_sent_again_makes_nothing_twice(world: World, sale: Talk) -> None:
    send(sale, party("a", inn="", kpp=""))
    party_put_aside(party_ids=[ErpParty.objects.get().pk], is_aside=True)

    again = send(sale, party("a", name="Новое имя", inn="", kpp=""), name="contragents2.xml")

    row = ErpParty.objects.get()
    assert (row.state, row.name) == ("ignored", "Новое имя")
    assert again == "success\ncontragents2.xml: контрагентов: 1"


def test_list_of_counterparties_is_read_in_a_session_of_goods(world: World, talk: Talk) -> None:
    text = message(f"<Контрагенты>{party(ENTITY)}</Контрагенты>", version="3.1")

    answer = talk.load("contragents/contragents.xml", text)

    assert answer == "success\ncontragents/contragents.xml: контрагентов: 1"


def born(sale: Talk, *, inn: str = "", name: str = "orders.xml") -> None:
    stranger = party("stranger", name="ООО «Ветер»", inn=inn, kpp="770101001" if inn else "")
    goods = good(BOLT, "Болт", "1", "100", "100")
    told = [("Номер по 1С", "НФНФ-17")]
    sale.load(name, message(order("НФНФ-17", goods, "100", external_id="b1", parties=stranger, told=told)))


def test_person_matches_and_the_orders_that_waited_appear(world: World, sale: Talk) -> None:
    born(sale)
    row = ErpParty.objects.get()

    placed = party_match(party_id=row.pk, legal_entity_id=world.entity.pk, at=row.seen_at)

    assert placed == 0  # tried this very moment
    assert held_try(node_id=sale.node.pk, at=AT.replace(year=2099)) == 1
    assert Order.objects.get().legal_entity == world.entity
    row.refresh_from_db()
    assert (row.state, row.legal_entity) == ("matched", world.entity)


def test_client_that_registers_later_is_found_by_the_schedule(world: World, sale: Talk) -> None:
    born(sale, inn="7728168971")
    entity = make_legal_entity(world.holding, inn="7728168971")
    before = waiting_retry(at=AT.replace(year=2098))

    make_contract(entity, organization=world.organization)
    after = waiting_retry(at=AT.replace(year=2099))

    assert (before, after) == (0, 1)
    assert Order.objects.get().legal_entity == entity
    assert not HeldOrder.objects.exists()


def test_other_client_in_1c_is_told_of_and_changes_nothing(world: World, sale: Talk) -> None:
    made = ordered(world, {0: "1"}, "100")
    other = party("guid-2", inn=world.other_entity.inn, kpp=world.other_entity.kpp, name="ООО «Юг»")

    goods = good(BOLT, "Болт", "1", "100", "100")
    sale.load("o.xml", message(order(made.parts.get().number, goods, "100", parties=other)))

    made.refresh_from_db()
    assert made.legal_entity == world.entity
    (warning,) = sale.file("o.xml").report["warnings"]
    assert warning["text"] == f"Заказ {made.number}: в 1С другой контрагент, «ООО «Юг»»"


# --- the administrator's pages ----------------------------------------------------------------------
@pytest.fixture
def admin(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def test_administrator_matches_a_counterparty(world: World, sale: Talk, admin: Client) -> None:
    born(sale, inn=world.entity.inn)
    ErpParty.objects.update(state="waiting", legal_entity=None)
    row = ErpParty.objects.get()
    url = reverse("admin:integrations_erpparty_change", args=[row.pk])

    page = admin.get(url).content.decode()
    answer = admin.post(url, {"legal_entity": world.entity.pk})

    row.refresh_from_db()
    assert f"{world.entity.name}, ИНН {world.entity.inn}" in page
    assert (answer.status_code, row.state, row.legal_entity) == (302, "matched", world.entity)
    assert known("stranger") == world.entity.pk


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("erpparty", 6), ("heldorder", 7), ("orderstatemapping", 7), ("orderexport", 7)]
)
def test_lists_ask_the_database_the_same(
    world: World,
    sale: Talk,
    admin: Client,
    model: str,
    queries: int,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for place in range(count):
        stranger = party(f"p{place}", inn="", kpp="")
        goods = good(BOLT, "Болт", "1", "100", "100")
        told = [("Номер по 1С", f"УТ-{place}")]
        text = message(order("x", goods, "100", external_id=f"b{place}", parties=stranger, told=told))
        sale.load(f"{place}.xml", text)
        OrderStateMapping.objects.create(node=sale.node, name=f"Статус {place}", target="keep")
        ordered(world, {0: "1"}, "100")
    url = reverse(f"admin:integrations_{model}_changelist")
    admin.get(url)

    with django_assert_num_queries(queries):
        admin.get(url)


def test_held_orders_are_tried_again_by_hand(world: World, sale: Talk, admin: Client) -> None:
    born(sale)
    ExternalId.objects.create(
        node=sale.node, kind=ExternalKind.LEGAL_ENTITY, external_id="stranger", object_id=world.entity.pk
    )
    chosen = {"action": "try_again", "_selected_action": [HeldOrder.objects.get().pk]}

    page = admin.post(reverse("admin:integrations_heldorder_changelist"), chosen, follow=True)

    assert "Заказов, которые нашли своё место: 1" in page.content.decode()
    assert Order.objects.get().label == "№ НФНФ-17 из 1С"


def test_status_is_not_listed_twice_in_other_letters(world: World, node: ExchangeNode, admin: Client) -> None:
    OrderStateMapping.objects.create(name="Отменён", target="cancelled")

    answer = admin.post(
        reverse("admin:integrations_orderstatemapping_add"),
        {"system": "erp", "name": "отменен ", "target": "keep"},
    )

    assert "Такой статус уже есть в списке." in answer.content.decode()
    assert OrderStateMapping.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "is_taken"), [("Asia/Omsk", True), ("Луна", False), ("../etc/passwd", False)]
)
def test_time_zone_of_a_base_is_one_that_exists(
    world: World, node: ExchangeNode, admin: Client, zone: str, is_taken: bool
) -> None:
    told = {"code": "ut", "name": "УТ", "username": "ut", "currency_name": "руб", "is_active": "on"}
    told |= {"limits-TOTAL_FORMS": "0", "limits-INITIAL_FORMS": "0"}

    admin.post(reverse("admin:integrations_exchangenode_change", args=[node.pk]), told | {"time_zone": zone})

    node.refresh_from_db()
    assert node.time_zone == (zone if is_taken else "Europe/Moscow")
